import { LabelIndex } from '#shared/promql/model/label-index.ts';
import {
  compareLabelSets,
  metricNameLabel,
  type LabelPool,
  type LabelSet,
} from '#shared/promql/model/label-set.ts';
import type { LabelTest } from '#shared/promql/model/matching.ts';
import { DamagedContent } from '../../database.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { digestOf, pairsOfText } from './series-table.ts';
import * as sql from './statements.ts';

/**
 * The series of a source by their labels, in memory as far as they were asked for: most selectors name a
 * metric, and a start need not wait for all others.
 */
export interface IndexedSeries {
  readonly id: number;
  readonly labels: LabelSet;
}

interface Metric {
  /** In the order of `compareLabelSets`. */
  readonly series: readonly IndexedSeries[];
  readonly index: LabelIndex;
}

interface SeriesRow {
  readonly id: number;
  readonly digest: number;
  readonly labels: string;
}

const noMetric: Metric = { series: [], index: new LabelIndex([]) };

export class SeriesIndex {
  readonly #statements: StatementCache;
  readonly #labels: LabelPool;
  readonly #sourceId: number;
  readonly #metrics = new Map<string, Metric>();
  /** Names and values are repeated; each text is held once. */
  readonly #texts = new Map<string, string>();
  /** All metrics are in memory, and their series under the empty name, too. */
  #isWhole = false;
  #count = 0;
  #lastId = 0;
  #labelBytes = 0;

  constructor(statements: StatementCache, labels: LabelPool, sourceId: number) {
    this.#statements = statements;
    this.#labels = labels;
    this.#sourceId = sourceId;
  }

  /** About what the labels of the series that were read take of the pool. */
  get labelBytes(): number {
    return this.#labelBytes;
  }

  /** In the order of `compareLabelSets`. */
  select(tests: readonly LabelTest[]): readonly IndexedSeries[] {
    const name = tests.find(
      (test) => test.name === metricNameLabel && test.accepted !== null && !test.acceptsEmpty,
    );
    const metrics = name?.accepted?.map((metric) => this.#metric(metric)) ?? [this.#whole()];
    // A metric's series have its name.
    const rest = tests.filter((test) => test !== name);
    const found = metrics.flatMap(({ series, index }) =>
      rest.length === 0 ? series : index.select(rest).flatMap((place) => series[place] ?? []),
    );
    return metrics.length > 1 ? found.sort(compareSeries) : found;
  }

  /** Follows what was committed since the last time. @returns whether there are other series now. */
  refresh(): boolean {
    const { count, lastId } = this.#statements.get(sql.seriesBounds, { sourceId: this.#sourceId }) as {
      readonly count: number;
      readonly lastId: number;
    };
    if (count === this.#count && lastId === this.#lastId) return false;
    if (this.#metrics.size > 0) {
      const added = this.#read(sql.seriesAfter, { afterId: this.#lastId });
      if (this.#count + added.length === count) this.#add(added);
      else this.#clear();
    }
    this.#count = count;
    this.#lastId = lastId;
    return true;
  }

  #add(added: readonly IndexedSeries[]): void {
    for (const [metric, series] of Map.groupBy(added, ({ labels }) => labels.get(metricNameLabel))) {
      const known = this.#metrics.get(metric);
      if (known !== undefined) this.#metrics.set(metric, metricOf([...known.series, ...series]));
    }
    if (this.#isWhole) this.#metrics.set('', metricOf([...(this.#metrics.get('')?.series ?? []), ...added]));
  }

  #clear(): void {
    this.#metrics.clear();
    this.#texts.clear();
    this.#isWhole = false;
  }

  #metric(metric: string): Metric {
    const known = this.#metrics.get(metric);
    if (known !== undefined) return known;
    const rows = this.#read(sql.seriesOfMetric, { metricDigest: digestOf(metric) });
    // Another metric may have the same digest.
    const own = rows.filter(({ labels }) => labels.get(metricNameLabel) === metric);
    const made = own.length === 0 ? noMetric : metricOf(own);
    if (own.length > 0) this.#metrics.set(metric, made);
    return made;
  }

  #whole(): Metric {
    const known = this.#metrics.get('');
    if (this.#isWhole && known !== undefined) return known;
    const made = metricOf(this.#read(sql.seriesAfter, { afterId: 0 }));
    this.#metrics.set('', made);
    this.#isWhole = true;
    return made;
  }

  #read(statement: string, parameters: object): IndexedSeries[] {
    const rows = this.#statements.all(statement, { sourceId: this.#sourceId, ...parameters }) as SeriesRow[];
    const bytesBefore = this.#labels.bytes;
    let before: LabelSet | null = null;
    const series = rows.map(({ id, digest, labels }) => {
      if (digestOf(labels) !== digest)
        throw new DamagedContent('the labels of a series do not match their checksum');
      before = this.#labelsOf(labels, before);
      return { id, labels: before };
    });
    this.#labelBytes += this.#labels.bytes - bytesBefore;
    return series;
  }

  /** @param before of the row before, with which most have their names and most values in common. */
  #labelsOf(text: string, before: LabelSet | null): LabelSet {
    const pairs = pairsOfText(text);
    let areNamesNew = before?.names.length !== pairs.length;
    const names: string[] = [];
    const values: string[] = [];
    for (let index = 0; index < pairs.length; index++) {
      const [name = '', value = ''] = pairs[index] ?? [];
      const [lastName, lastValue] = [before?.names[index], before?.values[index]];
      if (name !== lastName) areNamesNew = true;
      names.push(name === lastName ? lastName : this.#once(name));
      values.push(value === lastValue ? lastValue : this.#once(value));
    }
    return this.#labels.ofKeyed(areNamesNew || before === null ? names : before.names, values, text);
  }

  #once(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

function metricOf(series: IndexedSeries[]): Metric {
  series.sort(compareSeries);
  return { series, index: new LabelIndex(series.map(({ labels }) => labels)) };
}

function compareSeries(left: IndexedSeries, right: IndexedSeries): number {
  return compareLabelSets(left.labels, right.labels);
}
