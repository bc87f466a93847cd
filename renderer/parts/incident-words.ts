import type { IncidentRow } from '#shared/model/incident.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';

/** Open until a source resolves it or a person closes it; a closed one was never seen resolved. */
export function isOpen(row: Pick<IncidentRow, 'resolvedAtMs'>): boolean {
  return row.resolvedAtMs === null;
}

/** One sentence on an incident's state, in the past tense where nothing is seen. */
export function stateSentence(row: IncidentRow, blind: boolean): string {
  const owner =
    row.acknowledged === null ? 'nobody has taken it' : `${plainText(row.acknowledged.by, 40)} has it`;
  if (row.resolvedAtMs !== null) {
    const word = row.state === 'resolved' ? 'resolved' : 'closed unseen';
    return `${word} at ${formatClock(row.resolvedAtMs)}`;
  }
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
      return 'resolved';
  }
}

/** Until when an incident's age is known: for ever while it is seen, else its last sight or its end. */
export function ageEndMs(row: IncidentRow, blind: boolean): number | null {
  if (row.resolvedAtMs !== null) return row.resolvedAtMs;
  return blind || row.state === 'unseen' ? row.lastSeenAtMs : null;
}
