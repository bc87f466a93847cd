import type { Dice } from './dice.ts';
import { drifts, type DriftName, type TestedVersion } from './drift.ts';

/** What the parts of the generator share: chance, what the server at hand knows, and each other. */
export interface Maker {
  readonly dice: Dice;
  readonly server: TestedVersion;
  /** Whether it was told to know experimental functions. */
  readonly experimental: boolean;
  /** Unix milliseconds of some sample, or next to one. */
  momentMs(): number;
  /** Whether what is being made will be evaluated at one step, as it is neither of a range query nor of a subquery. */
  readonly isAtOneStep: boolean;
  atManySteps(make: () => string): string;
  /** Of the query that is being made, values alone are compared. */
  leaveOutRemarks(): void;
  /** An instant vector, of at most so many levels. */
  vector(depth: number): string;
  scalar(depth: number): string;
}

/** To be called by a shape whose remarks are other ones at another version. */
export function avoidsRemarks(maker: Maker, name: DriftName): void {
  if (avoids(maker, name)) maker.leaveOutRemarks();
}

/** Whether a shape is left out, because the server at hand is of another version than the engine speaks. */
export function avoids({ server }: Maker, name: DriftName): boolean {
  return drifts[name].server === server;
}

export function isVersion3({ server }: Maker): boolean {
  return server === '3.5';
}
