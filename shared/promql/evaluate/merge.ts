import { executionError, type QueryError } from '../problem.ts';
import { metricNameLabel, type LabelSet } from '../model/label-set.ts';
import type { Column } from './columns.ts';
import { areDisjoint, either, hasAny, type Presence } from './presence.ts';

/**
 * Two series of one label set, after labels were taken away: where they have no step in common they are one
 * series, and otherwise the answer is an error.
 */
function sameLabelSetError(): QueryError {
  return executionError('vector cannot contain metrics with the same labelset');
}

/** Columns without any value go; those of equal labels become one, in the place of the first. */
export function mergedColumns(columns: readonly Column[]): readonly Column[] {
  const places = new Map<LabelSet, number>();
  const merged: Column[] = [];
  for (const column of columns) {
    if (!hasAny(column.present)) continue;
    const place = places.get(column.labels);
    const earlier = place === undefined ? undefined : merged[place];
    if (place === undefined || earlier === undefined) {
      places.set(column.labels, merged.length);
      merged.push(column);
    } else merged[place] = joined(earlier, column);
  }
  return merged;
}

function joined(first: Column, second: Column): Column {
  if (!areDisjoint(first.present, second.present)) throw sameLabelSetError();
  const values = first.values.slice();
  for (let step = 0; step < values.length; step++)
    if (second.present?.[step] === 1) values[step] = second.values[step] ?? 0;
  return {
    labels: first.labels,
    values,
    present: either(first.present, second.present),
    // Prometheus takes the mark of a series' first value for all of them.
    dropsName: beginsBefore(first.present, second.present) ? first.dropsName : second.dropsName,
  };
}

function beginsBefore(first: Presence, second: Presence): boolean {
  return first === null || (second !== null && first.indexOf(1) < second.indexOf(1));
}

/**
 * The same check for columns that go by one at a time and are not merged: whoever adds them up need not
 * have them as one. The columns come from different label sets; as long as all lost the same name, they
 * are different still.
 */
export class LabelSetGuard {
  readonly #allowsDisjoint: boolean;
  /** Until two names were lost, what to look at once that happens. */
  #unchecked: { readonly labels: LabelSet; readonly present: Presence }[] | null = [];
  #lostName: string | null = null;
  readonly #seen = new Map<LabelSet, Presence>();

  /** @param allowsDisjoint whether series may share labels if they share no step. */
  constructor(allowsDisjoint: boolean) {
    this.#allowsDisjoint = allowsDisjoint;
  }

  /**
   * @param before the series' labels as they were, of no other column.
   * @throws QueryError where the column collides with an earlier one.
   */
  check(before: LabelSet, labels: LabelSet, present: Presence): void {
    if (this.#unchecked !== null) {
      const name = soleNameLost(before, labels);
      this.#lostName ??= name;
      if (name !== null && name === this.#lostName) {
        this.#unchecked.push({ labels, present: this.#kept(present) });
        return;
      }
      for (const earlier of this.#unchecked) this.#note(earlier.labels, earlier.present);
      this.#unchecked = null;
    }
    this.#note(labels, present);
  }

  /** Presences may be written again for the next column. */
  #kept(present: Presence): Presence {
    return this.#allowsDisjoint ? (present?.slice() ?? null) : null;
  }

  #note(labels: LabelSet, present: Presence): void {
    const earlier = this.#seen.get(labels);
    if (earlier === undefined) {
      this.#seen.set(labels, this.#kept(present));
      return;
    }
    if (!this.#allowsDisjoint || !areDisjoint(earlier, present)) throw sameLabelSetError();
    this.#seen.set(labels, either(earlier, present));
  }
}

/** The metric's name if nothing else was taken away, empty if nothing was; null in any other case. */
function soleNameLost(before: LabelSet, labels: LabelSet): string | null {
  if (before === labels) return '';
  if (before.names.length - labels.names.length !== 1) return null;
  const name = before.get(metricNameLabel);
  return name === '' ? null : name;
}
