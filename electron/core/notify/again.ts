import type { IncidentRecord, NotificationRecord } from '#core/store/records.ts';
import { compareSeverity, type Severity } from '#shared/model/severity.ts';
import type { Manner } from '#shared/notify/model.ts';
import { minuteMs } from '#shared/time.ts';
import { isSummary } from './intents.ts';

/** When an incident that was told is told again while nobody has it. Pure. */

export const putOffMs = 15 * minuteMs;

/** Its notification, and when the first of them since it last asked was shown. */
export interface Told {
  readonly record: NotificationRecord;
  readonly firstToldAtMs: number | null;
}

/** @returns milliseconds until then, not above 0 where it is due; null for never. */
export function againInMs(
  { record, firstToldAtMs }: Told,
  manner: () => Manner,
  nowMs: number,
): number | null {
  const { outcome, outcomeAtMs, snoozedUntilMs } = record;
  if (outcome !== 'shown' || outcomeAtMs === null || isSummary(record)) return null;
  if (snoozedUntilMs !== null) return within(snoozedUntilMs - nowMs, putOffMs);
  const { repeatMs, louderAfterMs } = manner();
  const waits: number[] = [];
  if (repeatMs > 0) waits.push(within(outcomeAtMs + repeatMs - nowMs, repeatMs));
  const louderAtMs = louderFromMs(firstToldAtMs, louderAfterMs);
  if (louderAtMs !== null && outcomeAtMs < louderAtMs) waits.push(within(louderAtMs - nowMs, louderAfterMs));
  return waits.length === 0 ? null : Math.min(...waits);
}

/** From when on it is told a step louder; null for never. */
export function louderFromMs(firstToldAtMs: number | null, louderAfterMs: number): number | null {
  return firstToldAtMs === null || louderAfterMs === 0 ? null : firstToldAtMs + louderAfterMs;
}

/** A clock that was set back must not make anybody wait longer than was said. */
function within(ms: number, longestMs: number): number {
  return ms > longestMs ? 0 : ms;
}

/** Why what was told calls for being told once more at once; null where nothing does. */
export function callsAgain(
  record: NotificationRecord,
  incident: IncidentRecord,
  severity: Severity,
  nowMs: number,
): 'worse' | 'asks again' | null {
  if (compareSeverity(severity, record.severity) < 0) return 'worse';
  const { asksAgainSinceMs } = incident.verdicts;
  const wasToldBefore = record.outcome === 'shown' || record.outcome === 'denied';
  // Told at a time to come, the clock was set back since: which was first cannot be known, and it is told.
  const isOlder = (atMs: number): boolean =>
    record.intendedAtMs < atMs || record.intendedAtMs > nowMs + minuteMs;
  const asksAgain = asksAgainSinceMs !== null && isOlder(asksAgainSinceMs);
  return wasToldBefore && asksAgain ? 'asks again' : null;
}
