import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { severityLevels } from '#shared/model/severity.ts';
import { formatClock } from '#shared/time.ts';
import { isFlapping } from './flapping.ts';

/**
 * The inbox by what somebody has to do. When nothing can be seen the sections say what was, not what is.
 */
export const sectionNames = [
  'needs-you',
  'unseen',
  'acknowledged',
  'snoozed',
  'muted',
  'flapping',
  'noise',
  'resolved',
] as const;
export type SectionName = (typeof sectionNames)[number];

export type CompareRows = (left: IncidentRow, right: IncidentRow) => number;

export interface SectionWords {
  readonly title: string;
  /** How its rows are ordered, or what being here means. */
  readonly order: string;
}

const levelRank = new Map(severityLevels.map((level, rank) => [level, rank]));

export const worstFirst: CompareRows = (left, right) =>
  (levelRank.get(left.severity.level) ?? 0) - (levelRank.get(right.severity.level) ?? 0);
export const oldestFirst: CompareRows = (left, right) => left.startsAtMs - right.startsAtMs;
/** Rows must never swap places between two renders of the same data. */
export const byId: CompareRows = (left, right) => left.id - right.id;
const longestHeldFirst: CompareRows = (left, right) =>
  (left.acknowledged?.atMs ?? 0) - (right.acknowledged?.atMs ?? 0);
const longestUnseenFirst: CompareRows = (left, right) => left.lastSeenAtMs - right.lastSeenAtMs;
const nextToWakeFirst: CompareRows = (left, right) => wakesAtMs(left) - wakesAtMs(right);
const newestResolvedFirst: CompareRows = (left, right) =>
  (right.resolvedAtMs ?? 0) - (left.resolvedAtMs ?? 0);
const newestNoiseFirst: CompareRows = (left, right) => (right.noise?.atMs ?? 0) - (left.noise?.atMs ?? 0);

/** One that wakes only when it gets worse has no time, and stands behind those that have one. */
function wakesAtMs(row: IncidentRow): number {
  return row.snoozed?.untilMs ?? Number.MAX_SAFE_INTEGER;
}

export function inTurn(...orders: readonly CompareRows[]): CompareRows {
  return (left, right) => {
    for (const order of orders) {
      const difference = order(left, right);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

const orders: Readonly<Record<SectionName, CompareRows>> = {
  'needs-you': inTurn(worstFirst, oldestFirst, byId),
  unseen: inTurn(worstFirst, longestUnseenFirst, byId),
  acknowledged: inTurn(worstFirst, longestHeldFirst, byId),
  snoozed: inTurn(nextToWakeFirst, worstFirst, byId),
  muted: inTurn(worstFirst, oldestFirst, byId),
  flapping: inTurn(worstFirst, oldestFirst, byId),
  noise: inTurn(newestNoiseFirst, byId),
  resolved: inTurn(newestResolvedFirst, byId),
};

export function orderWithin(section: SectionName): CompareRows {
  return orders[section];
}

/**
 * Where an incident belongs. A critical one that nobody has stays with those that need somebody, however
 * often it comes and goes.
 */
export function sectionOf(
  row: IncidentRow,
  signs: IncidentSigns | undefined,
  isBlind: boolean,
  nowMs: number,
): SectionName {
  if (row.resolvedAtMs !== null) return 'resolved';
  if (row.noise !== null) return 'noise';
  if (row.snoozed !== null) return 'snoozed';
  if (row.state === 'suppressed') return 'muted';
  if (isBlind) return row.acknowledged === null ? 'needs-you' : 'acknowledged';
  if (row.state === 'unseen') return 'unseen';
  if (signs !== undefined && signs.mutedBy.length > 0) return 'muted';
  if (row.acknowledged !== null) return 'acknowledged';
  if (row.severity.level !== 'critical' && isFlapping(row, signs, nowMs)) return 'flapping';
  return 'needs-you';
}

const seeing: Readonly<Record<SectionName, SectionWords>> = {
  'needs-you': { title: 'Needs you', order: 'worst first, then oldest' },
  unseen: {
    title: 'Lost sight',
    order: 'may fire or not: no fresh source speaks for them · worst first, then longest unseen',
  },
  acknowledged: { title: 'Acknowledged', order: 'worst first, then longest held' },
  snoozed: { title: 'Snoozed', order: 'next to wake first' },
  muted: { title: 'Muted', order: 'silenced, inhibited or off hours: firing, not notifying · worst first' },
  flapping: { title: 'Flapping', order: 'comes and goes, folded into one row each · worst first' },
  noise: { title: 'Noise', order: 'somebody said that it means nothing · last said first' },
  resolved: {
    title: 'Ended within a day',
    order: 'resolved by a fresh source, or closed unseen · newest first',
  },
};

const blind: Readonly<Record<SectionName, SectionWords>> = {
  ...seeing,
  'needs-you': { title: 'Was firing, nobody had taken it', order: 'worst first, then oldest' },
  acknowledged: { title: 'Was firing, acknowledged', order: 'worst first, then longest held' },
  snoozed: { title: 'Was snoozed', order: 'next to wake first' },
  muted: { title: 'Was muted', order: 'its silence may have ended · worst first' },
  noise: { title: 'Was noise', order: 'somebody said that it means nothing · last said first' },
};

/** @param lastSeenAtMs when anything was seen last, for what is said while blind. */
export function wordsOf(section: SectionName, isBlind: boolean, lastSeenAtMs: number | null): SectionWords {
  if (!isBlind) return seeing[section];
  if (section !== 'resolved') return blind[section];
  const title = lastSeenAtMs === null ? 'Was well' : `Was well at ${formatClock(lastSeenAtMs)}`;
  return { title, order: 'not known to be well now · newest first' };
}
