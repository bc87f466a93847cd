import { firstAt, mergeSamples } from './columns.ts';
import { frameLength, wordsOf } from './frame-codec.ts';
import { markersOf, type Part } from './part-codec.ts';
import { slotOf } from './series-table.ts';
import { TimesPool } from './times-pool.ts';

/**
 * Decoded samples, a window of each series, in as much memory as allowed. Series of a bucket that were
 * decoded together share one long column of values and leave together, the longest unused first.
 */
export interface DecodedSeries {
  /** Shared with the series that were scraped together. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly stale: Uint8Array | null;
}

/** A part as the index of parts has it. */
export interface PartPlace {
  readonly id: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The series of one bucket that were decoded together. */
interface Slab {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of which parts. */
  readonly parts: string;
  readonly bytes: number;
  /** Those that were not decoded anew since. */
  readonly seriesIds: Set<number>;
}

/** What of a part's column lies in the window, to whole frames. */
interface Piece extends Range {
  readonly part: Part;
  readonly column: number;
}

interface Range {
  readonly timesMs: Float64Array;
  readonly first: number;
  readonly end: number;
}

/** @returns the bucket's parts that a window touches, oldest first. */
export type PlacesOf = (fromMs: number, toMs: number) => readonly PartPlace[];

const timesBytes = 16 * 2 ** 20;
/** What a series takes beside its values. */
const overheadBytes = 200;
/** A window that moves on is decoded together with what it was, unless that is so much more. */
const mostGrowth = 1.5;
const nothing: DecodedSeries = { timesMs: new Float64Array(), values: new Float64Array(), stale: null };

export class DecodedWindows {
  readonly #mostBytes: number;
  readonly #load: (partId: number) => Part;
  readonly #times = new TimesPool();
  readonly #series = new Map<number, { readonly slab: Slab; readonly decoded: DecodedSeries }>();
  /** In the order of their last use. */
  readonly #slabs = new Set<Slab>();
  #bytes = 0;

  /** @param load a part by its number, checked. */
  constructor(mostBytes: number, load: (partId: number) => Part) {
    this.#mostBytes = mostBytes;
    this.#load = load;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The samples of series of one bucket, of the window and perhaps some around it. */
  read(
    seriesIds: readonly number[],
    placesOf: PlacesOf,
    fromMs: number,
    toMs: number,
  ): readonly DecodedSeries[] {
    const usable = new Map<Slab, boolean>();
    const missing: number[] = [];
    let outgrown: Slab | undefined;
    for (const id of seriesIds) {
      const slab = this.#series.get(id)?.slab;
      if (slab !== undefined && !usable.has(slab)) usable.set(slab, isUsable(slab, placesOf, fromMs, toMs));
      if (slab !== undefined && usable.get(slab) === true) continue;
      missing.push(id);
      outgrown ??= slab;
    }
    for (const [slab, isUsed] of usable) if (isUsed) this.#touch(slab);
    const found = new Map<number, DecodedSeries>();
    if (missing.length > 0) {
      const window = grown(outgrown, fromMs, toMs);
      this.#decode(missing, placesOf(window.fromMs, window.toMs), window, found);
    }
    const all = seriesIds.map((id) => found.get(id) ?? this.#series.get(id)?.decoded ?? nothing);
    this.#shrink();
    return all;
  }

  #touch(slab: Slab): void {
    this.#slabs.delete(slab);
    this.#slabs.add(slab);
  }

  #decode(
    seriesIds: readonly number[],
    places: readonly PartPlace[],
    window: { readonly fromMs: number; readonly toMs: number },
    found: Map<number, DecodedSeries>,
  ): void {
    this.#times.trim(timesBytes);
    const loaded = places.map(
      ({ id }) => new PartRanges(this.#load(id), this.#times, window.fromMs, window.toMs),
    );
    const pieces = seriesIds.map((id) => piecesOf(loaded, slotOf(id)));
    let total = 0;
    for (const list of pieces) for (const { first, end } of list) total += end - first;
    const values = new Float64Array(total);
    const words = wordsOf(values);
    let to = 0;
    seriesIds.forEach((id, index) => {
      const list = pieces[index] ?? [];
      const start = to;
      for (const { part, column, first, end } of list) {
        part.decodeValues(column, first, end, values, words, to);
        to += end - first;
      }
      found.set(id, this.#joined(list, values.subarray(start, to)));
    });
    const bytes = total * 8 + seriesIds.length * overheadBytes;
    this.#keep({ ...window, parts: keyOf(places), seriesIds: new Set(seriesIds), bytes }, found);
  }

  #joined(pieces: readonly Piece[], values: Float64Array): DecodedSeries {
    const hasStale = pieces.some(({ part, column }) => part.hasStale(column));
    let timesMs = nothing.timesMs;
    for (const piece of pieces) {
      const isLater = timesMs.length === 0 || (piece.timesMs[0] ?? 0) > (timesMs.at(-1) ?? 0);
      if (!isLater) return merged(pieces, values, hasStale);
      timesMs = this.#times.join(timesMs, piece.timesMs);
    }
    return { timesMs, values, stale: hasStale ? markersOf(values) : null };
  }

  #keep(slab: Slab, found: ReadonlyMap<number, DecodedSeries>): void {
    for (const [id, decoded] of found) {
      const before = this.#series.get(id)?.slab;
      before?.seriesIds.delete(id);
      if (before?.seriesIds.size === 0) this.#forget(before);
      this.#series.set(id, { slab, decoded });
    }
    this.#slabs.add(slab);
    this.#bytes += slab.bytes;
  }

