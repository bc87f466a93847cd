import { annotationText } from '#shared/promql/annotation-text.ts';
import type { QueryAnswer, QueryOutcome } from '#shared/promql/engine.ts';
import type { Annotation, QueryProblem } from '#shared/promql/problem.ts';
import { compareUtf8 } from '#shared/promql/model/label-set.ts';
import type { Result } from '#shared/result.ts';

/** Answers of both sides in one form, so that they can be laid side by side. */
export type Answer =
  | { readonly kind: 'error'; readonly text: string }
  | ({
      readonly kind: 'series';
      readonly remarks?: Remarks;
    } & AnsweredValue);

interface AnsweredValue {
  readonly type: string;
  readonly series: readonly AnsweredSeries[];
}

interface Remarks {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

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
    readonly warnings?: readonly string[];
    readonly infos?: readonly string[];
  };
  if (body.status !== 'success' || body.data === undefined) return { kind: 'error', text: body.error ?? '' };
  const { resultType: type, result } = body.data;
  const remarks = { warnings: body.warnings ?? [], infos: body.infos ?? [] };
  return { kind: 'series', type, series: seriesOfServer(type, result), remarks };
}

function seriesOfServer(type: string, result: unknown): readonly AnsweredSeries[] {
  if (type === 'string') {
    const [, text] = result as readonly [number, string];
    return [{ labels: JSON.stringify(text), points: [] }];
  }
  if (type === 'scalar') return [{ labels: '', points: [result as readonly [number, string]].map(pointOf) }];
  return (result as readonly WireRow[]).map(({ metric, value, values }) => ({
    labels: textOf(metric),
    points: (values ?? (value === undefined ? [] : [value])).map(pointOf),
  }));
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
export function answerOfEngine(outcome: Result<QueryOutcome, QueryProblem>, query: string): Answer {
  if (!outcome.ok) return { kind: 'error', text: `${outcome.failure.kind}: ${outcome.failure.message}` };
  const { value, annotations } = outcome.value;
  const textsOf = (level: Annotation['level']): readonly string[] =>
    annotations.filter((one) => one.level === level).map((one) => annotationText(one, query));
  const remarks = { warnings: textsOf('warning'), infos: textsOf('info') };
  return { kind: 'series', type: value.kind, series: seriesOfEngine(value), remarks };
}

function seriesOfEngine(value: QueryAnswer): readonly AnsweredSeries[] {
  switch (value.kind) {
    case 'scalar':
      return [{ labels: '', points: [[value.timeMs / 1_000, value.value]] }];
    case 'string':
      return [{ labels: JSON.stringify(value.value), points: [] }];
    case 'vector':
      return value.samples.map((sample) => ({
        labels: textOf(sample.labels.toLabels()),
        points: [[sample.timeMs / 1_000, sample.value]],
      }));
    case 'matrix':
      return value.series.map(({ labels, timesMs, values }) => ({
        labels: textOf(labels.toLabels()),
        points: Array.from(timesMs, (timeMs, index) => [timeMs / 1_000, values[index] ?? 0] as const),
      }));
  }
}

function textOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([left], [right]) => compareUtf8(left, right)));
}

/** Relative; what both sides may differ by. */
const strictTolerance = 1e-12;

/** @returns what differs first, in words; null where nothing does. */
export function differenceOf(
  server: Answer,
  engine: Answer,
  isOrdered: boolean,
  tolerance = strictTolerance,
): string | null {
  if (server.kind === 'error' || engine.kind === 'error') {
    if (server.kind === engine.kind) return null;
    return `server: ${summaryOf(server)}\nengine: ${summaryOf(engine)}`;
  }
  if (server.type !== engine.type) return `server gives a ${server.type}, engine a ${engine.type}`;
  if (isOrdered) {
    // Of equal values the order is chance on either side: what must agree is the order of the values.
    const difference = differenceOfPoints(allPoints(server), allPoints(engine), tolerance);
    if (difference !== null) return `in order: ${difference}`;
  }
  const known = new Map(engine.series.map((series) => [series.labels, series]));
  for (const series of server.series) {
    const own = known.get(series.labels);
    if (own === undefined) return `only the server has ${series.labels} ${pointsOf(series)}`;
    const difference = differenceOfPoints(series, own, tolerance);
    if (difference !== null) return `${series.labels}: ${difference}`;
    known.delete(series.labels);
  }
  const [extra] = known.values();
  return extra === undefined ? null : `only the engine has ${extra.labels} ${pointsOf(extra)}`;
}

/** @returns which remarks differ, in words; null where none do, or one side gives no answer. */
export function differenceOfRemarks(server: Answer, engine: Answer): string | null {
  if (server.kind === 'error' || engine.kind === 'error') return null;
  return (
    differenceOfTexts(server.remarks?.warnings ?? [], engine.remarks?.warnings ?? []) ??
    differenceOfTexts(server.remarks?.infos ?? [], engine.remarks?.infos ?? [])
  );
}

/** A server tells a message once, of its last place; ten of a kind, of more any ten, and how many are left. */
function differenceOfTexts(server: readonly string[], engine: readonly string[]): string | null {
  const left = Number(/^(\d+) more /.exec(server.at(-1) ?? '')?.[1] ?? 0);
  const told = left === 0 ? server : server.slice(0, -1);
  const missing = told.find((text) => !engine.includes(text));
  if (missing !== undefined) return `only the server remarks: ${missing}; the engine: ${engine.join('; ')}`;
  const count = new Set(engine.map((text) => text.replace(/ \(\d+:\d+\)$/, ''))).size;
  if (told.length + left === count) return null;
  const extra = engine.filter((text) => !told.includes(text));
  return `the server makes ${told.length + left} remarks, the engine ${count}, such as: ${extra.join('; ')}`;
}

function allPoints({ series }: { readonly series: readonly AnsweredSeries[] }): AnsweredSeries {
  return { labels: '', points: series.flatMap(({ points }) => points) };
}

function differenceOfPoints(
  server: AnsweredSeries,
  engine: AnsweredSeries,
  tolerance: number,
): string | null {
  const times = (series: AnsweredSeries): string => series.points.map(([seconds]) => seconds).join(' ');
  if (times(server) !== times(engine))
    return `server has points at ${times(server)}, engine at ${times(engine)}`;
  for (const [index, [seconds, value]] of server.points.entries()) {
    const own = engine.points[index]?.[1] ?? Number.NaN;
    if (!areEqual(value, own, tolerance)) return `at ${seconds} server has ${value}, engine ${own}`;
  }
  return null;
}

function areEqual(left: number, right: number, tolerance: number): boolean {
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
