import type { Labels } from '#shared/model/labels.ts';
import { labelOf } from '#shared/model/labels.ts';
import type { LogStore } from '../log-store.ts';
import { compare } from './pipeline.ts';
import { evaluateRange, type MetricSeries } from './range.ts';
import { unsupported, type Grouping, type MetricQuery } from './syntax.ts';

/** Evaluates metric queries over steps: aggregations and arithmetic over range functions. */
export type MetricResult =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'series'; readonly series: readonly MetricSeries[] };

/** @param stepsMs Unix milliseconds, ascending. @throws LogqlError */
export function evaluateMetric(
  store: LogStore,
  query: MetricQuery,
  stepsMs: readonly number[],
): MetricResult {
  switch (query.kind) {
    case 'number':
      return { kind: 'scalar', value: query.value };
    case 'vector': {
      const values = new Float64Array(stepsMs.length).fill(query.value);
      return { kind: 'series', series: [{ labels: {}, values }] };
    }
    case 'range':
      return { kind: 'series', series: evaluateRange(store, query, stepsMs, null) };
    case 'aggregate':
      return { kind: 'series', series: aggregate(store, query, stepsMs) };
    case 'binary':
      return binary(
        query,
        evaluateMetric(store, query.left, stepsMs),
        evaluateMetric(store, query.right, stepsMs),
      );
  }
}

const summed = new Set(['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate']);

function aggregate(
  store: LogStore,
  query: MetricQuery & { readonly kind: 'aggregate' },
  stepsMs: readonly number[],
): readonly MetricSeries[] {
  const { name, of, parameter } = query;
  const grouping = query.grouping ?? { without: false, names: [] };
  if (name === 'sum' && of.kind === 'range' && of.grouping === null && summed.has(of.name)) {
    return evaluateRange(store, of, stepsMs, grouping);
  }
  const inner = evaluateMetric(store, of, stepsMs);
  if (inner.kind === 'scalar') throw unsupported(`${name} of a number`);
  if (name === 'sort' || name === 'sort_desc') return sorted(inner.series, name === 'sort' ? 1 : -1);
  const groups = new Map<string, { readonly labels: Labels; readonly members: MetricSeries[] }>();
  for (const series of inner.series) {
    const labels = grouped(series.labels, grouping);
    const key = keyOf(labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels, members: [series] });
    else group.members.push(series);
  }
  if (name === 'topk' || name === 'bottomk') {
    const order = name === 'topk' ? -1 : 1;
    return [...groups.values()].flatMap(({ members }) => extremes(members, parameter, order));
  }
  return [...groups.values()].map(({ labels, members }) => ({
    labels,
    values: Float64Array.from(stepsMs, (_, index) => combined(name, at(members, index))),
  }));
}

function at(members: readonly MetricSeries[], index: number): readonly number[] {
  return members.map(({ values }) => values[index] ?? Number.NaN).filter((value) => !Number.isNaN(value));
}

function combined(name: string, values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const total = values.reduce((sum, value) => sum + value, 0);
  switch (name) {
    case 'count':
      return values.length;
    case 'avg':
      return total / values.length;
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    default:
      return total;
  }
}

/** Keeps at each step the `count` series that come first in that order. */
function extremes(members: readonly MetricSeries[], count: number, order: number): readonly MetricSeries[] {
  const steps = members[0]?.values.length ?? 0;
  const kept = members.map(({ labels }) => ({ labels, values: new Float64Array(steps).fill(Number.NaN) }));
  for (let index = 0; index < steps; index++) {
    members
      .map(({ values }, member) => ({ member, value: values[index] ?? Number.NaN }))
      .filter(({ value }) => !Number.isNaN(value))
      .sort((left, right) => order * (left.value - right.value))
      .slice(0, Math.max(0, count))
      .forEach(({ member, value }) => {
        const target = kept[member];
        if (target !== undefined) target.values[index] = value;
      });
  }
  return kept.filter(({ values }) => values.some((value) => !Number.isNaN(value)));
}

function sorted(series: readonly MetricSeries[], order: number): readonly MetricSeries[] {
  return series.toSorted((left, right) => order * ((left.values.at(-1) ?? 0) - (right.values.at(-1) ?? 0)));
}

function grouped(labels: Labels, { without, names }: Grouping): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name) !== without));
}

function keyOf(labels: Labels): string {
  return JSON.stringify(
    Object.keys(labels)
      .sort()
      .map((name) => [name, labelOf(labels, name)]),
  );
}

function binary(
  query: MetricQuery & { readonly kind: 'binary' },
  left: MetricResult,
  right: MetricResult,
): MetricResult {
  const join = operation(query.operator, query.bool);
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    return { kind: 'scalar', value: join(left.value, right.value) };
  }
  const constant = (value: number) => (): ((index: number) => number) => () => value;
  if (left.kind === 'scalar') {
    return {
      kind: 'series',
      series:
        right.kind === 'series'
          ? joined(right.series, constant(left.value), (own, other) => join(other, own))
          : [],
    };
  }
  if (right.kind === 'scalar')
    return { kind: 'series', series: joined(left.series, constant(right.value), join) };
  const others = new Map(right.series.map((series) => [keyOf(series.labels), series]));
  const matching = (labels: Labels): ((index: number) => number) | undefined => {
    const other = others.get(keyOf(labels));
    return other === undefined ? undefined : (index) => other.values[index] ?? Number.NaN;
  };
  return { kind: 'series', series: joined(left.series, matching, join) };
}

function joined(
  series: readonly MetricSeries[],
  otherOf: (labels: Labels) => ((index: number) => number) | undefined,
  join: (own: number, other: number) => number,
): readonly MetricSeries[] {
  return series.flatMap(({ labels, values }) => {
    const other = otherOf(labels);
    return other === undefined
      ? []
      : [{ labels, values: values.map((value, index) => join(value, other(index))) }];
  });
}

/** A comparison without `bool` keeps the left number where it holds, and nothing where it does not. */
function operation(operator: string, bool: boolean): (left: number, right: number) => number {
  switch (operator) {
    case '+':
      return (left, right) => left + right;
    case '-':
      return (left, right) => left - right;
    case '*':
      return (left, right) => left * right;
    case '/':
      return (left, right) => left / right;
    case '%':
      return (left, right) => left % right;
    case '^':
      return (left, right) => left ** right;
    default:
      return (left, right) => {
        if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
        const holds = compare(left, operator, right);
        return bool ? Number(holds) : holds ? left : Number.NaN;
      };
  }
}
