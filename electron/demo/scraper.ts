import type { Target } from './simulation/target.ts';
import { hashOf } from './simulation/random.ts';
import type { SeriesBlock } from './series-block.ts';
import type { SeriesStore } from './series-store.ts';

/** Scrapes the simulation's targets on their own beats into the store, as Prometheus would. */
export interface ScrapedTarget {
  readonly target: Target;
  readonly lastScrapeAtMs: number;
  readonly up: boolean;
}

interface Beat {
  readonly target: Target;
  readonly block: SeriesBlock;
  readonly row: Float64Array;
  nextAtMs: number;
  lastAtMs: number;
}

export class Scraper {
  readonly #beats: readonly Beat[];
  readonly #retentionMs: number;

  /**
   * @param fromMs the first scrapes fall within one interval after this.
   * @param retentionMs how long samples are kept at least.
   */
  constructor(store: SeriesStore, targets: readonly Target[], fromMs: number, retentionMs: number) {
    this.#retentionMs = retentionMs;
    this.#beats = targets.map((target) => {
      // A fifth goes when a block is full, so that a quarter more is kept than asked for.
      const capacity = Math.ceil((1.25 * retentionMs) / target.intervalMs) + 1;
      const block = store.addBlock(target.series, capacity);
      const phaseMs = hashOf(target.job, target.instance) % target.intervalMs;
      const slot = Math.ceil((fromMs - phaseMs) / target.intervalMs);
      return {
        target,
        block,
        row: new Float64Array(target.series.length),
        nextAtMs: slot * target.intervalMs + phaseMs,
        lastAtMs: 0,
      };
    });
  }

  /** Makes every scrape that is due until then; after a long sleep only those that would still be kept. */
  scrapeTo(untilMs: number): void {
    for (const beat of this.#beats) {
      const missed = Math.floor((untilMs - this.#retentionMs - beat.nextAtMs) / beat.target.intervalMs);
      beat.nextAtMs += Math.max(0, missed) * beat.target.intervalMs;
      for (; beat.nextAtMs <= untilMs; beat.nextAtMs += beat.target.intervalMs) {
        beat.target.collect(beat.nextAtMs, beat.row);
        beat.block.append(beat.nextAtMs, beat.row, Number.isNaN);
        beat.lastAtMs = beat.nextAtMs;
      }
    }
  }

  targets(): readonly ScrapedTarget[] {
    return this.#beats.map(({ target, lastAtMs }) => ({
      target,
      lastScrapeAtMs: lastAtMs,
      up: target.isUp(lastAtMs),
    }));
  }
}
