import type { CommandFailure } from '#shared/failure.ts';
import type { WireFrame } from '#shared/wire.ts';
import type { Attention } from '#shared/model/attention.ts';
import type {
  CoreStart,
  HostNotification,
  NotificationAction,
  NotificationOutcome,
  PowerEvent,
  ServiceRefusal,
} from './port.ts';

/**
 * What a host's process and the core's process say to each other. The supervisor minds starting, ending
 * and heartbeats; the rest is passed on. Both ends are ours and of one version, so types suffice here.
 */

export type HostToCore =
  | { readonly kind: 'start'; readonly start: CoreStart }
  | { readonly kind: 'stop' }
  | { readonly kind: 'ping' }
  | {
      readonly kind: 'notification-outcome';
      readonly id: string;
      readonly outcome: NotificationOutcome;
      readonly atMs: number;
    }
  | {
      readonly kind: 'notification-action';
      readonly id: string;
      readonly action: NotificationAction;
      readonly atMs: number;
    }
  /** No notification is to be shown until then; null: again as usual. */
  | { readonly kind: 'pause-notifications'; readonly untilMs: number | null }
  | { readonly kind: 'power'; readonly event: PowerEvent; readonly atMs: number }
  /** SECURITY: the only message that carries a secret, and it goes from the host to the core alone. */
  | {
      readonly kind: 'secret-value';
      readonly id: number;
      readonly value: string | null;
      readonly refusal: ServiceRefusal | null;
    }
  | { readonly kind: 'proxy'; readonly id: number; readonly proxy: string | null }
  /** Secrets or the way to servers may be other ones than before. */
  | { readonly kind: 'services-changed' }
  | LinkMessage;

export type CoreToHost =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refuse'; readonly failure: CommandFailure }
  | { readonly kind: 'pong' }
  | { readonly kind: 'notify'; readonly notification: HostNotification }
  | { readonly kind: 'withdraw'; readonly id: string }
  | { readonly kind: 'attention'; readonly attention: Attention }
  | { readonly kind: 'secret-wanted'; readonly id: number; readonly name: string }
  | { readonly kind: 'proxy-wanted'; readonly id: number; readonly url: string }
  | LinkMessage;

/**
 * Where the host carries windows' links itself (the browser host): frames of `shared/wire.ts`, passed
 * through unread. The desktop host hands each window a port instead.
 */
type LinkMessage =
  | { readonly kind: 'link-opened'; readonly link: number }
  | { readonly kind: 'link-frame'; readonly link: number; readonly frame: WireFrame }
  | { readonly kind: 'link-closed'; readonly link: number; readonly reason: string };

/** How a core's process ended: with a code, or by a signal. */
export interface CoreExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A core in a process of its own, however the host makes one. */
export interface CoreProcess {
  /** Sends one message; `sent` is called once it has left this process. After the end it does nothing. */
  send(message: HostToCore, sent?: () => void): void;
  onMessage(listener: (message: CoreToHost) => void): void;
  /** Called once, also where the process could not be started at all. */
  onExit(listener: (exit: CoreExit) => void): void;
  /** Ends it at once, without asking (SIGKILL). */
  kill(): void;
}
