import { crc32 } from 'node:zlib';
import type { Labels } from '#shared/model/labels.ts';
import { compareUtf8 } from '#shared/promql/model/label-set.ts';
import { DamagedContent } from '../../database.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { seriesPerPart } from './part-codec.ts';
import * as sql from './statements.ts';

/**
 * The series of each source, their labels once. Numbers rise and are never used again; 1,024 in a row are
 * one bucket, whose samples of a block share parts.
 */
interface SeriesRow {
  readonly id: number;
  readonly untilBlockMs: number;
}

export class SeriesTable {
  readonly #statements: StatementCache;

  constructor(statements: StatementCache) {
    this.#statements = statements;
  }

  sourceId(name: string): number {
    const row =
      this.#statements.get(sql.findSource, { name }) ?? this.#statements.get(sql.addSource, { name });
    return (row as { readonly id: number }).id;
  }

  findSource(name: string): number | null {
    const row = this.#statements.get(sql.findSource, { name }) as { readonly id: number } | undefined;
    return row?.id ?? null;
  }

  /** The number of a series, new where it is. @param untilBlockMs the last block that it gets samples in. */
  seriesId(sourceId: number, labels: string, metric: string, untilBlockMs: number): number {
    const digest = digestOf(labels);
    const known = this.#statements.get(sql.findSeries, { sourceId, digest, labels }) as SeriesRow | undefined;
    if (known === undefined) {
      const row = this.#statements.get(sql.addSeries, {
        sourceId,
        digest,
        metricDigest: digestOf(metric),
        untilBlockMs,
        labels,
      });
      return (row as { readonly id: number }).id;
    }
    if (known.untilBlockMs < untilBlockMs)
      this.#statements.run(sql.extendSeries, { id: known.id, untilBlockMs });
    return known.id;
  }
}

export function bucketOf(seriesId: number): number {
  return Math.floor(seriesId / seriesPerPart);
}

export function slotOf(seriesId: number): number {
  return seriesId % seriesPerPart;
}

/** By which a series is found, and all series of a metric; it also tells whether the text is what was written. */
export function digestOf(text: string): number {
  return crc32(text);
}

/** Equal for equal label sets: pairs in Prometheus' order, without those that are empty. */
export function textOfSeries(labels: Labels): string {
  const pairs: [string, string][] = [];
  for (const name of Object.keys(labels).sort(compareUtf8)) {
    const value = labels[name] ?? '';
    if (value !== '') pairs.push([name, value]);
  }
  return JSON.stringify(pairs);
}

/** @throws DamagedContent where it is not what `textOfSeries` wrote. */
export function pairsOfText(text: string): [name: string, value: string][] {
  try {
    return JSON.parse(text) as [string, string][];
  } catch {
    throw new DamagedContent('the labels of a series cannot be read');
  }
}
