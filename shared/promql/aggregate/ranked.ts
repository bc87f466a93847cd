import { sortByValue } from '../functions/value-order.ts';
import type { LabelSet } from '../model/label-set.ts';
import type { Column } from '../evaluate/columns.ts';
import type { Aggregator, EvaluationContext } from '../evaluate/context.ts';
import type { GroupOf } from './grouping.ts';
import { StepHeaps } from './step-heaps.ts';

/**
 * `topk` and `bottomk`: at each step those series of a group that have the greatest or least values. An
 * instant query gives them in the order of their values, group by group.
 */
export class RankedAggregator implements Aggregator {
  readonly #groups = new Map<LabelSet, StepHeaps>();
  readonly #series: Pick<Column, 'labels' | 'dropsName'>[] = [];
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

  add({ labels, dropsName, values, present }: Column): void {
    const group = this.#groupOf(labels);
    let heaps = this.#groups.get(group);
    if (heaps === undefined) {
      heaps = new StepHeaps(this.#keeps, this.#counts, this.#context);
      this.#groups.set(group, heaps);
    }
    heaps.add(this.#series.push({ labels, dropsName }) - 1, values, present);
  }

  finish(): { readonly columns: readonly Column[]; readonly isOrdered: boolean } {
    const isInstant = this.#counts.length === 1;
    return { columns: isInstant ? this.#ofInstant() : this.#ofRange(), isOrdered: isInstant };
  }

  #ofRange(): readonly Column[] {
    const steps = this.#counts.length;
    const kept = new Map<number, { readonly values: Float64Array; readonly present: Uint8Array }>();
    for (const heaps of this.#groups.values()) {
      for (let step = 0; step < steps; step++) {
        if (step % 64 === 0) this.#context.checkpoint();
        heaps.forEach(step, (series, value) => {
          const column = kept.get(series) ?? this.#emptyColumn();
          column.values[step] = value;
          column.present[step] = 1;
          kept.set(series, column);
        });
      }
    }
    return this.#series.flatMap((series, index) => {
      const column = kept.get(index);
      return column === undefined ? [] : [{ ...series, ...column }];
    });
  }

  #emptyColumn(): { readonly values: Float64Array; readonly present: Uint8Array } {
    const steps = this.#counts.length;
    this.#context.hold(steps);
    return { values: new Float64Array(steps), present: new Uint8Array(steps) };
  }

  #ofInstant(): readonly Column[] {
    const direction = this.#keeps === 'greatest' ? 'descending' : 'ascending';
    return [...this.#groups.values()].flatMap((heaps) => {
      const values = new Map<number, number>();
      heaps.forEach(0, (series, value) => values.set(series, value));
      const best = [...values.keys()];
      sortByValue(best, (series) => values.get(series) ?? 0, direction);
      return best.flatMap((index) => {
        const series = this.#series[index];
        const value = values.get(index) ?? 0;
        return series === undefined ? [] : [{ ...series, values: Float64Array.of(value), present: null }];
      });
    });
  }
}
