import type { AlertFacts } from '#shared/model/alert-facts.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import type { PatternCompiler } from '#shared/filter/compile.ts';
import { tell } from '../../actions/toasts.ts';
import type { App } from '../../app.ts';
import { isOpen } from '../../parts/incident-words.ts';
import { maxSavedViews, maxViewName, type SavedView } from '../../stores/prefs.ts';
import { filterTimeMs, readFilter } from './filter.ts';

/** Filters that were given a name: what they count, and what a person does with them. */

export type ViewCount =
  /** Open incidents that match, and those of which it is not known. */
  | { readonly kind: 'counted'; readonly matching: number; readonly unknown: number }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'wrong'; readonly message: string };

export function countOf(
  view: SavedView,
  rows: readonly IncidentRow[],
  alerts: ReadonlyMap<number, readonly AlertFacts[]>,
  compile: PatternCompiler | null,
  nowMs: number,
): ViewCount {
  const read = readFilter(view.filter, compile);
  if (read.kind === 'waiting') return { kind: 'waiting' };
  if (read.kind === 'wrong') return { kind: 'wrong', message: read.fault.message };
  let matching = 0;
  let unknown = 0;
  for (const row of rows) {
    if (!isOpen(row)) continue;
    const answer = read.filter.answer(row, alerts.get(row.id), filterTimeMs(nowMs));
    if (answer === 'matches') matching++;
    else if (answer === 'unknown') unknown++;
  }
  return { kind: 'counted', matching, unknown };
}

type Stores = Pick<App, 'session' | 'preferences'>;

/** Index of the view whose filter is in force; -1 for none. */
export function viewInForce({ session, preferences }: Stores): number {
  const filter = session.getState().filter.trim();
  return preferences.getState().views.findIndex((view) => view.filter === filter);
}

export function hasView({ preferences }: Stores, index: number): boolean {
  return index < preferences.getState().views.length;
}

/** @param index of the view; -1 for everything. */
export function chooseView({ session, preferences }: Stores, index: number): void {
  session.setState({ filter: preferences.getState().views[index]?.filter ?? '', viewNaming: null });
}

export function canSave(app: Stores): boolean {
  return app.session.getState().filter.trim() !== '' && viewInForce(app) === -1;
}

/** Asks for the name under which the filter is kept. */
export function startSaving(app: Stores): void {
  const { filter, patternCompiler } = app.session.getState();
  const read = readFilter(filter.trim(), patternCompiler);
  if (read.kind === 'wrong') {
    tell(app, { tone: 'plain', text: `Not saved. ${read.fault.message}`, undo: null });
    return;
  }
  if (app.preferences.getState().views.length < maxSavedViews) {
    app.session.setState({ viewNaming: 'save' });
    return;
  }
  const text = `There are ${maxSavedViews} saved views, which is as many as have a key. Delete one first.`;
  tell(app, { tone: 'plain', text, undo: null });
}

export function startRenaming(app: Stores): void {
  app.session.setState({ viewNaming: 'rename' });
}

/** @returns what is wrong with the name, or nothing once it is kept. */
export function nameView(app: Stores, written: string): string {
  const name = written.trim().slice(0, maxViewName);
  const { viewNaming, filter } = app.session.getState();
  const { views } = app.preferences.getState();
  const index = viewNaming === 'rename' ? viewInForce(app) : views.length;
  if (name === '') return 'A view has a name.';
  if (views.some((view, at) => view.name === name && at !== index)) return 'Another view has this name.';
  const named = { name, filter: views[index]?.filter ?? filter.trim() };
  app.preferences.setState({ views: [...views.slice(0, index), named, ...views.slice(index + 1)] });
  app.session.setState({ viewNaming: null });
  return '';
}

/** Deletes the view in force. Its filter stays, so that saving it again is all it takes to have it back. */
export function deleteView(app: Stores): void {
  const index = viewInForce(app);
  const { views } = app.preferences.getState();
  const view = views[index];
  if (view === undefined) return;
  app.preferences.setState({ views: views.filter((one) => one !== view) });
  const text = `Deleted the view ${view.name}. Its filter stays in force; v s saves it again.`;
  tell(app, { tone: 'plain', text, undo: null });
}
