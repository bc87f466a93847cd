import type { IncidentRow } from '#shared/model/incident.ts';
import { dayMs, formatAge, minuteMs, secondMs } from '#shared/time.ts';
import { useLive, useSession, useTimed } from '../app.ts';
import type { LiveState } from '../stores/live.ts';
import { lastHour, type TimeChoice } from '../stores/session.ts';

/** The one time range that every view over time shows. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const beforeMs = 30 * minuteMs;
const afterMs = 90 * minuteMs;
const tailMs = 10 * minuteMs;

/**
 * @param row the incident that the choice names, where it is known.
 * @returns around its start for an incident: half an hour before it, then up to an hour and a half after,
 * ending sooner where it was resolved or time has not got there.
 */
export function rangeOf(choice: TimeChoice, row: IncidentRow | undefined, nowMs: number): TimeRange {
  if (choice.kind === 'fixed') return { fromMs: choice.fromMs, toMs: choice.toMs };
  if (choice.kind === 'last') return { fromMs: nowMs - choice.spanMs, toMs: nowMs };
  if (row === undefined) return rangeOf(lastHour, undefined, nowMs);
  const ends = [row.startsAtMs + afterMs, nowMs];
  if (row.resolvedAtMs !== null) ends.push(row.resolvedAtMs + tailMs);
  const toMs = Math.max(row.startsAtMs + minuteMs, Math.min(...ends));
  return { fromMs: row.startsAtMs - beforeMs, toMs };
}

/** Half a range earlier (`-1`) or later (`1`); never beyond now, and up to now where it would be. */
export function shiftedChoice(range: TimeRange, direction: -1 | 1, nowMs: number): TimeChoice {
  const spanMs = range.toMs - range.fromMs;
  const toMs = range.toMs + (direction * spanMs) / 2;
  if (direction > 0 && toMs >= nowMs) return { kind: 'last', spanMs };
  return { kind: 'fixed', fromMs: toMs - spanMs, toMs };
}

/** The incident that a choice names, as far as the window knows it. */
export function incidentOf(live: LiveState, choice: TimeChoice): IncidentRow | undefined {
  if (choice.kind !== 'incident') return undefined;
  const listed = live.incidents?.find((row) => row.id === choice.id);
  return listed ?? (live.incident?.id === choice.id ? live.incident.detail?.row : undefined);
}

/** `Incident`, `Last 1h`, `Shifted`. */
export function nameOfChoice(choice: TimeChoice): string {
  switch (choice.kind) {
    case 'incident':
      return 'Incident';
    case 'fixed':
      return 'Fixed';
    case 'last':
      return `Last ${choice.spanMs < 2 * dayMs && choice.spanMs >= dayMs ? '24h' : formatAge(choice.spanMs)}`;
  }
}

/**
 * The range in force, moving with time in steps of `stepMs`: what asks again with every change of it asks
 * no more often than that.
 */
export function useTimeRange(stepMs: number = 15 * secondMs): TimeRange {
  const choice = useSession((state) => state.timeChoice);
  const row = useLive((state) => incidentOf(state, choice));
  const turn = useTimed((nowMs) => Math.floor(nowMs / stepMs));
  return rangeOf(choice, row, (turn + 1) * stepMs);
}
