import type { HostToWindow, WindowToHost } from '#shared/host-window.ts';
import type { Link } from '#shared/link.ts';

/**
 * How this window reaches the core and its host, whichever host that is. The browser host is reached
 * over a WebSocket; a desktop host hands ports over instead and needs an implementation of `Connection`
 * beside this one, nothing else.
 */

/** What the host and the window tell each other beside the contract; messages are checked on arrival. */
export interface HostLink {
  send(message: WindowToHost): void;
  onMessage(listener: (message: HostToWindow) => void): void;
}

export type ConnectionState =
  | { readonly kind: 'open' }
  | { readonly kind: 'lost'; readonly reason: string; readonly nextTryAtMs: number }
  | { readonly kind: 'refused' };

export interface Connection {
  readonly host: HostLink;
  /** Whether the host shows notifications itself, as the system's own; this window then shows none. */
  readonly notifiesItself?: boolean;
  /** Called with a link to each core that greets: again after a reconnect and after the core restarted. */
  onCore(listener: (core: Link) => void): void;
  onState(listener: (state: ConnectionState) => void): void;
  /** Begins; set the listeners first. */
  open(): void;
  /** Tries again now instead of at the next turn. */
  retry(): void;
}
