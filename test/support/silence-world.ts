import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '#core/clock/clock.ts';
import type { Entry } from '#core/silences/outbox-entry.ts';
import { Outbox } from '#core/silences/outbox.ts';
import type { ServerPlace } from '#core/silences/server-place.ts';
import type { SilenceServer } from '#core/silences/silence-server.ts';
import type { Silence, SilencePost, SilenceTrouble } from '#core/sources/alertmanager/model.ts';
import type { JournalChange, OutboxRecord } from '#core/store/records.ts';
import { commandFailure, type CommandFailure, type SourceFailure } from '#shared/failure.ts';
import type { OutboxEntry, SilenceDraft } from '#shared/model/silence.ts';
import { failed, success, type Result } from '#shared/result.ts';

/**
 * Two Alertmanagers of a cluster, a journal, and a console whose outbox can be killed at any moment: in a time
 * that the test moves. An answer takes a while, so that an end may fall between a change and its record.
 */

export class MovedClock implements Clock {
  #nowMs = 1_795_230_000_000;
  #timers: { atMs: number; callback: () => void }[] = [];

  nowMs = (): number => this.#nowMs;
  monotonicMs = (): number => this.#nowMs;
  random = (): number => 1;
  after = (delayMs: number, callback: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((one) => one !== timer));
  };

  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      await nextTurn();
      const next = this.#timers.toSorted((left, right) => left.atMs - right.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = untilMs;
    await nextTurn();
  }
}

/** `loses-request` and `loses-answer`: nothing comes back, and the change was not made, or was. */
export type ServerMode = 'answers' | 'away' | 'loses-request' | 'loses-answer' | 'refuses';

export interface Made {
  readonly comment: string;
  readonly by: string;
  readonly atMs: number;
  /** The version that it took the place of; null for a new silence. */
  readonly overMs: number | null;
}

export const latencyMs = 400;

export class SimulatedAlertmanager {
  mode: ServerMode = 'answers';
  /** Of every silence that a change made, with the time. */
  readonly made: Made[] = [];
  /** When a console had one ended. */
  readonly endedAtMs: number[] = [];
  readonly silences = new Map<string, Silence>();
  /** What it is called; a test may give its name to another one. */
  source: string;
  readonly identity: string;
  readonly cluster: string;
  readonly #clock: MovedClock;
  #lives = new Set<object>();

  /** @param cluster with whom it gossips. */
  constructor(source: string, clock: MovedClock, { identity = source, cluster = '' } = {}) {
    this.cluster = cluster;
    this.source = source;
    this.identity = identity;
    this.#clock = clock;
  }

  get place(): ServerPlace {
    return { source: this.source, identity: this.identity, url: `http://${this.identity}` };
  }

  /** What a console sees of it, until that console is killed: then nothing comes back any more. */
  serve(life: object): SilenceServer {
    this.#lives.add(life);
    return {
      source: this.source,
      identity: this.identity,
      clockSkewMs: () => 0,
      silences: () => this.#read(life, () => [...this.silences.values()].map((one) => this.#now(one))),
      silence: (id) =>
        this.#read(life, () => {
          const found = this.silences.get(id);
          return found === undefined ? null : this.#now(found);
        }),
      putSilence: (post) => this.#change(life, () => this.put(post)),
      expireSilence: (id) =>
        this.#change(life, () => {
          this.endedAtMs.push(this.#clock.nowMs());
          this.expire(id);
        }),
    };
  }

  kill(life: object): void {
    this.#lives.delete(life);
  }

  put(post: SilencePost): string {
    const nowMs = this.#clock.nowMs();
    const before = post.id === null ? undefined : this.silences.get(post.id);
    const sameMatchers = JSON.stringify(before?.matchers) === JSON.stringify(post.matchers);
    const isKept = before !== undefined && sameMatchers && this.#now(before).state !== 'expired';
    if (before !== undefined && !isKept) this.expire(before.id);
    const id = isKept ? before.id : randomUUID();
    const startsAtMs = isKept ? before.startsAtMs : Math.max(post.startsAtMs, nowMs);
    this.silences.set(id, { ...post, id, state: 'active', startsAtMs, updatedAtMs: nowMs });
    const overMs = before?.updatedAtMs ?? null;
    this.made.push({ comment: post.comment, by: post.createdBy, atMs: nowMs, overMs });
    return id;
  }

  expire(id: string): void {
    const silence = this.silences.get(id);
    const nowMs = this.#clock.nowMs();
    if (silence === undefined || this.#now(silence).state === 'expired') return;
    this.silences.set(id, { ...silence, state: 'expired', endsAtMs: nowMs, updatedAtMs: nowMs });
  }

  /** Both have what either had, in its newest version. */
  gossipWith(peer: SimulatedAlertmanager): void {
    for (const [from, to] of [
      [this, peer],
      [peer, this],
    ] as const) {
      for (const [id, silence] of from.silences) {
        if ((to.silences.get(id)?.updatedAtMs ?? 0) < silence.updatedAtMs) to.silences.set(id, silence);
      }
    }
  }

  #now(silence: Silence): Silence {
    return silence.endsAtMs <= this.#clock.nowMs() ? { ...silence, state: 'expired' } : silence;
  }

  #later(life: object, answer: () => void): void {
    this.#clock.after(latencyMs, () => {
      if (this.#lives.has(life)) answer();
    });
  }

  #read<Value>(life: object, value: () => Value): Promise<Result<Value, SourceFailure>> {
    return new Promise((resolve) => {
      const isAway = this.mode === 'away' || this.mode === 'loses-request';
      this.#later(life, () => resolve(isAway ? failed(away) : success(value())));
    });
  }

  #change<Value>(life: object, make: () => Value): Promise<Result<Value, SilenceTrouble>> {
    return new Promise((resolve) => {
      const { mode } = this;
      // Half way: a console that is killed now does not know what became of it.
      this.#clock.after(latencyMs / 2, () => {
        const value = mode === 'answers' || mode === 'loses-answer' ? make() : undefined;
        this.#later(life, () => {
          if (mode === 'answers') resolve(success(value as Value));
          else resolve(failed({ kind: troubleOf[mode], failure: away }));
        });
      });
    });
  }
}

