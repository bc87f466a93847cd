import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { LabelPool, type LabelSet } from '#shared/promql/model/label-set.ts';
import { labelTest, type MatcherSemantics } from '#shared/promql/model/matching.ts';
import type { RawSeries, SampleSource } from '#shared/promql/model/samples.ts';
import { QueryError } from '#shared/promql/problem.ts';
import { DamagedContent, type SqliteDatabase } from '../../database.ts';
import { StatementCache } from '../../statement-cache.ts';
import { isSummarised } from './band-reader.ts';
import { firstAt } from './columns.ts';
import { Coverage } from './coverage.ts';
import { DecodedWindows, type DecodedSeries, type PartPlace } from './decoded-windows.ts';
import { checksumOf } from './part-codec.ts';
import { loadPart } from './part-store.ts';
import type { NativeHistogram } from './sample-writer.ts';
import { SeriesIndex, type IndexedSeries } from './series-index.ts';
import { bucketOf, SeriesTable } from './series-table.ts';
import * as sql from './statements.ts';
import type { Window } from './windows.ts';

/**
 * Raw samples of one source as queries read them, over any connection to the cache, a read-only one of a
 * query's thread included. The index of series and parts is in memory and follows what others commit.
 */
export interface ReaderOptions {
  readonly semantics: MatcherSemantics;
  /** Most memory for decoded samples. */
  readonly decodedBytes: number;
  /** Of one selection. */
  readonly maxSeries: number;
  readonly maxSamples: number;
}

export const readerDefaults: ReaderOptions = {
  semantics: 'v3',
  decodedBytes: 128 * 2 ** 20,
  maxSeries: 1_000_000,
  maxSamples: 50_000_000,
};

interface HistogramRow extends NativeHistogram {
  readonly checksum: number;
}

/** The series of one bucket, and where they stand in the selection. */
interface SelectedBucket {
  readonly ids: number[];
  readonly places: number[];
}

interface Selection {
  readonly series: readonly IndexedSeries[];
  readonly buckets: ReadonlyMap<number, SelectedBucket>;
}

const noParts: readonly PartPlace[] = [];
const goOn = (): void => undefined;
const mostSelections = 200;
/** Of all remembered selections together: about 24 bytes each. */
const mostSelected = 1_000_000;

export class CacheSampleSource implements SampleSource {
  readonly labels = new LabelPool();
  readonly #source: string;
  readonly #options: ReaderOptions;
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;
  readonly #decoded: DecodedWindows;
  readonly #coverage: Coverage;
  readonly #views = new WeakMap<Float64Array, { first: number; end: number; view: Float64Array }>();
  #sourceId: number | null = null;
  #version = Number.NaN;
  #index: SeriesIndex | null = null;
  readonly #selections = new Map<string, Selection>();
  #selected = 0;
  #parts = new Map<number, PartPlace[]>();
  #histogramTimes = new Map<number, Float64Array>();

  constructor(database: SqliteDatabase, source: string, options: ReaderOptions = readerDefaults) {
    this.#source = source;
    this.#options = options;
    this.#database = database;
    this.#statements = new StatementCache(database);
    this.#coverage = new Coverage(this.#statements);
    this.#decoded = new DecodedWindows(options.decodedBytes, (id) => loadPart(this.#statements, id));
  }

  /** Bytes of decoded samples that are held. */
  get decodedBytes(): number {
    return this.#decoded.bytes;
  }

  /** @throws DamagedContent where what is kept is not what was written. */
  select(
    matchers: readonly LabelMatcher[],
    fromMs: number,
    toMs: number,
    checkpoint: () => void = goOn,
  ): readonly RawSeries[] {
    // One moment of the cache: what the index names is there to be read.
    return this.#database.transaction(() => this.#select(matchers, { fromMs, toMs }, checkpoint)).deferred();
  }

