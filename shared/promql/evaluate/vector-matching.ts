import { withoutMetadata } from '../functions/metadata-labels.ts';
import type { LabelSet } from '../model/label-set.ts';
import { notSupported } from '../problem.ts';
import type { ArithmeticOperator, Binary, ComparisonOperator, VectorMatching } from '../syntax/ast.ts';
import { calculate, changesMetric, compare, isArithmetic, isComparison } from './arithmetic.ts';
import type { Column } from './columns.ts';
import { MatchRegister, refuseDuplicates } from './match-conflicts.ts';
import { rememberedChange } from './names.ts';
import { both, either, hasAny, without, type Presence } from './presence.ts';
import { labelsOf, type Scope } from './scope.ts';
import { plainMatching, signatureOf } from './signatures.ts';

export interface Sides {
  readonly left: readonly Column[];
  readonly right: readonly Column[];
}

/**
 * Arithmetic and comparison of two vectors. One side has at most one series of a signature at each step
 * (`one`), the other may have several where `group_left` or `group_right` says so (`many`).
 */
export function matchVectors(scope: Scope, binary: Binary, { left, right }: Sides): readonly Column[] {
  const matching = binary.matching ?? plainMatching;
  const isSwapped = matching.cardinality === 'one-to-many';
  const [many, one] = isSwapped ? [right, left] : [left, right];
  const signature = signatureOf(scope, matching);
  const partners = grouped(scope, one, signature);
  const { fill } = matching;
  const fills = fill.left !== null || fill.right !== null;
  refuseDuplicates(one, {
    partners,
    signature,
    side: isSwapped ? 'left' : 'right',
    // Where a side is empty nothing is matched, and nothing refused.
    checked: fills ? null : presenceOfAny(many, scope.steps.count),
    checkpoint: () => {
      scope.checkpoint();
    },
  });
  const pairing = new Pairing(scope, binary, matching);
  for (const column of many) {
    scope.checkpoint();
    const key = signature(column.labels);
    const found = partners.get(key) ?? [];
    for (const partner of found) {
      scope.checkpoint();
      pairing.add(key, { many: column, one: partner }, both(column.present, partner.present));
    }
    if (fill.right === null) continue;
    const alone = without(column.present, presenceOfAny(found, scope.steps.count), scope.steps.count);
    pairing.add(key, { many: column, one: constant(scope, key, fill.right) }, alone);
  }
  if (fill.left !== null) {
    const matched = grouped(scope, many, signature);
    for (const column of one) {
      const key = signature(column.labels);
      const count = scope.steps.count;
      const alone = without(column.present, presenceOfAny(matched.get(key) ?? [], count), count);
      pairing.add(key, { many: constant(scope, key, fill.left), one: column }, alone);
    }
  }
  return pairing.columns;
}

function grouped(
  scope: Scope,
  columns: readonly Column[],
  signature: (labels: LabelSet) => LabelSet,
): ReadonlyMap<LabelSet, readonly Column[]> {
  const groups = new Map<LabelSet, Column[]>();
  for (const column of columns) {
    scope.checkpoint();
    const key = signature(column.labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [column]);
    else group.push(column);
  }
  return groups;
}

function presenceOfAny(columns: readonly Column[], count: number): Presence {
  let present: Presence = new Uint8Array(count);
  for (const column of columns) {
    present = either(present, column.present);
    if (present === null) return null;
  }
  return present;
}

/** Stands for a side that has no series of a signature. */
function constant({ steps }: Scope, labels: LabelSet, value: number): Column {
  return { labels, values: new Float64Array(steps.count).fill(value), present: null, dropsName: false };
}

interface Pair {
  readonly many: Column;
  readonly one: Column;
}

/** Makes result columns of matching pairs. */
class Pairing {
  readonly columns: Column[] = [];
  readonly #scope: Scope;
  readonly #binary: Binary;
  readonly #matching: VectorMatching;
  readonly #register: MatchRegister;
  readonly #labelsOf: (labels: LabelSet) => LabelSet;

