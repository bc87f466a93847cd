import type { LabelSet } from '../model/label-set.ts';
import type { Binary, SetOperator } from '../syntax/ast.ts';
import type { Column } from './columns.ts';
import { both, either, hasAny, without, type Presence } from './presence.ts';
import type { Scope } from './scope.ts';
import { plainMatching, signatureOf } from './signatures.ts';

interface Sides {
  readonly left: readonly Column[];
  readonly right: readonly Column[];
}

/** `and`, `or` and `unless`: which series a side has at each step, by their signatures. */
export function combineSets(
  scope: Scope,
  { matching }: Binary,
  operator: SetOperator,
  { left, right }: Sides,
): readonly Column[] {
  const signature = signatureOf(scope, matching ?? plainMatching);
  if (operator === 'or') {
    const taken = presenceBySignature(scope, left, signature);
    return [...left, ...narrowed(scope, right, (column) => absentFrom(scope, taken, signature, column))];
  }
  const other = presenceBySignature(scope, right, signature);
  if (operator === 'unless')
    return narrowed(scope, left, (column) => absentFrom(scope, other, signature, column));
  return narrowed(scope, left, (column) => {
    const found = other.get(signature(column.labels));
    return found === undefined ? undefined : both(column.present, found);
  });
}

function presenceBySignature(
  scope: Scope,
  columns: readonly Column[],
  signature: (labels: LabelSet) => LabelSet,
): ReadonlyMap<LabelSet, Presence> {
  const presences = new Map<LabelSet, Presence>();
  for (const column of columns) {
    scope.checkpoint();
    const key = signature(column.labels);
    const before = presences.get(key);
    presences.set(key, before === undefined ? column.present : either(before, column.present));
  }
  return presences;
}

/** @returns undefined where nothing is left of the column. */
function absentFrom(
  scope: Scope,
  presences: ReadonlyMap<LabelSet, Presence>,
  signature: (labels: LabelSet) => LabelSet,
  column: Column,
): Presence | undefined {
  const other = presences.get(signature(column.labels));
  return other === undefined ? column.present : without(column.present, other, scope.steps.count);
}

/** @param narrow undefined leaves a column out. */
function narrowed(
  scope: Scope,
  columns: readonly Column[],
  narrow: (column: Column) => Presence | undefined,
): readonly Column[] {
  const kept: Column[] = [];
  for (const column of columns) {
    scope.checkpoint();
    const present = narrow(column);
    if (present === undefined) continue;
    if (present === column.present) kept.push(column);
    else if (hasAny(present)) kept.push({ ...column, present });
  }
  return kept;
}
