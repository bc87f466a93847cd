import type { QueryOutcome } from '#shared/promql/engine.ts';
import type { QueryProblem } from '#shared/promql/problem.ts';
import { compareUtf8 } from '#shared/promql/model/label-set.ts';
import type { Result } from '#shared/result.ts';

/** Answers of both sides in one form, so that they can be laid side by side. */
export type Answer =
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'series'; readonly type: string; readonly series: readonly AnsweredSeries[] };

export interface AnsweredSeries {
  /** Label names and values, sorted by name. */
  readonly labels: string;
  /** Unix seconds and values. */
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

interface WireRow {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** An answer of Prometheus' HTTP API, as JSON. */
export function answerOfServer(json: unknown): Answer {
  const body = json as {
    readonly status: string;
    readonly error?: string;
    readonly data?: { readonly resultType: string; readonly result: unknown };
  };
  if (body.status !== 'success' || body.data === undefined) return { kind: 'error', text: body.error ?? '' };
  const { resultType, result } = body.data;
  if (resultType === 'scalar' || resultType === 'string') {
    const points = [result as readonly [number, string]].map(pointOf);
    return { kind: 'series', type: resultType, series: [{ labels: '', points }] };
  }
  const rows = result as readonly WireRow[];
  return {
    kind: 'series',
    type: resultType,
    series: rows.map(({ metric, value, values }) => ({
      labels: textOf(metric),
      points: (values ?? (value === undefined ? [] : [value])).map(pointOf),
    })),
  };
}

function pointOf([seconds, value]: readonly [number, string]): readonly [number, number] {
  return [seconds, numberOf(value)];
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

/** The engine's own answer. */
export function answerOfEngine(outcome: Result<QueryOutcome, QueryProblem>): Answer {
  if (!outcome.ok) return { kind: 'error', text: `${outcome.failure.kind}: ${outcome.failure.message}` };
  const { value } = outcome.value;
  switch (value.kind) {
    case 'scalar':
      return {
        kind: 'series',
        type: 'scalar',
        series: [{ labels: '', points: [[value.timeMs / 1_000, value.value]] }],
      };
    case 'string':
      return { kind: 'error', text: `a string: ${value.value}` };
    case 'vector':
      return {
        kind: 'series',
        type: 'vector',
        series: value.samples.map((sample) => ({
          labels: textOf(sample.labels.toLabels()),
          points: [[sample.timeMs / 1_000, sample.value]],
        })),
      };
    case 'matrix':
      return {
        kind: 'series',
        type: 'matrix',
        series: value.series.map(({ labels, timesMs, values }) => ({
          labels: textOf(labels.toLabels()),
          points: Array.from(timesMs, (timeMs, index) => [timeMs / 1_000, values[index] ?? 0] as const),
        })),
      };
  }
}

function textOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([left], [right]) => compareUtf8(left, right)));
}

/** Relative; what both sides may differ by. */
const tolerance = 1e-12;

/** @returns what differs first, in words; null where nothing does. */
export function differenceOf(server: Answer, engine: Answer, isOrdered: boolean): string | null {
  if (server.kind === 'error' || engine.kind === 'error') {
    if (server.kind === engine.kind) return null;
    return `server: ${summaryOf(server)}\nengine: ${summaryOf(engine)}`;
  }
  if (server.type !== engine.type) return `server gives a ${server.type}, engine a ${engine.type}`;
  if (isOrdered) {
    // Of equal values the order is chance on either side: what must agree is the order of the values.
    const difference = differenceOfPoints(allPoints(server), allPoints(engine));
    if (difference !== null) return `in order: ${difference}`;
  }
  const known = new Map(engine.series.map((series) => [series.labels, series]));
  for (const series of server.series) {
    const own = known.get(series.labels);
    if (own === undefined) return `only the server has ${series.labels} ${pointsOf(series)}`;
    const difference = differenceOfPoints(series, own);
    if (difference !== null) return `${series.labels}: ${difference}`;
    known.delete(series.labels);
  }
  const [extra] = known.values();
  return extra === undefined ? null : `only the engine has ${extra.labels} ${pointsOf(extra)}`;
}

function allPoints({ series }: { readonly series: readonly AnsweredSeries[] }): AnsweredSeries {
  return { labels: '', points: series.flatMap(({ points }) => points) };
}

function differenceOfPoints(server: AnsweredSeries, engine: AnsweredSeries): string | null {
  const times = (series: AnsweredSeries): string => series.points.map(([seconds]) => seconds).join(' ');
  if (times(server) !== times(engine))
    return `server has points at ${times(server)}, engine at ${times(engine)}`;
  for (const [index, [seconds, value]] of server.points.entries()) {
    const own = engine.points[index]?.[1] ?? Number.NaN;
    if (!areEqual(value, own)) return `at ${seconds} server has ${value}, engine ${own}`;
  }
  return null;
}

function areEqual(left: number, right: number): boolean {
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) && Number.isNaN(right);
  if (left === right) return true;
  if (!Number.isFinite(left) || !Number.isFinite(right)) return false;
  return Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));
}

function summaryOf(answer: Answer): string {
  if (answer.kind === 'error') return `error: ${answer.text}`;
  return `${answer.type} of ${answer.series.length}: ${answer.series
    .slice(0, 2)
    .map((series) => `${series.labels} ${pointsOf(series)}`)
    .join('; ')}`;
}

function pointsOf({ points }: AnsweredSeries): string {
  return points
    .slice(0, 3)
    .map(([seconds, value]) => `${value}@${seconds}`)
    .join(' ');
}
