/** Time as the rules see it, so that tests can own it. */
export interface RuleClock {
  /** Unix milliseconds; may jump. */
  nowMs(): number;
  /** Calls back once after a while; the result takes it back. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemRuleClock: RuleClock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