  #select(
    matchers: readonly LabelMatcher[],
    { fromMs, toMs }: Pick<Window, 'fromMs' | 'toMs'>,
    checkpoint: () => void,
  ): RawSeries[] {
    this.#refresh();
    const { series, buckets } = this.#selection(matchers, checkpoint);
    const { maxSeries, maxSamples } = this.#options;
    if (series.length > maxSeries) throw limit(`selects more than ${maxSeries} series`);
    const decoded = this.#read(series.length, buckets, { fromMs, toMs }, checkpoint);
    const found: RawSeries[] = [];
    let samples = 0;
    series.forEach((one, place) => {
      const raw = this.#within(one, decoded[place], fromMs, toMs);
      if (raw === undefined) return;
      samples += raw.timesMs.length;
      found.push(raw);
    });
    if (samples > maxSamples) throw limit(`selects more than ${maxSamples} samples`);
    return found;
  }

  /** Remembered until there are other series: rules and panels ask for the same again and again. */
  #selection(matchers: readonly LabelMatcher[], checkpoint: () => void): Selection {
    const key = JSON.stringify(matchers);
    const known = this.#selections.get(key);
    if (known !== undefined) return known;
    const tests = matchers.map((matcher) => labelTest(matcher, this.#options.semantics, checkpoint));
    const series = this.#index?.select(tests) ?? [];
    const buckets = new Map<number, SelectedBucket>();
    series.forEach(({ id }, place) => {
      const bucket = buckets.get(bucketOf(id)) ?? { ids: [], places: [] };
      buckets.set(bucketOf(id), bucket);
      bucket.ids.push(id);
      bucket.places.push(place);
    });
    const selection = { series, buckets };
    if (this.#selections.size >= mostSelections || this.#selected >= mostSelected) this.#forgetSelections();
    this.#selected += series.length;
    this.#selections.set(key, selection);
    return selection;
  }

  #forgetSelections(): void {
    this.#selections.clear();
    this.#selected = 0;
  }

  /** About how much memory the labels take that queries made, beside those of series. */
  get madeLabelBytes(): number {
    return this.labels.bytes - (this.#index?.labelBytes ?? 0);
  }

  /** Within the range, where all samples that the matchers select are here. Outside of it nothing is known. */
  covered(matchers: readonly LabelMatcher[], fromMs: number, toMs: number): Window[] {
    return this.#coverage.windows(this.#source, matchers, fromMs, toMs);
  }

  /**
   * Whether summaries, at least, are kept of what the matchers select: no input to a query, but a reason why
   * there is none.
   */
  hasBands(matchers: readonly LabelMatcher[], fromMs: number, toMs: number): boolean {
    this.#refresh();
    const { buckets } = this.#selection(matchers, goOn);
    return this.#sourceId !== null && isSummarised(this.#statements, this.#sourceId, buckets, fromMs, toMs);
  }

  /** The native histograms of a series that `select` gave, as the server encoded them. */
  histograms(labels: LabelSet, fromMs: number, toMs: number): NativeHistogram[] {
    const tests = labels.names.map((name) =>
      labelTest({ name, operator: '=', value: labels.get(name) }, this.#options.semantics),
    );
    const seriesId = this.#index?.select(tests).find((series) => series.labels === labels)?.id ?? null;
    const rows = this.#statements.all(sql.histogramsOfSeries, { seriesId, fromMs, toMs }) as HistogramRow[];
    return rows.map(({ timeMs, checksum, message }) => {
      if (checksumOf(message) !== checksum)
        throw new DamagedContent('a native histogram does not match its checksum');
      return { timeMs, message };
    });
  }

  /** Bucket by bucket, so that a part is read once. @returns by place in the selection. */
  #read(
    length: number,
    buckets: ReadonlyMap<number, SelectedBucket>,
    { fromMs, toMs }: Pick<Window, 'fromMs' | 'toMs'>,
    checkpoint: () => void,
  ): readonly (DecodedSeries | undefined)[] {
    const decoded = Array.from<DecodedSeries | undefined>({ length });
    const { maxSamples } = this.#options;
    let samples = 0;
    for (const [bucket, { ids, places }] of buckets) {
      checkpoint();
      const parts = this.#parts.get(bucket) ?? noParts;
      const placesOf = (from: number, to: number): PartPlace[] =>
        parts.filter((part) => part.fromMs <= to && part.toMs >= from);
      this.#decoded.read(ids, placesOf, fromMs, toMs).forEach((one, index) => {
        samples += one.timesMs.length;
        decoded[places[index] ?? 0] = one;
      });
      // What is decoded is up to whole frames and what was asked before; all of it counts as memory.
      if (samples > 2 * maxSamples) throw limit(`selects more than ${maxSamples} samples`);
    }
    return decoded;
  }

  #within(
    { id, labels }: IndexedSeries,
    decoded: DecodedSeries | undefined,
    fromMs: number,
    toMs: number,
  ): RawSeries | undefined {
    const histogramTimesMs = this.#histogramTimes.get(id) ?? null;
    const hasHistogram =
      histogramTimesMs !== null && (histogramTimesMs[firstAt(histogramTimesMs, fromMs)] ?? Infinity) <= toMs;
    if (decoded === undefined) return undefined;
    const { timesMs, values, stale } = decoded;
    const { first, end, view } = this.#view(timesMs, fromMs, toMs);
    if (first >= end && !hasHistogram) return undefined;
    const isWhole = end - first === timesMs.length;
    return {
      labels,
      timesMs: view,
      values: isWhole ? values : values.subarray(first, end),
      stale: isWhole || stale === null ? stale : stale.subarray(first, end),
      startTimesMs: null,
      histogramTimesMs,
    };
  }

  /** What of a column lies in a window: one object for all series that share the column. */
  #view(
    timesMs: Float64Array,
    fromMs: number,
    toMs: number,
  ): { first: number; end: number; view: Float64Array } {
    const first = firstAt(timesMs, fromMs);
    const end = firstAt(timesMs, toMs + 1);
    const known = this.#views.get(timesMs);
    if (known?.first === first && known.end === end) return known;
    const isWhole = first === 0 && end === timesMs.length;
    const made = { first, end, view: isWhole ? timesMs : timesMs.subarray(first, end) };
    this.#views.set(timesMs, made);
    return made;
  }

  /** Follows what other connections committed since the last time. */
  #refresh(): void {
    const version = Number(this.#database.pragma('data_version', { simple: true }));
    if (version === this.#version) return;
    this.#reload();
    this.#version = version;
  }

  #reload(): void {
    this.#sourceId ??= new SeriesTable(this.#statements).findSource(this.#source);
    const sourceId = this.#sourceId;
    if (sourceId === null) return;
    this.#index ??= new SeriesIndex(this.#statements, this.labels, sourceId);
    if (this.#index.refresh()) this.#forgetSelections();
    const parts = new Map<number, PartPlace[]>();
    type Row = PartPlace & { readonly bucket: number };
    for (const { bucket, ...place } of this.#statements.all(sql.allParts, { sourceId }) as Row[]) {
      const own = parts.get(bucket);
      if (own === undefined) parts.set(bucket, [place]);
      else own.push(place);
    }
    this.#parts = parts;
    const times = new Map<number, number[]>();
    type Histogram = { readonly seriesId: number; readonly timeMs: number };
    for (const { seriesId, timeMs } of this.#statements.all(sql.histogramTimes, { sourceId }) as Histogram[])
      times.set(seriesId, [...(times.get(seriesId) ?? []), timeMs]);
    this.#histogramTimes = new Map([...times].map(([id, list]) => [id, Float64Array.from(list)]));
  }
}

function limit(what: string): QueryError {
  return new QueryError({ kind: 'limit', message: `one selector ${what}`, span: null });
}
