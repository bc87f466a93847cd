import type { CommandFailure } from '#shared/failure.ts';
import type { Link } from '#shared/link.ts';
import type { Attention } from '#shared/model/attention.ts';
import type { CoreToHost, HostToCore } from './core-messages.ts';
import { HostQuestions } from './host-questions.ts';
import type {
  HostNotification,
  HostPort,
  NotificationAction,
  NotificationOutcome,
  PowerEvent,
} from './port.ts';

/**
 * The core's side of a host in another process: the host port over messages. How windows' links come is
 * different with each host, and is given to it from outside.
 */
export class CorePort implements HostPort {
  readonly services: HostQuestions;
  readonly #send: (message: CoreToHost) => void;
  #linkListener: (link: Link) => void = () => undefined;
  #outcomeListener: (id: string, outcome: NotificationOutcome, atMs: number) => void = () => undefined;
  #actionListener: (id: string, action: NotificationAction, atMs: number) => void = () => undefined;
  #pauseListener: (untilMs: number | null) => void = () => undefined;
  #powerListener: (event: PowerEvent, atMs: number) => void = () => undefined;
  #stopListener: () => void | Promise<void> = () => undefined;

  constructor(send: (message: CoreToHost) => void) {
    this.#send = send;
    this.services = new HostQuestions(send);
  }

  onLink(listener: (link: Link) => void): void {
    this.#linkListener = listener;
  }

  onNotificationOutcome(listener: (id: string, outcome: NotificationOutcome, atMs: number) => void): void {
    this.#outcomeListener = listener;
  }

  onNotificationAction(listener: (id: string, action: NotificationAction, atMs: number) => void): void {
    this.#actionListener = listener;
  }

  onPauseNotifications(listener: (untilMs: number | null) => void): void {
    this.#pauseListener = listener;
  }

  onPower(listener: (event: PowerEvent, atMs: number) => void): void {
    this.#powerListener = listener;
  }

  onStop(listener: () => void | Promise<void>): void {
    this.#stopListener = listener;
  }

  attention(attention: Attention): void {
    this.#send({ kind: 'attention', attention });
  }

  notify(notification: HostNotification): void {
    this.#send({ kind: 'notify', notification });
  }

  withdraw(notificationId: string): void {
    this.#send({ kind: 'withdraw', id: notificationId });
  }

  ready(): void {
    this.#send({ kind: 'ready' });
  }

  refuse(failure: CommandFailure): void {
    this.#send({ kind: 'refuse', failure });
  }

  /** A window's link has come. */
  linkOpened(link: Link): void {
    this.#linkListener(link);
  }

  /** Ends the core. Resolves when it has let go of everything. */
  async stop(): Promise<void> {
    await this.#stopListener();
  }

  /** Takes one message of the host; `start` and `stop` are the business of whoever runs the core. */
  receive(message: HostToCore): void {
    switch (message.kind) {
      case 'start':
        return;
      case 'ping':
        return this.#send({ kind: 'pong' });
      case 'stop':
        return;
      case 'notification-outcome':
        return this.#outcomeListener(message.id, message.outcome, message.atMs);
      case 'notification-action':
        return this.#actionListener(message.id, message.action, message.atMs);
      case 'pause-notifications':
        return this.#pauseListener(message.untilMs);
      case 'power':
        return this.#powerListener(message.event, message.atMs);
      case 'secret-value':
      case 'proxy':
        return this.services.receive(message);
      case 'services-changed':
        return this.services.changed();
      // How links come is each host's own: see `linkOpened`.
      case 'link-opened':
      case 'link-frame':
      case 'link-closed':
        return;
    }
  }
}
