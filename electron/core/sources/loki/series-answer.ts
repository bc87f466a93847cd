import type { SourceFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { Series } from '#shared/model/series.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { checked, malformedAt, type Listing } from '../checked.ts';
import { numberOf } from '../prometheus/series-answer.ts';
import { sourceFailure } from '../source-failure.ts';
import type { LokiSeriesAnswer } from './model.ts';
import { envelopeSchema, queryDataSchema } from './schemas.ts';

/** Reads the result of a metric query into columns. Pure; runs in the core or on the parsing thread. */

const maxPoints = 500_000;
const maxSeries = 50_000;
/** Loki 3.4 writes the time of a scalar in milliseconds; in seconds this is the year 5138. */
const mostSeconds = 100_000_000_000;

type SeriesHead = Omit<LokiSeriesAnswer, 'series'>;

interface Row {
  readonly labels: Labels;
  readonly samples: readonly unknown[];
}

export function readSeries(json: unknown): Result<Listing<SeriesHead, Series>, SourceFailure> {
  const envelope = checked(envelopeSchema, json, '');
  if (!envelope.ok) return envelope;
  const data = checked(queryDataSchema, envelope.value.data, 'data');
  if (!data.ok) return data;
  const { resultType } = data.value;
  if (resultType === 'streams') return failed(linesNotNumbers());
  const read = readRows(rowsOf(data.value));
  const { warnings } = envelope.value;
  return read.ok ? success({ head: { resultType, warnings }, rows: read.value }) : read;
}

type NumbersData =
  | { readonly resultType: 'matrix'; readonly result: readonly { metric: Labels; values: unknown[] }[] }
  | { readonly resultType: 'vector'; readonly result: readonly { metric: Labels; value?: unknown }[] }
  | { readonly resultType: 'scalar'; readonly result?: unknown };

function rowsOf(data: NumbersData): readonly Row[] {
  switch (data.resultType) {
    case 'matrix':
      return data.result.map(({ metric, values }) => ({ labels: metric, samples: values }));
    case 'vector':
      return data.result.map(({ metric, value }) => ({ labels: metric, samples: [value] }));
    case 'scalar':
      return [{ labels: {}, samples: [data.result] }];
  }
}

function readRows(rows: readonly Row[]): Result<Series[], SourceFailure> {
  const points = rows.reduce((sum, { samples }) => sum + samples.length, 0);
  if (rows.length > maxSeries || points > maxPoints) return failed(tooMuch(rows.length, points));
  const series: Series[] = [];
  for (const [index, { labels, samples }] of rows.entries()) {
    const timesMs = new Float64Array(samples.length);
    const values = new Float64Array(samples.length);
    for (const [place, sample] of samples.entries()) {
      const point = pointOf(sample);
      if (point === null || (place > 0 && point.atMs <= (timesMs[place - 1] ?? 0))) {
        return failed(
          malformedAt(
            `data.result.${index}, sample ${place}`,
            'expected pairs of a rising time and a number',
          ),
        );
      }
      timesMs[place] = point.atMs;
      values[place] = point.value;
    }
    series.push({ labels, timesMs, values });
  }
  return success(series);
}

function pointOf(sample: unknown): { readonly atMs: number; readonly value: number } | null {
  if (!Array.isArray(sample) || sample.length !== 2 || typeof sample[0] !== 'number') return null;
  const value = numberOf(sample[1]);
  const time: number = sample[0];
  return value === null ? null : { atMs: Math.round(time > mostSeconds ? time : time * 1_000), value };
}

function tooMuch(series: number, points: number): SourceFailure {
  return sourceFailure(
    'too-large',
    `The answer has ${series} series with ${points} points; at most ${maxSeries} and ${maxPoints} are drawn.`,
    'Ask with a coarser step, over a shorter range, or for fewer series.',
  );
}

function linesNotNumbers(): SourceFailure {
  return sourceFailure(
    'bad-query',
    'The query selects lines, and numbers were asked for.',
    'Wrap it in a function over a range, such as count_over_time({…}[1m]).',
  );
}
