import { setImmediate as nextTurn } from 'node:timers/promises';

/** Several that are under way share one turn of the loop. */
const usualSliceMs = 4;

/**
 * Long work in slices: after each, the event loop turns. A poll of ten thousand alerts must not keep a key, an
 * answer or another source waiting.
 */
export class Slices {
  readonly #sliceMs: number;
  #beganAtMs = performance.now();

  constructor(sliceMs = usualSliceMs) {
    this.#sliceMs = sliceMs;
  }

  /** To be awaited between two quick steps: lets the loop turn where the slice has been long enough. */
  async turn(): Promise<void> {
    if (performance.now() - this.#beganAtMs < this.#sliceMs) return;
    await nextTurn();
    this.#beganAtMs = performance.now();
  }
}

/** Goes through work in slices. @param steps each is quick; what it yields is of no matter. */
export async function inSlices(steps: Iterable<unknown>, sliceMs = usualSliceMs): Promise<void> {
  let beganAtMs = performance.now();
  for (const _step of steps) {
    if (performance.now() - beganAtMs < sliceMs) continue;
    await nextTurn();
    beganAtMs = performance.now();
  }
}

/** Goes through work in steps at once: where what it gives is needed before anything else. */
export function atOnce<Outcome>(steps: Generator<void, Outcome>): Outcome {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
