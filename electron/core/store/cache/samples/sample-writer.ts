import type { Series } from '#shared/model/series.ts';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { metricNameLabel } from '#shared/promql/model/label-set.ts';
import { labelTest, type LabelTest } from '#shared/promql/model/matching.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { SqliteDatabase } from '../../database.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { blockStartOf } from './blocks.ts';
import { Coverage } from './coverage.ts';
import { IncomingTimes, type BlockOfTimes } from './incoming-times.ts';
import { checksumOf, type Column } from './part-codec.ts';
import { addPart } from './part-store.ts';
import { readSelector, type Selector } from './selector.ts';
import { bucketOf, SeriesTable, slotOf, textOfSeries } from './series-table.ts';
import * as sql from './statements.ts';

/**
 * Puts raw samples into the cache, and where they are complete. What it holds always lies within a covered
 * window, so that an answer can tell "no samples" from "not known". What is put is appended as parts of
 * their own; `compaction.ts` joins them. Used by `Cache`.
 */
export interface SeriesToKeep extends Series {
  /** Native histograms as the server encoded them, for whoever can read them one day. */
  readonly histograms?: readonly NativeHistogram[];
}

export interface NativeHistogram {
  readonly timeMs: number;
  readonly message: Uint8Array;
}

export interface SamplesToKeep {
  readonly source: string;
  /** In PromQL; however it is written, it is known by what it selects. */
  readonly selector: string;
  /** The window in which `series` is everything that the source has; both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly fetchedAtMs: number;
  /** The incident whose evidence it is: then it is never evicted. */
  readonly incidentId: number | null;
  readonly series: readonly SeriesToKeep[];
}

interface CleanSeries {
  /** As `textOfSeries` writes them. */
  readonly labels: string;
  readonly metric: string;
  readonly values: Float64Array;
  readonly blocks: readonly BlockOfTimes[];
  readonly histograms: readonly NativeHistogram[];
}

interface CleanInput {
  readonly selector: Selector;
  readonly fromMs: number;
  readonly toMs: number;
  readonly series: readonly CleanSeries[];
}

export class SampleWriter {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;
  readonly #coverage: Coverage;
  readonly #series: SeriesTable;

  constructor(database: SqliteDatabase, statements: StatementCache) {
    this.#database = database;
    this.#statements = statements;
    this.#coverage = new Coverage(statements);
    this.#series = new SeriesTable(statements);
  }

  /** @returns a sentence where the input is not samples; nothing is written then. */
  put(input: SamplesToKeep): Result<void, string> {
    const clean = cleaned(input);
    if (!clean.ok) return clean;
    const { selector, fromMs, toMs, series } = clean.value;
    const write = this.#database.transaction(() => {
      const selectionId = this.#coverage.selectionId(input.source, selector);
      this.#putSeries(this.#series.sourceId(input.source), series);
      this.#coverage.add(selectionId, { fromMs, toMs, fetchedAtMs: input.fetchedAtMs });
      const { incidentId } = input;
      if (incidentId !== null) this.#statements.run(sql.putPin, { selectionId, incidentId, fromMs, toMs });
    });
    write.immediate();
    return success(undefined);
  }

  /** Incidents after the last one of the journal are of a journal that was lost: they hold nothing. */
  forgetIncidentsAfter(lastIncidentId: number): void {
    const { changes } = this.#statements.run(sql.removeLaterPins, { lastIncidentId });
    if (changes === 0) return;
    for (const statement of [sql.unpareAll, sql.unpareHistograms, sql.holdNoSeries])
      this.#statements.run(statement);
  }

  #putSeries(sourceId: number, series: readonly CleanSeries[]): void {
    const parts = new Map<string, { blockStartMs: number; bucket: number; columns: Column[] }>();
    for (const { labels, metric, values, blocks, histograms } of series) {
      const lastMs = Math.max(blocks.at(-1)?.startMs ?? -Infinity, histograms.at(-1)?.timeMs ?? -Infinity);
      if (lastMs === -Infinity) continue;
      const id = this.#series.seriesId(sourceId, labels, metric, blockStartOf(lastMs));
      const bucket = bucketOf(id);
      for (const { startMs, timesMs, first } of blocks) {
        const key = `${startMs} ${bucket}`;
        let part = parts.get(key);
        if (part === undefined) parts.set(key, (part = { blockStartMs: startMs, bucket, columns: [] }));
        const column = { slot: slotOf(id), timesMs, values: values.subarray(first, first + timesMs.length) };
        part.columns.push(column);
      }
      for (const histogram of histograms) this.#putHistogram(sourceId, id, histogram);
    }
    for (const part of parts.values()) {
      addPart(this.#statements, { sourceId, level: 0, isPared: 0, ...part });
      this.#statements.run(sql.removeBandsOfBlock, { sourceId, ...part });
    }
  }

  #putHistogram(sourceId: number, seriesId: number, { timeMs, message }: NativeHistogram): void {
    const place = { sourceId, seriesId, timeMs, blockStartMs: blockStartOf(timeMs) };
    this.#statements.run(sql.addHistogram, { ...place, checksum: checksumOf(message), message });
  }
}

function cleaned(input: SamplesToKeep): Result<CleanInput, string> {
  const fromMs = Math.ceil(input.fromMs);
  const toMs = Math.floor(input.toMs);
  const isWindow = Number.isSafeInteger(fromMs) && Number.isSafeInteger(toMs) && fromMs <= toMs;
  if (!isWindow || !Number.isFinite(input.fetchedAtMs)) return failed('its window is not a span of time');
  const selector = readSelector(input.selector);
  if (!selector.ok) return selector;
  const tests = selector.value.matchers.map((matcher) => labelTest(matcher, 'v3'));
  const times = new IncomingTimes(fromMs, toMs);
  const seen = new Set<string>();
  const series: CleanSeries[] = [];
  for (const one of input.series) {
    const clean = cleanedSeries(one, times, tests);
    if (!clean.ok) return failed('of one series ' + clean.failure);
    if (seen.has(clean.value.labels)) return failed('two of its series have the same labels');
    seen.add(clean.value.labels);
    const histograms = clean.value.histograms.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs);
    series.push({ ...clean.value, histograms });
  }
  return success({ selector: selector.value, fromMs, toMs, series });
}

function cleanedSeries(
  { labels, timesMs, values, histograms = [] }: SeriesToKeep,
  times: IncomingTimes,
  tests: readonly LabelTest[],
): Result<CleanSeries, string> {
  if (timesMs.length !== values.length) return failed('its columns have different lengths');
  if (!matches(labels, tests)) return failed('its labels are not what the selector selects');
  const blocks = times.of(timesMs);
  if (!blocks.ok) return blocks;
  if (!histograms.every(({ timeMs }) => Number.isSafeInteger(timeMs)))
    return failed('the time of a histogram is not a number of milliseconds');
  const metric = labelOf(labels, metricNameLabel);
  return success({ labels: textOfSeries(labels), metric, values, blocks: blocks.value, histograms });
}

function matches(labels: Labels, tests: readonly LabelTest[]): boolean {
  return tests.every(({ name, test }) => test(labelOf(labels, name)));
}
