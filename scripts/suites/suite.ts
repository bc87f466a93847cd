/** What the runner knows of a suite: its name, its time, what must be there first, and how to run it. */
export interface Suite {
  readonly name: string;
  /** Past this it is killed and counts as failed. All limits together stay within 18 minutes. */
  readonly limitSeconds: number;
  readonly needs: readonly Need[];
  run(limitMs: number): Promise<SuiteResult>;
}

/** `servers` is asked for but never missing: the tests of a generation that is not there skip themselves. */
export type Need = 'chromium' | 'servers' | 'renderer' | 'desktop';

export interface SuiteResult extends Counts {
  /** Everything that the suite printed; shown when it failed. */
  readonly output: string;
  /** What has to be said although all is well. */
  readonly note?: string;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
}

export interface SkippedTest {
  readonly name: string;
  readonly reason: string;
}