  #shrink(): void {
    for (const slab of this.#slabs) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#forget(slab);
    }
  }

  #forget(slab: Slab): void {
    if (!this.#slabs.delete(slab)) return;
    this.#bytes -= slab.bytes;
    for (const id of slab.seriesIds) this.#series.delete(id);
  }
}

/** A part, and what of each of its columns of times lies in a window. */
class PartRanges {
  readonly #part: Part;
  readonly #times: TimesPool;
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #ranges: (Range | null | undefined)[] = [];

  constructor(part: Part, times: TimesPool, fromMs: number, toMs: number) {
    this.#part = part;
    this.#times = times;
    this.#fromMs = fromMs;
    this.#toMs = toMs;
  }

  of(slot: number): Piece | null {
    const column = this.#part.columnOf(slot);
    if (column === -1) return null;
    const times = this.#part.timesOf(column);
    const known = this.#ranges[times];
    const range = known === undefined ? (this.#ranges[times] = this.#rangeOf(times)) : known;
    return range === null ? null : { part: this.#part, column, ...range };
  }

  #rangeOf(times: number): Range | null {
    const column = this.#times.column(this.#part, times);
    const from = firstAt(column, this.#fromMs);
    const to = firstAt(column, this.#toMs + 1);
    if (from >= to) return null;
    const first = Math.floor(from / frameLength) * frameLength;
    const end = Math.min(column.length, Math.ceil(to / frameLength) * frameLength);
    return { timesMs: this.#times.piece(column, first, end), first, end };
  }
}

function piecesOf(parts: readonly PartRanges[], slot: number): Piece[] {
  const pieces: Piece[] = [];
  for (const part of parts) {
    const piece = part.of(slot);
    if (piece !== null) pieces.push(piece);
  }
  return pieces;
}

/** Parts that overlap: at a moment that several have, the newest counts. */
function merged(pieces: readonly Piece[], values: Float64Array, hasStale: boolean): DecodedSeries {
  let all = { timesMs: nothing.timesMs, values: nothing.values };
  let from = 0;
  for (const { timesMs } of pieces) {
    const own = values.subarray(from, from + timesMs.length);
    all = mergeSamples(all, { timesMs, values: own });
    from += timesMs.length;
  }
  return { ...all, stale: hasStale ? markersOf(all.values) : null };
}

function isUsable(slab: Slab, placesOf: PlacesOf, fromMs: number, toMs: number): boolean {
  return slab.fromMs <= fromMs && slab.toMs >= toMs && slab.parts === keyOf(placesOf(slab.fromMs, slab.toMs));
}

function grown(slab: Slab | undefined, fromMs: number, toMs: number): { fromMs: number; toMs: number } {
  const asked = { fromMs, toMs };
  if (slab === undefined || slab.fromMs > toMs || slab.toMs < fromMs) return asked;
  const both = { fromMs: Math.min(fromMs, slab.fromMs), toMs: Math.max(toMs, slab.toMs) };
  const longest = Math.max(toMs - fromMs, slab.toMs - slab.fromMs);
  return both.toMs - both.fromMs <= longest * mostGrowth ? both : asked;
}

function keyOf(places: readonly PartPlace[]): string {
  let key = '';
  for (const { id } of places) key += id + ' ';
  return key;
}