  constructor(scope: Scope, binary: Binary, matching: VectorMatching) {
    this.#scope = scope;
    this.#binary = binary;
    this.#matching = matching;
    this.#register = new MatchRegister(matching.cardinality);
    this.#labelsOf = manyLabels(scope, binary, matching);
  }

  /** @param met the steps at which both are present. */
  add(signature: LabelSet, pair: Pair, met: Presence): void {
    if (!hasAny(met)) return;
    const { operator, bool } = this.#binary;
    const labels = this.#resultLabels(pair);
    const isLater = this.#scope.options.semantics === 'v3';
    if (isLater) this.#register.note(signature, labels, met);
    const values = this.#operands(pair);
    const column = isArithmetic(operator)
      ? this.#calculated(operator, values, met)
      : isComparison(operator)
        ? this.#compared(operator, values, met)
        : null;
    if (column === null) throw notSupported(`the operator ${operator}`, this.#binary.span);
    // Until Prometheus 3.9 a match that a comparison filtered away was none.
    if (!isLater) this.#register.note(signature, labels, column.present);
    if (!hasAny(column.present)) return;
    this.#scope.query.budget.hold(this.#scope.steps.count);
    const isDelayed = this.#scope.options.delayedNameRemoval;
    const keepsMark = isComparison(operator) && !bool && pair.many.dropsName;
    this.columns.push({ labels, ...column, dropsName: keepsMark || (bool && isDelayed) });
  }

  #operands({ many, one }: Pair): readonly [Float64Array, Float64Array] {
    return this.#matching.cardinality === 'one-to-many'
      ? [one.values, many.values]
      : [many.values, one.values];
  }

  #calculated(
    operator: ArithmeticOperator,
    operands: readonly [Float64Array, Float64Array],
    met: Presence,
  ): Pick<Column, 'values' | 'present'> {
    const values = new Float64Array(this.#scope.steps.count);
    calculate(operator, operands, values);
    return { values, present: met };
  }

  /** A filter keeps the values of the left side, whichever side is the many. */
  #compared(
    operator: ComparisonOperator,
    operands: readonly [Float64Array, Float64Array],
    met: Presence,
  ): Pick<Column, 'values' | 'present'> {
    const holds = new Uint8Array(this.#scope.steps.count);
    compare(operator, operands, holds);
    if (this.#binary.bool) return { values: Float64Array.from(holds), present: met };
    return { values: operands[0], present: both(holds, met) };
  }

  #resultLabels({ many, one }: Pair): LabelSet {
    const labels = this.#labelsOf(many.labels);
    const { include } = this.#matching;
    if (include.length === 0) return labels;
    const { options } = this.#scope;
    const changes = new Map(include.map((name) => [name, one.labels.get(name)]));
    const changed = labelsOf(this.#scope).with(labels, changes);
    return this.#binary.bool && !options.delayedNameRemoval ? withoutMetadata(changed, this.#scope) : changed;
  }
}

/** The labels of the many side that stay in the result, before any are copied from the other. */
function manyLabels(
  scope: Scope,
  { operator, bool }: Binary,
  matching: VectorMatching,
): (labels: LabelSet) => LabelSet {
  const isNameless =
    changesMetric(operator, scope.options.semantics) || (bool && !scope.options.delayedNameRemoval);
  const stripped = (labels: LabelSet): LabelSet => (isNameless ? withoutMetadata(labels, scope) : labels);
  if (matching.cardinality !== 'one-to-one') return stripped;
  const names = new Set(matching.labels);
  const pool = labelsOf(scope);
  const kind = `${matching.on ? 'keep' : 'drop'}${isNameless ? ' nameless' : ''} ${scope.options.semantics}`;
  return rememberedChange(pool, `${kind}:${JSON.stringify([...names].sort())}`, (labels) =>
    pool.filter(stripped(labels), (name) => names.has(name) === matching.on),
  );
}
