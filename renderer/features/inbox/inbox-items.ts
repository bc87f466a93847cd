import type { IncidentRow } from '#shared/model/incident.ts';
import { isOpen } from '../../parts/incident-words.ts';
import { compareSeverity } from '#shared/model/severity.ts';
import { formatClock } from '#shared/time.ts';
import type { ScreenSight } from '../../stores/sight.ts';

/**
 * The inbox as a list: sections with their order stated, and the rows under them. When nothing can be
 * seen the sections say what was, not what is.
 */

export type SectionName = 'needs-you' | 'acknowledged' | 'unseen' | 'muted' | 'resolved' | 'may-match';

export interface SectionItem {
  readonly kind: 'section';
  readonly name: SectionName;
  readonly title: string;
  readonly count: number;
  /** How its rows are ordered, or what being here means. */
  readonly order: string;
}

export interface RowItem {
  readonly kind: 'row';
  readonly row: IncidentRow;
}

export type InboxItem = SectionItem | RowItem;

interface Section {
  readonly name: SectionName;
  readonly title: string;
  readonly order: string;
  readonly holds: (row: IncidentRow) => boolean;
  readonly compare: (left: IncidentRow, right: IncidentRow) => number;
}

const worstFirst = (left: IncidentRow, right: IncidentRow): number =>
  compareSeverity(left.severity, right.severity);
const oldestFirst = (left: IncidentRow, right: IncidentRow): number => left.startsAtMs - right.startsAtMs;
const longestHeldFirst = (left: IncidentRow, right: IncidentRow): number =>
  (left.acknowledged?.atMs ?? 0) - (right.acknowledged?.atMs ?? 0);
const longestUnseenFirst = (left: IncidentRow, right: IncidentRow): number =>
  left.lastSeenAtMs - right.lastSeenAtMs;
const newestResolvedFirst = (left: IncidentRow, right: IncidentRow): number =>
  (right.resolvedAtMs ?? 0) - (left.resolvedAtMs ?? 0);
/** Rows must never swap places between two renders of the same data. */
const byId = (left: IncidentRow, right: IncidentRow): number => left.id - right.id;

function inTurn(...orders: readonly Section['compare'][]): Section['compare'] {
  const all = [...orders, byId];
  return (left, right) => {
    for (const order of all) {
      const difference = order(left, right);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

const seeing: readonly Section[] = [
  {
    name: 'needs-you',
    title: 'Needs you',
    order: 'worst first, then oldest',
    holds: (row) => isOpen(row) && row.state === 'firing' && row.acknowledged === null,
    compare: inTurn(worstFirst, oldestFirst),
  },
  {
    name: 'unseen',
    title: 'Lost sight',
    order: 'may fire or not: no fresh source speaks for them · worst first, then longest unseen',
    holds: (row) => isOpen(row) && row.state === 'unseen',
    compare: inTurn(worstFirst, longestUnseenFirst),
  },
  {
    name: 'acknowledged',
    title: 'Acknowledged',
    order: 'worst first, then longest held',
    holds: (row) => isOpen(row) && row.state === 'firing' && row.acknowledged !== null,
    compare: inTurn(worstFirst, longestHeldFirst),
  },
  {
    name: 'muted',
    title: 'Muted',
    order: 'silenced or inhibited: firing, not notifying · worst first',
    holds: (row) => isOpen(row) && row.state === 'suppressed',
    compare: inTurn(worstFirst, oldestFirst),
  },
  {
    name: 'resolved',
    title: 'Ended within a day',
    order: 'resolved by a fresh source, or closed unseen · newest first',
    holds: (row) => !isOpen(row),
    compare: inTurn(newestResolvedFirst),
  },
];

/** The same, in the past tense; nothing is known to be muted or firing any more. */
function blind(lastSeenAtMs: number | null): readonly Section[] {
  return [
    {
      name: 'needs-you',
      title: 'Was firing, nobody had taken it',
      order: 'worst first, then oldest',
      holds: (row) => isOpen(row) && row.state !== 'suppressed' && row.acknowledged === null,
      compare: inTurn(worstFirst, oldestFirst),
    },
    {
      name: 'acknowledged',
      title: 'Was firing, acknowledged',
      order: 'worst first, then longest held',
      holds: (row) => isOpen(row) && row.state !== 'suppressed' && row.acknowledged !== null,
      compare: inTurn(worstFirst, longestHeldFirst),
    },
    {
      name: 'muted',
      title: 'Was muted',
      order: 'its silence may have ended · worst first',
      holds: (row) => isOpen(row) && row.state === 'suppressed',
      compare: inTurn(worstFirst, oldestFirst),
    },
    {
      name: 'resolved',
      title: lastSeenAtMs === null ? 'Was well' : `Was well at ${formatClock(lastSeenAtMs)}`,
      order: 'not known to be well now · newest first',
      holds: (row) => !isOpen(row),
      compare: inTurn(newestResolvedFirst),
    },
  ];
}

/** Of which it is not known whether they match the filter, and what is not told of them. */
interface Doubtful {
  readonly rows: readonly IncidentRow[];
  readonly untold: ReadonlySet<string>;
}

const untoldWords: Readonly<Record<string, string>> = {
  alerts: 'their alerts are not here',
  receiver: 'no source told whom they notify',
  muted: 'no source told which time interval mutes them',
};

function mayMatch({ rows, untold }: Doubtful): readonly InboxItem[] {
  if (rows.length === 0) return [];
  const why = [...untold].map((what) => untoldWords[what] ?? `@${what} is not told`).join(' · ');
  const ordered = rows.toSorted(inTurn(worstFirst, oldestFirst));
  return [
    { kind: 'section', name: 'may-match', title: 'May match', order: why, count: rows.length },
    ...ordered.map((row): RowItem => ({ kind: 'row', row })),
  ];
}

const noDoubt: Doubtful = { rows: [], untold: new Set() };

/** Sections without rows are left out. */
export function inboxItems(
  rows: readonly IncidentRow[],
  sight: Pick<ScreenSight, 'kind' | 'lastSeenAtMs'>,
  doubtful: Doubtful = noDoubt,
): readonly InboxItem[] {
  const sections = sight.kind === 'blind' ? blind(sight.lastSeenAtMs) : seeing;
  const known = sections.flatMap((section): InboxItem[] => {
    const held = rows.filter((row) => section.holds(row)).sort(section.compare);
    if (held.length === 0) return [];
    const { name, title, order } = section;
    return [
      { kind: 'section', name, title, order, count: held.length },
      ...held.map((row): RowItem => ({ kind: 'row', row })),
    ];
  });
  return [...known, ...mayMatch(doubtful)];
}

export function rowsOf(items: readonly InboxItem[]): readonly IncidentRow[] {
  return items.flatMap((item) => (item.kind === 'row' ? [item.row] : []));
}

/** Incidents that ask for a person, and all that are open. */
export function countOpen(
  rows: readonly IncidentRow[],
  isBlind: boolean,
): { needsYou: number; open: number } {
  const open = rows.filter(isOpen);
  const needing = open.filter(
    (row) => row.acknowledged === null && (row.state === 'firing' || (isBlind && row.state === 'unseen')),
  );
  return { needsYou: needing.length, open: open.length };
}
