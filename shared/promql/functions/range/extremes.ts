import type { FloatSamples } from '../../evaluate/columns.ts';
import type { RangeFunction } from '../../evaluate/context.ts';
import { overlapOf } from './overlap.ts';
import { perWindow } from './window-loop.ts';

/**
 * The index of each window's greatest value (`sign` 1) or least (-1). NaN counts only where there is
 * nothing else. Candidates wait in a queue whose values fall, so that each sample is looked at once.
 *
 * @param prefersLater of equal values, the last one rather than the first.
 */
class ExtremeCursor {
  readonly #values: Float64Array;
  readonly #sign: 1 | -1;
  readonly #prefersLater: boolean;
  readonly #queue: number[] = [];
  #head = 0;
  #taken = 0;

  constructor(values: Float64Array, sign: 1 | -1, prefersLater: boolean) {
    this.#values = values;
    this.#sign = sign;
    this.#prefersLater = prefersLater;
  }

  /** To be called with windows that only move forward. */
  find(first: number, end: number): number {
    const queue = this.#queue;
    if (this.#taken <= first) {
      this.#taken = first;
      queue.length = 0;
      this.#head = 0;
    }
    for (; this.#taken < end; this.#taken++) this.#take(this.#taken);
    while (this.#head < queue.length && (queue[this.#head] ?? 0) < first) this.#head++;
    if (this.#head < queue.length) return queue[this.#head] ?? first;
    return this.#prefersLater ? end - 1 : first;
  }

  #take(index: number): void {
    const value = (this.#values[index] ?? 0) * this.#sign;
    if (Number.isNaN(value)) return;
    const queue = this.#queue;
    while (queue.length > this.#head) {
      const last = (this.#values[queue[queue.length - 1] ?? 0] ?? 0) * this.#sign;
      if (last > value || (last === value && !this.#prefersLater)) break;
      queue.pop();
    }
    queue.push(index);
  }
}

/** Below so many windows for each sample, looking at all of each costs less than keeping a queue. */
const fewestOverlapping = 3;

export const maxOverTime = extreme(1);
export const minOverTime = extreme(-1);
export const timeOfMax = extreme(1, timeAt);
export const timeOfMin = extreme(-1, timeAt);

function extreme(sign: 1 | -1, shown?: (samples: FloatSamples, index: number) => number): RangeFunction {
  return perWindow((samples, { windows }) => {
    if (shown === undefined && overlapOf(windows) < fewestOverlapping)
      return ({ values }, first, end) => extremeOf(values, first, end, sign);
    const cursor = new ExtremeCursor(samples.values, sign, shown !== undefined);
    if (shown === undefined) return (_, first, end) => samples.values[cursor.find(first, end)] ?? 0;
    return (_, first, end) => shown(samples, cursor.find(first, end));
  });
}

function extremeOf(values: Float64Array, first: number, end: number, sign: 1 | -1): number {
  let best = values[first] ?? 0;
  for (let index = first + 1; index < end; index++) {
    const value = values[index] ?? 0;
    if (value * sign > best * sign || Number.isNaN(best)) best = value;
  }
  return best;
}

function timeAt({ timesMs }: FloatSamples, index: number): number {
  return (timesMs[index] ?? 0) / 1000;
}
