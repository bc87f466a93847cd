import type { Link } from '#shared/link.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { Severity } from '#shared/model/severity.ts';

/**
 * What a host offers the core, and what it asks of it. The core sees nothing else of its host: the
 * desktop host joins the two with message ports, the browser host with the messages of a child process.
 */

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
  readonly discovery: readonly { readonly kind: 'prometheus' | 'alertmanager'; readonly url: string }[];
}

export interface DemoFleetAddress {
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** One notification, decided by the core. The host shows it and says what became of it. */
export interface HostNotification {
  /** The intent in the notification log: the same one is never shown twice by one host. */
  readonly id: string;
  readonly incidentId: number;
  /** Plain text without control or bidirectional characters, at most 120 characters. */
  readonly title: string;
  /** The same, at most 240 characters. */
  readonly body: string;
  readonly severity: Severity;
}

/**
 * `shown` by the system; `denied`: the person or the system does not allow notifications. A host that
 * has nobody to show it to yet says nothing and shows it as soon as it can.
 */
export type NotificationOutcome = 'shown' | 'denied';

/** The core's side of its host. */
export interface HostPort {
  /** A window connected: from here on the link speaks the contract. */
  onLink(listener: (link: Link) => void): void;
  notify(notification: HostNotification): void;
  /** The incident was resolved or taken on: a notification not yet shown is not wanted any more. */
  withdraw(notificationId: string): void;
  onNotificationOutcome(listener: (id: string, outcome: NotificationOutcome, atMs: number) => void): void;
  /** The core serves: sources are being asked and links may come. */
  ready(): void;
  /** The core cannot run, by its own word; restarting will not help until the cause is gone. */
  refuse(failure: CommandFailure): void;
  /** The host wants the core to end in order. */
  onStop(listener: () => void): void;
}

/** What the host tells a window about the core and asks of it, beside the contract. */
export type HostToWindow =
  | {
      readonly kind: 'core-state';
      readonly state: 'starting' | 'running' | 'restarting' | 'stopped';
      /** Crashes within the last minute. */
      readonly crashes: number;
      readonly nextStartAtMs: number | null;
      readonly safeModeOffered: boolean;
      readonly message: string;
    }
  | { readonly kind: 'notify'; readonly notification: HostNotification }
  | { readonly kind: 'withdraw'; readonly id: string }
  | { readonly kind: 'open-incident'; readonly incidentId: number };

export type WindowToHost =
  | { readonly kind: 'notification-outcome'; readonly id: string; readonly outcome: NotificationOutcome }
  /** The window may show notifications, or may not: the host chooses a window that may. */
  | { readonly kind: 'notification-permission'; readonly permission: 'granted' | 'denied' | 'default' }
  | { readonly kind: 'start-core'; readonly safeMode: boolean };
