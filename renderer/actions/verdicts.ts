import type { CommandFailure } from '#shared/failure.ts';
import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import type { Result } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';
import type { ChangedIncidents } from '#shared/verdict-commands.ts';
import type { App } from '../app.ts';
import { stillPending, type PendingVerdict } from '../stores/pending.ts';
import { changeOf, inverseOf, released, sayingsOf, type Saying } from '../stores/sayings.ts';
import { tell, tellFailure } from './toasts.ts';

/**
 * Verdicts on one incident or on many. Each shows at once and is confirmed by the core afterwards; they are
 * sent in the order given, so that an undo never overtakes what it undoes. For ten seconds a toast takes
 * back all that was said together.
 */

type Changed = Result<ChangedIncidents, CommandFailure>;
type Rows = readonly IncidentRow[];

let nextVerdictId = 1;
let queue: Promise<unknown> = Promise.resolve();

/** Takes them on; where all are taken already, gives them back. */
export function toggleAcknowledged(app: App, rows: Rows): Promise<void> {
  const open = rows.filter(({ resolvedAtMs }) => resolvedAtMs === null);
  const free = open.filter(({ acknowledged }) => acknowledged === null);
  return free.length > 0 ? acknowledge(app, free, false) : say(app, open, released(open, false), 'Released');
}

/** @param silence with a short silence upstream for as long as they are held. */
export function acknowledge(app: App, rows: Rows, silence: boolean): Promise<void> {
  const word = silence ? 'Acknowledged, with a silence while held:' : 'Acknowledged';
  const sayings = sayingsOf(idsOf(rows), (ids) => ({
    command: 'incident.acknowledge',
    input: { ids, silence },
  }));
  return say(app, rows, sayings, word);
}

/** @param untilMs null: until it gets worse. */
export function snooze(app: App, rows: Rows, untilMs: number | null, words: string): Promise<void> {
  const sayings = sayingsOf(idsOf(rows), (ids) => ({
    command: 'incident.snooze',
    input: { ids, untilMs, undo: false },
  }));
  return say(app, rows, sayings, `Snoozed ${words}:`);
}

export function wake(app: App, rows: Rows): Promise<void> {
  const asleep = rows.filter(({ snoozed }) => snoozed !== null);
  const sayings = sayingsOf(idsOf(asleep), (ids) => ({
    command: 'incident.wake',
    input: { ids, undo: false },
  }));
  return say(app, asleep, sayings, 'Woke');
}

/** @param to null: nobody's any more. */
export function assign(app: App, rows: Rows, to: string | null): Promise<void> {
  const sayings = sayingsOf(idsOf(rows), (ids) => ({
    command: 'incident.assign',
    input: { ids, to, undo: false },
  }));
  const word = to === null ? 'Assigned to nobody:' : `Assigned to ${plainText(to, 40)}:`;
  return say(app, rows, sayings, word);
}

/** Marks them as noise; where all are, takes that back. */
export function toggleNoise(app: App, rows: Rows): Promise<void> {
  const heard = rows.filter((row) => row.noise === null);
  const noise = heard.length > 0;
  const named = noise ? heard : rows;
  const sayings = sayingsOf(idsOf(named), (ids) => ({
    command: 'incident.markNoise',
    input: { ids, noise, undo: false },
  }));
  return say(app, named, sayings, noise ? 'Marked as noise:' : 'Not noise:');
}

export function merge(app: App, rows: Rows, into: IncidentRow): Promise<void> {
  const others = rows.filter(({ id }) => id !== into.id);
  const sayings = sayingsOf(idsOf(others), (ids) => ({
    command: 'incident.merge',
    input: { ids, into: into.id },
  }));
  return say(app, others, sayings, `Merged into ${incidentName(into.id)}:`);
}

export function unmerge(app: App, rows: Rows): Promise<void> {
  const merged = rows.filter(({ mergedInto }) => mergedInto !== null);
  const sayings = sayingsOf(idsOf(merged), (ids) => ({
    command: 'incident.unmerge',
    input: { ids, undo: false },
  }));
  return say(app, merged, sayings, 'On its own again:');
}

