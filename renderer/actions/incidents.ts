import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import type { App } from '../app.ts';
import { withPending } from '../stores/pending.ts';
import { withdrawEntries } from './outbox.ts';
import { tell, tellFailure } from './toasts.ts';
import { give } from './verdicts.ts';

/** What is done about incidents beside verdicts, and what takes verdicts back. */

/** The incident as the screen shows it, verdicts on their way included. */
export function shownRow(app: App, id: number): IncidentRow | undefined {
  return shownRows(app, [id])[0];
}

/** In the order of the ids; those that are not there are left out. */
export function shownRows(app: App, ids: readonly number[]): readonly IncidentRow[] {
  const rows = new Map((app.live.getState().incidents ?? []).map((row) => [row.id, row]));
  return withPending(
    ids.flatMap((id) => rows.get(id) ?? []),
    app.session.getState().pending,
  );
}

/** Those that were merged into it directly, oldest first. */
export function mergedInto(app: App, id: number): readonly IncidentRow[] {
  const ids = (app.live.getState().incidents ?? []).map((row) => row.id);
  return shownRows(app, ids).filter((row) => row.mergedInto === id);
}

/** Takes back what the toast on the screen offers to take back. */
export async function undo(app: App): Promise<void> {
  const undoable = app.session.getState().toast?.undo;
  if (undoable === null || undoable === undefined) return;
  if (undoable.kind === 'withdraw') return withdrawEntries(app, undoable.entryIds);
  tell(app, { tone: 'plain', text: 'Taken back', undo: null });
  const [first] = undoable.incidentIds;
  if (first !== undefined && app.session.getState().view.kind === 'inbox')
    app.session.setState({ inboxCursor: first, inboxHead: null });
  await give(app, undoable.sayings);
}

/** @returns whether the note was taken; a failure is told. */
export async function addNote(app: App, ids: readonly number[], text: string): Promise<boolean> {
  const what = ids.length === 1 ? incidentName(ids[0] ?? 0) : `${ids.length} incidents`;
  const answer = await app.core.call('incident.note', { ids: [...ids], text });
  if (answer.ok) tell(app, { tone: 'plain', text: `Noted on ${what}`, undo: null });
  else tellFailure(app, `add the note to ${what}`, answer.failure);
  return answer.ok;
}
