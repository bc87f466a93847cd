import { inSlices } from '#core/clock/slices.ts';
import type { JournalChange } from '#core/store/records.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { incidentName } from '#shared/model/incident.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { doubt, loseSight, observing, type Observation } from './alert-history.ts';
import { close, endUnseen, reopen } from './closing.ts';
import type { DurableWriter } from './durable-writer.ts';
import type { BookDraft, IncidentBook } from './incident-book.ts';
import { merge, rejoin, split, unmerge } from './merging.ts';
import { acknowledge, assign, markNoise, note, release, snooze, wake, type Verdict } from './verdicts.ts';

/**
 * Everything that changes incidents goes over this desk, one thing at a time: draft, journal, memory,
 * windows, in that order. So a window never shows what is not durable, and two things that happen at once
 * cannot undo one another.
 */
export interface IncidentDeskOptions {
  readonly book: IncidentBook;
  readonly writer: DurableWriter;
  readonly nowMs: () => number;
  readonly groupBy: () => readonly string[];
  /** Whether a source's last poll is still worth something. */
  readonly isFresh: (source: string) => boolean;
  /** Adds to a draft what belongs into its transaction: notification intents. */
  readonly beforeCommit: (draft: BookDraft) => Iterable<void> | void;
  /** The draft is in the book: show it. In steps, where there may be much to show. */
  readonly show: (draft: BookDraft) => Iterable<void>;
  /** The draft is kept and shown: do what follows from it. */
  readonly onKept: (draft: BookDraft, changes: readonly JournalChange[]) => Iterable<void> | void;
}

export interface Changed {
  readonly changed: { id: number; revision: number }[];
}

type Answer = Result<Changed, CommandFailure>;

export class IncidentDesk {
  readonly #options: IncidentDeskOptions;
  /** Whose last word was found to be worth nothing: that they answer again is known before what they say is heard. */
  readonly #lost = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();
  readonly #isFresh = (source: string): boolean => {
    if (!this.#options.isFresh(source)) this.#lost.add(source);
    return !this.#lost.has(source);
  };

  constructor(options: IncidentDeskOptions) {
    this.#options = options;
  }

  /**
   * A good poll of a source of alerts. Resolves when windows have been told.
   * @param first steps of the turn before any that it makes of the incidents.
   */
  observe(observation: Observation, first: Iterable<void> = []): Promise<void> {
    return this.#told((draft) => this.#observing(draft, observation, first));
  }

