import type { LabelSet } from '../model/label-set.ts';
import type { Column } from '../evaluate/columns.ts';
import type { Aggregator, EvaluationContext } from '../evaluate/context.ts';
import type { GroupOf } from './grouping.ts';

/** `limitk`: at each step the first so many series of a group. */
export class FirstAggregator implements Aggregator {
  readonly #room = new Map<LabelSet, Float64Array>();
  readonly #columns: Column[] = [];
  readonly #groupOf: GroupOf;
  readonly #counts: Float64Array;
  readonly #context: EvaluationContext;

  /** @param counts how many to keep, for each step. */
  constructor(groupOf: GroupOf, counts: Float64Array, context: EvaluationContext) {
    this.#groupOf = groupOf;
    this.#counts = counts;
    this.#context = context;
  }

  add(column: Column): void {
    const group = this.#groupOf(column.labels);
    let room = this.#room.get(group);
    if (room === undefined) {
      this.#context.hold(this.#counts.length);
      room = this.#counts.slice();
      this.#room.set(group, room);
    }
    const present = new Uint8Array(room.length);
    let isKept = false;
    for (let step = 0; step < room.length; step++) {
      const left = room[step] ?? 0;
      if (left === 0 || (column.present !== null && column.present[step] === 0)) continue;
      room[step] = left - 1;
      present[step] = 1;
      isKept = true;
    }
    if (!isKept) return;
    this.#context.hold(present.length);
    this.#columns.push({ ...column, values: column.values.slice(), present });
  }

  finish(): { readonly columns: readonly Column[]; readonly isOrdered: false } {
    return { columns: this.#columns, isOrdered: false };
  }
}
