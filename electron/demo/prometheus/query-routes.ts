import type { HttpResponse } from '../http-server.ts';
import { valueAt, type Column } from '../query/columns.ts';
import { queryInstant, queryRange, type InstantAnswer } from '../query/engine.ts';
import type { SeriesStore } from '../series-store.ts';
import { fail, formatSeconds, formatValue, succeed } from './envelope.ts';
import { durationParameter, invalid, limitParameter, timeParameter } from './parameters.ts';

/** `/api/v1/query` and `/api/v1/query_range`. */

const mostPoints = 11_000;
const truncated = 'results truncated due to limit';

export function answerQuery(store: SeriesStore, parameters: URLSearchParams, nowMs: number): HttpResponse {
  const limit = limitParameter(parameters);
  if (!limit.ok) return fail(limit.failure);
  const time = timeParameter(parameters, 'time', nowMs);
  if (!time.ok) return fail(time.failure);
  const answer = queryInstant(store, parameters.get('query') ?? '', time.value);
  if (!answer.ok) return failQuery(answer.failure);
  const data = instantData(answer.value, time.value);
  if (!Array.isArray(data.result) || answer.value.kind === 'scalar' || answer.value.kind === 'string') {
    return succeed(data);
  }
  const cut = data.result.length > limit.value;
  return succeed({ ...data, result: data.result.slice(0, limit.value) }, cut ? [truncated] : []);
}

export function answerQueryRange(store: SeriesStore, parameters: URLSearchParams): HttpResponse {
  const limit = limitParameter(parameters);
  if (!limit.ok) return fail(limit.failure);
  const start = timeParameter(parameters, 'start');
  if (!start.ok) return fail(start.failure);
  const end = timeParameter(parameters, 'end');
  if (!end.ok) return fail(end.failure);
  if (end.value < start.value) return refuse('end', 'end timestamp must not be before start time');
  const step = durationParameter(parameters, 'step');
  if (!step.ok) return fail(step.failure);
  if (step.value <= 0) {
    return refuse(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if ((end.value - start.value) / step.value > mostPoints) {
    const message =
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)';
    return fail({ kind: 'bad_data', message });
  }
  const count = Math.floor((end.value - start.value) / step.value) + 1;
  const steps = { startMs: start.value, stepMs: step.value, count };
  const answer = queryRange(store, parameters.get('query') ?? '', steps);
  if (!answer.ok) return failQuery(answer.failure);
  const listed = answer.value.slice(0, limit.value);
  const result = listed.map((column) => ({
    metric: column.labels,
    values: pointsOf(column, (index) => start.value + index * step.value),
  }));
  return succeed({ resultType: 'matrix', result }, listed.length < answer.value.length ? [truncated] : []);
}

/** What is wrong with the query's text is a wrong parameter; what goes wrong running it is not. */
function failQuery(failure: {
  readonly kind: 'bad_data' | 'execution';
  readonly message: string;
}): HttpResponse {
  return failure.kind === 'bad_data' ? refuse('query', failure.message) : fail(failure);
}

function refuse(name: string, message: string): HttpResponse {
  const refusal = invalid(name, message);
  return refusal.ok ? succeed(null) : fail(refusal.failure);
}

function instantData(
  answer: InstantAnswer,
  atMs: number,
): { readonly resultType: string; readonly result: unknown } {
  const seconds = formatSeconds(atMs);
  switch (answer.kind) {
    case 'scalar':
      return { resultType: 'scalar', result: [seconds, formatValue(answer.values[0] ?? Number.NaN)] };
    case 'string':
      return { resultType: 'string', result: [seconds, answer.text] };
    case 'vector':
      return {
        resultType: 'vector',
        result: answer.columns.map((column) => ({
          metric: column.labels,
          value: [seconds, formatValue(valueAt(column, 0))],
        })),
      };
    case 'matrix':
      return {
        resultType: 'matrix',
        result: answer.series.map(({ labels, times, values }) => ({
          metric: labels,
          values: Array.from(times, (timeMs, index) => [
            formatSeconds(timeMs),
            formatValue(values[index] ?? Number.NaN),
          ]),
        })),
      };
  }
}

function pointsOf(column: Column, timeOf: (index: number) => number): readonly (readonly [number, string])[] {
  const points: (readonly [number, string])[] = [];
  column.present.forEach((has, index) => {
    if (has === 1) points.push([formatSeconds(timeOf(index)), formatValue(valueAt(column, index))]);
  });
  return points;
}
