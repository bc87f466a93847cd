import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { DamagedContent } from '../../database.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { readSelector, subsumes, type Selector } from './selector.ts';
import * as sql from './statements.ts';
import { clipWindows, joinWindows, type Window } from './windows.ts';

/**
 * Where the samples of a selector are all that the source has. A selector is covered, too, where one is that
 * selects at least as much.
 */
export interface KeptSelection extends Selector {
  readonly id: number;
}

const mostRemembered = 10_000;

export class Coverage {
  readonly #statements: StatementCache;
  readonly #read = new Map<string, KeptSelection>();

  constructor(statements: StatementCache) {
    this.#statements = statements;
  }

  /** The selection's row, made where there is none. */
  selectionId(source: string, selector: Selector): number {
    const key = { source, selector: selector.text };
    const row = this.#statements.get(sql.findSelection, key) ?? this.#statements.get(sql.addSelection, key);
    return (row as { readonly id: number }).id;
  }

  selections(source: string): KeptSelection[] {
    const rows = this.#statements.all(sql.selectionsOfSource, { source }) as {
      id: number;
      selector: string;
    }[];
    // They change seldom, and reading one again costs more than all else that is asked of them.
    if (this.#read.size > mostRemembered) this.#read.clear();
    return rows.map((row) => {
      const known = this.#read.get(`${source} ${row.selector}`);
      if (known?.id === row.id) return known;
      const read = keptSelection(row);
      this.#read.set(`${source} ${row.selector}`, read);
      return read;
    });
  }

  add(selectionId: number, window: Window): void {
    const around = this.around(selectionId, window.fromMs, window.toMs);
    this.replace(selectionId, around, joinWindows([...around, window]));
  }

  /** Windows that overlap or touch. */
  around(selectionId: number, fromMs: number, toMs: number): Window[] {
    return this.#statements.all(sql.coverageAround, { selectionId, fromMs, toMs }) as Window[];
  }

  replace(selectionId: number, old: readonly Window[], windows: readonly Window[]): void {
    for (const { fromMs } of old) this.#statements.run(sql.removeCoverage, { selectionId, fromMs });
    for (const window of windows) this.#statements.run(sql.addCoverage, { selectionId, ...window });
  }

  /** Within the range, where all samples that the matchers select are kept. */
  windows(source: string, matchers: readonly LabelMatcher[], fromMs: number, toMs: number): Window[] {
    if (!(fromMs <= toMs)) return [];
    const windows = this.selections(source)
      .filter((kept) => subsumes(kept.matchers, matchers))
      .flatMap(({ id }) => this.around(id, fromMs, toMs));
    return clipWindows(joinWindows(windows), fromMs, toMs);
  }
}

export function keptSelection({
  id,
  selector,
}: {
  readonly id: number;
  readonly selector: string;
}): KeptSelection {
  const read = readSelector(selector);
  if (!read.ok) throw new DamagedContent('a kept selector cannot be read');
  return { id, ...read.value };
}
