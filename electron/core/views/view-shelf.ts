import * as v from 'valibot';
import type { IncidentDesk } from '#core/incidents/incident-desk.ts';
import type { JournalChange } from '#core/store/records.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { noViews, savedViewsSchema, type SavedView, type SavedViews } from '#shared/model/view.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { readViewFilter } from './view-filter.ts';

/**
 * The saved views of this console, kept in the journal as one setting: every window has the same ones, and
 * notifications may go by them while no window is open.
 */
export interface ViewShelfOptions {
  readonly desk: Pick<IncidentDesk, 'record'>;
  readonly nowMs: () => number;
  /** They are others now. */
  readonly onViews: (views: SavedViews) => void;
}

export const viewsSetting = 'saved-views';

export class ViewShelf {
  readonly #options: ViewShelfOptions;
  #views: SavedViews;

  /** @param setting what the journal has; what cannot be read is none. */
  constructor(options: ViewShelfOptions, setting: string | null) {
    this.#options = options;
    this.#views = viewsOf(setting);
  }

  get current(): SavedViews {
    return this.#views;
  }

  /**
   * Keeps these instead of those that were kept. A filter that cannot be read is refused unless it was kept
   * before: it must not stand in the way of another's name.
   * @param carriedOver a window's own of before: they count only while nobody has saved any here.
   */
  async save(
    views: readonly SavedView[],
    carriedOver: boolean,
    by: string,
  ): Promise<Result<SavedViews, CommandFailure>> {
    const refusal = refusalOf(views, carriedOver ? views : this.#views.views);
    if (refusal !== null) return failed(refusal);
    const next: SavedViews = { views: [...views], wereSaved: true };
    await this.#options.desk.record((draft) => {
      // Somebody may have saved some while it waited for its turn.
      if (carriedOver && this.#views.wereSaved) return;
      draft.addChange({ kind: 'setting', key: viewsSetting, value: JSON.stringify(next) });
      const target = views.map(({ name }) => name).join(', ');
      const record = { atMs: this.#options.nowMs(), by, action: 'save views', target, outcome: 'done' };
      draft.addChange({ kind: 'audit', record });
    });
    return success(this.#views);
  }

  /** A draft was applied: what it says of views holds from here on. */
  applied(changes: readonly JournalChange[]): void {
    const set = changes.findLast((change) => change.kind === 'setting' && change.key === viewsSetting);
    if (set?.kind !== 'setting') return;
    this.#views = viewsOf(set.value);
    this.#options.onViews(this.#views);
  }
}

function refusalOf(views: readonly SavedView[], kept: readonly SavedView[]): CommandFailure | null {
  const names = views.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    return commandFailure('conflict', `two views are called "${twice}"`, 'Give one of them another name.');
  for (const { name, filter } of views) {
    if (kept.some((view) => view.filter === filter)) continue;
    const read = readViewFilter(filter);
    if (read.ok) continue;
    const { message, accepted } = read.failure;
    const next = accepted === '' ? 'Change its filter.' : `Expected ${accepted}.`;
    return commandFailure('invalid-input', `the view "${name}": ${message}`, next);
  }
  return null;
}

function viewsOf(setting: string | null): SavedViews {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), savedViewsSchema), setting);
  return parsed.success ? parsed.output : noViews;
}
