import { systemClock, type Clock } from '#core/clock/clock.ts';
import { GapDetector } from '#core/clock/gap-detector.ts';
import { viewCommands } from '#core/commands/view-commands.ts';
import type { ConfigurationDesk } from '#core/configuration-desk.ts';
import type { BookDraft, IncidentBook } from '#core/incidents/incident-book.ts';
import type { IncidentDesk } from '#core/incidents/incident-desk.ts';
import { logError } from '#core/log.ts';
import { incidentIdOf } from '#core/notify/intents.ts';
import { Notifier } from '#core/notify/notifier.ts';
import { ToldNotices } from '#core/notify/told-notices.ts';
import type { AlertFactsDesk } from '#core/publish/alert-facts-desk.ts';
import { attentionOf, sameAttention } from '#core/publish/attention.ts';
import { isReminder } from '#core/silences/tended/reminders.ts';
import type { TopicHub } from '#core/publish/topic-hub.ts';
import type { AlertSnapshot } from '#core/sources/source-settings.ts';
import type { JournalChange, NotificationRecord } from '#core/store/records.ts';
import { ViewShelf } from '#core/views/view-shelf.ts';
import { missingId, missingNotification } from '#core/watchdogs/missing-notification.ts';
import { WatchdogDesk } from '#core/watchdogs/watchdog-desk.ts';
import type { HostPort, NotificationAction, PowerEvent } from '#host/port.ts';
import type { Attention } from '#shared/model/attention.ts';
import { incidentName } from '#shared/model/incident.ts';
import type { MissingWatchdog, SourceHealth } from '#shared/model/source.ts';
import type { SavedViews } from '#shared/model/view.ts';
import { drop } from '#shared/result.ts';
import { minuteMs, secondMs } from '#shared/time.ts';

/**
 * The console as it reaches a person who looks at no window: notifications and what is done on them, what
 * the tray shows, and what follows when the machine slept. Joins the notifier, the desk, the hub and the
 * host, none of which knows the others.
 */
export interface WatchkeepingOptions {
  readonly port: HostPort;
  readonly book: IncidentBook;
  readonly desk: IncidentDesk;
  readonly hub: TopicHub;
  readonly facts: AlertFactsDesk;
  readonly configuration: Pick<ConfigurationDesk, 'operator' | 'notificationPolicy' | 'watchdogs'>;
  /** Lets every source go on after the machine slept. */
  readonly resumeSources: () => void;
  readonly notifications: readonly NotificationRecord[];
  /** Settings of the journal. */
  readonly pause: string | null;
  readonly views: string | null;
  readonly clock?: Clock;
}

/** Two words of one waking: the system's and the clocks'. */
const sameWakingMs = 10 * secondMs;
/** How long, once one source of alerts has answered, the others are waited for before it is told what fires. */
const othersMs = 15 * secondMs;
/** How long nothing is told while none of them answers: without an answer nothing is new. */
const longestGatheringMs = 5 * minuteMs;

export class Watchkeeping {
  readonly notifier: Notifier;
  readonly #views: ViewShelf;
  readonly #watchdogs: WatchdogDesk;
  #blind: ReadonlyMap<string, MissingWatchdog> = new Map();
  readonly #options: WatchkeepingOptions;
  readonly #clock: Clock;
  readonly #notices: ToldNotices;
  readonly #gaps: GapDetector;
  #isAnnounced = false;
  #isStopped = false;
  #isLooking = false;
  #told: Attention | null = null;
  #isSuspended = false;
  #wokeAtMs = Number.NEGATIVE_INFINITY;
  /**
   * Sources of alerts that have not answered since the machine woke, with when they did before; null where it
   * did not sleep.
   */
  #awaited: Map<string, number> | null = null;
  #cancelGathering: () => void = () => undefined;

