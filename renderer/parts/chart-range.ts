import type { IncidentRow } from '#shared/model/incident.ts';
import { minuteMs } from '#shared/time.ts';
import type { ChartPlace } from '../stores/session.ts';

/** Which time an incident's chart shows. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const beforeMs = 30 * minuteMs;
const afterMs = 90 * minuteMs;
const tailMs = 10 * minuteMs;

/**
 * Around its start: half an hour before it, then up to an hour and a half after, ending sooner where it
 * was resolved or time has not got there. `live` is as long and ends now.
 */
export function chartRange(row: IncidentRow, place: ChartPlace, nowMs: number): TimeRange {
  if (place.kind === 'fixed') return { fromMs: place.fromMs, toMs: place.toMs };
  if (place.kind === 'live') return { fromMs: nowMs - beforeMs - afterMs, toMs: nowMs };
  const ends = [row.startsAtMs + afterMs, nowMs];
  if (row.resolvedAtMs !== null) ends.push(row.resolvedAtMs + tailMs);
  const toMs = Math.max(row.startsAtMs + minuteMs, Math.min(...ends));
  return { fromMs: row.startsAtMs - beforeMs, toMs };
}

/**
 * Half a range earlier (`-1`) or later (`1`); never beyond now.
 * @returns the place to look at: `live` where the later end reaches now.
 */
export function shiftedPlace(range: TimeRange, direction: -1 | 1, nowMs: number): ChartPlace {
  const spanMs = range.toMs - range.fromMs;
  const toMs = range.toMs + (direction * spanMs) / 2;
  if (direction > 0 && toMs >= nowMs) return { kind: 'live' };
  return { kind: 'fixed', fromMs: toMs - spanMs, toMs };
}
