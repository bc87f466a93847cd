import type { IncidentRow } from '#shared/model/incident.ts';
import { shownRow, shownRows } from '../actions/incidents.ts';
import type { App } from '../app.ts';
import { currentInbox, cursorIn, type InboxModel } from '../features/inbox/inbox-model.ts';

/** What verdicts are about, and where the cursor goes when one was given. */

/** The incident that commands act on: the one shown, or the one under the inbox's cursor. */
export function subjectOf(app: App): IncidentRow | undefined {
  const { view } = app.session.getState();
  if (view.kind === 'inbox') return cursorIn(currentInbox(app), app.session.getState()).row;
  return view.kind === 'incident' ? shownRow(app, view.id) : undefined;
}

/** All that are marked, in the order of their marks; else the subject alone. Only what is open. */
export function subjectsOf(app: App): readonly IncidentRow[] {
  const { view, marked } = app.session.getState();
  const open = ({ resolvedAtMs, mergedInto }: IncidentRow): boolean =>
    resolvedAtMs === null && mergedInto === null;
  if (view.kind === 'inbox' && marked.size > 0) {
    const rows = shownRows(app, [...marked]).filter(open);
    if (rows.length > 0) return rows;
  }
  const subject = subjectOf(app);
  return subject !== undefined && open(subject) ? [subject] : [];
}

/**
 * After a verdict: the marks are gone, and where what was decided goes to another place in the list, the
 * cursor stands on what comes after it in the list as it was.
 */
export function goOn(app: App, rows: readonly IncidentRow[], leavesPlace: boolean): void {
  const state = app.session.getState();
  if (state.view.kind !== 'inbox') return;
  const decided = new Set(rows.map(({ id }) => id));
  const next = leavesPlace ? nextAfter(currentInbox(app), state.inboxCursor, decided) : undefined;
  const cursor = next === undefined ? {} : { inboxCursor: next, inboxHead: null };
  app.session.setState({ ...cursor, marked: new Set(), markAnchor: null });
}

/** @returns where the cursor goes; undefined where it stays, or there is nowhere to go. */
export function nextAfter(
  { items }: Pick<InboxModel, 'items'>,
  cursor: number | null,
  decided: ReadonlySet<number>,
): number | undefined {
  const ids = items.flatMap((item) => (item.kind === 'row' ? [item.row.id] : []));
  const from = ids.findIndex((id) => id === cursor);
  const at = from === -1 ? 0 : from;
  if (!decided.has(ids[at] ?? 0)) return undefined;
  return ids.slice(at).find((id) => !decided.has(id)) ?? ids.slice(0, at).findLast((id) => !decided.has(id));
}
