import { systemClock, type Clock } from '#core/clock/clock.ts';
import type { BookDraft, IncidentBook } from '#core/incidents/incident-book.ts';
import { incidentRow } from '#core/incidents/incident-row.ts';
import type { IncidentRecord, JournalChange, NotificationRecord } from '#core/store/records.ts';
import type { HostNotification, NotificationOutcome } from '#shared/host-window.ts';
import type { SeverityLevel } from '#shared/model/severity.ts';
import { drop } from '#shared/result.ts';
import { formatClock, hourMs, minuteMs } from '#shared/time.ts';
import { deliver } from './delivery.ts';
import { intentFor, isOutstanding, isSummary, isWaiting, notificationOf, summaryOf } from './intents.ts';
import { NotificationLog } from './notification-log.ts';
import { isPaused, pauseOfSetting, pauseSetting, pauseUntil, type Pause } from './pause.ts';
import { RateWindow } from './rate-window.ts';

/**
 * What a person is told, and when. The intent to tell of an incident is part of the transaction that opens
 * it, so neither exists without the other. Few enough are shown each on its own; the others wait, or are
 * told in one summary. Whatever the host is asked for stands in the journal before, and its answer after:
 * the host shows the same one only once, so only a host that died with the core can repeat it.
 *
 * Everything here is decided within a turn of the incidents' desk (`decide`) and holds once the desk has
 * applied it (`applied`); a timer only asks for a turn.
 */
export interface NotifierOptions {
  readonly book: IncidentBook;
  readonly nowMs: () => number;
  readonly notify: (notification: HostNotification) => void;
  readonly withdraw: (id: string) => void;
  /** Writes a change about an incident; shown even where the disk refuses. */
  readonly record: (change: (draft: BookDraft) => void) => Promise<void>;
  /** How long after a notification its incident is told again while nobody has taken it; 0 for never. */
  readonly repeatMs?: (level: SeverityLevel) => number;
  /** The pause as it is now, whenever it changed. */
  readonly onPause?: (untilMs: number | null) => void;
  readonly clock?: Pick<Clock, 'monotonicMs' | 'after'>;
}

