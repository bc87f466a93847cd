import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { Result } from '#shared/result.ts';
import type { App } from '../app.ts';
import { stillPending, withPending, type PendingVerdict } from '../stores/pending.ts';
import type { Undo } from '../stores/session.ts';
import { tell, tellFailure } from './toasts.ts';

/**
 * Verdicts on incidents. Each shows at once and is confirmed by the core afterwards; they are sent in
 * the order given, so that an undo never overtakes what it undoes.
 */

type Changed = Result<{ changed: { id: number; revision: number }[] }, CommandFailure>;

let nextVerdictId = 1;
let queue: Promise<unknown> = Promise.resolve();

/** The incident as the screen shows it, verdicts on their way included. */
export function shownRow(app: App, id: number): IncidentRow | undefined {
  const row = (app.live.getState().incidents ?? []).find((candidate) => candidate.id === id);
  return row === undefined ? undefined : withPending([row], app.session.getState().pending)[0];
}

export async function toggleAcknowledged(app: App, id: number): Promise<void> {
  const row = shownRow(app, id);
  if (row === undefined || row.resolvedAtMs !== null) return;
  const kind = row.acknowledged === null ? 'acknowledge' : 'release';
  const opposite = kind === 'acknowledge' ? 'release' : 'acknowledge';
  tell(app, {
    tone: 'plain',
    text: `${kind === 'acknowledge' ? 'Acknowledged' : 'Released'} ${incidentName(id)} ${row.title}`,
    undo: { kind: opposite, incidentIds: [id] },
  });
  await give(app, { kind, incidentIds: [id] }, false);
}

/** Takes back what the toast on the screen offers to take back. */
export async function undo(app: App): Promise<void> {
  const undoable = app.session.getState().toast?.undo;
  if (undoable === null || undoable === undefined) return;
  tell(app, { tone: 'plain', text: 'Taken back', undo: null });
  await give(app, undoable, true);
}

async function give(app: App, verdict: Undo, isUndo: boolean): Promise<void> {
  const by = app.live.getState().console?.operator ?? '';
  const given: readonly PendingVerdict[] = verdict.incidentIds.map((incidentId) => ({
    id: nextVerdictId++,
    kind: verdict.kind,
    incidentId,
    by,
    atMs: Date.now(),
    revision: null,
  }));
  app.session.setState((state) => ({ pending: [...state.pending, ...given] }));
  const answer = await inOrder(() => send(app, verdict, isUndo));
  settle(app, given, answer);
  if (!answer.ok)
    tellFailure(app, `${verdict.kind} ${verdict.incidentIds.map(incidentName).join(', ')}`, answer.failure);
}

function send(app: App, verdict: Undo, isUndo: boolean): Promise<Changed> {
  const ids = [...verdict.incidentIds];
  return verdict.kind === 'acknowledge'
    ? app.core.call('incident.acknowledge', { ids, silence: false })
    : app.core.call('incident.release', { ids, undo: isUndo });
}

function inOrder<Value>(task: () => Promise<Value>): Promise<Value> {
  const result = queue.then(task);
  queue = result;
  return result;
}

/** A refused verdict goes away; a confirmed one waits for the revision that carries it. */
function settle(app: App, given: readonly PendingVerdict[], answer: Changed): void {
  const ids = new Set(given.map((verdict) => verdict.id));
  const revisionOf = new Map(
    answer.ok ? answer.value.changed.map((change) => [change.id, change.revision]) : [],
  );
  app.session.setState((state) => ({
    pending: state.pending.flatMap((verdict) => {
      if (!ids.has(verdict.id)) return [verdict];
      const revision = revisionOf.get(verdict.incidentId);
      return revision === undefined ? [] : [{ ...verdict, revision }];
    }),
  }));
  prunePending(app);
}

/** Drops the verdicts that have arrived; called whenever incidents do. */
export function prunePending(app: Pick<App, 'live' | 'session'>): void {
  const { pending } = app.session.getState();
  const waiting = stillPending(pending, app.live.getState().incidents ?? []);
  if (waiting !== pending) app.session.setState({ pending: waiting });
}

/** @returns whether the note was taken; a failure is told. */
export async function addNote(app: App, id: number, text: string): Promise<boolean> {
  const answer = await app.core.call('incident.note', { ids: [id], text });
  if (answer.ok) tell(app, { tone: 'plain', text: `Noted on ${incidentName(id)}`, undo: null });
  else tellFailure(app, `add the note to ${incidentName(id)}`, answer.failure);
  return answer.ok;
}

/** Ends an incident whose alerts are all unseen. */
export async function closeIncident(app: App, id: number): Promise<void> {
  const answer = await app.core.call('incident.close', { id });
  if (answer.ok) tell(app, { tone: 'plain', text: `Closed ${incidentName(id)}`, undo: null });
  else tellFailure(app, `close ${incidentName(id)}`, answer.failure);
}
