import type { App } from '../app.ts';
import { currentInbox, cursorIn, moveInboxCursor } from '../features/inbox/inbox-model.ts';

/** Marks are of this window: they name what the next verdict is about. */

/** Marks or unmarks, and goes on to the next incident: pressed again and again it marks a run of them. */
export function toggleMark(app: App): void {
  const model = currentInbox(app);
  const id = cursorIn(model, app.session.getState()).row?.id;
  if (id === undefined) return;
  app.session.setState(({ marked }) => {
    const next = new Set(marked);
    if (!next.delete(id)) next.add(id);
    return { marked: next, markAnchor: id };
  });
  moveInboxCursor(app, model, 1, ({ kind }) => kind === 'row');
}

/** Marks every incident from the one marked last to the one under the cursor. */
export function markRange(app: App): void {
  const { markAnchor, marked } = app.session.getState();
  const model = currentInbox(app);
  const id = cursorIn(model, app.session.getState()).row?.id;
  if (id === undefined) return;
  const ids = listed(app);
  const ends = [ids.indexOf(id), ids.indexOf(markAnchor ?? id)].toSorted((left, right) => left - right);
  const [from = -1, to = -1] = ends;
  const range = from === -1 ? [id] : ids.slice(from, to + 1);
  app.session.setState({ marked: new Set([...marked, ...range]), markAnchor: id });
}

/** Marks all that are listed; where all are marked, none. */
export function markAll(app: App): void {
  const ids = listed(app);
  const { marked } = app.session.getState();
  const all = ids.every((id) => marked.has(id));
  app.session.setState({ marked: new Set(all ? [] : ids), markAnchor: null });
}

export function hasListed(app: App): boolean {
  return currentInbox(app).items.some(({ kind }) => kind === 'row');
}

function listed(app: App): readonly number[] {
  const ids = currentInbox(app).items.flatMap((item) => (item.kind === 'row' ? [item.row.id] : []));
  return [...new Set(ids)];
}
