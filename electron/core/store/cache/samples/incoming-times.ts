import { failed, success, type Result } from '#shared/result.ts';
import { blockMs, blockStartOf } from './blocks.ts';
import { firstAt } from './columns.ts';

/**
 * Columns of times as a source hands them over: checked, cut to the window and into blocks, and equal ones
 * made one, so that what was scraped together is stored together.
 */
export interface BlockOfTimes {
  readonly startMs: number;
  /** One object for equal times. Whole milliseconds, which is Prometheus' own resolution. */
  readonly timesMs: Float64Array;
  /** Where in the column as handed over it begins. */
  readonly first: number;
}

type Checked = Result<readonly BlockOfTimes[], string>;

/** Columns that begin and end together and differ between: beyond so many, further ones are not compared. */
const mostAlike = 64;

export class IncomingTimes {
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #checked = new Map<Float64Array, Checked>();
  readonly #alike = new Map<string, Float64Array[]>();

  constructor(fromMs: number, toMs: number) {
    this.#fromMs = fromMs;
    this.#toMs = toMs;
  }

  /** @returns a sentence where the times are none: not numbers, not rising. */
  of(timesMs: Float64Array): Checked {
    const known = this.#checked.get(timesMs);
    if (known !== undefined) return known;
    const key = `${timesMs.length} ${timesMs[0]} ${timesMs.at(-1)}`;
    const alike = this.#alike.get(key) ?? [];
    this.#alike.set(key, alike);
    const same = alike.find((column) => areEqual(column, timesMs));
    const checked = (same === undefined ? undefined : this.#checked.get(same)) ?? this.#check(timesMs);
    if (same === undefined && alike.length < mostAlike) alike.push(timesMs);
    this.#checked.set(timesMs, checked);
    return checked;
  }

  #check(given: Float64Array): Checked {
    const timesMs = given.map(Math.round);
    for (let index = 0; index < timesMs.length; index++) {
      const timeMs = timesMs[index] ?? Number.NaN;
      if (!Number.isSafeInteger(timeMs)) return failed('a time is not a number of milliseconds');
      if (index > 0 && timeMs <= (timesMs[index - 1] ?? 0)) return failed('its times do not rise');
    }
    const blocks: BlockOfTimes[] = [];
    const end = firstAt(timesMs, this.#toMs + 1);
    let first = firstAt(timesMs, this.#fromMs);
    while (first < end) {
      const startMs = blockStartOf(timesMs[first] ?? 0);
      const next = Math.min(end, firstAt(timesMs, startMs + blockMs));
      blocks.push({ startMs, timesMs: timesMs.subarray(first, next), first });
      first = next;
    }
    return success(blocks);
  }
}

function areEqual(left: Float64Array, right: Float64Array): boolean {
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}
