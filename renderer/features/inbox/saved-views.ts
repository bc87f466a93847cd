import { maxSavedViews, maxViewName, type SavedView } from '#shared/model/view.ts';
import { drop } from '#shared/result.ts';
import { tell, tellFailure } from '../../actions/toasts.ts';
import type { App } from '../../app.ts';
import { readFilter } from './filter.ts';

/** Filters that were given a name, and what a person does with them. The core keeps them. */

type Stores = Pick<App, 'session' | 'preferences' | 'live'>;
type Window = Stores & Pick<App, 'core'>;

/** Those of the core; before anybody saved any there, this window's own of before there were shared ones. */
export function viewsOf({ live, preferences }: Omit<Stores, 'session'>): readonly SavedView[] {
  const { views } = live.getState();
  return views?.wereSaved === true ? views.views : ownViews(preferences.getState().views);
}

let ownOf: readonly { readonly name: string; readonly filter: string }[] = [];
let own: readonly SavedView[] = [];

/** The same list for the same preferences: it is read in every frame. */
function ownViews(
  views: readonly { readonly name: string; readonly filter: string }[],
): readonly SavedView[] {
  if (ownOf !== views) {
    ownOf = views;
    own = views.map(({ name, filter }) => ({ name, filter, notifies: false }));
  }
  return own;
}

/** Hands this window's own views to the core, once, where nobody saved any there. */
export async function carryOverViews(app: Window): Promise<void> {
  const views = ownViews(app.preferences.getState().views);
  if (views.length === 0 || app.live.getState().views?.wereSaved !== false) return;
  const answer = await app.core.call('views.save', { views: [...views], carriedOver: true });
  if (answer.ok) app.preferences.setState({ views: [] });
  else tellFailure(app, 'keep the views of this window', answer.failure);
}

function keep(app: Window, views: readonly SavedView[], what: string): void {
  const kept = app.core.call('views.save', { views: [...views], carriedOver: false }).then((answer) => {
    if (!answer.ok) tellFailure(app, what, answer.failure);
  });
  drop(kept, 'a call never rejects');
}

/** Index of the view whose filter is in force; -1 for none. */
export function viewInForce(app: Stores): number {
  const filter = app.session.getState().filter.trim();
  return viewsOf(app).findIndex((view) => view.filter === filter);
}

export function hasView(app: Stores, index: number): boolean {
  return index < viewsOf(app).length;
}

/** @param index of the view; -1 for everything. */
export function chooseView(app: Stores, index: number): void {
  app.session.setState({ filter: viewsOf(app)[index]?.filter ?? '', viewNaming: null });
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
  if (viewsOf(app).length < maxSavedViews) {
    app.session.setState({ viewNaming: 'save' });
    return;
  }
  const text = `There are ${maxSavedViews} saved views, which is as many as have a key. Delete one first.`;
  tell(app, { tone: 'plain', text, undo: null });
}

export function startRenaming(app: Stores): void {
  app.session.setState({ viewNaming: 'rename' });
}

/** @returns what is wrong with the name, or nothing once it is on its way. */
export function nameView(app: Window, written: string): string {
  const name = written.trim().slice(0, maxViewName);
  const { viewNaming, filter } = app.session.getState();
  const views = viewsOf(app);
  const index = viewNaming === 'rename' ? viewInForce(app) : views.length;
  if (name === '') return 'A view has a name.';
  if (views.some((view, at) => view.name === name && at !== index)) return 'Another view has this name.';
  const before = views[index] ?? { filter: filter.trim(), notifies: false };
  const named = { ...before, name };
  keep(app, [...views.slice(0, index), named, ...views.slice(index + 1)], `save the view ${name}`);
  app.session.setState({ viewNaming: null });
  return '';
}

/** Whether the view in force says what its person is notified of; turned round. */
export function toggleNotifies(app: Window): void {
  const views = viewsOf(app);
  const index = viewInForce(app);
  const view = views[index];
  if (view === undefined) return;
  const next = { ...view, notifies: !view.notifies };
  keep(app, [...views.slice(0, index), next, ...views.slice(index + 1)], `change the view ${view.name}`);
  const text = next.notifies
    ? `You are notified of ${view.name}; of what is in no such view only if it is critical.`
    : `${view.name} does not say any more what you are notified of.`;
  tell(app, { tone: 'plain', text, undo: null });
}

/** Deletes the view in force. Its filter stays, so that saving it again is all it takes to have it back. */
export function deleteView(app: Window): void {
  const views = viewsOf(app);
  const view = views[viewInForce(app)];
  if (view === undefined) return;
  keep(
    app,
    views.filter((one) => one !== view),
    `delete the view ${view.name}`,
  );
  const text = `Deleted the view ${view.name}. Its filter stays in force; v s saves it again.`;
  tell(app, { tone: 'plain', text, undo: null });
}
