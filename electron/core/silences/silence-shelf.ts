import * as v from 'valibot';
import type { Silence as ToldSilence } from '#core/sources/alertmanager/model.ts';
import { silenceStates, toldMatcherSchema, type Silence } from '#shared/model/silence.ts';
import { minuteMs } from '#shared/time.ts';
import { clustersOf, type SilenceCluster, type ToldPeers } from './clusters.ts';
import { silenceRows, type Tended, type ToldSilences } from './silence-rows.ts';

/**
 * What each Alertmanager told of its silences and its peers last: the rows that windows follow, and the text in
 * the cache by which they can be read while no server answers.
 */
export interface SilenceShelfOptions {
  /** The Alertmanagers in the order of the configuration. */
  readonly sources: () => readonly string[];
  /** Which server a source is: what another one told under its name is not what it says. */
  readonly identityOf: (source: string) => string | undefined;
  readonly cares: () => ReadonlyMap<string, Tended>;
  /** By the id of a silence: how many open alerts it silences. */
  readonly counts: () => ReadonlyMap<string, number>;
  readonly onRows: (upsert: readonly Silence[], remove: readonly string[]) => void;
  readonly nowMs: () => number;
}

/** The name of the text in the cache. */
export const keptName = 'silences';

/** Of those that have ended: a server keeps them for days. */
const mostExpired = 500;
/** Servers bound them far lower, or not at all. */
const mostSilences = 10_000;
/** An age is told by the minute: only what is said anew is sent anew. */
const agesMs = minuteMs;

const peersSchema = v.array(v.object({ name: v.string(), address: v.string() }));
const keptSchema = v.array(
  v.object({
    source: v.string(),
    identity: v.optional(v.string(), ''),
    heardAtMs: v.number(),
    peers: peersSchema,
    silences: v.array(
      v.object({
        id: v.string(),
        state: v.picklist(silenceStates),
        matchers: v.array(toldMatcherSchema),
        createdBy: v.string(),
        comment: v.string(),
        annotations: v.record(v.string(), v.string()),
        startsAtMs: v.number(),
        endsAtMs: v.number(),
        updatedAtMs: v.number(),
      }),
    ),
  }),
);

type Peers = ToldPeers['peers'];

/**
 * A peer that was told stays one for so long: two servers that end or start one after the other each tell the
 * other no more for a moment, and are one cluster all the same.
 */
const peersLastMs = 10 * minuteMs;

interface KnownPeers {
  readonly peers: readonly { readonly name: string; readonly address: string; readonly atMs: number }[];
  readonly isHeard: boolean;
  readonly identity: string;
}

interface KnownSilences extends ToldSilences {
  readonly identity: string;
}

export class SilenceShelf {
  readonly #options: SilenceShelfOptions;
  readonly #told = new Map<string, KnownSilences>();
  readonly #peers = new Map<string, KnownPeers>();
  readonly #rows = new Map<string, { readonly row: Silence; readonly sign: string }>();
  #clusters: readonly SilenceCluster[] = [];

  constructor(options: SilenceShelfOptions) {
    this.#options = options;
  }

