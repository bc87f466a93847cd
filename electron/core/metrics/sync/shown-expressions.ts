import { dayMs, minuteMs } from '#shared/time.ts';
import type { WatchedExpression } from './demands.ts';

/**
 * Expressions that a window looks at: what was asked lately and over how long. A window asks for what it shows
 * again and again; what it stopped asking for is followed a little longer, for one comes back to it.
 */
export interface ShownExpression {
  readonly source: string;
  readonly expression: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const rememberedMs = 10 * minuteMs;
const longestKeptMs = dayMs;
const maxShown = 200;

export class ShownExpressions {
  readonly #nowMs: () => number;
  /** By source and expression, the one asked for last at the end. */
  readonly #shown = new Map<string, WatchedExpression & { readonly atMs: number }>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @returns whether it is a new one. */
  note({ source, expression, fromMs, toMs }: ShownExpression): boolean {
    const key = JSON.stringify([source, expression]);
    const known = this.#shown.get(key);
    const atMs = this.#nowMs();
    // A range that ends long ago is history: that far back it is kept only for as long as a day.
    const keepMs = Math.min(longestKeptMs, Math.max(0, atMs - Math.min(fromMs, toMs)));
    this.#shown.delete(key);
    this.#shown.set(key, { source, expression, keepMs, priority: 'shown', atMs });
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > maxShown && oldest !== undefined) this.#shown.delete(oldest);
    return known === undefined;
  }

  watched(): WatchedExpression[] {
    const sinceMs = this.#nowMs() - rememberedMs;
    for (const [key, { atMs }] of this.#shown) if (atMs < sinceMs) this.#shown.delete(key);
    return [...this.#shown.values()];
  }
}
