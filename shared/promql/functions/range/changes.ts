import type { RangeFunction } from '../../evaluate/context.ts';
import { anchoredFirst, extensionOf } from './extended.ts';
import { ResetCursor } from './resets.ts';
import { startTimesOf } from './start-times.ts';

/** How often neighbours differ, within a window that only moves forward. */
class ChangeCursor {
  readonly #values: Float64Array;
  #first = 0;
  #scanned = 0;
  #count = 0;

  constructor(values: Float64Array) {
    this.#values = values;
  }

  moveTo(first: number, end: number): void {
    if (this.#scanned <= first) {
      this.#count = 0;
      this.#scanned = first + 1;
    } else {
      for (let index = this.#first + 1; index <= first; index++) if (this.#differs(index)) this.#count--;
    }
    this.#first = first;
    for (; this.#scanned < end; this.#scanned++) if (this.#differs(this.#scanned)) this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** NaN is the same as NaN here. */
  #differs(index: number): boolean {
    return !sameValue(this.#values[index] ?? 0, this.#values[index - 1] ?? 0);
  }
}

function sameValue(left: number, right: number): boolean {
  return left === right || (Number.isNaN(left) && Number.isNaN(right));
}

export const changes = countedPairs((samples) => new ChangeCursor(samples.values));

export const resets = countedPairs((samples, site) => new ResetCursor(samples, startTimesOf(samples, site)));

interface PairCursor {
  moveTo(first: number, end: number): void;
  readonly count: number;
}

function countedPairs(
  cursorOf: (samples: Parameters<RangeFunction>[0], site: Parameters<RangeFunction>[4]) => PairCursor,
): RangeFunction {
  return (samples, windows, _parameters, out, site) => {
    const cursor = cursorOf(samples, site);
    const isAnchored = extensionOf(site) !== null;
    for (let step = 0; step < windows.first.length; step++) {
      if ((step & 1023) === 1023) site.context.checkpoint();
      let first = windows.first[step] ?? 0;
      const end = windows.end[step] ?? 0;
      if (end === first) continue;
      if (isAnchored) {
        const fromMs = (windows.untilMs[step] ?? 0) - windows.rangeMs;
        first = anchoredFirst(samples.timesMs, first, end, fromMs);
        if (first === -1) continue;
      }
      cursor.moveTo(first, end);
      out.values[step] = cursor.count;
      out.present[step] = 1;
    }
  };
}
