import type { Notice } from '#shared/model/console.ts';
import type { HostNotification } from '#shared/host-window.ts';
import { severityOf } from '#shared/model/severity.ts';
import { decisionOf, type IncidentFacts } from '#shared/notify/decide.ts';
import type { NotificationPolicy } from '#shared/notify/model.ts';
import { plainText } from '#shared/text.ts';

/**
 * Notices that reach who looks at no window too: softly, each once, and taken back with the notice. What comes
 * up while the policy tells nothing of no weight, as in quiet hours, stays in the window.
 */
export interface ToldNoticesOptions {
  readonly isTold: (notice: Notice) => boolean;
  readonly policy: () => NotificationPolicy;
  readonly nowMs: () => number;
  readonly announce: (notification: HostNotification) => void;
  readonly takeBack: (id: string) => void;
}

export class ToldNotices {
  readonly #options: ToldNoticesOptions;
  /** Ids of the notifications of those that are there; told by this core or one before it. */
  #known: ReadonlySet<string>;

  /** @param there when the core starts: they were told when they came up. */
  constructor(options: ToldNoticesOptions, there: readonly Notice[]) {
    this.#options = options;
    this.#known = new Set(there.filter(options.isTold).map(notificationId));
  }

  follow(notices: readonly Notice[]): void {
    const { isTold, announce, takeBack } = this.#options;
    const told = notices.filter(isTold);
    const ids = new Set(told.map(notificationId));
    for (const id of this.#known) if (!ids.has(id)) takeBack(id);
    const fresh = told.filter((notice) => !this.#known.has(notificationId(notice)));
    this.#known = ids;
    if (fresh.length > 0 && this.#isTime()) fresh.map(notificationOf).forEach(announce);
  }

  /** By the policy, as of an incident of no weight that has no labels. */
  #isTime(): boolean {
    const { policy, nowMs } = this.#options;
    const facts: IncidentFacts = { level: 'info', alerts: [], inView: () => 'fails', isOutsideViews: false };
    return decisionOf(policy(), facts, nowMs()).tell.kind === 'now';
  }
}

/** The same notice at another time is told anew, and a host shows one id once. */
function notificationId({ id, atMs }: Notice): string {
  return `notice ${id} ${atMs}`.slice(0, 200);
}

function notificationOf(notice: Notice): HostNotification {
  const { message, nextStep } = notice;
  const end = message.indexOf('. ');
  const [first, rest] = end < 0 ? [message, ''] : [message.slice(0, end), message.slice(end + 2)];
  return {
    id: notificationId(notice),
    incidentId: null,
    title: plainText(first, 120),
    body: plainText([rest, nextStep].filter((part) => part !== '').join(' '), 240),
    severity: severityOf('info'),
    sound: 'none',
    urgency: 'low',
  };
}