const troubleOf = {
  away: 'unsent',
  'loses-request': 'uncertain',
  'loses-answer': 'uncertain',
  refuses: 'refused',
} as const;

const away: SourceFailure = {
  code: 'refused',
  message: 'it does not answer',
  nextStep: 'Start it.',
  retryAfterMs: null,
  status: null,
};

export const worldCluster = 'alertmanager-a';

export class SilenceWorld {
  readonly clock = new MovedClock();
  readonly a = new SimulatedAlertmanager(worldCluster, this.clock);
  readonly b = new SimulatedAlertmanager('alertmanager-b', this.clock);
  /** A stranger, which a test may configure under a name of one of them. */
  readonly c = new SimulatedAlertmanager('alertmanager-c', this.clock, { cluster: 'other' });
  /** Which servers are configured. */
  configured: readonly SimulatedAlertmanager[] = [this.a, this.b];
  readonly records = new Map<string, OutboxRecord>();
  readonly changes: JournalChange[] = [];
  readonly outcomes: Entry[] = [];
  isJournalBroken = false;
  outbox: Outbox;
  #life: object;

  constructor() {
    [this.outbox, this.#life] = this.#start();
  }

  /** Everything in the console's memory is gone at once; another one goes on with the journal. */
  crash(): void {
    for (const server of [this.a, this.b, this.c]) server.kill(this.#life);
    [this.outbox, this.#life] = this.#start();
  }

  draft(comment: string, lastsMs = 3_600_000): SilenceDraft {
    const nowMs = this.clock.nowMs();
    return {
      matchers: [{ name: 'alertname', value: 'DiskFull', isRegex: false, isEqual: true }],
      startsAtMs: nowMs,
      endsAtMs: nowMs + lastsMs,
      comment,
      endsAfterQuietMs: null,
    };
  }

  shown(id: string): OutboxEntry | undefined {
    return this.outbox.entries().find((entry) => entry.id === id);
  }

  /** How many silences with this comment were ever made, on either. */
  madeOf(comment: string): number {
    return [...this.a.made, ...this.b.made].filter((made) => made.comment === comment).length;
  }

  #clusterOf(source: string): readonly SimulatedAlertmanager[] {
    const named = this.configured.find((server) => server.source === source);
    return this.configured.filter(({ cluster }) => cluster === named?.cluster);
  }

  #start(): [Outbox, object] {
    const life = {};
    const { nowMs, monotonicMs, random, after } = this.clock;
    const alive = (): boolean => this.#life === life || this.#life === undefined;
    const outbox = new Outbox({
      clock: { nowMs, monotonicMs, random, after: (ms, work) => after(ms, () => alive() && work()) },
      commit: (changes) => (alive() ? this.#commit(changes) : new Promise(() => undefined)),
      places: () => ({
        all: this.configured.map(({ place }) => place),
        sourcesOf: (cluster) => this.#clusterOf(cluster).map(({ source }) => source),
      }),
      serversOf: (cluster) => {
        const servers = this.#clusterOf(cluster).toSorted(
          (left, right) => Number(left.mode === 'away') - Number(right.mode === 'away'),
        );
        return servers.map((server) => server.serve(life));
      },
      follows: () => [],
      onChange: () => undefined,
      onOutcome: (entry) => void this.outcomes.push(entry),
    });
    outbox.restore([...this.records.values()]);
    outbox.start();
    return [outbox, life];
  }

  async #commit(changes: readonly JournalChange[]): Promise<Result<void, CommandFailure>> {
    await Promise.resolve();
    if (this.isJournalBroken) return failed(commandFailure('unavailable', 'the disk is full', 'Free some.'));
    this.changes.push(...changes);
    for (const change of changes) {
      if (change.kind === 'outbox') this.records.set(change.record.id, change.record);
      if (change.kind === 'outbox-removed') for (const id of change.ids) this.records.delete(id);
    }
    return success(undefined);
  }
}
