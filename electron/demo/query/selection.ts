import { firstAfter, type SeriesStore, type StoredSeries } from '../series-store.ts';
import type { MatrixSelector, VectorSelector } from './ast.ts';
import { emptyColumn, isEmpty, setValue, type Column, type Steps } from './columns.ts';
import { matchesAll, type LabelMatcher } from '../label-matcher.ts';
import { executionError } from './query-error.ts';

/** Reads stored samples for selectors: the last one before each step, or the window before each step. */

const lookbackMs = 5 * 60_000;
/** Values that one selector may spread over the steps of a query. */
const mostValues = 4_000_000;

export function selectSeries(store: SeriesStore, matchers: readonly LabelMatcher[]): readonly StoredSeries[] {
  const named = matchers.find((matcher) => matcher.name === '__name__' && matcher.operator === '=');
  return store.list(named?.value).filter((series) => matchesAll(matchers, series.labels));
}

/**
 * The last sample of each series at each step, at most five minutes old; the left end is open.
 * @param read whether a sample's value or its time in seconds is wanted.
 */
export function instantColumns(
  store: SeriesStore,
  selector: VectorSelector,
  steps: Steps,
  read: 'value' | 'time' = 'value',
): readonly Column[] {
  return selected(store, selector, steps)
    .map((series) => {
      const times = series.times();
      const values = series.values();
      const column = emptyColumn(series.labels, steps);
      let next = firstAfter(times, steps.startMs - selector.offsetMs);
      for (let step = 0; step < steps.count; step++) {
        const atMs = steps.startMs + step * steps.stepMs - selector.offsetMs;
        while (next < times.length && (times[next] ?? 0) <= atMs) next++;
        const sampleAtMs = times[next - 1];
        const value = values[next - 1];
        if (sampleAtMs === undefined || value === undefined) continue;
        if (sampleAtMs <= atMs - lookbackMs || Number.isNaN(value)) continue;
        setValue(column, step, read === 'value' ? value : sampleAtMs / 1_000);
      }
      return column;
    })
    .filter((column) => !isEmpty(column));
}

/** The samples of one series in one window: those of `times` and `values` from `from` up to before `to`. */
export interface Window {
  readonly times: Float64Array;
  readonly values: Float64Array;
  from: number;
  to: number;
  /** The window's open left and closed right end. */
  startMs: number;
  endMs: number;
  step: number;
}

export type WindowFunction = (window: Window) => number | undefined;

/** Applies a function to the window before each step; without samples in it there is no value. */
export function windowColumns(
  store: SeriesStore,
  matrix: MatrixSelector,
  steps: Steps,
  apply: WindowFunction,
): readonly Column[] {
  const { selector, rangeMs } = matrix;
  const firstMs = steps.startMs - selector.offsetMs;
  const lastMs = firstMs + (steps.count - 1) * steps.stepMs;
  return selected(store, selector, steps)
    .map((series) => {
      const { times, values } = samplesBetween(series, firstMs - rangeMs, lastMs);
      const column = emptyColumn(series.labels, steps);
      const window: Window = { times, values, from: 0, to: 0, startMs: 0, endMs: 0, step: 0 };
      for (let step = 0; step < steps.count; step++) {
        window.step = step;
        window.endMs = firstMs + step * steps.stepMs;
        window.startMs = window.endMs - rangeMs;
        while (window.to < times.length && (times[window.to] ?? 0) <= window.endMs) window.to++;
        while (window.from < window.to && (times[window.from] ?? 0) <= window.startMs) window.from++;
        if (window.from === window.to) continue;
        const value = apply(window);
        if (value !== undefined) setValue(column, step, value);
      }
      return column;
    })
    .filter((column) => !isEmpty(column));
}

/** The samples of a series in (afterMs, untilMs], without the places where it was not there. */
export function samplesBetween(
  series: StoredSeries,
  afterMs: number,
  untilMs: number,
): { readonly times: Float64Array; readonly values: Float64Array } {
  const from = firstAfter(series.times(), afterMs);
  const to = firstAfter(series.times(), untilMs);
  const times = series.times().subarray(from, to);
  const values = series.values().subarray(from, to);
  if (!values.some(Number.isNaN)) return { times, values };
  return {
    times: times.filter((_time, index) => !Number.isNaN(values[index])),
    values: values.filter((value) => !Number.isNaN(value)),
  };
}

/** The label set that `absent` gives: labels that a selector pins to one value. */
export function pinnedLabels(selector: VectorSelector): Readonly<Record<string, string>> {
  const pinned = selector.matchers.filter(
    ({ name, operator }) =>
      operator === '=' &&
      name !== '__name__' &&
      selector.matchers.filter((other) => other.name === name).length === 1,
  );
  return Object.fromEntries(pinned.map(({ name, value }) => [name, value]));
}

function selected(store: SeriesStore, selector: VectorSelector, steps: Steps): readonly StoredSeries[] {
  const series = selectSeries(store, selector.matchers);
  if (series.length * steps.count > mostValues) {
    throw executionError('query processing would load too many samples into memory in query execution');
  }
  return series;
}
