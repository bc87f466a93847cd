import type { Labels } from '#shared/model/labels.ts';
import {
  compareLabelSets,
  LabelPool,
  metricNameLabel,
  type LabelSet,
} from '#shared/promql/model/label-set.ts';
import { labelTest, type LabelTest } from '#shared/promql/model/matching.ts';
import type { RawSeries, SampleSource } from '#shared/promql/model/samples.ts';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { SeriesBlock } from './series-block.ts';

/**
 * The demo's sample database: raw samples of the last hours. Written by the fleet and the rules, read by
 * queries. A new sample costs its place in a column and no more: there is no index but that of the metrics'
 * names, and what a query is given are views.
 */
export class SeriesStore implements SampleSource {
  readonly labels = new LabelPool();
  readonly #byName = new Map<string, StoredSeries[]>();

  /** @param labelSets of series that no other block has. @param capacity samples kept of each. */
  addBlock(labelSets: readonly Labels[], capacity: number): SeriesBlock {
    const block = new SeriesBlock(labelSets.length, capacity);
    labelSets.forEach((plain, column) => {
      const labels = this.labels.ofLabels(plain);
      const name = labels.get(metricNameLabel);
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [{ labels, block, column }]);
      else known.push({ labels, block, column });
    });
    return block;
  }

  /**
   * The samples for whatever anybody asks: the label sets that the query makes up are forgotten with it.
   * The rules ask the store itself, because theirs are few and the same each time.
   */
  forOneQuery(): SampleSource {
    return {
      labels: new LabelPool(this.labels),
      select: (matchers, fromMs, toMs) => this.select(matchers, fromMs, toMs),
    };
  }

  /**
   * As `SampleSource` says. What it gives is good until the next sample.
   * @throws QueryError where a pattern is not RE2.
   */
  select(matchers: readonly LabelMatcher[], fromMs: number, toMs: number): readonly RawSeries[] {
    const tests = matchers.map((matcher) => labelTest(matcher, 'v3'));
    return this.#named(tests)
      .filter(({ labels }) => tests.every(({ name, test }) => test(labels.get(name))))
      .flatMap(({ labels, block, column }) => {
        const columns = block.read(column, fromMs, toMs);
        return columns === null ? [] : { labels, ...columns };
      })
      .sort((left, right) => compareLabelSets(left.labels, right.labels));
  }

  /** All series but those whose name cannot pass. */
  #named(tests: readonly LabelTest[]): readonly StoredSeries[] {
    const names = tests.find(({ name, accepted }) => name === metricNameLabel && accepted !== null)?.accepted;
    if (names === undefined || names === null) return [...this.#byName.values()].flat();
    return [...new Set(names)].flatMap((name) => this.#byName.get(name) ?? []);
  }
}

interface StoredSeries {
  readonly labels: LabelSet;
  readonly block: SeriesBlock;
  /** Its place in the block. */
  readonly column: number;
}
