import * as v from 'valibot';
import { windowToHostSchema, type WindowToHost } from '#shared/host-window.ts';
import { decodeWire, encodeWire, wireChannelOf, type WireFrame } from '#shared/wire.ts';
import type { CoreToHost, HostToCore } from '../core-messages.ts';
import type { NotificationRelay } from '../notifications.ts';
import type { HostToWindow, ServiceRefusal } from '../port.ts';
import type { CoreState } from '../supervisor.ts';
import type { WindowLink, WindowLinkListener } from './window-link.ts';

/**
 * Joins windows and core: frames of the core's channel pass through unread, frames of the host's channel
 * are checked and answered here, and every window hears how the core is. A window's link outlives cores:
 * each core that comes to run gets all windows announced.
 */

export interface WindowRelayOptions {
  readonly sendToCore: (message: HostToCore, sent?: () => void) => void;
  /** As `sendToCore`, also while the core starts. */
  readonly answerCore: (message: HostToCore) => void;
  readonly startCore: (safeMode: boolean) => void;
  /** What a window hears first. */
  readonly coreState: () => CoreState;
  readonly notifications: NotificationRelay;
}

/** What a window may have under way to a core that does not read, in bytes of frames. */
const maxUnsentBytes = 8 * 1_048_576;

const noKeychain: ServiceRefusal = {
  message: 'is only in the desktop app: a console in a browser has no keychain',
  accepted: '${env:NAME} or ${file:PATH}, or the desktop app',
};

interface ConnectedWindow {
  readonly link: WindowLink;
  readonly send: (message: HostToWindow) => void;
  unsentBytes: number;
}

export class WindowRelay implements WindowLinkListener {
  readonly #options: WindowRelayOptions;
  readonly #windows = new Map<number, ConnectedWindow>();

  constructor(options: WindowRelayOptions) {
    this.#options = options;
  }

  opened(link: WindowLink): void {
    const window: ConnectedWindow = {
      link,
      send: (message) => link.send(encodeWire('host', message)),
      unsentBytes: 0,
    };
    this.#windows.set(link.id, window);
    const state = this.#options.coreState();
    window.send(state);
    window.send({ kind: 'secret-state', backend: 'none', names: [], needsConsent: false, problem: '' });
    if (state.state === 'running') this.#options.sendToCore({ kind: 'link-opened', link: link.id });
    this.#options.notifications.windowOpened(window);
  }

  frame(link: WindowLink, frame: WireFrame): void {
    const window = this.#windows.get(link.id);
    if (window === undefined) return;
    if (wireChannelOf(frame) === 'core') return this.#passToCore(window, frame);
    const decoded = decodeWire(frame);
    const parsed = v.safeParse(windowToHostSchema, decoded?.channel === 'host' ? decoded.message : undefined);
    if (!parsed.success) return link.close('a frame that is not of this protocol');
    this.#answer(window, parsed.output);
  }

  closed(link: WindowLink): void {
    const window = this.#windows.get(link.id);
    if (window === undefined) return;
    this.#windows.delete(link.id);
    this.#options.sendToCore({ kind: 'link-closed', link: link.id, reason: 'the window is gone' });
    this.#options.notifications.windowClosed(window);
  }

  coreStateChanged(state: CoreState): void {
    for (const window of this.#windows.values()) {
      window.send(state);
      if (state.state === 'running') this.#options.sendToCore({ kind: 'link-opened', link: window.link.id });
    }
  }

  /** Takes what the core says and the supervisor does not mind itself. */
  coreSaid(message: CoreToHost): void {
    switch (message.kind) {
      case 'notify':
        return this.#options.notifications.notify(message.notification);
      case 'withdraw':
        return this.#options.notifications.withdraw(message.id);
      case 'link-frame':
        return this.#windows.get(message.link)?.link.send(message.frame);
      case 'link-closed':
        return this.#windows.get(message.link)?.link.close(message.reason);
      case 'secret-wanted':
        return this.#options.answerCore({
          kind: 'secret-value',
          id: message.id,
          value: null,
          refusal: noKeychain,
        });
      case 'proxy-wanted':
        return this.#options.answerCore({ kind: 'proxy', id: message.id, proxy: null });
      // There is no tray in a browser.
      case 'attention':
      case 'link-opened':
      case 'ready':
      case 'refuse':
      case 'pong':
        return;
    }
  }

  #passToCore(window: ConnectedWindow, frame: WireFrame): void {
    const bytes = typeof frame === 'string' ? frame.length : frame.byteLength;
    window.unsentBytes += bytes;
    if (window.unsentBytes > maxUnsentBytes) return window.link.close('more than the core can take');
    this.#options.sendToCore({ kind: 'link-frame', link: window.link.id, frame }, () => {
      window.unsentBytes -= bytes;
    });
  }

  #answer(window: ConnectedWindow, message: WindowToHost): void {
    switch (message.kind) {
      case 'notification-outcome':
        return this.#options.notifications.answered(window, message.id, message.outcome);
      case 'notification-permission':
        return this.#options.notifications.permissionChanged(window, message.permission);
      case 'start-core':
        return this.#options.startCore(message.safeMode);
      // There is no menu and no keychain, and a browser opens links itself.
      case 'open-link':
      case 'menu':
      case 'theme':
      case 'change-desktop':
      case 'update':
      case 'store-secret':
      case 'forget-secret':
      case 'allow-plain-secrets':
        return;
    }
  }
}
