import type { Link } from '#shared/link.ts';
import type { Attention } from '#shared/model/attention.ts';
import type { SourceKind } from '#shared/model/source.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { HostNotification, NotificationOutcome } from '#shared/host-window.ts';
import type { Result } from '#shared/result.ts';

/**
 * What a host offers the core, and what it asks of it. The core sees nothing else of its host: the
 * desktop host joins the two with message ports, the browser host with the messages of a child process.
 */

export type { HostNotification, HostToWindow, NotificationOutcome } from '#shared/host-window.ts';

/** What a core needs to start. Sent once, as the first message. */
export interface CoreStart {
  /** The data folder; the core owns the databases in it. */
  readonly dataDirectory: string;
  /** Path of the configuration file, whether or not it exists. */
  readonly configurationPath: string;
  /** The demo fleet's servers, used while there is no configuration. */
  readonly demo: DemoFleetAddress | null;
  /** Nothing is polled and the cache is left alone: for a core that keeps crashing. */
  readonly safeMode: boolean;
  /** Bases of servers to look for while there is no configuration; empty to look for none. */
  readonly discovery: readonly { readonly kind: SourceKind; readonly url: string }[];
}

export interface DemoFleetAddress {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly loki: string;
  readonly jaeger: string;
  /** Folders of the demo's local rules and runbooks, absolute. */
  readonly rulesFolder: string;
  readonly runbooksFolder: string;
}

/** What a person may do on a notification itself, where the system has actions. */
export type NotificationAction = 'open' | 'acknowledge' | 'snooze';

/** What the machine does under the console; the screen's lock counts, as nobody looks then. */
export type PowerEvent = 'suspend' | 'resume' | 'lock' | 'unlock';

/** Why the host cannot give what was asked for, in words that continue a sentence; never a value. */
export interface ServiceRefusal {
  readonly message: string;
  readonly accepted: string;
}

/** A secret that shows its value to who asks for it alone. */
export interface SecretValue {
  reveal(): string;
}

/** What the core asks of its host and is answered later. */
export interface HostServices {
  /** A secret that the person keeps in the system's keychain, by its name. */
  secret(name: string): Promise<Result<SecretValue, ServiceRefusal>>;
  /**
   * How the system reaches this address, in the words of a proxy file (`PROXY host:port; DIRECT`); null
   * where the host does not know, and the environment says it.
   */
  systemProxy(url: string): Promise<Result<string | null, ServiceRefusal>>;
  /** Called when answers may be other ones than before. */
  onChanged(listener: () => void): void;
}

/** The core's side of its host. */
export interface HostPort {
  readonly services: HostServices;
  /** A window connected: from here on the link speaks the contract. */
  onLink(listener: (link: Link) => void): void;
  notify(notification: HostNotification): void;
  /** The incident was resolved or taken on: a notification not yet shown is not wanted any more. */
  withdraw(notificationId: string): void;
  onNotificationOutcome(listener: (id: string, outcome: NotificationOutcome, atMs: number) => void): void;
  onNotificationAction(listener: (id: string, action: NotificationAction, atMs: number) => void): void;
  onPauseNotifications(listener: (untilMs: number | null) => void): void;
  onPower(listener: (event: PowerEvent, atMs: number) => void): void;
  /** What the tray shows, whenever it changed. A host without a tray ignores it. */
  attention(attention: Attention): void;
  /** The core serves: sources are being asked and links may come. */
  ready(): void;
  /** The core cannot run, by its own word; restarting will not help until the cause is gone. */
  refuse(failure: CommandFailure): void;
  /** The host wants the core to end in order; it has when the promise resolves. */
  onStop(listener: () => void | Promise<void>): void;
}