const snoozeMs = 15 * minuteMs;
/** Timers may be late, and time may jump: it is looked again at least so often while anything waits. */
const longestWaitMs = hourMs;
const shortestWaitMs = 250;

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #clock: Pick<Clock, 'monotonicMs' | 'after'>;
  readonly #log: NotificationLog;
  readonly #window = new RateWindow();
  #pause: Pause | null;
  /** The machine woke: what comes of it is told as one. */
  #isGathering = false;
  /** Something was held back: what waits is told in one notification. */
  #inOne: boolean;
  #cancelTimer: () => void = () => undefined;
  #isStopped = false;

  constructor(
    options: NotifierOptions,
    known: readonly NotificationRecord[],
    pauseText: string | null = null,
  ) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = NotificationLog.of(known, (id) => options.book.incident(id) !== undefined);
    this.#pause = pauseOfSetting(pauseText);
    this.#inOne = this.#pause !== null;
    for (const record of known) this.#remember(record);
  }

  /** Until when nothing is shown; null where no pause is on. */
  get pausedUntilMs(): number | null {
    return isPaused(this.#pause, this.#options.nowMs()) ? this.#pause.untilMs : null;
  }

  /** Adds to a draft what it and the time call for: intents, what is shown of them, what is not wanted. */
  decide(draft: BookDraft): void {
    const nowMs = this.#options.nowMs();
    const changes = draft.changes();
    const log = this.#log.with(changes);
    const pause = this.#endedPause(pauseAfter(changes, this.#pause), nowMs, draft);
    const ids = draft.changedIncidentIds();
    this.#takeBackUnwanted(log, ids, draft, nowMs);
    this.#intend(log, ids, draft, pause);
    if (pause !== null) this.#takeBackOutstanding(log, nowMs);
    if (pause !== null || this.#isGathering) this.#inOne = true;
    else this.#deliver(log, draft, nowMs);
    for (const record of log.changed()) draft.addChange({ kind: 'notification', record });
  }

  /** The draft is durable, or shown all the same: ask the host for what it says, and take back the rest. */
  applied(changes: readonly JournalChange[]): void {
    for (const change of changes) {
      if (change.kind === 'notification') this.#take(change.record);
      if (change.kind === 'incident') this.#takeOffTheScreen(change.record);
      if (change.kind !== 'setting' || change.key !== pauseSetting) continue;
      this.#pause = pauseOfSetting(change.value);
      this.#options.onPause?.(this.#pause?.untilMs ?? null);
    }
    this.#schedule();
  }

  /** What still stands on the screen about an incident that somebody has, or that is over, calls for nobody. */
  #takeOffTheScreen({ id, resolvedAtMs, acknowledgedBy }: IncidentRecord): void {
    const record = this.#log.ofIncident(id);
    if (resolvedAtMs === null && acknowledgedBy === null) return;
    if (record?.outcome === 'shown' && record.summaryId === null) this.#options.withdraw(record.id);
  }

  /** Incidents that are no longer held in memory: the journal keeps their notifications. */
  forget(incidentIds: Iterable<number>): void {
    for (const id of incidentIds) this.#log.forget(id);
  }

  /** Goes on where the core before this one ended: asks again for what it asked for without an answer. */
  resume(): void {
    const { book } = this.#options;
    const isHeld = isPaused(this.#pause, this.#options.nowMs());
    for (const record of [...this.#log.all()].filter(isOutstanding)) {
      const incident = book.incident(record.incidentId);
      const isWanted =
        isSummary(record) || (incident?.resolvedAtMs === null && incident.acknowledgedBy === null);
      if (!isWanted || isHeld) continue;
      this.#window.take(record.id, isSummary(record), this.#clock.monotonicMs());
      this.#options.notify(notificationOf(record));
    }
    this.#look((draft) => {
      const known = [...this.#log.all()].map(({ incidentId }) => incidentId);
      const log = this.#log.with([]);
      this.#takeBackUnwanted(log, known, draft, this.#options.nowMs());
      for (const record of log.changed()) draft.addChange({ kind: 'notification', record });
    });
  }

  /** What is under way is still written; nothing is asked for by itself any more. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
  }

  /** The host says what became of a notification. */
  async confirmed(id: string, outcome: NotificationOutcome, atMs: number): Promise<void> {
    const open = (): NotificationRecord | undefined => {
      const record = this.#log.find(id);
      return record?.outcome === 'shown' ? undefined : record;
    };
    if (open() === undefined) return;
    const text = outcome === 'shown' ? 'Notified' : 'Notification not allowed';
    const where = outcome === 'shown' ? 'this desktop' : 'the system or the browser denies notifications';
    await this.#options.record((draft) => {
      const record = open();
      if (record === undefined) return;
      const told = isSummary(record) ? this.#log.toldIn(id) : [record];
      const detail = isSummary(record) ? `${where}, in one of ${told.length} incidents` : where;
      for (const each of new Set([record, ...told]))
        draft.addChange({ kind: 'notification', record: { ...each, outcome, outcomeAtMs: atMs } });
      for (const { incidentId } of told)
        draft.addTimeline({ incidentId, atMs, kind: 'notified', text, detail, by: '' });
    });
  }

  /** A person opened the incident from its notification. */
  async opened(incidentId: number, by: string): Promise<void> {
    await this.#options.record((draft) => {
      const record = this.#log.ofIncident(incidentId);
      if (record === undefined || record.openedAtMs !== null) return;
      const atMs = this.#options.nowMs();
      draft.addChange({ kind: 'notification', record: { ...record, openedAtMs: atMs } });
      const text = 'Opened from its notification';
      draft.addTimeline({ incidentId, atMs, kind: 'notification-opened', text, detail: '', by });
    });
  }

  /** A person put it off: it is told again later where it still fires and nobody has taken it. */
  async snoozed(incidentId: number, by: string): Promise<void> {
    await this.#options.record((draft) => {
      const record = this.#log.ofIncident(incidentId);
      const incident = draft.incident(incidentId);
      if (record === undefined || incident?.resolvedAtMs !== null || incident.acknowledgedBy !== null) return;
      const atMs = this.#options.nowMs();
      const untilMs = atMs + snoozeMs;
      // Who put it off has seen it, whatever the host has said so far.
      const seen = { outcome: 'shown', outcomeAtMs: record.outcomeAtMs ?? atMs } as const;
      draft.addChange({ kind: 'notification', record: { ...record, ...seen, snoozedUntilMs: untilMs } });
      const [text, detail] = ['Put off', `notified again at ${formatClock(untilMs)} if it still fires`];
      draft.addTimeline({ incidentId, atMs, kind: 'notification-snoozed', text, detail, by });
    });
  }

  /** @param untilMs null to be told again from now on. At most a day. */
  async pause(untilMs: number | null, by: string): Promise<void> {
    await this.#options.record((draft) => {
      const nowMs = this.#options.nowMs();
      const pause = untilMs === null ? null : pauseUntil(untilMs, nowMs);
      if (pause === null && this.#pause === null) return;
      draft.addChange({ kind: 'setting', key: pauseSetting, value: pause && JSON.stringify(pause) });
      const target = pause === null ? '' : `until ${new Date(pause.untilMs).toISOString()}`;
      const action = pause === null ? 'resume notifications' : 'pause notifications';
      draft.addChange({ kind: 'audit', record: { atMs: nowMs, by, action, target, outcome: 'done' } });
    });
  }

  /** From here on nothing is shown until `release`; what comes of it then is one notification. */
  gather(): void {
    this.#isGathering = true;
    this.#inOne = true;
  }

  release(): void {
    if (!this.#isGathering) return;
    this.#isGathering = false;
    this.#look();
  }

  /** @returns the pause that is on; writes that one is over. */
  #endedPause(pause: Pause | null, nowMs: number, draft: BookDraft): Pause | null {
    if (pause === null || isPaused(pause, nowMs)) return pause;
    draft.addChange({ kind: 'setting', key: pauseSetting, value: null });
    return null;
  }

  #takeBackUnwanted(log: NotificationLog, ids: Iterable<number>, draft: BookDraft, nowMs: number): void {
    const summaries = new Set<string>();
    for (const id of ids) {
      const record = log.ofIncident(id);
      if (record?.outcome !== null || isWanted(draft, id)) continue;
      log.put({ ...record, outcome: 'withdrawn', outcomeAtMs: nowMs });
      if (record.summaryId !== null) summaries.add(record.summaryId);
    }
    const { summary } = log;
    if (summary === undefined || !summaries.has(summary.id) || !isOutstanding(summary)) return;
    if (log.toldIn(summary.id).length === 0)
      log.put({ ...summary, outcome: 'withdrawn', outcomeAtMs: nowMs });
  }

  /** New incidents, and those that are to be told again. */
  #intend(log: NotificationLog, changed: Iterable<number>, draft: BookDraft, pause: Pause | null): void {
    const nowMs = this.#options.nowMs();
    const again = new Set(
      [...log.all()]
        .filter((record) => (this.#againInMs(record, nowMs) ?? 1) <= 0)
        .map(({ incidentId }) => incidentId),
    );
    for (const id of new Set([...changed, ...again])) {
      const known = log.ofIncident(id);
      const isAgain = again.has(id);
      if (known !== undefined && known.outcome !== 'withdrawn' && !isAgain) continue;
      if (!fires(draft, id)) continue;
      const incident = draft.incident(id);
      if (incident === undefined) continue;
      const row = incidentRow(incident, draft.alertsOf(id), (source) => draft.watch(source));
      log.put(intentFor(row, nowMs, isAgain));
      if (pause === null || known !== undefined) continue;
      const detail = `notifications are paused until ${formatClock(pause.untilMs)}`;
      draft.addTimeline({
        incidentId: id,
        atMs: nowMs,
        kind: 'notified',
        text: 'Not notified yet',
        detail,
        by: '',
      });
    }
  }

  /** Nothing new is shown in a pause, not even by a host that was asked before it. */
  #takeBackOutstanding(log: NotificationLog, nowMs: number): void {
    for (const record of [...log.all()].filter((known) => known.outcome === null && !isWaiting(known))) {
      if (isSummary(record)) log.put({ ...record, outcome: 'withdrawn', outcomeAtMs: nowMs });
      else log.put({ ...record, askedAtMs: null, summaryId: null });
    }
  }

  #deliver(log: NotificationLog, draft: BookDraft, nowMs: number): void {
    const waiting = [...log.all()].filter((record) => isWaiting(record) && fires(draft, record.incidentId));
    if (waiting.length === 0) {
      this.#inOne = false;
      return;
    }
    const runningMs = this.#clock.monotonicMs();
    const room = { singles: this.#window.singles(runningMs), summary: this.#window.hasSummary(runningMs) };
    const { alone, together } = deliver(waiting, room, this.#inOne);
    for (const record of alone) log.put({ ...record, askedAtMs: nowMs });
    if (together.length === 0) return;
    const { summary: before } = log;
    const isReplaced = before !== undefined && isOutstanding(before);
    const told = isReplaced ? [...together, ...log.toldIn(before.id)] : together;
    if (isReplaced) log.put({ ...before, outcome: 'withdrawn', outcomeAtMs: nowMs });
    const summary = summaryOf(told, nowMs, !this.#inOne);
    for (const record of told) log.put({ ...record, summaryId: summary.id });
    log.put(summary);
  }

  /** A record of the journal: what the host is asked for because of it, or not any more. */
  #take(record: NotificationRecord): void {
    const before = this.#log.before(record);
    const had = before !== undefined && isOutstanding(before);
    this.#log.put(record);
    this.#remember(record);
    if (isOutstanding(record) && !had) {
      this.#inOne = false;
      this.#window.take(record.id, isSummary(record), this.#clock.monotonicMs());
      this.#options.notify(notificationOf(record));
    }
    if (!had || (record.outcome !== 'withdrawn' && record.askedAtMs !== null)) return;
    // The host may be showing it just now.
    this.#window.settle(record.id, isSummary(record), this.#clock.monotonicMs());
    this.#options.withdraw(record.id);
  }

  /** What was shown within the last minute takes room. */
  #remember(record: NotificationRecord): void {
    if (record.summaryId !== null || record.outcomeAtMs === null) return;
    const agoMs = Math.max(0, this.#options.nowMs() - record.outcomeAtMs);
    if (record.outcome === 'denied' || (record.outcome === 'shown' && agoMs >= minuteMs))
      this.#window.free(record.id);
    else if (record.outcome === 'shown')
      this.#window.settle(record.id, isSummary(record), this.#clock.monotonicMs() - agoMs);
  }

  /** @returns milliseconds until it is told again, not above 0 where it is due; null for never. */
  #againInMs(record: NotificationRecord, nowMs: number): number | null {
    const { outcome, outcomeAtMs, snoozedUntilMs, severity } = record;
    if (outcome !== 'shown' || outcomeAtMs === null || isSummary(record)) return null;
    const repeatMs = this.#options.repeatMs?.(severity.level) ?? 0;
    if (snoozedUntilMs === null && repeatMs === 0) return null;
    const inMs = snoozedUntilMs === null ? outcomeAtMs + repeatMs - nowMs : snoozedUntilMs - nowMs;
    // A clock that was set back must not make it wait longer than was said.
    return inMs > (snoozedUntilMs === null ? repeatMs : snoozeMs) ? 0 : inMs;
  }

  /** Asks for a turn when time alone will change something. */
  #schedule(): void {
    this.#cancelTimer();
    if (this.#isStopped) return;
    const nowMs = this.#options.nowMs();
    const { book } = this.#options;
    const waits: (number | null)[] = [this.#pause === null ? null : this.#pause.untilMs - nowMs];
    let isWaited = false;
    for (const record of this.#log.all()) {
      if (isWaiting(record)) isWaited ||= fires(book, record.incidentId);
      const againMs = this.#againInMs(record, nowMs);
      // What is due and was not told does not fire now: it is when that changes.
      if (againMs !== null && againMs > 0) waits.push(againMs);
    }
    if (isWaited && this.#pause === null && !this.#isGathering)
      waits.push(this.#window.nextRoomMs(this.#clock.monotonicMs()));
    const next = waits.filter((ms) => ms !== null);
    if (next.length === 0) return;
    const delayMs = Math.min(longestWaitMs, Math.max(shortestWaitMs, Math.min(...next)));
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#look());
  }

  #look(change: (draft: BookDraft) => void = () => undefined): void {
    drop(this.#options.record(change), "writing it is the journal's matter; nobody waits for it");
  }
}

/** What is read of a draft, or of the book itself. */
type Incidents = Pick<BookDraft, 'incident' | 'alertsOf'>;

/** Whether it asks for somebody: open, and nobody has taken it. */
function isWanted(incidents: Incidents, id: number): boolean {
  const incident = incidents.incident(id);
  return incident !== undefined && incident.resolvedAtMs === null && incident.acknowledgedBy === null;
}

function fires(incidents: Incidents, id: number): boolean {
  return isWanted(incidents, id) && incidents.alertsOf(id).some(({ state }) => state === 'firing');
}

function pauseAfter(changes: readonly JournalChange[], pause: Pause | null): Pause | null {
  const set = changes.findLast((change) => change.kind === 'setting' && change.key === pauseSetting);
  return set?.kind === 'setting' ? pauseOfSetting(set.value) : pause;
}
