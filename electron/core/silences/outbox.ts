import type { Clock } from '#core/clock/clock.ts';
import type { Silence } from '#core/sources/alertmanager/model.ts';
import type { JournalChange, OutboxRecord } from '#core/store/records.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { OutboxEntry, OutboxRequest } from '#shared/model/silence.ts';
import { drop, failed, success, type Result } from '#shared/result.ts';
import { dayMs, secondMs } from '#shared/time.ts';
import { confirmed, unaskedSince } from './confirmation.ts';
import { deliver, endPassed, type Delivery } from './delivery.ts';
import { HeldEntry, pauseBefore } from './held-entry.ts';
import { changeOf, entryOf, isSettled, shownAs, subjectOf, targeted, type Entry } from './outbox-entry.ts';
import { delivered, newEntry, reopened, resumed, settled, type PutOptions } from './outbox-states.ts';
import { auditOf } from './outbox-words.ts';
import { Postman } from './postman.ts';
import { isSamePlace } from './server-place.ts';
import type { SilenceServer } from './silence-server.ts';
import { isBefore, isTwin } from './twins.ts';
import { givenUp, goingOn, locate, placesOf, redirected, strayed, type Places } from './whereabouts.ts';

/**
 * Every change of silences waits here: held for a while in which it can be undone, then for a server that takes
 * it. It is in the journal before anything leaves the machine, and each step towards a server is written down
 * before it is taken, so that whatever ends in between, nothing is sent twice and nothing is lost
 * (ADR 0023). What an attempt is stands in `delivery.ts`.
 */
export interface OutboxOptions {
  readonly clock: Clock;
  readonly commit: (changes: readonly JournalChange[]) => Promise<Result<void, CommandFailure>>;
  /** The Alertmanagers and their clusters as they are configured now. */
  readonly places: () => Places;
  /** Those of a cluster that can be asked; the ones that answer first. */
  readonly serversOf: (cluster: string) => readonly SilenceServer[];
  /** What belongs into the transaction of an outcome. */
  readonly follows: (entry: Entry) => readonly JournalChange[];
  readonly onChange: (entries: readonly OutboxEntry[], removed: readonly string[]) => void;
  /** It is done, failed, withdrawn, or a person has to decide. */
  readonly onOutcome: (entry: Entry) => void;
}

type Outcome = Result<void, CommandFailure>;
type Withdrawal = Result<{ readonly mayHaveArrived: boolean }, CommandFailure>;
type Attempt = { readonly source: string; readonly delivery: Delivery };

