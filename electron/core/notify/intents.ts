import type { NotificationRecord } from '#core/store/records.ts';
import type { HostNotification } from '#shared/host-window.ts';
import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import { compareSeverity } from '#shared/model/severity.ts';
import type { Loudness } from '#shared/notify/decide.ts';
import { plainText } from '#shared/text.ts';

/** What notifications say, and how they are named. Pure. */

const titleLength = 120;
const bodyLength = 240;
/** What a summary names by title. */
const namedInSummary = 3;

const untold = {
  outcome: null,
  outcomeAtMs: null,
  openedAtMs: null,
  askedAtMs: null,
  summaryId: null,
  snoozedUntilMs: null,
} as const;

/** Why it is told: for the first time, or once more. */
export type Reason = 'first' | 'still' | 'worse' | 'asks again';

const saidBefore = {
  first: '',
  still: 'Still firing. ',
  worse: 'Worse than when it was told. ',
  'asks again': 'Asks again. ',
} as const satisfies Record<Reason, string>;

/** @param row as it is now; its severity that of what fires. */
export function intentFor(row: IncidentRow, nowMs: number, reason: Reason): NotificationRecord {
  const where = row.service === '' ? '' : ` ${row.service}`;
  const says = row.summary === '' ? `${incidentName(row.id)} is firing` : row.summary;
  // Nobody else is told of it: who answers must know that no other console rings.
  const local = row.sources.includes(localRulesSource) ? 'Local rule: ' : '';
  const id = baseOf(row.id, row.openedAtMs);
  return {
    id: reason === 'first' ? id : `${id}-${nowMs}`,
    incidentId: row.id,
    title: plainText(`${row.severity.word}: ${row.title}${where}`, titleLength),
    body: plainText(saidBefore[reason] + local + says, bodyLength),
    severity: row.severity,
    intendedAtMs: nowMs,
    ...untold,
  };
}

/** One for several that are not told each on its own; `told` the worst first and never empty. */
export function summaryOf(
  told: readonly NotificationRecord[],
  nowMs: number,
  isRest: boolean,
): NotificationRecord {
  const [worst, ...others] = told;
  if (worst === undefined) throw new Error('a summary of nothing');
  const more = isRest ? 'more ' : '';
  const count = told.length === 1 ? `1 ${more}incident fires` : `${told.length} ${more}incidents fire`;
  const named = others.slice(0, namedInSummary - 1).map(({ title }) => `; ${plainText(title, 60)}`);
  const rest = others.length > named.length ? ' …' : '';
  return {
    id: `summary-${worst.incidentId}-${nowMs}`,
    incidentId: 0,
    title: plainText(`${count}, worst ${worst.severity.word}`, titleLength),
    body: plainText(`${plainText(worst.title, 100)}${named.join('')}${rest}`, bodyLength),
    severity: worst.severity,
    intendedAtMs: nowMs,
    ...untold,
    askedAtMs: nowMs,
  };
}

/** @param manner how loudly. */
export function notificationOf(record: NotificationRecord, manner: Loudness): HostNotification {
  return {
    id: record.id,
    incidentId: isSummary(record) ? null : record.incidentId,
    title: record.title,
    body: record.body,
    severity: record.severity,
    sound: manner.sound,
    urgency: manner.urgency,
  };
}

export function isSummary(record: NotificationRecord): boolean {
  return record.incidentId === 0;
}

/** Whether the host has it and has not said what became of it. */
export function isOutstanding(record: NotificationRecord): boolean {
  return record.outcome === null && record.askedAtMs !== null;
}

/** Whether it is to be told and neither the host nor a summary has it. */
export function isWaiting(record: NotificationRecord): boolean {
  return record.outcome === null && record.askedAtMs === null && record.summaryId === null;
}

export function worstFirst(left: NotificationRecord, right: NotificationRecord): number {
  return (
    compareSeverity(left.severity, right.severity) ||
    left.intendedAtMs - right.intendedAtMs ||
    left.incidentId - right.incidentId
  );
}

/** The incident that a notification of ours was about, by its id; null where it is no such id. */
export function incidentIdOf(notificationId: string): number | null {
  const found = /^incident-([1-9]\d{0,14})-\d/.exec(notificationId)?.[1];
  return found === undefined ? null : Number(found);
}

function baseOf(incidentId: number, openedAtMs: number): string {
  return `incident-${incidentId}-${openedAtMs}`;
}
