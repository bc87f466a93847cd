import type { NotificationConstructorOptions } from 'electron';
import type { HostNotification, HostToWindow } from '#shared/host-window.ts';
import type { CoreToHost, HostToCore } from '../core-messages.ts';
import { NotificationRelay, type NotificationWindow } from '../notifications.ts';
import type { NotificationAction } from '../port.ts';
import { actionAt, isAlarming, nativeContent } from './native-content.ts';

/**
 * Shows what the core decided to say as notifications of the system, one for each incident: a new one takes
 * the place of the one before. It shares the relay of the browser host, which outlives cores and never has
 * the same notification shown twice; here the only window that shows any is the system.
 */

/** What is used of Electron's `Notification`. */
export interface SystemNotification {
  on(event: 'show' | 'click' | 'close', listener: () => void): unknown;
  on(event: 'failed', listener: (event: unknown, error: string) => void): unknown;
  on(event: 'action', listener: (details: { readonly actionIndex?: number }, index: number) => void): unknown;
  show(): void;
  close(): void;
}

export interface NativeNotificationsOptions {
  readonly platform: NodeJS.Platform;
  readonly isSupported: () => boolean;
  readonly make: (content: NotificationConstructorOptions) => SystemNotification;
  readonly sounds: () => boolean;
  /** For a system whose notifications make no sound of their own. */
  readonly beep: () => void;
  readonly coreRuns: () => boolean;
  readonly sendToCore: (message: HostToCore) => void;
  /** Shows the window, and this incident in it; null: only the window. */
  readonly open: (incidentId: number | null) => void;
  readonly log: (event: string, detail: Readonly<Record<string, string>>) => void;
}

/** Of what is on the screen: more than any system keeps. */
const maxOpen = 200;
/** What a person pressed while no core ran, kept until one does. */
const maxUnsent = 100;

interface Open {
  readonly id: string;
  readonly native: SystemNotification;
}

export class NativeNotifications implements NotificationWindow {
  readonly #options: NativeNotificationsOptions;
  readonly #relay: NotificationRelay;
  /** By incident; the notification must be held, or its events are lost with it. */
  readonly #open = new Map<string, Open>();
  #unsent: HostToCore[] = [];

  constructor(options: NativeNotificationsOptions) {
    this.#options = options;
    this.#relay = new NotificationRelay({
      confirm: (id, outcome, atMs) => options.sendToCore({ kind: 'notification-outcome', id, outcome, atMs }),
    });
    this.#relay.windowOpened(this);
  }

  coreSaid(message: CoreToHost): void {
    if (message.kind === 'notify') {
      // Asked each time: the person may have allowed them since.
      this.#relay.permissionChanged(this, this.#options.isSupported() ? 'granted' : 'denied');
      this.#relay.notify(message.notification);
    }
    if (message.kind !== 'withdraw') return;
    this.#relay.withdraw(message.id);
    this.#close(message.id);
  }

  coreRuns(): void {
    for (const message of this.#unsent.splice(0)) this.#options.sendToCore(message);
  }

  /** From the relay: the one to show. */
  send(message: HostToWindow): void {
    if (message.kind === 'notify') this.#show(message.notification);
    if (message.kind === 'withdraw') this.#close(message.id);
  }

  close(): void {
    this.#relay.close();
    for (const { native } of this.#open.values()) native.close();
    this.#open.clear();
  }

  #show(notification: HostNotification): void {
    const { platform, make, sounds, beep } = this.#options;
    const { id, incidentId, sound } = notification;
    const key = keyOf(notification);
    this.#open.get(key)?.native.close();
    const native = make(nativeContent(notification, platform, sounds()));
    const opened = { id, native };
    this.#open.delete(key);
    this.#open.set(key, opened);
    this.#forgetOldest();
    const isOver = (): void => {
      if (this.#open.get(key) === opened) this.#open.delete(key);
    };
    native.on('show', () => this.#relay.answered(this, id, 'shown'));
    native.on('failed', (_event, error) => {
      isOver();
      this.#options.log('notification.failed', { error: error.slice(0, 200) });
      this.#relay.answered(this, id, 'denied');
    });
    // What timed out may still stand in the system's list and be clicked there: it is kept.
    native.on('click', () => this.#act(notification, 'open'));
    native.on('action', ({ actionIndex }, index) => {
      const action = incidentId === null ? undefined : actionAt(actionIndex ?? index);
      if (action !== undefined) this.#act(notification, action);
    });
    native.show();
    if (platform === 'linux' && isAlarming(sound) && sounds()) beep();
  }

  #act(notification: HostNotification, action: NotificationAction): void {
    const { id, incidentId } = notification;
    this.#close(id);
    if (action === 'open') this.#options.open(incidentId);
    const message: HostToCore = { kind: 'notification-action', id, action, atMs: Date.now() };
    if (this.#options.coreRuns()) this.#options.sendToCore(message);
    else if (this.#unsent.length < maxUnsent) this.#unsent.push(message);
  }

  #close(id: string): void {
    for (const [key, open] of this.#open) {
      if (open.id !== id) continue;
      this.#open.delete(key);
      open.native.close();
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#open.keys();
    if (this.#open.size > maxOpen && oldest !== undefined) this.#open.delete(oldest);
  }
}

function keyOf({ incidentId }: HostNotification): string {
  return incidentId === null ? 'summary' : `incident ${incidentId}`;
}
