/** Time and chance as the core sees them, so that tests can own both. */
export interface Clock {
  /** Unix milliseconds; may jump. */
  nowMs(): number;
  /** Never goes back, but may stand still while the machine sleeps. */
  monotonicMs(): number;
  /** From 0 to 1. */
  random(): number;
  /** Calls back once after a while; the result takes it back. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  random: () => Math.random(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
