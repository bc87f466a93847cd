import { labelOf, type Labels } from '#shared/model/labels.ts';
import {
  isComparison,
  type BinaryOperation,
  type CalculatingOperator,
  type Matching,
  type SetOperator,
} from './ast.ts';
import {
  dropLabels,
  dropName,
  emptyColumn,
  keepLabels,
  mapColumns,
  printLabels,
  relabel,
  setValue,
  signatureOf,
  valueAt,
  type Column,
  type Steps,
} from './columns.ts';
import { executionError } from './query-error.ts';

/** Binary operators between scalars and vectors. Source: prometheus promql/engine.go, VectorBinop (3.x). */

/** An operator on two numbers; a comparison gives 1 or 0. */
export function calculate(operator: CalculatingOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return power(left, right);
    case 'atan2':
      return Math.atan2(left, right);
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '>':
      return Number(left > right);
    case '<':
      return Number(left < right);
    case '>=':
      return Number(left >= right);
    case '<=':
      return Number(left <= right);
  }
}

/** Go's power: unlike JavaScript's, one to any power is one. */
function power(left: number, right: number): number {
  if (left === 1 || (left === -1 && !Number.isFinite(right) && !Number.isNaN(right))) return 1;
  return left ** right;
}

/** A vector with a scalar. A comparison filters and keeps the vector's value, on whichever side it is. */
export function vectorWithScalar(
  operation: Pick<BinaryOperation, 'bool'> & { readonly operator: CalculatingOperator },
  columns: readonly Column[],
  scalar: Float64Array,
  scalarIsLeft: boolean,
): readonly Column[] {
  const { operator, bool } = operation;
  const filters = isComparison(operator) && !bool;
  const result = mapColumns(columns, (value, step) => {
    const other = scalar[step] ?? Number.NaN;
    const calculated = scalarIsLeft ? calculate(operator, other, value) : calculate(operator, value, other);
    if (!filters) return calculated;
    return calculated === 1 ? value : undefined;
  });
  return filters ? result : relabel(result, dropName);
}

export function combineSets(
  operator: SetOperator,
  matching: Matching,
  left: readonly Column[],
  right: readonly Column[],
  steps: Steps,
): readonly Column[] {
  const leftGroups = matchGroups(matching, left);
  const rightGroups = matchGroups(matching, right);
  const seen = (groups: readonly string[], columns: readonly Column[], step: number): ReadonlySet<string> =>
    new Set(groups.filter((_group, index) => columns[index]?.present[step] === 1));
  const leftAt = Array.from({ length: steps.count }, (_, step) => seen(leftGroups, left, step));
  const rightAt = Array.from({ length: steps.count }, (_, step) => seen(rightGroups, right, step));
  const kept = (
    columns: readonly Column[],
    keep: (index: number, step: number) => boolean,
  ): readonly Column[] =>
    columns.flatMap((column, index) =>
      mapColumns([column], (value, step) => (keep(index, step) ? value : undefined)),
    );
  switch (operator) {
    case 'and':
      return kept(left, (index, step) => rightAt[step]?.has(leftGroups[index] ?? '') ?? false);
    case 'unless':
      return kept(left, (index, step) => !rightAt[step]?.has(leftGroups[index] ?? ''));
    case 'or':
      return relabel(
        [...left, ...kept(right, (index, step) => !leftAt[step]?.has(rightGroups[index] ?? ''))],
        (labels) => labels,
      );
  }
}

/** Two vectors, matched by labels: one to one, or many to one where the query says so. */
export function combineVectors(
  operation: BinaryOperation & { readonly operator: CalculatingOperator },
  left: readonly Column[],
  right: readonly Column[],
  steps: Steps,
): readonly Column[] {
  const { matching, operator, bool } = operation;
  const swapped = matching.many === 'right';
  const [many, one] = swapped ? [right, left] : [left, right];
  const manyGroups = matchGroups(matching, many);
  const oneGroups = matchGroups(matching, one);
  const filters = isComparison(operator) && !bool;
  const results = new ResultColumns(operation, steps);
  for (let step = 0; step < steps.count; step++) {
    if (!many.some((column) => column.present[step] === 1)) continue;
    const partners = partnersAt(one, oneGroups, step, matching, swapped ? 'left' : 'right');
    results.beginStep();
    many.forEach((column, index) => {
      const group = manyGroups[index] ?? '';
      const partner = partners.get(group);
      if (column.present[step] !== 1 || partner === undefined) return;
      const [first, second] = swapped ? [partner, column] : [column, partner];
      const calculated = calculate(operator, valueAt(first, step), valueAt(second, step));
      const value = filters ? valueAt(first, step) : calculated;
      results.set(column, partner, group, step, filters && calculated !== 1 ? undefined : value);
    });
  }
  return results.columns();
}

