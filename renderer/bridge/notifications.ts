import type {
  HostNotification,
  HostToWindow,
  NotificationOutcome,
  WindowToHost,
} from '#shared/host-window.ts';
import type { PlaySound } from './sounds.ts';

/**
 * Shows what the core decided to say, as the browser's own notifications, and reports what became of
 * each. It decides nothing: which, when and how often is the core's business.
 */

export interface NotifierOptions {
  readonly send: (message: WindowToHost) => void;
  readonly permission: () => NotificationPermission;
  readonly show: (notification: HostNotification) => ShownNotification;
  /** A person clicked one; null for one about several incidents. */
  readonly onOpen: (incidentId: number | null) => void;
}

/** What is used of the browser's `Notification`. */
export interface ShownNotification {
  addEventListener(type: 'show' | 'click' | 'error' | 'close', listener: () => void): void;
  close(): void;
}

export interface Notifier {
  receive(message: Extract<HostToWindow, { kind: 'notify' | 'withdraw' }>): void;
  /** Tells the host whether this window may show notifications, and shows what waited for that. */
  reportPermission(): void;
}

const maxWaiting = 100;

export function createNotifier(options: NotifierOptions): Notifier {
  const waiting = new Map<string, HostNotification>();
  const shown = new Map<string, ShownNotification>();

  function report(id: string, outcome: NotificationOutcome): void {
    options.send({ kind: 'notification-outcome', id, outcome });
  }

  function show(notification: HostNotification): void {
    const { id, incidentId } = notification;
    const native = options.show(notification);
    shown.set(id, native);
    native.addEventListener('show', () => report(id, 'shown'));
    native.addEventListener('error', () => report(id, 'denied'));
    native.addEventListener('close', () => shown.delete(id));
    native.addEventListener('click', () => {
      native.close();
      options.onOpen(incidentId);
    });
  }

  function decide(notification: HostNotification): void {
    const permission = options.permission();
    if (permission === 'granted') return show(notification);
    if (permission === 'denied') return report(notification.id, 'denied');
    waiting.set(notification.id, notification);
    const oldest = waiting.keys().next();
    if (waiting.size > maxWaiting && oldest.done === false) waiting.delete(oldest.value);
  }

  return {
    receive(message) {
      if (message.kind === 'notify') return decide(message.notification);
      waiting.delete(message.id);
      shown.get(message.id)?.close();
    },
    reportPermission() {
      options.send({ kind: 'notification-permission', permission: options.permission() });
      const due = [...waiting.values()];
      waiting.clear();
      due.forEach(decide);
    },
  };
}

/**
 * The browser's own; `tag` makes one replace the one before it about the same incident. Where the window can
 * be heard, it makes the sound itself: the browser's is the same for everything.
 */
export function showNatively(notification: HostNotification, play: PlaySound): ShownNotification {
  const { title, body, incidentId, sound, urgency } = notification;
  const isHeard = play(sound);
  return new Notification(title, {
    body,
    tag: incidentId === null ? 'summary' : `incident-${incidentId}`,
    requireInteraction: urgency === 'critical',
    silent: isHeard || sound === 'none',
  });
}
