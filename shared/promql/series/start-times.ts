import { parsePrometheusDuration } from '#shared/gotemplate/durations.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { readMetric } from './metric-text.ts';

/**
 * Lines of the engine tests that say when the counter behind each sample began: `metric@st 0 _x2 -1m-1mx3`.
 * An item counts from the time of its own sample. Facts: promql/promqltest/test.go.
 */
export interface NotedStartTimes {
  /** Null where the line names no metric: it holds for the lines after it that have none of their own. */
  readonly labels: ReadonlyMap<string, string> | null;
  /** Milliseconds from the sample's time; null where none is known. */
  readonly offsetsMs: readonly (number | null)[];
}

const line = /^(\S*)@st[ \t]+(.*)$/;
const wordItem = /^[_*](?:x(\d+))?$/;
const offsetItem = /^([+-]?(?:\d+(?:ms|[ywdhms])|0))([+-](?:\d+(?:ms|[ywdhms])|0))?(?:x(\d+))?$/;
const mostOffsets = 1_000_000;

export function isStartTimesLine(text: string): boolean {
  return line.test(text);
}

export function readStartTimes(text: string): Result<NotedStartTimes, string> {
  const [, metricText = '', items = ''] = line.exec(text) ?? [];
  const offsetsMs: (number | null)[] = [];
  for (const item of items.split(/\s+/).filter((word) => word !== '')) {
    const read = readItem(item, offsetsMs.findLast((offset) => offset !== null) ?? 0);
    if (read === null || offsetsMs.length + read.length > mostOffsets)
      return failed(`"${item}" is no start time`);
    offsetsMs.push(...read);
  }
  if (metricText === '') return success({ labels: null, offsetsMs });
  const metric = readMetric(metricText);
  return metric.ok ? success({ labels: metric.value.labels, offsetsMs }) : metric;
}

/** @param before the last known offset, which `*` repeats. */
function readItem(item: string, before: number): readonly (number | null)[] | null {
  const word = wordItem.exec(item);
  if (word !== null && item.startsWith('_')) return Array.from({ length: Number(word[1] ?? 1) }, () => null);
  if (word !== null) return Array.from({ length: Number(word[1] ?? 0) + 1 }, () => before);
  const match = offsetItem.exec(item);
  if (match === null) return null;
  const [, first = '', step, times] = match;
  if (step !== undefined && times === undefined) return null;
  const base = millisecondsOf(first);
  const increment = step === undefined ? 0 : millisecondsOf(step);
  return Array.from({ length: Number(times ?? 0) + 1 }, (_, index) => base + index * increment);
}

function millisecondsOf(signed: string): number {
  const unsigned = signed.replace(/^[+-]/, '');
  const ms = parsePrometheusDuration(unsigned) ?? Number.NaN;
  return signed.startsWith('-') ? -ms : ms;
}
