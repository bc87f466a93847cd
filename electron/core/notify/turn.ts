import { incidentRow } from '#core/incidents/incident-row.ts';
import type { BookDraft } from '#core/incidents/incident-book.ts';
import { asksForSomebody } from '#core/incidents/verdicts.ts';
import type { IncidentRecord, NotificationRecord } from '#core/store/records.ts';
import type { Decision } from '#shared/notify/decide.ts';
import { formatClock } from '#shared/time.ts';
import { againInMs, callsAgain } from './again.ts';
import { intentFor, isOutstanding, isSummary, isWaiting, type Reason } from './intents.ts';
import { isFiring, severityFiring, type Incidents } from './judge.ts';
import type { NotificationLog } from './notification-log.ts';
import type { Pause } from './pause.ts';

/**
 * What one turn of the incidents' desk makes of notifications, before any is shown; in steps of one
 * notification or incident each, as there may be thousands.
 */
export interface Turn {
  /** A copy, which takes what is decided. */
  readonly log: NotificationLog;
  readonly draft: BookDraft;
  readonly judge: (incidentId: number) => Decision;
  readonly nowMs: number;
}

/** Takes back what is not told yet of incidents that ask nobody, or of which nobody is to be told. */
export function* takeBackUnwanted(turn: Turn): Generator<void> {
  const { log, draft, judge, nowMs } = turn;
  const summaries = new Set<string>();
  for (const record of [...log.all()].filter(({ outcome }) => outcome === null)) {
    yield;
    if (isSummary(record)) continue;
    const { incidentId } = record;
    if (isWanted(draft, incidentId, nowMs) && judge(incidentId).tell.kind !== 'never') continue;
    log.put({ ...record, outcome: 'withdrawn', outcomeAtMs: nowMs });
    if (record.summaryId !== null) summaries.add(record.summaryId);
  }
  const { summary } = log;
  if (summary === undefined || !summaries.has(summary.id) || !isOutstanding(summary)) return;
  if (log.toldIn(summary.id).length === 0) log.put({ ...summary, outcome: 'withdrawn', outcomeAtMs: nowMs });
}

/** Incidents that were told and whose time has come to be told again. */
export function* dueAgain({ log, judge, nowMs }: Turn): Generator<void, Set<number>> {
  const due = new Set<number>();
  for (const record of log.all()) {
    yield;
    const { incidentId } = record;
    if ((againInMs(log.toldOf(record), () => judge(incidentId), nowMs) ?? 1) <= 0) due.add(incidentId);
  }
  return due;
}

/**
 * New incidents, those that became worse or woke, and those that are to be told again.
 * @param again whose time has come.
 */
export function* intend(
  turn: Turn,
  changed: Iterable<number>,
  again: ReadonlySet<number>,
  pause: Pause | null,
): Generator<void> {
  const { log, draft, judge, nowMs } = turn;
  for (const id of new Set([...changed, ...again])) {
    yield;
    const incident = draft.incident(id);
    if (incident === undefined || !fires(draft, id, nowMs)) continue;
    const { tell } = judge(id);
    if (tell.kind === 'never') {
      if (draft.opens(id)) sayWhy(turn, id, 'Not notified', 'the configuration says so');
      continue;
    }
    const known = log.ofIncident(id);
    const isFirst = known === undefined;
    if (!putIntent(turn, incident, known, again.has(id)) || !isFirst) continue;
    if (pause !== null)
      sayWhy(turn, id, 'Not notified yet', `notifications are paused until ${formatClock(pause.untilMs)}`);
    else if (tell.kind === 'held')
      sayWhy(turn, id, 'Not notified yet', `${tell.cause}${untilOf(tell.untilMs)}`);
  }
}

/** @returns whether it is to be told, and was not so before. */
function putIntent(
  { log, draft, nowMs }: Turn,
  incident: IncidentRecord,
  known: NotificationRecord | undefined,
  isDue: boolean,
): boolean {
  const alerts = draft.alertsOf(incident.id);
  const severity = severityFiring(alerts.filter(isFiring));
  const reasonNow = reasonOf(known, incident, severity, nowMs, isDue);
  if (reasonNow === null) return false;
  const row = { ...incidentRow(incident, alerts, (source) => draft.watch(source)), severity };
  if (known === undefined) log.put(intentFor(row, nowMs, 'first'));
  // Nobody has been told of the one that waits, or that was taken back before: it is the same one.
  else if (known.outcome === 'withdrawn' || isWaiting(known))
    log.put({ ...intentFor(row, nowMs, 'first'), id: known.id });
  else {
    if (known.outcome === null) log.put({ ...known, outcome: 'withdrawn', outcomeAtMs: nowMs });
    log.put(intentFor(row, nowMs, reasonNow));
  }
  return true;
}

function reasonOf(
  known: NotificationRecord | undefined,
  incident: IncidentRecord,
  severity: NotificationRecord['severity'],
  nowMs: number,
  isDue: boolean,
): Reason | null {
  if (known === undefined || known.outcome === 'withdrawn') return 'first';
  return callsAgain(known, incident, severity, nowMs) ?? (isDue ? 'still' : null);
}

/** What the host was asked for and has not shown waits again, where it is to be held now. */
export function* takeBackHeld(turn: Turn, isHeld: (incidentId: number) => boolean): Generator<void> {
  const { log, nowMs } = turn;
  const { summary } = log;
  const told = summary !== undefined && isOutstanding(summary) ? log.toldIn(summary.id) : [];
  if (summary !== undefined && (yield* some(told, ({ incidentId }) => isHeld(incidentId)))) {
    log.put({ ...summary, outcome: 'withdrawn', outcomeAtMs: nowMs });
    for (const record of told) log.put({ ...record, summaryId: null });
  }
  for (const record of [...log.all()].filter((one) => isOutstanding(one) && !isSummary(one))) {
    yield;
    if (isHeld(record.incidentId)) log.put({ ...record, askedAtMs: null });
  }
}

function* some<Item>(items: readonly Item[], holds: (item: Item) => boolean): Generator<void, boolean> {
  for (const item of items) {
    yield;
    if (holds(item)) return true;
  }
  return false;
}

/** Whether it asks for somebody: open, and nobody has taken it, put it off or put it away. */
export function isWanted(incidents: Pick<Incidents, 'incident'>, id: number, nowMs: number): boolean {
  const incident = incidents.incident(id);
  return incident !== undefined && asksForSomebody(incident, nowMs);
}

export function fires(
  incidents: Pick<Incidents, 'incident' | 'alertsOf'>,
  id: number,
  nowMs: number,
): boolean {
  return isWanted(incidents, id, nowMs) && incidents.alertsOf(id).some(isFiring);
}

function sayWhy({ draft, nowMs }: Turn, incidentId: number, text: string, detail: string): void {
  draft.addTimeline({ incidentId, atMs: nowMs, kind: 'notified', text, detail, by: '' });
}

function untilOf(untilMs: number | null): string {
  return untilMs === null ? '' : ` until ${formatClock(untilMs)}`;
}