const mostUnsettled = 1_000;
const mostSettled = 300;
const keptSettledMs = dayMs;
const twinPauseMs = secondMs / 2;
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #held = new Map<string, HeldEntry>();
  readonly #postman = new Postman();
  #isSending = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Goes on where the core before this one ended. @returns how many records were not believable. */
  restore(records: readonly OutboxRecord[]): number {
    const entries = records.map(entryOf).filter((entry) => entry !== undefined);
    const nowMs = this.#options.clock.nowMs();
    for (const entry of entries) this.#hold(resumed(entry, nowMs));
    this.#options.onChange(this.entries(), []);
    return records.length - entries.length;
  }

  /** Begins to send. Until then everything waits. */
  start(): void {
    this.#isSending = true;
    this.placesChanged();
    for (const held of this.#held.values()) this.#arm(held);
    drop(this.#forgetOld(), 'what cannot be forgotten now is forgotten later');
  }

  /** What is under way has ended, one way or the other, when this resolves. */
  async stop(): Promise<void> {
    this.#isSending = false;
    for (const { cancel } of this.#held.values()) cancel();
    await this.#postman.idle();
    await Promise.all([...this.#held.values()].map((held) => held.stop()));
  }

  entries(): OutboxEntry[] {
    return [...this.#held.values()].map(({ entry }) => entry.shown);
  }

  /** What waits, is being sent, or has to be decided. */
  unsettled(): readonly Entry[] {
    return [...this.#held.values()].map(({ entry }) => entry).filter((entry) => !isSettled(entry));
  }

  /** Durable when this answers. A change of the same silence that was not sent yet is withdrawn for it. */
  async put(request: OutboxRequest, options: PutOptions): Promise<Result<OutboxEntry, CommandFailure>> {
    const nowMs = this.#options.clock.nowMs();
    const earlier = this.#changesOf(request, options.cluster);
    const refusal = this.#refusal(options, earlier);
    if (refusal !== null) return failed(refusal);
    const meant = placesOf(options.cluster, this.#options.places());
    const entry = newEntry(request, options, meant, nowMs);
    const replaced = earlier.map((held) => settled(held.entry, 'withdrawn', nowMs));
    for (const held of earlier) held.isBusy = true;
    const written = await this.#options.commit(
      [entry, ...replaced].flatMap((one) => [changeOf(one), this.#audit(one, options.by)]),
    );
    for (const held of earlier) held.isBusy = false;
    if (!written.ok) {
      for (const held of earlier) this.#arm(held);
      return written;
    }
    for (const [index, held] of earlier.entries()) {
      held.learn(replaced[index] ?? held.entry);
      this.#told(held);
    }
    this.#options.onChange([entry.shown], []);
    this.#arm(this.#hold(entry));
    drop(this.#forgetOld(), 'what cannot be forgotten now is forgotten later');
    return success(entry.shown);
  }

  /** Takes back what has not left the machine; what may have arrived, once it is known that it did not. Idempotent. */
  async withdraw(id: string, by: string): Promise<Withdrawal> {
    const held = this.#held.get(id);
    if (held === undefined) return failed(noEntry());
    const { shown, sent } = held.entry;
    if (shown.state === 'withdrawn') return success({ mayHaveArrived: false });
    if (isSettled(held.entry)) return failed(tooLate('It has been sent.', 'Expire the silence instead.'));
    if (held.isBusy) return failed(tooLate('It is being sent now.', 'Look at it again in a moment.'));
    const mayHaveArrived = sent !== null && !shown.isDisplaced;
    const nowMs = this.#options.clock.nowMs();
    const takenBack = (entry: Entry): Entry =>
      mayHaveArrived ? { ...entry, isTakenBack: true } : settled(entry, 'withdrawn', nowMs);
    const taken = await (shown.isDisplaced
      ? this.settle(id, 'theirs', by)
      : this.#decided(held, takenBack, by));
    return taken.ok ? success({ mayHaveArrived }) : taken;
  }

  /** Tries now what waits, and once more what was refused. */
  async retry(id: string, by: string): Promise<Outcome> {
    const held = this.#held.get(id);
    if (held === undefined) return failed(noEntry());
    if (held.isBusy) return success(undefined);
    const { state } = held.entry.shown;
    if (state === 'failed') return await this.#decided(held, reopened, by);
    if (state !== 'waiting')
      return failed(tooLate(`It is ${state}.`, 'Only what waits or was refused can be tried again.'));
    held.attempts = 0;
    this.#arm(held);
    return success(undefined);
  }

  /** Decides a conflict: `mine` makes the change over what is there now, `theirs` lets it be. */
  async settle(id: string, choice: 'mine' | 'theirs', by: string): Promise<Outcome> {
    const held = this.#held.get(id);
    if (held === undefined) return failed(noEntry());
    if (held.entry.shown.state !== 'conflict' || held.isBusy)
      return failed(tooLate('There is nothing to decide.', 'Look at it again.'));
    const nowMs = this.#options.clock.nowMs();
    const mine = (entry: Entry): Entry =>
      entry.shown.isDisplaced ? redirected(entry, this.#options.places()) : reopened(entry);
    const theirs = (entry: Entry): Entry => givenUp(entry, nowMs);
    return await this.#decided(held, choice === 'mine' ? mine : theirs, by);
  }

  /** A source answers again: what waits for its cluster need not wait for its turn. */
  serverReturned(source: string): void {
    const place = this.#options.places().all.find((one) => one.source === source);
    for (const held of this.#held.values()) {
      const { shown, meant } = held.entry;
      const isTarget = shown.targets.some((target) => target.source === source);
      if (!isTarget && !meant.some(({ identity }) => identity === place?.identity)) continue;
      this.#hurry(held);
    }
  }

  /** Names may mean other servers now: what waits looks where it goes. */
  placesChanged(): void {
    const { all } = this.#options.places();
    for (const held of this.#held.values()) {
      const next = unaskedSince(held.entry, all);
      if (next !== held.entry) held.learn(next);
      this.#hurry(held);
    }
  }

  /** The silences that a source had: what was done at its peers has reached it, or has not. */
  heard(source: string, silences: readonly Silence[], askedAtMs: number): void {
    const nowMs = this.#options.clock.nowMs();
    const place = this.#options.places().all.find((one) => one.source === source);
    for (const held of this.#held.values()) {
      if (held.entry.meant.some((one) => one.source === source && one.identity !== place?.identity)) continue;
      const next = confirmed(held.entry, source, silences, askedAtMs, nowMs);
      if (next !== held.entry) held.learn(next);
    }
  }

  #refusal({ cluster }: PutOptions, earlier: readonly HeldEntry[]): CommandFailure | null {
    if (this.#options.places().sourcesOf(cluster).length === 0) {
      const message = `no Alertmanager is called ${JSON.stringify(cluster)} here`;
      return commandFailure('not-found', message, 'Choose one of the sources.');
    }
    if (earlier.some(({ isBusy, entry }) => isBusy || entry.sent !== null))
      return tooLate(
        'A change of this silence is on its way.',
        'Wait until the outbox says what became of it.',
      );
    const unsettled = [...this.#held.values()].filter(({ entry }) => !isSettled(entry)).length;
    if (unsettled < mostUnsettled) return null;
    const nextStep = 'Withdraw some, or wait until the servers are back.';
    return commandFailure('overloaded', `${mostUnsettled} changes wait in the outbox`, nextStep);
  }

  /** Unsettled changes of the same silence. */
  #changesOf(request: OutboxRequest, cluster: string): readonly HeldEntry[] {
    if (request.kind === 'create') return [];
    const sources = new Set([cluster, ...this.#options.places().sourcesOf(cluster)]);
    return [...this.#held.values()].filter(
      ({ entry }) => !isSettled(entry) && subjectOf(entry) === request.id && sources.has(entry.shown.cluster),
    );
  }

  #hold(entry: Entry): HeldEntry {
    const { clock, commit, onChange } = this.#options;
    const onShown = ({ shown }: Entry): void => onChange([shown], []);
    const held = new HeldEntry(entry, { clock, commit, onShown });
    this.#held.set(entry.shown.id, held);
    return held;
  }

  /** What waits need not wait for its turn any more, and what lost its way may have it again. */
  #hurry(held: HeldEntry): void {
    const { entry, isBusy } = held;
    if (entry.shown.isDisplaced && !isBusy && locate(entry, this.#options.places()).kind !== 'displaced')
      held.learn(goingOn(entry));
    if (held.entry.shown.state !== 'waiting') return;
    held.attempts = 0;
    this.#arm(held);
  }

  /** Sends when it is due, or when its pause is over. */
  #arm(held: HeldEntry): void {
    held.cancel();
    const { state, dueAtMs, createdAtMs } = held.entry.shown;
    if (!this.#isSending || held.isBusy || (state !== 'held' && state !== 'waiting')) return;
    const { clock } = this.#options;
    // A clock that was set back since must not hold it for longer than it was to be held.
    const restMs = Math.min(dueAtMs - clock.nowMs(), dueAtMs - createdAtMs);
    const pauseMs = held.attempts === 0 ? 0 : pauseBefore(held.attempts, clock.random());
    held.cancel = clock.after(Math.max(restMs, pauseMs, 0), () =>
      this.#postman.bring(() => this.#attempt(held)),
    );
  }

  async #attempt(held: HeldEntry): Promise<void> {
    const { state } = held.entry.shown;
    if (!this.#isSending || held.isBusy || (state !== 'held' && state !== 'waiting')) return;
    if (this.#hasTwinUnderWay(held)) {
      held.cancel = this.#options.clock.after(twinPauseMs, () =>
        this.#postman.bring(() => this.#attempt(held)),
      );
      return;
    }
    const where = locate(held.entry, this.#options.places());
    if (where.kind !== 'here')
      return this.#went(held, strayed(held.entry, where, this.#options.clock.nowMs()), endPassed);
    held.isBusy = true;
    held.show(shownAs(where.entry, { state: 'sending' }));
    const { source, delivery } = await this.#deliver(held);
    held.isBusy = false;
    const next = delivered(held.entry, source, delivery, this.#options.clock.nowMs());
    this.#went(held, next, 'reason' in delivery ? delivery.reason : '');
  }

  /** An attempt is over. */
  #went(held: HeldEntry, next: Entry, said: string): void {
    if (next.shown.state === 'waiting') {
      held.show(next);
      held.attempts += 1;
      return this.#arm(held);
    }
    const reason = next.shown.conflict === '' ? said : next.shown.conflict;
    held.learn(next, [this.#audit(next, next.shown.by, reason), ...this.#options.follows(next)]);
    this.#told(held);
  }

  /** Goes from server to server of the cluster until one takes it; what may have arrived stays with that one. */
  async #deliver(held: HeldEntry): Promise<Attempt> {
    const { all } = this.#options.places();
    const isCurrent = (server: SilenceServer): boolean => all.some((place) => isSamePlace(place, server));
    const servers = this.#options.serversOf(held.entry.shown.cluster).filter(isCurrent);
    const first = servers.filter(({ source }) => source === held.entry.sent?.source);
    const reason = 'Its Alertmanager is not configured any more.';
    let last: Attempt = { source: held.entry.shown.cluster, delivery: { kind: 'not-sent', reason } };
    let unasked: Attempt | null = null;
    for (const server of [...first, ...servers.filter((one) => !first.includes(one))]) {
      const delivery = await deliver(held.entry, server, {
        nowMs: this.#options.clock.nowMs(),
        ownVersions: this.#versionsMade(subjectOf(held.entry)),
        isTaken: (id) => this.#isTaken(id, held),
        mark: (isSent) => this.#mark(held, server, isSent),
      });
      if (delivery.kind !== 'not-sent') last = { source: server.source, delivery };
      if (delivery.kind !== 'not-sent' && delivery.kind !== 'absent') break;
      if (delivery.kind === 'absent') continue;
      unasked = { source: server.source, delivery };
      if (last.delivery.kind !== 'absent') last = unasked;
      held.show(targeted(held.entry, server.source, 'waiting', delivery.reason, null));
    }
    // That it is nowhere, and so has ended, is known once each of them has said so.
    const isEnding = held.entry.shown.request.kind === 'expire';
    return isEnding && last.delivery.kind === 'absent' ? (unasked ?? last) : last;
  }

  /** On the disk before it leaves the machine; without that it does not leave. */
  async #mark(held: HeldEntry, { source, identity }: SilenceServer, isSent: boolean): Promise<Outcome> {
    if (isSent && !this.#isSending)
      return failed(commandFailure('cancelled', 'the console ends', 'It is sent at the next start.'));
    const atMs = this.#options.clock.nowMs();
    return await held.decide((entry) =>
      isSent
        ? { ...targeted(entry, source, 'sent', '', atMs), sent: { source, identity, atMs } }
        : { ...entry, sent: null },
    );
  }

  /** What a person decided: it holds once it is durable. */
  async #decided(held: HeldEntry, next: (entry: Entry) => Entry, by: string): Promise<Outcome> {
    held.cancel();
    held.attempts = 0;
    held.isBusy = true;
    const audit = this.#audit(next(held.entry), by);
    const written = await held.decide(next, [audit]);
    held.isBusy = false;
    if (written.ok) this.#told(held);
    this.#arm(held);
    return written;
  }

  #audit(entry: Entry, by: string, detail = ''): JournalChange {
    const { state } = entry.shown;
    const outcome = entry.isTakenBack ? 'withdrawn' : state === 'held' ? 'waits' : state;
    const record = auditOf(entry.shown, outcome, by, this.#options.clock.nowMs(), detail);
    return { kind: 'audit', record };
  }

  #told({ entry }: HeldEntry): void {
    if (isSettled(entry) || entry.shown.state === 'conflict') this.#options.onOutcome(entry);
  }

  /** Two that make the same silence go one after the other: else one would take the other's for its own. */
  #hasTwinUnderWay(held: HeldEntry): boolean {
    const { sent, shown } = held.entry;
    return [...this.#held.values()].some((other) => {
      if (other === held || !isTwin(held.entry, other.entry)) return false;
      const goesFirst = sent === null || isBefore(other.entry.shown, shown);
      return other.isBusy || (other.entry.sent !== null && goesFirst);
    });
  }

  #isTaken(id: string, by: HeldEntry): boolean {
    return [...this.#held.values()].some(
      (held) => held !== by && held.entry.shown.state === 'done' && held.entry.shown.silenceId === id,
    );
  }

  /** Versions of a silence that changes from here made. */
  #versionsMade(id: string | null): ReadonlySet<number> {
    const made = [...this.#held.values()].filter(({ entry }) => entry.shown.silenceId === id);
    return new Set(made.map(({ entry }) => entry.madeUpdatedAtMs).filter((atMs) => atMs !== null));
  }

  async #forgetOld(): Promise<void> {
    const kept = [...this.#held.values()].filter((held) => isSettled(held.entry) && held.isKept);
    const newestFirst = kept
      .map(({ entry }) => ({ id: entry.shown.id, settledAtMs: entry.settledAtMs ?? 0 }))
      .toSorted((left, right) => right.settledAtMs - left.settledAtMs);
    const sinceMs = this.#options.clock.nowMs() - keptSettledMs;
    const ids = newestFirst
      .filter(({ settledAtMs }, index) => index >= mostSettled || settledAtMs < sinceMs)
      .map(({ id }) => id);
    if (ids.length === 0) return;
    const written = await this.#options.commit([{ kind: 'outbox-removed', ids }]);
    if (!written.ok) return;
    for (const id of ids) this.#held.delete(id);
    this.#options.onChange([], ids);
  }
}

function noEntry(): CommandFailure {
  return commandFailure('not-found', 'there is no such entry in the outbox', 'Look at the outbox again.');
}

function tooLate(message: string, nextStep: string): CommandFailure {
  return commandFailure('conflict', message, nextStep);
}
