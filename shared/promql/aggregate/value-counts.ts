import { formatFloat } from '#shared/gotemplate/float-format.ts';
import type { LabelSet } from '../model/label-set.ts';
import type { Column } from '../evaluate/columns.ts';
import type { Aggregator, EvaluationContext } from '../evaluate/context.ts';
import type { GroupOf } from './grouping.ts';

interface ValueCounts {
  readonly values: Float64Array;
  readonly seen: Uint8Array;
}

/** `count_values`: how many series of a group have each value, which becomes a label. */
export class ValueCountAggregator implements Aggregator {
  readonly #counts = new Map<LabelSet, ValueCounts>();
  readonly #groupOf: GroupOf;
  readonly #label: string;
  readonly #context: EvaluationContext;

  /** @param groupOf of series that have the label already. */
  constructor(groupOf: GroupOf, label: string, context: EvaluationContext) {
    this.#groupOf = groupOf;
    this.#label = label;
    this.#context = context;
  }

  add(column: Column): void {
    const { count } = this.#context.steps;
    // A series has the same value for long.
    let lastValue = Number.NaN;
    let lastCounts: ValueCounts | null = null;
    for (let step = 0; step < count; step++) {
      if (column.present !== null && column.present[step] === 0) continue;
      const value = column.values[step] ?? 0;
      if (lastCounts === null || !Object.is(value, lastValue)) {
        lastValue = value;
        lastCounts = this.#countsOf(column, value);
      }
      lastCounts.values[step] = (lastCounts.values[step] ?? 0) + 1;
      lastCounts.seen[step] = 1;
    }
  }

  #countsOf(column: Column, value: number): ValueCounts {
    const text = formatFloat(value, 'f', null);
    const series = this.#context.labels.with(column.labels, new Map([[this.#label, text]]));
    const labels = this.#groupOf(series);
    let counts = this.#counts.get(labels);
    if (counts === undefined) {
      const steps = this.#context.steps.count;
      this.#context.hold(steps);
      this.#context.checkpoint();
      counts = { values: new Float64Array(steps), seen: new Uint8Array(steps) };
      this.#counts.set(labels, counts);
    }
    return counts;
  }

  finish(): { readonly columns: readonly Column[]; readonly isOrdered: false } {
    const columns = [...this.#counts].map(([labels, { values, seen }]) => ({
      labels,
      values,
      present: seen.includes(0) ? seen : null,
      dropsName: false,
    }));
    return { columns, isOrdered: false };
  }
}
