import { secondMs } from '#shared/time.ts';
import type { Clock } from './clock.ts';

/**
 * Finds out that the machine slept, or that its clock was set: systems do not always say so, and a browser
 * never does. Time is looked at often; where much more of it passed than was waited, by either clock, or
 * where the two clocks disagree, there is a gap.
 */
export interface GapDetectorOptions {
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs' | 'after'>;
  readonly onGap: (gap: Gap) => void;
}

export interface Gap {
  /** By the wall clock; negative where it was set back. */
  readonly wallMs: number;
  readonly runningMs: number;
}

const intervalMs = 5 * secondMs;
const gapMs = 2 * intervalMs;

export class GapDetector {
  readonly #options: GapDetectorOptions;
  #wallMs = 0;
  #runningMs = 0;
  #cancel: () => void = () => undefined;

  constructor(options: GapDetectorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#mark();
    this.#wait();
  }

  stop(): void {
    this.#cancel();
  }

  #mark(): void {
    const { clock } = this.#options;
    this.#wallMs = clock.nowMs();
    this.#runningMs = clock.monotonicMs();
  }

  #wait(): void {
    this.#cancel = this.#options.clock.after(intervalMs, () => this.#look());
  }

  #look(): void {
    const { clock, onGap } = this.#options;
    const gap = { wallMs: clock.nowMs() - this.#wallMs, runningMs: clock.monotonicMs() - this.#runningMs };
    this.#mark();
    this.#wait();
    const isLate = Math.max(gap.wallMs, gap.runningMs) > intervalMs + gapMs;
    if (isLate || Math.abs(gap.wallMs - gap.runningMs) > gapMs) onGap(gap);
  }
}
