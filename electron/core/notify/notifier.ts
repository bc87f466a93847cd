import { systemClock, type Clock } from '#core/clock/clock.ts';
import { atOnce } from '#core/clock/slices.ts';
import type { BookDraft, IncidentBook } from '#core/incidents/incident-book.ts';
import { asksForSomebody } from '#core/incidents/verdicts.ts';
import type { IncidentRecord, JournalChange, NotificationRecord } from '#core/store/records.ts';
import type { HostNotification, NotificationOutcome } from '#shared/host-window.ts';
import { incidentName } from '#shared/model/incident.ts';
import { louder, loudest, type Loudness } from '#shared/notify/decide.ts';
import { drop } from '#shared/result.ts';
import { formatClock, hourMs, minuteMs } from '#shared/time.ts';
import { againInMs, louderFromMs, putOffMs } from './again.ts';
import { Announcements } from './announcements.ts';
import { deliver } from './delivery.ts';
import { Gathering } from './gathering.ts';
import { isOutstanding, isSummary, isWaiting, notificationOf, summaryOf, worstFirst } from './intents.ts';
import { Judge, type JudgeOptions } from './judge.ts';
import { NotificationLog } from './notification-log.ts';
import { isPaused, pauseAfter, pauseOfSetting, pauseSetting, pauseUntil, type Pause } from './pause.ts';
import { RateWindow } from './rate-window.ts';
import { dueAgain, fires, intend, isWanted, takeBackHeld, takeBackUnwanted, type Turn } from './turn.ts';

/**
 * What a person is told, and when, by the policy. The intent to tell of an incident is part of the
 * transaction that opens it, so neither exists without the other. Few enough are shown each on its own; the
 * others wait, or are told in one summary. Whatever the host is asked for stands in the journal before, its
 * answer after: the host shows the same one once, so only a host that died with the core can repeat it.
 *
 * Everything here is decided within a turn of the incidents' desk (`decide`) and holds once the desk has
 * applied it (`applied`); a timer only asks for a turn.
 */
export interface NotifierOptions extends JudgeOptions {
  readonly book: IncidentBook;
  readonly nowMs: () => number;
  readonly notify: (notification: HostNotification) => void;
  readonly withdraw: (id: string) => void;
  /** Writes a change about an incident; shown even where the disk refuses. */
  readonly record: (change: (draft: BookDraft) => void) => Promise<void>;
  /** The pause as it is now, whenever it changed. */
  readonly onPause?: (untilMs: number | null) => void;
  readonly clock?: Pick<Clock, 'monotonicMs' | 'after'>;
}

