import type { IncidentRow } from '#shared/model/incident.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';

/** One sentence on an incident's state, in the past tense where nothing is seen. */
export function stateSentence(row: IncidentRow, blind: boolean): string {
  const owner =
    row.acknowledged === null ? 'nobody has taken it' : `${plainText(row.acknowledged.by, 40)} has it`;
  switch (row.state) {
    case 'firing':
      return blind ? 'was firing when sight was lost' : `firing, ${owner}`;
    case 'suppressed':
      return blind ? 'was muted when sight was lost' : `firing and muted, ${owner}`;
    case 'unseen':
      return blind
        ? 'was firing when sight was lost'
        : `not seen since ${formatClock(row.lastSeenAtMs)}: may fire or not`;
    case 'resolved':
      return row.resolvedAtMs === null ? 'resolved' : `resolved at ${formatClock(row.resolvedAtMs)}`;
  }
}

/** Until when an incident's age is known: for ever while it is seen, else its last sight or its end. */
export function ageEndMs(row: IncidentRow, blind: boolean): number | null {
  if (row.state === 'resolved') return row.resolvedAtMs;
  return blind || row.state === 'unseen' ? row.lastSeenAtMs : null;
}
