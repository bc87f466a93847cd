import type { LabelSet } from '../model/label-set.ts';
import type { Column } from '../evaluate/columns.ts';
import type { Aggregator, EvaluationContext } from '../evaluate/context.ts';
import type { Accumulator } from './accumulators.ts';
import type { GroupOf } from './grouping.ts';

/** Aggregations that make one series of each group, in the order in which groups appear. */
export class GroupedAggregator implements Aggregator {
  readonly #groups = new Map<LabelSet, { readonly accumulator: Accumulator; dropsName: boolean }>();
  readonly #groupOf: GroupOf;
  readonly #begin: () => Accumulator;
  readonly #context: EvaluationContext;

  constructor(groupOf: GroupOf, begin: () => Accumulator, context: EvaluationContext) {
    this.#groupOf = groupOf;
    this.#begin = begin;
    this.#context = context;
  }

  add(column: Column): void {
    const labels = this.#groupOf(column.labels);
    let group = this.#groups.get(labels);
    if (group === undefined) {
      this.#context.hold(this.#context.steps.count);
      group = { accumulator: this.#begin(), dropsName: false };
      this.#groups.set(labels, group);
    }
    group.accumulator.add(column.values, column.present);
    if (column.dropsName) group.dropsName = true;
  }

  finish(): { readonly columns: readonly Column[]; readonly isOrdered: false } {
    const columns = [...this.#groups].map(([labels, { accumulator, dropsName }]) => ({
      labels,
      values: accumulator.finish(),
      present: accumulator.seen.includes(0) ? accumulator.seen : null,
      dropsName,
    }));
    return { columns, isOrdered: false };
  }
}
