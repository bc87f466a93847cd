import { compareLabelSets, type LabelSet } from '../model/label-set.ts';
import { executionError } from '../problem.ts';
import type { MatchCardinality } from '../syntax/ast.ts';
import { goQuoted } from '../syntax/strings.ts';
import type { Column } from './columns.ts';
import { areDisjoint, either, hasAny, type Presence } from './presence.ts';

/** What makes the matching of two vectors ambiguous, in Prometheus' words. */

interface OneSide {
  readonly partners: ReadonlyMap<LabelSet, readonly Column[]>;
  readonly signature: (labels: LabelSet) => LabelSet;
  readonly side: 'left' | 'right';
  /** The steps at which duplicates matter. */
  readonly checked: Presence;
  readonly checkpoint: () => void;
}

/** @throws QueryError where the side that must have one series of a signature has two at a step. */
export function refuseDuplicates(columns: readonly Column[], oneSide: OneSide): void {
  const suspects = new Set<Column>();
  for (const group of oneSide.partners.values())
    if (group.length > 1) for (const column of group) suspects.add(column);
  if (suspects.size === 0) return;
  const ordered = columns.filter((column) => suspects.has(column));
  const count = ordered[0]?.values.length ?? 0;
  for (let step = 0; step < count; step++) {
    if (oneSide.checked !== null && oneSide.checked[step] !== 1) continue;
    oneSide.checkpoint();
    refuseAt(step, ordered, oneSide);
  }
}

function refuseAt(step: number, columns: readonly Column[], { signature, side }: OneSide): void {
  const seen = new Map<LabelSet, Column>();
  for (const column of columns) {
    if (column.present !== null && column.present[step] !== 1) continue;
    const key = signature(column.labels);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      const isInOrder = compareLabelSets(earlier.labels, column.labels) <= 0;
      const [first, second] = isInOrder ? [earlier.labels, column.labels] : [column.labels, earlier.labels];
      throw executionError(
        `found duplicate series for the match group ${labelText(key)} on the ${side} hand-side of the operation: ` +
          `[${labelText(first)}, ${labelText(second)}]` +
          ';many-to-many matching not allowed: matching labels must be unique on one side',
      );
    }
    seen.set(key, column);
  }
}

const plainLabelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A label set as Prometheus writes it in messages, the name among the braces. */
function labelText(labels: LabelSet): string {
  const parts = labels.names.map((name, index) => {
    const written = plainLabelName.test(name) ? name : goQuoted(name);
    return `${written}=${goQuoted(labels.values[index] ?? '')}`;
  });
  return `{${parts.join(', ')}}`;
}

/** The matches so far: each signature may have one at a step, or with grouping one for each result. */
export class MatchRegister {
  readonly #cardinality: MatchCardinality;
  readonly #steps = new Map<LabelSet, Map<LabelSet | null, Presence>>();

  constructor(cardinality: MatchCardinality) {
    this.#cardinality = cardinality;
  }

  /** @throws QueryError where a step has two matches that give the same result. */
  note(signature: LabelSet, result: LabelSet, present: Presence): void {
    if (!hasAny(present)) return;
    const isOneToOne = this.#cardinality === 'one-to-one';
    const key = isOneToOne ? null : result;
    const results = this.#steps.get(signature) ?? new Map<LabelSet | null, Presence>();
    const before = results.get(key);
    if (before !== undefined && !areDisjoint(before, present)) throw ambiguous(isOneToOne);
    results.set(key, before === undefined ? present : either(before, present));
    this.#steps.set(signature, results);
  }
}

function ambiguous(isOneToOne: boolean): Error {
  const remedy = isOneToOne
    ? 'many-to-one matching must be explicit (group_left/group_right)'
    : 'grouping labels must ensure unique matches';
  return executionError(`multiple matches for labels: ${remedy}`);
}
