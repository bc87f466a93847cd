import { minuteMs } from '#shared/time.ts';

/** Tells one crash from a loop of them. */
export class CrashCount {
  static readonly #most = 5;
  readonly #nowMs: () => number;
  #atMs: readonly number[] = [];

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Counts one. @returns whether it is the fifth within a minute; the count begins anew then. */
  add(): boolean {
    const nowMs = this.#nowMs();
    this.#atMs = [...this.#atMs.filter((atMs) => nowMs - atMs < minuteMs), nowMs];
    if (this.#atMs.length < CrashCount.#most) return false;
    this.#atMs = [];
    return true;
  }
}