/** Timers may be late, and time may jump: it is looked again at least so often while anything waits. */
const longestWaitMs = hourMs;
const shortestWaitMs = 250;

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #clock: Pick<Clock, 'monotonicMs' | 'after'>;
  readonly #log: NotificationLog;
  readonly #judge: Judge;
  readonly #window = new RateWindow();
  readonly #announcements: Announcements;
  #pause: Pause | null;
  readonly #gathering: Gathering;
  /** The judge's, by which all incidents were looked at last; and by which they are in the turn under way. */
  #judgedAge = 0;
  #decidedAge = 0;
  /** Whether the turn under way leaves nothing that is to be told. */
  #isNothingLeft = false;
  #cancelTimer: () => void = () => undefined;
  #isStopped = false;

  constructor(
    options: NotifierOptions,
    known: readonly NotificationRecord[],
    pauseText: string | null = null,
  ) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#judge = new Judge(options);
    this.#log = NotificationLog.of(known, (id) => options.book.incident(id) !== undefined);
    this.#pause = pauseOfSetting(pauseText);
    this.#gathering = new Gathering(this.#pause !== null);
    this.#announcements = new Announcements(this.#window, options.notify, options.withdraw);
    for (const record of known) this.#remember(record);
    // Why they waited is not written; what has waited over a restart is told in one.
    for (const record of this.#log.all()) if (isWaiting(record)) this.#gathering.hold(record.incidentId);
  }

  /** Until when nothing is shown; null where no pause is on. */
  get pausedUntilMs(): number | null {
    return isPaused(this.#pause, this.#options.nowMs()) ? this.#pause.untilMs : null;
  }

  /** Adds to a draft what it and the time call for: intents, what is shown of them, what is not wanted. */
  decide(draft: BookDraft): void {
    atOnce(this.deciding(draft));
  }

  /** The same in steps of one incident each: a storm opens thousands. */
  *deciding(draft: BookDraft): Generator<void> {
    const nowMs = this.#options.nowMs();
    const changes = draft.otherChanges();
    const log = this.#log.with(changes);
    const pause = this.#endedPause(pauseAfter(changes, this.#pause), nowMs, draft);
    const ids = draft.changedIncidentIds();
    const turn: Turn = { log, draft, judge: this.#judge.at(draft, nowMs, ids), nowMs };
    yield* takeBackUnwanted(turn);
    const again = yield* dueAgain(turn);
    yield* intend(turn, this.#concerned(ids), again, pause);
    const isHeld = (id: number): boolean => turn.judge(id).tell.kind === 'held';
    yield* takeBackHeld(turn, pause === null ? isHeld : () => true);
    this.#isNothingLeft = false;
    if (pause !== null || this.#gathering.isOn) this.#gathering.holdAll();
    else yield* this.#deliver(turn);
    for (const record of log.changed()) draft.addChange({ kind: 'notification', record });
  }

  /** The draft is durable, or shown all the same: ask the host for what it says, and take back the rest. */
  *applied(changes: readonly JournalChange[]): Generator<void> {
    this.#judgedAge = this.#decidedAge;
    if (this.#isNothingLeft) this.#gathering.letGo();
    this.#judge.forgetChanged(changes);
    for (const change of changes) {
      yield;
      if (change.kind === 'notification') yield* this.#take(change.record);
      if (change.kind === 'incident') this.#takeOffTheScreen(change.record);
      if (change.kind !== 'setting' || change.key !== pauseSetting) continue;
      this.#pause = pauseOfSetting(change.value);
      this.#options.onPause?.(this.#pause?.untilMs ?? null);
    }
    if (this.#pause === null && !this.#gathering.isOn) this.#announcements.ask(this.#clock.monotonicMs());
    yield* this.#scheduling();
  }

  /** What is about no incident: told once, until it is taken back by its id. */
  announce(notification: HostNotification): void {
    this.#announcements.put(notification);
    this.#look();
  }

  takeBack(id: string): void {
    this.#announcements.takeBack(id, this.#clock.monotonicMs());
  }

  /** The policy or the saved views are others now. */
  policyChanged(): void {
    if (!this.#isStopped) this.#look();
  }

  /** What still stands on the screen about an incident that asks nobody calls for nobody. */
  #takeOffTheScreen(incident: IncidentRecord): void {
    if (asksForSomebody(incident, this.#options.nowMs())) return;
    const record = this.#log.ofIncident(incident.id);
    this.#log.askedNobody(incident.id);
    if (record?.outcome === 'shown' && record.summaryId === null) this.#options.withdraw(record.id);
  }

  /** Incidents that are no longer held in memory: the journal keeps their notifications. */
  forget(incidentIds: Iterable<number>): void {
    for (const id of incidentIds) {
      this.#log.forget(id);
      this.#judge.forget(id);
      this.#gathering.forget(id);
    }
  }

  /** Goes on where the core before this one ended: asks again for what it asked for without an answer. */
  resume(): void {
    const { book, nowMs } = this.#options;
    const isPausedNow = isPaused(this.#pause, nowMs());
    const judge = this.#judge.at(book, nowMs());
    const isTold = ({ incidentId }: NotificationRecord): boolean =>
      isWanted(book, incidentId, nowMs()) && judge(incidentId).tell.kind === 'now';
    for (const record of [...this.#log.all()].filter(isOutstanding)) {
      const isNow = isSummary(record) ? this.#log.toldIn(record.id).every(isTold) : isTold(record);
      if (!isNow || isPausedNow) continue;
      this.#window.take(record.id, isSummary(record), this.#clock.monotonicMs());
      this.#options.notify(notificationOf(record, atOnce(this.#loudnessOf(record))));
    }
    this.#look();
  }

  /** What is under way is still written; nothing is asked for by itself any more. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
  }

  /** The host says what became of a notification. */
  async confirmed(id: string, outcome: NotificationOutcome, atMs: number): Promise<void> {
    if (this.#announcements.confirmed(id, outcome, this.#clock.monotonicMs()))
      return atOnce(this.#scheduling());
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
      const atMs = this.#options.nowMs();
      if (record === undefined || incident === undefined || !asksForSomebody(incident, atMs)) return;
      const untilMs = atMs + putOffMs;
      // Who put it off has seen it, whatever the host has said so far.
      const seen = { outcome: 'shown', outcomeAtMs: record.outcomeAtMs ?? atMs } as const;
      draft.addChange({ kind: 'notification', record: { ...record, ...seen, snoozedUntilMs: untilMs } });
      const [text, detail] = ['Put off', `notified again at ${formatClock(untilMs)} if it still fires`];
      draft.addTimeline({ incidentId, atMs, kind: 'notification-snoozed', text, detail, by });
      const told = { action: 'put off', target: incidentName(incidentId), outcome: 'done', detail };
      draft.addChange({ kind: 'audit', record: { atMs, by, ...told } });
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
    this.#gathering.begin();
  }

  /** In its turn: what came before is decided before, however long the disk takes for it. */
  release(): void {
    const end = this.#gathering.ending();
    if (end !== null) this.#look(end);
  }

  /** @returns the pause that is on; writes that one is over. */
  #endedPause(pause: Pause | null, nowMs: number, draft: BookDraft): Pause | null {
    if (pause === null || isPaused(pause, nowMs)) return pause;
    draft.addChange({ kind: 'setting', key: pauseSetting, value: null });
    return null;
  }

  /** What has changed; all there are where the policy says something else now, or a view may. */
  #concerned(changed: ReadonlySet<number>): ReadonlySet<number> {
    const isSame = this.#judge.age === this.#judgedAge;
    // At the start nothing has been passed over that the log does not know.
    const isFirst = this.#judgedAge === 0;
    this.#decidedAge = this.#judge.age;
    if (isSame || isFirst) return changed;
    return new Set([...changed, ...[...this.#options.book.incidents()].map(({ id }) => id)]);
  }

  *#deliver({ log, draft, judge, nowMs }: Turn): Generator<void> {
    const waiting: NotificationRecord[] = [];
    for (const record of log.all()) {
      yield;
      const { incidentId } = record;
      if (!isWaiting(record) || isSummary(record) || !fires(draft, incidentId, nowMs)) continue;
      const { kind } = judge(incidentId).tell;
      if (kind === 'held') this.#gathering.hold(incidentId);
      if (kind === 'now') waiting.push(record);
    }
    this.#isNothingLeft = waiting.length === 0;
    if (this.#isNothingLeft) return;
    const runningMs = this.#clock.monotonicMs();
    const room = { singles: this.#window.singles(runningMs), summary: this.#window.hasSummary(runningMs) };
    const isGathered = ({ incidentId }: NotificationRecord): boolean => this.#gathering.isHeld(incidentId);
    const { alone, together } = deliver(waiting, room, isGathered);
    const isRest = !together.every(isGathered);
    for (const record of alone) log.put({ ...record, askedAtMs: nowMs });
    if (together.length === 0) return;
    const { summary: before } = log;
    const isReplaced = before !== undefined && isOutstanding(before);
    const told = isReplaced ? [...together, ...log.toldIn(before.id)] : together;
    if (isReplaced) log.put({ ...before, outcome: 'withdrawn', outcomeAtMs: nowMs });
    const summary = summaryOf(told.toSorted(worstFirst), nowMs, isRest);
    for (const record of told) log.put({ ...record, summaryId: summary.id });
    log.put(summary);
  }

  /** How loudly it is told: of several as the loudest, and a step louder what nobody has taken for long. */
  *#loudnessOf(record: NotificationRecord): Generator<void, Loudness> {
    const { book, nowMs } = this.#options;
    const judge = this.#judge.at(book, nowMs());
    const one = (told: NotificationRecord): Loudness => {
      const decision = judge(told.incidentId);
      const fromMs = louderFromMs(this.#log.toldOf(told).firstToldAtMs, decision.louderAfterMs);
      return fromMs !== null && nowMs() >= fromMs ? louder(decision) : decision;
    };
    if (!isSummary(record)) return one(record);
    const each: Loudness[] = [];
    for (const told of this.#log.toldIn(record.id)) {
      yield;
      each.push(one(told));
    }
    return loudest(each);
  }

  /** A record of the journal: what the host is asked for because of it, or not any more. */
  *#take(record: NotificationRecord): Generator<void> {
    const before = this.#log.before(record);
    const had = before !== undefined && isOutstanding(before);
    this.#log.put(record);
    this.#remember(record);
    if (!isWaiting(record)) this.#gathering.forget(record.incidentId);
    if (isOutstanding(record) && !had) {
      this.#gathering.letGo();
      this.#window.take(record.id, isSummary(record), this.#clock.monotonicMs());
      this.#options.notify(notificationOf(record, yield* this.#loudnessOf(record)));
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

  /** Asks for a turn when time alone will change something. */
  *#scheduling(): Generator<void> {
    this.#cancelTimer();
    if (this.#isStopped) return;
    const waits = yield* this.#waitsMs();
    this.#cancelTimer();
    if (this.#isStopped) return;
    if (waits.length === 0) return;
    const delayMs = Math.min(longestWaitMs, Math.max(shortestWaitMs, Math.min(...waits)));
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#look());
  }

  *#waitsMs(): Generator<void, number[]> {
    const { book, nowMs: now } = this.#options;
    const nowMs = now();
    const judge = this.#judge.at(book, nowMs);
    const waits: (number | null)[] = [this.#pause === null ? null : this.#pause.untilMs - nowMs];
    let isWaited = false;
    let isOpen = false;
    for (const record of this.#log.all()) {
      yield;
      const { incidentId } = record;
      if (isWaiting(record) && fires(book, incidentId, nowMs)) {
        isOpen = true;
        isWaited ||= judge(incidentId).tell.kind === 'now';
      }
      isOpen ||= isOutstanding(record);
      const againMs = againInMs(this.#log.toldOf(record), () => judge(incidentId), nowMs);
      // What is due and was not told does not fire now: it is when that changes.
      if (againMs !== null && againMs > 0) waits.push(againMs);
    }
    isWaited ||= this.#announcements.isWaiting;
    if (isWaited && this.#pause === null && !this.#gathering.isOn)
      waits.push(this.#window.nextRoomMs(this.#clock.monotonicMs()));
    // What is held is let go, and what was not shown yet is held.
    const { turnsAtMs } = this.#judge;
    if (isOpen && turnsAtMs !== null) waits.push(turnsAtMs - nowMs);
    return waits.filter((ms) => ms !== null);
  }

  #look(change: () => void = () => undefined): void {
    drop(this.#options.record(change), "writing it is the journal's matter; nobody waits for it");
  }
}
