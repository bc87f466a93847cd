import type { Labels } from '#shared/model/labels.ts';
import type { Aggregation, AggregationOperator, Grouping } from './ast.ts';
import {
  dropLabels,
  emptyColumn,
  isEmpty,
  keepLabels,
  setValue,
  signatureOf,
  valueAt,
  type Column,
  type Steps,
} from './columns.ts';
import { ExactSum, quantileOf, varianceOf } from './window-functions.ts';

/** The aggregations: columns are grouped by labels once, then each group is folded step by step. */
export function aggregate(
  { operator, grouping }: Pick<Aggregation, 'operator' | 'grouping'>,
  parameterAt: (step: number) => number,
  columns: readonly Column[],
  steps: Steps,
): readonly Column[] {
  const groups = [...groupsOf(grouping, columns).values()];
  if (operator === 'topk' || operator === 'bottomk') {
    return groups.flatMap((group) => ranked(operator, parameterAt, group.members, steps));
  }
  return groups.map(({ labels, members }) => {
    const result = emptyColumn(labels, steps);
    for (let step = 0; step < steps.count; step++) {
      const values = valuesAt(members, step);
      if (values.length > 0) setValue(result, step, fold(operator, values, parameterAt, step));
    }
    return result;
  });
}

interface Group {
  readonly labels: Labels;
  readonly members: Column[];
}

function groupsOf(grouping: Grouping, columns: readonly Column[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const column of columns) {
    const labels = grouping.without
      ? dropLabels(column.labels, ['__name__', ...grouping.labels])
      : keepLabels(column.labels, grouping.labels);
    const signature = signatureOf(labels);
    const group = groups.get(signature) ?? { labels, members: [] };
    group.members.push(column);
    groups.set(signature, group);
  }
  return groups;
}

function valuesAt(members: readonly Column[], step: number): Float64Array {
  const values = new Float64Array(members.length);
  let count = 0;
  for (const member of members) if (member.present[step] === 1) values[count++] = valueAt(member, step);
  return values.subarray(0, count);
}

function fold(
  operator: Exclude<AggregationOperator, 'topk' | 'bottomk'>,
  values: Float64Array,
  parameterAt: (step: number) => number,
  step: number,
): number {
  switch (operator) {
    case 'sum':
      return exactSum(values);
    case 'avg':
      return exactSum(values) / values.length;
    case 'count':
      return values.length;
    case 'group':
      return 1;
    case 'min':
      return values.reduce((best, value) => (value < best || Number.isNaN(best) ? value : best));
    case 'max':
      return values.reduce((best, value) => (value > best || Number.isNaN(best) ? value : best));
    case 'stdvar':
      return varianceOf(values);
    case 'stddev':
      return Math.sqrt(varianceOf(values));
    case 'quantile':
      return quantileOf(parameterAt(step), values);
  }
}

function exactSum(values: Float64Array): number {
  const sum = new ExactSum();
  for (const value of values) sum.add(value);
  return sum.value;
}

/** Keeps the k greatest or least members of a group at each step; in an instant query in that order. */
function ranked(
  operator: 'topk' | 'bottomk',
  parameterAt: (step: number) => number,
  members: readonly Column[],
  steps: Steps,
): readonly Column[] {
  const kept = new Map(members.map((member) => [member, emptyColumn(member.labels, steps)]));
  const direction = operator === 'topk' ? -1 : 1;
  let order: readonly Column[] = members;
  for (let step = 0; step < steps.count; step++) {
    const wanted = Math.trunc(parameterAt(step));
    order = members
      .filter((member) => member.present[step] === 1)
      .sort((left, right) => compareValues(valueAt(left, step), valueAt(right, step), direction));
    for (const member of order.slice(0, Math.max(0, wanted))) {
      const column = kept.get(member);
      if (column !== undefined) setValue(column, step, valueAt(member, step));
    }
  }
  const listed = steps.count === 1 ? order : members;
  return listed.flatMap((member) => kept.get(member) ?? []).filter((column) => !isEmpty(column));
}

/** Orders values; NaN comes last in both directions. */
export function compareValues(left: number, right: number, direction: 1 | -1): number {
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left === right ? 0 : direction * (left < right ? -1 : 1);
}
