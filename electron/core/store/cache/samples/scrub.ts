import { dayMs } from '#shared/time.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { loadPart } from './part-store.ts';
import * as sql from './statements.ts';

/**
 * Reads every part of samples once a week, some at a time, so that damage shows before somebody needs what
 * is damaged. SQLite's own check of the file would hold up everything else for as long as it takes. Called
 * by `Cache` in idle time.
 */
const everyMs = 7 * dayMs;
/** Of one step: about 10 ms. */
const partsPerStep = 8;

export class Scrub {
  readonly #statements: StatementCache;
  #afterId = 0;

  constructor(statements: StatementCache) {
    this.#statements = statements;
  }

  /** @returns whether there is more to read. @throws DamagedContent where a part is not what was written. */
  step(nowMs: number): boolean {
    const lastMs = this.#statements.number(sql.lastScrubbed);
    if (Math.abs(nowMs - lastMs) < everyMs) return false;
    const ids = this.#statements.all(sql.partsAfter, { afterId: this.#afterId, limit: partsPerStep }) as {
      readonly id: number;
    }[];
    for (const { id } of ids) loadPart(this.#statements, id);
    this.#afterId = ids.at(-1)?.id ?? 0;
    if (ids.length === partsPerStep) return true;
    this.#afterId = 0;
    this.#statements.run(sql.putScrubbed, { text: String(nowMs) });
    return false;
  }
}
