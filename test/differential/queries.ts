import { dataStartMs } from './data-times.ts';
import type { Dice } from './dice.ts';
import type { TestedVersion } from './drift.ts';
import { call, histogramCall, orderedCall, overSubquery, overTime, transcendentalCall } from './functions.ts';
import { avoids, type Maker } from './maker.ts';
import { aggregation, arithmetic, comparisons, joined, setOperation, withScalar } from './operators.ts';
import { matrix, selector } from './selectors.ts';

/** Type-correct queries over the data, of any shape that the server at hand answers as the engine must. */
export interface GeneratedQuery {
  readonly text: string;
  /** Whether the order of an instant answer is part of it. */
  readonly isOrdered: boolean;
  readonly hasComparableRemarks: boolean;
}

export type Semantics = 'v2' | 'v3';

export interface MakerOptions {
  /** Of samples, Unix milliseconds; some questions are about moments just beside them. */
  readonly momentsMs?: readonly number[];
  /** Whether the server was told to know what is an experiment there. */
  readonly experimental?: boolean;
}

export class QueryMaker implements Maker {
  readonly dice: Dice;
  readonly server: TestedVersion;
  readonly experimental: boolean;
  isAtOneStep = true;
  readonly #momentsMs: readonly number[];
  #hasComparableRemarks = true;

  constructor(
    dice: Dice,
    semantics: Semantics,
    { momentsMs = [dataStartMs], experimental = false }: MakerOptions = {},
  ) {
    this.dice = dice;
    this.server = semantics === 'v2' ? '2.42' : '3.5';
    this.experimental = experimental;
    this.#momentsMs = momentsMs;
  }

  instant(): GeneratedQuery {
    const { dice } = this;
    this.#hasComparableRemarks = true;
    this.isAtOneStep = true;
    if (dice.chance(0.05)) return this.#made(matrix(this));
    if (dice.chance(0.01)) return this.#made(dice.of(['"a"', "'ü\\n'", '`\\n`']));
    if (dice.chance(0.06)) return this.#made(orderedCall(this), true);
    return this.#made(this.#expression());
  }

  range(): GeneratedQuery {
    const { dice } = this;
    this.#hasComparableRemarks = true;
    this.isAtOneStep = false;
    // A range query has neither texts nor ranges for an answer.
    if (dice.chance(0.005)) return this.#made(dice.of(['"a"', matrix(this)]));
    return this.#made(this.#expression());
  }

  #made(text: string, isOrdered = false): GeneratedQuery {
    return { text, isOrdered, hasComparableRemarks: this.#hasComparableRemarks };
  }

  atManySteps(make: () => string): string {
    const before = this.isAtOneStep;
    this.isAtOneStep = false;
    const made = make();
    this.isAtOneStep = before;
    return made;
  }

  leaveOutRemarks(): void {
    this.#hasComparableRemarks = false;
  }

  momentMs(): number {
    const { dice } = this;
    return (
      dice.of(this.#momentsMs as readonly [number, ...number[]]) +
      dice.of([0, 0, -1, 1, 300_000, 299_999, 60_000, 5_250])
    );
  }

  vector(depth: number): string {
    const { dice } = this;
    if (depth <= 0) return dice.chance(0.5) ? selector(this) : overTime(this);
    const shapes: readonly [() => string, ...(() => string)[]] = [
      () => overTime(this),
      () => overTime(this),
      () => aggregation(this, depth - 1),
      () => aggregation(this, depth - 1),
      () => aggregation(this, depth - 1),
      () => withScalar(this, depth - 1),
      () => withScalar(this, depth - 1),
      () => joined(this, depth - 1),
      () => joined(this, depth - 1),
      () => setOperation(this, depth - 1),
      () => call(this, depth - 1),
      () => call(this, depth - 1),
      () => overSubquery(this, depth - 1),
      () => histogramCall(this),
      () => `${dice.of(['-', '-', '+'])}${selector(this)}`,
    ];
    return dice.of(shapes)();
  }

  scalar(depth: number): string {
    const { dice } = this;
    if (depth <= 0 || dice.chance(0.5))
      return dice.of(avoids(this, 'laterSyntax') ? numbers : [...numbers, '1_0', '1_000']);
    switch (dice.between(0, 6)) {
      case 0:
        return `scalar(${selector(this)})`;
      case 1:
        return `scalar(sum(${this.vector(depth - 1)}))`;
      case 2:
        return 'time()';
      case 3:
        return dice.of(['pi()', '-time()', '-(2)', '+1', '-2 ^ 2']);
      case 4:
        return `(${this.scalar(depth - 1)} ${dice.of(comparisons)} bool ${this.scalar(depth - 1)})`;
      default:
        return `(${this.scalar(depth - 1)} ${dice.of(arithmetic)} ${this.scalar(depth - 1)})`;
    }
  }

  #expression(): string {
    const { dice } = this;
    if (dice.chance(0.05)) return this.scalar(2);
    if (dice.chance(0.01)) return dice.of(refused);
    if (dice.chance(0.06)) return transcendentalCall(this);
    return this.vector(dice.between(0, 3));
  }
}

/** Of wrong types, or with what an operator cannot do. */
const refused = [
  'rate(up)',
  '"a" + 1',
  'sum("a")',
  'up[5m] + 1',
  '-"a"',
  'up and 1',
  '1 == 1',
  'up == bool on (job) 1',
  'up + on (job) group_left (job) up',
  'up and on (job) group_left up',
  'up + bool up',
  'topk(up, up)',
  'sum(1)',
  'label_replace(up, "a", "b")',
  'vector(up)',
  'scalar(1)',
  '{job=~".*"}',
  '{}',
  'up{__name__="up"}',
  'up[5m][5m]',
  'up[5m:1m][5m:1m]',
  'rate(up[5m:1m] offset 1m offset 2m)',
  'up @ 1 @ 2',
  'up[0s]',
  'up offset',
  'holt_winter(up[5m], 0.1, 0.1)',
  'sum by job (up)',
  'up{job=~"("}',
  '1 +',
  '',
] as const;

const numbers = [
  ...(['0', '1', '-1', '2', '3.5', '100', '1e3', '0x1F', '1e-3', '.5'] as const),
  ...(['Inf', '-Inf', '+inf', 'NaN', '010'] as const),
] as const;