  constructor(options: WatchkeepingOptions) {
    const { port, book, desk, hub, notifications, configuration } = options;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.notifier = new Notifier(
      {
        book,
        nowMs: () => this.#clock.nowMs(),
        notify: (notification) => port.notify(notification),
        withdraw: (id) => port.withdraw(id),
        record: (change: (draft: BookDraft) => void) => desk.record(change),
        policy: () => configuration.notificationPolicy(),
        views: () => this.#views.current.views,
        factsOf: (alert) => options.facts.of(alert),
        onPause: (untilMs) => this.#paused(untilMs),
        clock: this.#clock,
      },
      notifications,
      options.pause,
    );
    const nowMs = (): number => this.#clock.nowMs();
    this.#views = new ViewShelf(
      { desk, nowMs, onViews: (views) => this.#viewsChanged(views) },
      options.views,
    );
    hub.setViews(this.#views.current);
    this.#watchdogs = new WatchdogDesk({
      configured: () => configuration.watchdogs(),
      rulesSource: () => hub.rulesSource,
      nowMs,
      onMissing: (missing) => this.#watchdogsMissing(missing),
    });
    this.#notices = new ToldNotices(
      {
        isTold: isReminder,
        policy: () => configuration.notificationPolicy(),
        nowMs,
        announce: (notification) => this.notifier.announce(notification),
        takeBack: (id) => this.notifier.takeBack(id),
      },
      hub.status.notices,
    );
    this.#gaps = new GapDetector({
      clock: this.#clock,
      onGap: ({ wallMs, runningMs }) =>
        this.wake(`clocks went on by ${Math.round(wallMs)} and ${Math.round(runningMs)} ms`),
    });
    this.#listen();
  }

  /** Goes on with what the core before this one left, and minds the clocks. */
  start(): void {
    this.#options.hub.setStatus({ notificationsPausedUntilMs: this.notifier.pausedUntilMs });
    this.#gaps.start();
    this.notifier.resume();
  }

  stop(): void {
    this.#isStopped = true;
    this.#gaps.stop();
    this.#cancelGathering();
    this.notifier.stop();
  }

  /** The host knows that the core serves: from here on it hears what the tray is to show. */
  announce(): void {
    this.#isAnnounced = true;
    this.#told = null;
    this.#attend();
  }

  handlers(): ReturnType<typeof viewCommands> {
    return viewCommands(this.#views, () => this.#options.configuration.operator());
  }

  /** The desk has applied a draft. */
  *applied(changes: readonly JournalChange[]): Generator<void> {
    yield* this.notifier.applied(changes);
    this.#views.applied(changes);
  }

  /** Something that windows see may have changed; told once for all that changes together. */
  look(): void {
    if (this.#isLooking || !this.#isAnnounced) return;
    this.#isLooking = true;
    queueMicrotask(() => {
      this.#isLooking = false;
      this.#attend();
    });
  }

  /**
   * A source has told its alerts.
   * @returns those that make incidents: what always fires makes none.
   */
  polled(told: AlertSnapshot): AlertSnapshot {
    const { snapshot, sawEnds } = this.#watchdogs.polled(told);
    // What is gone with the watchdog has not ended: nobody tells the source any more.
    if (sawEnds) return snapshot;
    drop(this.#options.desk.interrupt([snapshot.source]), 'the desk takes it in turn');
    return { ...snapshot, knownEnds: [] };
  }

  healthChanged(health: SourceHealth): void {
    this.#watchdogs.healthChanged(health);
    const { name, lastSuccessAtMs } = health;
    const before = this.#awaited?.get(name);
    if (this.#awaited === null || before === undefined || lastSuccessAtMs === before) return;
    // It is asked otherwise since, behind another proxy say, and has not answered so.
    if (lastSuccessAtMs === null) return;
    this.#awaited.delete(name);
    if (this.#awaited.size === 0) this.#endGathering();
    else this.#endGatheringIn(othersMs);
  }

  /** The machine slept, or its clock was set: what is known is old, and what follows is told as one. */
  wake(cause: string): void {
    if (this.#isStopped) return;
    const nowMs = this.#clock.monotonicMs();
    if (!this.#isSuspended && nowMs - this.#wokeAtMs < sameWakingMs) return;
    this.#isSuspended = false;
    this.#wokeAtMs = nowMs;
    this.#note('the machine woke', cause);
    // One that did not answer before is not waited for; one that has not since an earlier waking still is.
    const awaited = this.#options.hub.sources().flatMap(({ tellsAlerts, name, failure, lastSuccessAtMs }) => {
      const answered = failure === null || this.#awaited?.has(name) === true;
      return tellsAlerts && answered && lastSuccessAtMs !== null ? [[name, lastSuccessAtMs] as const] : [];
    });
    this.notifier.gather();
    this.#awaited = new Map(awaited);
    this.#options.resumeSources();
    this.#endGatheringIn(awaited.length === 0 ? othersMs : longestGatheringMs);
  }

  /** @param untilMs null to be told again from now on. */
  pause(untilMs: number | null): Promise<void> {
    return this.notifier.pause(untilMs, this.#options.configuration.operator());
  }

  #listen(): void {
    const { port } = this.#options;
    port.onNotificationOutcome((id, outcome, atMs) =>
      drop(this.notifier.confirmed(id, outcome, atMs), 'it is written when the disk takes it'),
    );
    port.onNotificationAction((id, action) => drop(this.#acted(id, action), 'it is done in its turn'));
    port.onPauseNotifications((untilMs) => drop(this.pause(untilMs), 'it is written when the disk takes it'));
    port.onPower((event) => this.#power(event));
  }

  #power(event: PowerEvent): void {
    if (event !== 'resume') this.#note('power', event);
    if (event === 'suspend') this.#isSuspended = true;
    else if (event === 'resume') this.wake('the system woke');
    else if (event === 'unlock') this.announce();
  }

  /** What a notification is about is looked up anew: much may have happened since it was shown. */
  async #acted(notificationId: string, action: NotificationAction): Promise<void> {
    const { book, desk, configuration } = this.#options;
    const id = incidentIdOf(notificationId);
    const incident = id === null ? undefined : book.incident(id);
    if (id === null || incident === undefined) return;
    const by = configuration.operator();
    if (action === 'open') return this.notifier.opened(id, by);
    if (incident.resolvedAtMs !== null || incident.acknowledgedBy !== null) return;
    if (action === 'snooze') return this.notifier.snoozed(id, by);
    const done = await desk.acknowledge([id], by, 'from its notification');
    // There is nobody to answer: the incident goes on asking, which says it best.
    if (done.ok) return;
    const { code, message } = done.failure;
    logError('an incident could not be acknowledged', { id, error: message });
    const refused = { action: 'acknowledge', target: incidentName(id), outcome: code, detail: message };
    await desk.record((draft) =>
      draft.addChange({ kind: 'audit', record: { atMs: this.#clock.nowMs(), by, ...refused } }),
    );
  }

  #viewsChanged(views: SavedViews): void {
    this.#options.hub.setViews(views);
    this.notifier.policyChanged();
  }

  /** Said where sources are shown, in how far the console sees, and once to who looks at no window. */
  #watchdogsMissing(missing: ReadonlyMap<string, MissingWatchdog>): void {
    const before = this.#blind;
    this.#blind = missing;
    for (const [name, { sinceMs }] of before)
      if (missing.get(name)?.sinceMs !== sinceMs) this.notifier.takeBack(missingId(name, sinceMs));
    const policy = this.#options.configuration.notificationPolicy();
    for (const [name, gone] of missing) this.notifier.announce(missingNotification(name, gone, policy));
    this.#options.hub.setMissingWatchdogs(missing);
  }

  #note(action: string, outcome: string): void {
    const record = { atMs: this.#clock.nowMs(), by: '', action, target: '', outcome };
    const noted = this.#options.desk.record((draft) => draft.addChange({ kind: 'audit', record }));
    drop(noted, 'it is written when the disk takes it');
  }

  #paused(untilMs: number | null): void {
    this.#options.hub.setStatus({ notificationsPausedUntilMs: untilMs });
    this.look();
  }

  #endGatheringIn(delayMs: number): void {
    this.#cancelGathering();
    this.#cancelGathering = this.#clock.after(delayMs, () => this.#endGathering());
  }

  #endGathering(): void {
    this.#cancelGathering();
    this.#awaited = null;
    this.notifier.release();
  }

  #attend(): void {
    const { port, hub } = this.#options;
    if (!this.#isAnnounced) return;
    this.#notices.follow(hub.status.notices);
    const attention = attentionOf(hub.incidents(), hub.status.sight, this.notifier.pausedUntilMs);
    if (this.#told !== null && sameAttention(this.#told, attention)) return;
    this.#told = attention;
    port.attention(attention);
  }
}
