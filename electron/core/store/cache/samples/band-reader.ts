import type { Labels } from '#shared/model/labels.ts';
import { labelTest } from '#shared/promql/model/matching.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { dayMs, hourMs } from '#shared/time.ts';
import type { StatementCache } from '../../statement-cache.ts';
import type { BandColumns } from './band-columns.ts';
import { columnsOfBand, fiveMinutesMs, type BandRow } from './bands.ts';
import { firstAt } from './columns.ts';
import { readSelector, type Selector } from './selector.ts';
import { bucketOf, pairsOfText, SeriesTable, slotOf } from './series-table.ts';
import * as sql from './statements.ts';

/** Summaries of what a selector selected, for drawing as bands. Used by `Cache`. */
export interface Band extends Omit<BandColumns, 'slot'> {
  readonly labels: Labels;
  /** Length of each window. */
  readonly tierMs: number;
}

interface Held {
  readonly labels: Labels;
  readonly slot: number;
}

const tiers = [fiveMinutesMs, hourMs] as const;
/** Most windows in one answer: 20 MB of columns. */
const maxWindows = 500_000;

/**
 * By series, the finer tier where there is one. @returns a sentence where the text is no selector, or the
 * range holds more than one answer may carry.
 */
export function readBands(
  statements: StatementCache,
  source: string,
  text: string,
  fromMs: number,
  toMs: number,
): Result<readonly Band[], string> {
  const selector = readSelector(text);
  if (!selector.ok) return selector;
  const sourceId = new SeriesTable(statements).findSource(source);
  if (sourceId === null || !(fromMs <= toMs)) return success([]);
  const bands: Band[] = [];
  let windows = 0;
  for (const [bucket, held] of heldByBucket(statements, sourceId, selector.value)) {
    const finestFromMs = new Map<Labels, number>();
    for (const tierMs of tiers) {
      const range = { sourceId, bucket, tierMs, fromMs: fromMs - dayMs, toMs };
      for (const row of statements.all(sql.bandsBetween, range) as BandRow[]) {
        const bySlot = new Map(columnsOfBand(row).map((columns) => [columns.slot, columns]));
        for (const { labels, slot } of held) {
          const until = Math.min(
            toMs,
            tierMs === fiveMinutesMs ? toMs : (finestFromMs.get(labels) ?? Infinity) - 1,
          );
          const band = within(bySlot.get(slot), labels, tierMs, fromMs, until);
          if (band === null) continue;
          if (tierMs === fiveMinutesMs && !finestFromMs.has(labels))
            finestFromMs.set(labels, band.timesMs[0] ?? 0);
          bands.push(band);
          windows += band.timesMs.length;
        }
        if (windows > maxWindows) return failed('The range holds more than 500,000 windows');
      }
    }
  }
  return success(bands);
}

/** Whether there are bands, at least, of any of some series. @param buckets their numbers, by bucket. */
export function isSummarised(
  statements: StatementCache,
  sourceId: number,
  buckets: ReadonlyMap<number, { readonly ids: readonly number[] }>,
  fromMs: number,
  toMs: number,
): boolean {
  for (const tierMs of tiers) {
    for (const [bucket, { ids }] of buckets) {
      const range = { sourceId, bucket, tierMs, fromMs: fromMs - dayMs, toMs };
      for (const row of statements.all(sql.bandsBetween, range) as BandRow[]) {
        const slots = new Set(ids.map(slotOf));
        const isWithin = ({ slot, timesMs }: BandColumns): boolean =>
          slots.has(slot) && (timesMs[firstAt(timesMs, fromMs - tierMs + 1)] ?? Infinity) <= toMs;
        if (columnsOfBand(row).some(isWithin)) return true;
      }
    }
  }
  return false;
}

function heldByBucket(
  statements: StatementCache,
  sourceId: number,
  { matchers }: Selector,
): Map<number, Held[]> {
  const tests = matchers.map((matcher) => labelTest(matcher, 'v3'));
  const buckets = new Map<number, Held[]>();
  for (const row of statements.each(sql.seriesAfter, { sourceId, afterId: 0 })) {
    const { id, labels: text } = row as { readonly id: number; readonly labels: string };
    const labels = new Map(pairsOfText(text));
    if (!tests.every(({ name, test }) => test(labels.get(name) ?? ''))) continue;
    const held = buckets.get(bucketOf(id)) ?? [];
    held.push({ labels: Object.fromEntries(labels), slot: slotOf(id) });
    buckets.set(bucketOf(id), held);
  }
  return buckets;
}

/** What of a band begins within the range; null where nothing does. */
function within(
  columns: BandColumns | undefined,
  labels: Labels,
  tierMs: number,
  fromMs: number,
  toMs: number,
): Band | null {
  if (columns === undefined) return null;
  const { slot: _slot, ...rest } = columns;
  const first = firstAt(rest.timesMs, fromMs);
  const end = firstAt(rest.timesMs, toMs + 1);
  if (first >= end) return null;
  const cut = (column: Float64Array): Float64Array => column.slice(first, end);
  return {
    labels,
    tierMs,
    timesMs: cut(rest.timesMs),
    least: cut(rest.least),
    mean: cut(rest.mean),
    most: cut(rest.most),
    count: cut(rest.count),
  };
}
