import type { SourceFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { Series } from '#shared/model/series.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { checked, malformedAt, type Listing } from '../checked.ts';
import { sourceFailure } from '../source-failure.ts';
import { openEnvelope } from './envelope.ts';
import type { Remarks, SeriesAnswer } from './model.ts';
import { queryDataSchema, type ResultRow } from './schemas.ts';

/**
 * Reads the result of a query into columns. Pure; runs in the core or on the parsing thread.
 * Shape: https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats
 */

const maxPoints = 500_000;
const maxSeries = 50_000;

export interface SeriesHead extends Remarks {
  readonly resultType: SeriesAnswer['resultType'];
  readonly text: string | null;
  readonly unsupportedHistograms: number;
}

/** Reads any answer of `query` and `query_range`. */
export function readSeries(json: unknown): Result<Listing<SeriesHead, Series>, SourceFailure> {
  const envelope = openEnvelope(json);
  if (!envelope.ok) return envelope;
  const { remarks } = envelope.value;
  const data = checked(queryDataSchema, envelope.value.data, 'data');
  if (!data.ok) return data;
  const head = { ...remarks, resultType: data.value.resultType, text: null, unsupportedHistograms: 0 };
  switch (data.value.resultType) {
    case 'string':
      return success({ head: { ...head, text: data.value.result[1] }, rows: [] });
    case 'scalar': {
      const columns = readColumns([data.value.result], 'data.result');
      return columns.ok ? success({ head, rows: [{ labels: {}, ...columns.value }] }) : columns;
    }
    case 'vector':
    case 'matrix':
      return readRows(data.value.result, head);
  }
}

function readRows(
  wireRows: readonly ResultRow[],
  head: SeriesHead,
): Result<Listing<SeriesHead, Series>, SourceFailure> {
  const points = wireRows.reduce((sum, row) => sum + samplesOf(row).length, 0);
  if (wireRows.length > maxSeries || points > maxPoints) return failed(tooMuch(wireRows.length, points));
  const rows: Series[] = [];
  let unsupportedHistograms = 0;
  for (const [index, row] of wireRows.entries()) {
    unsupportedHistograms += (row.histogram === undefined ? 0 : 1) + (row.histograms?.length ?? 0);
    const samples = samplesOf(row);
    if (samples.length === 0) continue;
    const columns = readColumns(samples, `data.result.${index}`);
    if (!columns.ok) return columns;
    rows.push({ labels: row.metric satisfies Labels, ...columns.value });
  }
  return success({ head: { ...head, unsupportedHistograms }, rows });
}

function samplesOf(row: ResultRow): readonly unknown[] {
  return row.values ?? (row.value === undefined ? [] : [row.value]);
}

function tooMuch(series: number, points: number): SourceFailure {
  return sourceFailure(
    'too-large',
    `The answer has ${series} series with ${points} points; at most ${maxSeries} and ${maxPoints} are drawn.`,
    'Ask with a coarser step, over a shorter range, or for fewer series.',
  );
}

/** Reads `[seconds, "value"]` pairs; times must rise, as the API promises. */
function readColumns(
  samples: readonly unknown[],
  where: string,
): Result<Pick<Series, 'timesMs' | 'values'>, SourceFailure> {
  const timesMs = new Float64Array(samples.length);
  const values = new Float64Array(samples.length);
  let lastMs = -Infinity;
  for (const [index, sample] of samples.entries()) {
    if (!Array.isArray(sample) || sample.length !== 2 || typeof sample[0] !== 'number') {
      return failed(malformedAt(`${where}, sample ${index}`, 'expected a pair of a time and a value'));
    }
    const value = numberOf(sample[1]);
    if (value === null) {
      return failed(malformedAt(`${where}, sample ${index}`, 'expected a number as text'));
    }
    const atMs = Math.round(sample[0] * 1_000);
    if (atMs <= lastMs) return failed(malformedAt(`${where}, sample ${index}`, 'expected rising times'));
    lastMs = atMs;
    timesMs[index] = atMs;
    values[index] = value;
  }
  return success({ timesMs, values });
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A sample value as Go's strconv.FormatFloat writes it; null for anything else, never a made-up number. */
export function numberOf(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  if (text === 'NaN') return Number.NaN;
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return decimal.test(text) ? Number(text) : null;
}