/** For each column, the text of the labels it is matched by. */
function matchGroups({ on, labels }: Matching, columns: readonly Column[]): readonly string[] {
  return columns.map((column) => signatureOf(matchLabels(on, labels, column.labels)));
}

function matchLabels(on: boolean, names: readonly string[], labels: Labels): Labels {
  return on ? keepLabels(labels, names) : dropLabels(labels, ['__name__', ...names]);
}

function partnersAt(
  columns: readonly Column[],
  groups: readonly string[],
  step: number,
  { on, labels }: Matching,
  side: 'left' | 'right',
): ReadonlyMap<string, Column> {
  const partners = new Map<string, Column>();
  columns.forEach((column, index) => {
    if (column.present[step] !== 1) return;
    const group = groups[index] ?? '';
    const other = partners.get(group);
    if (other !== undefined) {
      throw executionError(
        `found duplicate series for the match group ${printLabels(matchLabels(on, labels, column.labels))} ` +
          `on the ${side} hand-side of the operation: [${printLabels(column.labels)}, ${printLabels(other.labels)}]` +
          ';many-to-many matching not allowed: matching labels must be unique on one side',
      );
    }
    partners.set(group, column);
  });
  return partners;
}

/** Collects the results of matched pairs and finds matches that are not unique. */
class ResultColumns {
  readonly #operation: BinaryOperation;
  readonly #steps: Steps;
  readonly #columns = new Map<string, Column>();
  readonly #ofPair = new Map<Column, Map<Column, { readonly column: Column; readonly signature: string }>>();
  #taken = new Set<string>();

  constructor(operation: BinaryOperation, steps: Steps) {
    this.#operation = operation;
    this.#steps = steps;
  }

  beginStep(): void {
    this.#taken = new Set();
  }

  /** @param value undefined where a comparison filters it out: the match must be unique all the same. */
  set(many: Column, one: Column, group: string, step: number, value: number | undefined): void {
    const { column, signature } = this.#pair(many, one);
    const oneToOne = this.#operation.matching.many === null;
    const key = oneToOne ? group : signature;
    if (this.#taken.has(key)) {
      throw executionError(
        oneToOne
          ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
          : 'multiple matches for labels: grouping labels must ensure unique matches',
      );
    }
    this.#taken.add(key);
    if (value !== undefined) setValue(column, step, value);
  }

  columns(): readonly Column[] {
    return [...this.#columns.values()];
  }

  #pair(many: Column, one: Column): { readonly column: Column; readonly signature: string } {
    const known = this.#ofPair.get(many)?.get(one);
    if (known !== undefined) return known;
    const labels = resultLabels(this.#operation, many.labels, one.labels);
    const signature = signatureOf(labels);
    const column = this.#columns.get(signature) ?? emptyColumn(labels, this.#steps);
    this.#columns.set(signature, column);
    const pairs = this.#ofPair.get(many) ?? new Map();
    this.#ofPair.set(many, pairs.set(one, { column, signature }));
    return { column, signature };
  }
}

function resultLabels({ operator, bool, matching }: BinaryOperation, many: Labels, one: Labels): Labels {
  let labels = isComparison(operator) && !bool ? many : dropName(many);
  if (matching.many === null) {
    labels = matching.on ? keepLabels(labels, matching.labels) : dropLabels(labels, matching.labels);
  }
  for (const name of matching.include) {
    const value = labelOf(one, name);
    labels = value === '' ? dropLabels(labels, [name]) : { ...labels, [name]: value };
  }
  return labels;
}