/** Ends what no source sees any more. */
export function close(app: App, rows: Rows): Promise<void> {
  const sayings = sayingsOf(idsOf(rows), (ids) => ({ command: 'incident.close', input: { ids } }));
  return say(app, rows, sayings, 'Closed');
}

/** Shown once the core has made the other incident: only it knows its name. */
export async function split(app: App, row: IncidentRow, fingerprints: readonly string[]): Promise<void> {
  const input = { id: row.id, fingerprints: [...fingerprints] };
  const answer = await inOrder(() => app.core.call('incident.split', input));
  if (!answer.ok) return tellFailure(app, `split ${incidentName(row.id)}`, answer.failure);
  const { created } = answer.value;
  const sayings: Saying[] = [{ command: 'incident.rejoin', input: { ids: [created] } }];
  const text = `Split ${incidentName(created)} off ${nameOf(row)}`;
  tell(app, { tone: 'plain', text, undo: { kind: 'verdicts', sayings, incidentIds: [row.id] } });
}

/** Says it of these incidents, with a toast that takes it back. */
async function say(app: App, rows: Rows, sayings: readonly Saying[], words: string): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const what = rows.length === 1 ? nameOf(first) : `${rows.length} incidents`;
  const inverse = sayings.slice(0, 1).flatMap((saying) => inverseOf(saying, rows));
  const undo = { kind: 'verdicts', sayings: inverse, incidentIds: idsOf(rows) } as const;
  tell(app, { tone: 'plain', text: `${words} ${what}`, undo });
  await give(app, sayings);
}

/** Sends them one after the other; each shows until the core has carried it out or refused it. */
export async function give(app: App, sayings: readonly Saying[]): Promise<void> {
  const given = sayings.map((saying) => ({ saying, pending: pendingOf(app, saying) }));
  app.session.setState((state) => ({ pending: [...state.pending, ...given.flatMap((one) => one.pending)] }));
  await Promise.all(
    given.map(async ({ saying, pending }) => {
      const answer = await inOrder(() => send(app, saying));
      settle(app, pending, answer);
      if (!answer.ok) tellFailure(app, failedWords(saying), answer.failure);
      else if (saying.command === 'incident.reopen') tellStayed(app, saying.input.ids, answer.value);
    }),
  );
}

/** What fires again elsewhere is not open twice: it would be wrong to say that it was taken back. */
function tellStayed(app: App, ids: readonly number[], { changed }: ChangedIncidents): void {
  const stayed = ids.filter((id) => changed.every((change) => change.id !== id));
  const [first] = stayed;
  if (first === undefined) return;
  const text =
    stayed.length === 1
      ? `${incidentName(first)} stays closed: its alerts fire in another incident`
      : `${stayed.length} of ${ids.length} stay closed: their alerts fire in other incidents`;
  tell(app, { tone: 'plain', text, undo: null });
}

function pendingOf(app: App, saying: Saying): PendingVerdict[] {
  const by = app.live.getState().console?.operator ?? '';
  const change = changeOf(saying, by, Date.now());
  return saying.input.ids.map((incidentId) => ({ id: nextVerdictId++, incidentId, change, revision: null }));
}

function send(app: App, saying: Saying): Promise<Changed> {
  // A command and its input belong together, which the types of a call cannot see in a union.
  const call = app.core.call.bind(app.core) as (name: string, input: unknown) => Promise<Changed>;
  return call(saying.command, saying.input);
}

function failedWords({ command, input: { ids } }: Saying): string {
  const verb = {
    'incident.markNoise': 'mark as noise',
    'incident.rejoin': 'take back the split of',
  } as const;
  const word = command in verb ? verb[command as keyof typeof verb] : command.slice('incident.'.length);
  return `${word} ${ids.length > 3 ? `${ids.length} incidents` : ids.map(incidentName).join(', ')}`;
}

function inOrder<Value>(task: () => Promise<Value>): Promise<Value> {
  const result = queue.then(task);
  queue = result.then(
    () => undefined,
    () => undefined,
  );
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

function idsOf(rows: Rows): number[] {
  return rows.map(({ id }) => id);
}

function nameOf({ id, title }: IncidentRow): string {
  return `${incidentName(id)} ${plainText(title, 80)}`;
}
