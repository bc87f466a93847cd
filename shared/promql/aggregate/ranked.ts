import { sortByValue } from '../functions/value-order.ts';
import type { LabelSet } from '../model/label-set.ts';
import type { Column } from '../evaluate/columns.ts';
import type { Aggregator, EvaluationContext } from '../evaluate/context.ts';
import type { GroupOf } from './grouping.ts';
import { ValueHeap } from './value-heap.ts';

/**
 * `topk` and `bottomk`: at each step those series of a group that have the greatest or least values. An
 * instant query gives them in the order of their values, group by group.
 */
export class RankedAggregator implements Aggregator {
  readonly #groups = new Map<LabelSet, number[]>();
  readonly #series: Column[] = [];
  readonly #groupOf: GroupOf;
  readonly #keeps: 'greatest' | 'least';
  readonly #counts: Float64Array;
  readonly #context: EvaluationContext;

  /** @param counts how many to keep, for each step. */
  constructor(
    groupOf: GroupOf,
    keeps: 'greatest' | 'least',
    counts: Float64Array,
    context: EvaluationContext,
  ) {
    this.#groupOf = groupOf;
    this.#keeps = keeps;
    this.#counts = counts;
    this.#context = context;
  }

  add(column: Column): void {
    const labels = this.#groupOf(column.labels);
    const index = this.#series.length;
    this.#series.push({
      ...column,
      values: column.values.slice(),
      present: column.present?.slice() ?? null,
    });
    const group = this.#groups.get(labels);
    if (group === undefined) this.#groups.set(labels, [index]);
    else group.push(index);
  }

  finish(): { readonly columns: readonly Column[]; readonly isOrdered: boolean } {
    const steps = this.#counts.length;
    if (steps === 1) return { columns: this.#instant(), isOrdered: true };
    const kept = this.#series.map(() => new Uint8Array(0));
    for (const group of this.#groups.values()) {
      for (let step = 0; step < steps; step++) {
        if (step % 64 === 0) this.#context.checkpoint();
        for (const series of this.#best(group, step)) {
          if (kept[series]?.length === 0) kept[series] = new Uint8Array(steps);
          const present = kept[series];
          if (present !== undefined) present[step] = 1;
        }
      }
    }
    const columns = this.#series.flatMap((column, index) => {
      const present = kept[index] ?? new Uint8Array(0);
      return present.length === 0 ? [] : [{ ...column, present }];
    });
    return { columns, isOrdered: false };
  }

  #instant(): readonly Column[] {
    return [...this.#groups.values()].flatMap((group) => {
      const best = [...this.#best(group, 0)];
      sortByValue(
        best,
        (series) => this.#valueAt(series, 0),
        this.#keeps === 'greatest' ? 'descending' : 'ascending',
      );
      return best.flatMap((series) => this.#series[series] ?? []);
    });
  }

  #valueAt(series: number, step: number): number {
    return this.#series[series]?.values[step] ?? 0;
  }

  /** As they stand in the heap. */
  #best(group: readonly number[], step: number): readonly number[] {
    const room = this.#counts[step] ?? 0;
    if (room === 0) return [];
    const heap = new ValueHeap(this.#keeps, (series) => this.#valueAt(series, step));
    for (const series of group) {
      const present = this.#series[series]?.present ?? null;
      if (present === null || present[step] === 1) heap.offer(series, room);
    }
    return heap.series;
  }
}