  /** Of the Alertmanagers that are configured, those away included. */
  clusters(): readonly SilenceCluster[] {
    const told = this.#options.sources().map((source) => {
      const { peers, isHeard } = this.#current(this.#peers, source) ?? { peers: [], isHeard: false };
      return { source, peers, isHeard };
    });
    this.#clusters = clustersOf(told, this.#clusters);
    return this.#clusters;
  }

  row(key: string): Silence | undefined {
    return this.#rows.get(key)?.row;
  }

  heardAtMs(source: string): number | null {
    return this.#current(this.#told, source)?.heardAtMs ?? null;
  }

  rows(): readonly Silence[] {
    return [...this.#rows.values()].map(({ row }) => row);
  }

  hearPeers(source: string, peers: Peers): void {
    const atMs = this.#options.nowMs();
    const isToldAgain = (known: Peers[number]): boolean =>
      peers.some(({ name, address }) => name === known.name && address === known.address);
    const before = (this.#current(this.#peers, source)?.peers ?? []).filter(
      (known) => known.atMs > atMs - peersLastMs && !isToldAgain(known),
    );
    this.#peers.set(source, {
      peers: [...peers.map((peer) => ({ ...peer, atMs })), ...before],
      isHeard: true,
      identity: this.#identityOf(source),
    });
  }

  /** The source is away: its peers are those that it told last. */
  loseSight(source: string): void {
    const known = this.#peers.get(source);
    if (known !== undefined) this.#peers.set(source, { ...known, isHeard: false });
  }

  hear(source: string, silences: readonly ToldSilence[], heardAtMs: number): void {
    this.#told.set(source, { silences: bounded(silences), heardAtMs, identity: this.#identityOf(source) });
    this.publish();
  }

  /** The name means another server from now on: it has no peers yet, whoever had it before. */
  forget(source: string): void {
    this.#told.delete(source);
    this.#peers.delete(source);
    this.#clusters = this.#clusters.map(({ name, sources }) => ({
      name,
      sources: sources.filter((one) => one !== source),
    }));
  }

  /** Tells windows what differs, of what was heard, of the alerts that are silenced, or by time alone. */
  publish(): void {
    const { counts, cares, nowMs, onRows } = this.#options;
    const told = [...this.#told].filter(([source]) => this.heardAtMs(source) !== null);
    const rows = silenceRows(new Map(told), {
      clusters: this.clusters(),
      counts: counts(),
      cares: cares(),
      nowMs: nowMs(),
    });
    const keys = new Set(rows.map(({ key }) => key));
    const gone = [...this.#rows.keys()].filter((key) => !keys.has(key));
    for (const key of gone) this.#rows.delete(key);
    const changed = rows.filter((row) => this.#keep(row));
    onRows(changed, gone);
  }

  /** For the cache: see `restore`. */
  text(): string {
    const sources = this.#options.sources().flatMap((source) => {
      const told = this.#current(this.#told, source);
      const peers = this.#current(this.#peers, source)?.peers ?? [];
      return told === undefined ? [] : [{ source, ...told, peers }];
    });
    return JSON.stringify(sources);
  }

  /** Takes what a core before this one kept, where nothing newer was heard. A text of another shape is nothing. */
  restore(text: string): void {
    const kept = v.safeParse(v.pipe(v.string(), v.parseJson(), keptSchema), text);
    if (!kept.success) return;
    const atMs = this.#options.nowMs();
    for (const { source, identity, heardAtMs, peers, silences } of kept.output) {
      if (!this.#told.has(source)) this.#told.set(source, { silences, heardAtMs, identity });
      const known = this.#peers.get(source) ?? { peers: [], isHeard: false, identity };
      if (known.identity !== identity) continue;
      const remembered = peers.map((peer) => ({ ...peer, atMs }));
      this.#peers.set(source, { ...known, peers: [...known.peers, ...remembered] });
    }
    this.publish();
  }

  #identityOf(source: string): string {
    return this.#options.identityOf(source) ?? '';
  }

  /** What the server that has this name now told. */
  #current<Known extends { readonly identity: string }>(
    known: ReadonlyMap<string, Known>,
    source: string,
  ): Known | undefined {
    const one = known.get(source);
    return one?.identity === this.#options.identityOf(source) ? one : undefined;
  }

  /** @returns whether windows have to be told. */
  #keep(row: Silence): boolean {
    const sign = signOf(row);
    const known = this.#rows.get(row.key);
    const isSame = known?.sign === sign && row.heardAtMs - known.row.heardAtMs < agesMs;
    if (!isSame) this.#rows.set(row.key, { row, sign });
    return !isSame;
  }
}

/** The rows of a text that a core kept; of another shape it has none. */
export function keptSilences(text: string, nowMs: number): readonly Silence[] {
  const kept = v.safeParse(v.pipe(v.string(), v.parseJson(), keptSchema), text);
  const identities = new Map(
    kept.success ? kept.output.map(({ source, identity }) => [source, identity]) : [],
  );
  const shelf = new SilenceShelf({
    sources: () => [...identities.keys()],
    identityOf: (source) => identities.get(source),
    cares: () => new Map(),
    counts: () => new Map(),
    onRows: () => undefined,
    nowMs: () => nowMs,
  });
  shelf.restore(text);
  return shelf.rows();
}

/** What can differ from one row of a silence to the next: all that a server has of it changes with its version. */
function signOf(row: Silence): string {
  const { updatedAtMs, state, silencedCount, care, endsAfterQuietMs, sources, missingFrom } = row;
  return [updatedAtMs, state, silencedCount, care, endsAfterQuietMs, ...sources, '', ...missingFrom].join();
}

function bounded(silences: readonly ToldSilence[]): readonly ToldSilence[] {
  const expired = silences
    .filter(({ state }) => state === 'expired')
    .toSorted((left, right) => right.endsAtMs - left.endsAtMs)
    .slice(0, mostExpired);
  return [...silences.filter(({ state }) => state !== 'expired').slice(0, mostSilences), ...expired];
}
