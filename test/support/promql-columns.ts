import { makeAggregator } from '#shared/promql/aggregate/aggregate.ts';
import type { Column, EvaluatedValue } from '#shared/promql/evaluate/columns.ts';
import type { EvaluationContext } from '#shared/promql/evaluate/context.ts';
import { defaultOptions, type QueryOptions } from '#shared/promql/evaluate/options.ts';
import { vectorFunctions } from '#shared/promql/functions/table.ts';
import { LabelPool } from '#shared/promql/model/label-set.ts';
import type { AggregationOperator, Expression, TextSpan } from '#shared/promql/syntax/ast.ts';

/** Calls of functions and aggregations as the evaluator makes them, over series written down in a test. */

/** Values at the steps; undefined where there is none. */
export type Series = readonly [labels: Readonly<Record<string, string>>, ...values: (number | undefined)[]];

export interface ColumnAnswer {
  readonly series: readonly Series[];
  readonly isOrdered: boolean;
  readonly remarks: readonly string[];
}

export interface Surroundings {
  readonly steps?: number;
  readonly startMs?: number;
  readonly stepMs?: number;
  readonly options?: Partial<QueryOptions>;
}

const span: TextSpan = { start: 0, end: 1 };

function contextOf({ steps = 1, startMs = 0, stepMs = 60_000, options }: Surroundings, remarks: Set<string>) {
  const context: EvaluationContext = {
    options: { ...defaultOptions, ...options },
    steps: { startMs, stepMs: steps === 1 ? 0 : stepMs, count: steps },
    labels: new LabelPool(),
    annotate: (level, message) => remarks.add(`${level}: ${message}`),
    checkpoint: () => undefined,
    hold: () => undefined,
  };
  return context;
}

function columnOf([labels, ...values]: Series, pool: LabelPool, dropsName = false): Column {
  const isWhole = values.every((value) => value !== undefined);
  return {
    labels: pool.ofLabels(labels),
    values: Float64Array.from(values, (value) => value ?? Number.NaN),
    present: isWhole ? null : Uint8Array.from(values, (value) => (value === undefined ? 0 : 1)),
    dropsName,
  };
}

function seriesOf(columns: readonly Column[]): Series[] {
  return columns.map(({ labels, values, present }) => [
    labels.toLabels(),
    ...Array.from(values, (value, step) => (present?.[step] === 0 ? undefined : value)),
  ]);
}

/** An argument: the series of a vector, the values of a scalar (one for all steps, or one for each), a text. */
export type Argument = readonly Series[] | number | readonly number[] | string;

export function callVectorFunction(
  name: string,
  given: readonly Argument[],
  surroundings: Surroundings = {},
  written: readonly Expression[] = [],
): ColumnAnswer {
  const remarks = new Set<string>();
  const context = contextOf(surroundings, remarks);
  const values = given.map((argument) => valueOf(argument, context));
  const compute = vectorFunctions.get(name);
  if (compute === undefined) throw new Error(`no function ${name}`);
  const value = compute(values, { name, span, arguments: written, context });
  if (value.kind === 'vector') {
    return { series: seriesOf(value.columns), isOrdered: value.isOrdered, remarks: [...remarks] };
  }
  if (value.kind === 'string') throw new Error('a function gave a string');
  return { series: [[{}, ...value.values]], isOrdered: false, remarks: [...remarks] };
}

function valueOf(argument: Argument, context: EvaluationContext): EvaluatedValue {
  if (typeof argument === 'string') return { kind: 'string', value: argument };
  const { count } = context.steps;
  if (typeof argument === 'number') {
    return { kind: 'scalar', values: new Float64Array(count).fill(argument) };
  }
  if (isScalar(argument)) return { kind: 'scalar', values: Float64Array.from(argument) };
  const columns = argument.map((series) => columnOf(series, context.labels));
  return { kind: 'vector', columns, isOrdered: false };
}

function isScalar(argument: readonly Series[] | readonly number[]): argument is readonly number[] {
  return typeof argument[0] === 'number';
}

export interface AggregationCall extends Surroundings {
  readonly grouping?: readonly string[];
  readonly without?: boolean;
  readonly parameter?: Argument;
}

export function aggregate(
  operator: AggregationOperator,
  series: readonly Series[],
  call: AggregationCall = {},
): ColumnAnswer {
  const remarks = new Set<string>();
  const context = contextOf(call, remarks);
  const aggregator = makeAggregator({
    operator,
    grouping: call.grouping ?? [],
    without: call.without ?? false,
    parameter: call.parameter === undefined ? null : valueOf(call.parameter, context),
    site: { span, parameter: null },
    context,
  });
  for (const one of series) {
    const column = columnOf(one, context.labels);
    aggregator.add(column);
    // The evaluator uses its arrays again.
    column.values.fill(Number.NaN);
    column.present?.fill(0);
  }
  const { columns, isOrdered } = aggregator.finish();
  return { series: seriesOf(columns), isOrdered, remarks: [...remarks] };
}