  *#observing(draft: BookDraft, observation: Observation, first: Iterable<void>): Generator<void> {
    yield* first;
    const { book, groupBy } = this.#options;
    // The poll that just came in is what makes its source fresh.
    const freshness = new Map([[observation.source, true]]);
    this.#lost.delete(observation.source);
    const isFresh = (source: string): boolean => {
      let known = freshness.get(source);
      if (known === undefined) freshness.set(source, (known = this.#isFresh(source)));
      return known;
    };
    yield* observing(draft, observation, book.openAlerts(), { isFresh, groupBy: groupBy() });
  }

  /** A source of alerts cannot see now whether those that it doubts still are. */
  doubt(observation: Observation): Promise<void> {
    const { groupBy } = this.#options;
    return this.#told((draft) => doubt(draft, observation, { isFresh: this.#isFresh, groupBy: groupBy() }));
  }

  /** Sources went stale, or are no longer asked: what only they reported is unseen from here on. */
  loseSight(cause: string): Promise<void> {
    const { book, nowMs } = this.#options;
    return this.#told((draft) => loseSight(draft, book.openAlerts(), this.#isFresh, nowMs(), cause));
  }

  /**
   * @param silence with a short silence upstream, for as long as it is acknowledged.
   * @param detail how it came to that; empty where a person did it in a window.
   */
  acknowledge(ids: readonly number[], by: string, detail = '', silence = false): Promise<Answer> {
    return this.#said(ids, acknowledge(by, silence, detail));
  }

  release(ids: readonly number[], by: string, undo: boolean): Promise<Answer> {
    return this.#said(ids, release(by, undo));
  }

  note(ids: readonly number[], text: string, by: string): Promise<Answer> {
    return this.#said(ids, note(by, text));
  }

  /** @param untilMs null: only until it gets worse. */
  snooze(ids: readonly number[], untilMs: number | null, by: string, undo: boolean): Promise<Answer> {
    return this.#said(ids, snooze(by, untilMs, undo));
  }

  wake(ids: readonly number[], by: string, undo: boolean): Promise<Answer> {
    return this.#said(ids, wake(by, undo));
  }

  /** @param to null: nobody's any more. */
  assign(ids: readonly number[], to: string | null, by: string, undo: boolean): Promise<Answer> {
    return this.#said(ids, assign(by, to, undo));
  }

  markNoise(ids: readonly number[], isNoise: boolean, by: string, undo: boolean): Promise<Answer> {
    return this.#said(ids, markNoise(by, isNoise, undo));
  }

  merge(ids: readonly number[], into: number, by: string): Promise<Answer> {
    return this.#asked([...ids, into], (draft, atMs) => merge(draft, ids, into, by, atMs));
  }

  unmerge(ids: readonly number[], by: string, undo: boolean): Promise<Answer> {
    return this.#said(ids, (draft, id, atMs) => unmerge(draft, id, by, undo, atMs));
  }

  /** @returns with the incident that the alerts are in since. */
  async split(
    id: number,
    fingerprints: readonly string[],
    by: string,
  ): Promise<Result<Changed & { readonly created: number }, CommandFailure>> {
    let created = 0;
    const done = await this.#asked([id], (draft, atMs) => {
      const outcome = split(draft, id, fingerprints, by, atMs);
      if (typeof outcome !== 'number') return outcome;
      created = outcome;
      return undefined;
    });
    return done.ok ? success({ ...done.value, created }) : done;
  }

  /** Takes a split back. */
  rejoin(ids: readonly number[], by: string): Promise<Answer> {
    return this.#said(ids, (draft, id, atMs) => rejoin(draft, id, by, atMs));
  }

  /** Ends incidents whose alerts are all unseen: the only end that a person decides. */
  close(ids: readonly number[], by: string): Promise<Answer> {
    return this.#said(ids, close(by));
  }

  /** Takes closes back. What is not told as changed goes on in another incident, and stays closed. */
  async reopen(ids: readonly number[], by: string): Promise<Answer> {
    const done = await this.#asked(ids, (draft, atMs) => reopen(draft, ids, by, atMs));
    if (!done.ok) return done;
    const isOpen = (id: number): boolean => this.#options.book.incident(id)?.resolvedAtMs === null;
    return success({ changed: done.value.changed.filter(({ id }) => isOpen(id)) });
  }

  /**
   * Ends what only these sources ever told: they were the demo fleet's, and the demo is over.
   * @returns how many incidents were open.
   */
  async leaveSources(names: readonly string[], cause: string): Promise<number> {
    const { book, nowMs } = this.#options;
    let ended = 0;
    await this.#told((draft) => {
      for (const incident of book.incidents()) {
        const alerts = book.alertsOf(incident.id);
        const theirs = alerts.every((alert) =>
          alert.witnesses.every((witness) => names.includes(witness.source)),
        );
        if (incident.resolvedAtMs !== null || incident.mergedInto !== null || !theirs) continue;
        endUnseen(draft, incident.id, nowMs(), '', cause);
        ended += 1;
      }
    });
    return ended;
  }

  /** What a source told before is no measure of what it tells from here on: it is asked otherwise now. */
  interrupt(names: readonly string[]): Promise<void> {
    return this.#told((draft) => {
      for (const name of names) {
        const watch = draft.watch(name);
        if (watch !== undefined) draft.putWatch({ ...watch, serverStartedAtMs: null });
      }
    });
  }

  /** Records something that happened around an incident: a notification shown, evidence fetched. */
  record(change: (draft: BookDraft) => void): Promise<void> {
    return this.#told(change);
  }

  /** What ended before a moment is held no longer, once nothing is under way that would bring it back. */
  forgetResolvedBefore(atMs: number, onForgotten: (ids: readonly number[]) => void): Promise<void> {
    return this.#inTurn(async () => onForgotten(this.#options.book.forgetResolvedBefore(atMs)));
  }

  /** Resolves when nothing is under way any more, nor what followed from it. */
  async idle(): Promise<void> {
    for (let last; last !== this.#last;) {
      last = this.#last;
      await last;
    }
  }

  /** What a source or the console itself tells: shown even where the disk refuses. */
  #told(change: (draft: BookDraft) => Iterable<void> | void): Promise<void> {
    return this.#inTurn(async () => {
      const draft = this.#options.book.draft();
      await inSlices(change(draft) ?? []);
      await inSlices(this.#options.beforeCommit(draft) ?? []);
      const changes = draft.changes();
      await this.#options.writer.commitOrKeep(changes);
      await this.#apply(draft);
      await inSlices(this.#options.onKept(draft, changes) ?? []);
    });
  }

  /** What a person asks: refused where it cannot be done, judged in its turn, or cannot be kept. */
  #asked(
    ids: readonly number[],
    change: (draft: BookDraft, atMs: number) => CommandFailure | undefined,
  ): Promise<Answer> {
    return this.#inTurn(async () => {
      const { book, nowMs, writer } = this.#options;
      const unknown = ids.find((id) => book.incident(id) === undefined);
      if (unknown !== undefined) {
        return failed(
          commandFailure(
            'not-found',
            `there is no incident ${incidentName(unknown)} here`,
            'Look it up in the inbox.',
          ),
        );
      }
      const draft = book.draft();
      const refusal = change(draft, nowMs());
      if (refusal !== undefined) return failed(refusal);
      await inSlices(this.#options.beforeCommit(draft) ?? []);
      const changes = draft.changes();
      const written = await writer.commit(changes);
      if (!written.ok) return written;
      await this.#apply(draft);
      await inSlices(this.#options.onKept(draft, changes) ?? []);
      const changed = new Set([...ids, ...draft.changedIncidentIds()]);
      return success({
        changed: [...changed].map((id) => ({ id, revision: book.incident(id)?.revision ?? 0 })),
      });
    });
  }

  /** The same of each: one that cannot be is all that is said. */
  #said(ids: readonly number[], verdict: Verdict): Promise<Answer> {
    return this.#asked(ids, (draft, atMs) => {
      for (const id of ids) {
        const refusal = verdict(draft, id, atMs);
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    });
  }

  #apply(draft: BookDraft): Promise<void> {
    this.#options.book.apply(draft);
    return inSlices(this.#options.show(draft));
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
