import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import { plainText } from '#shared/text.ts';
import { formatClock, formatDateTime } from '#shared/time.ts';

/** Open until a source resolves it or a person closes it; a closed one was never seen resolved. */
export function isOpen(row: Pick<IncidentRow, 'resolvedAtMs'>): boolean {
  return row.resolvedAtMs === null;
}

/** One sentence on an incident's state, in the past tense where nothing is seen. */
export function stateSentence(row: IncidentRow, blind: boolean): string {
  if (row.resolvedAtMs !== null) {
    const word = row.state === 'resolved' ? 'resolved' : 'closed unseen';
    return `${word} at ${formatClock(row.resolvedAtMs)}`;
  }
  if (row.mergedInto !== null) return `merged into ${incidentName(row.mergedInto)}, which has its alerts`;
  const owner = ownerWords(row);
  switch (row.state) {
    case 'firing':
      return blind ? `was firing when sight was lost, ${owner}` : `firing, ${owner}`;
    case 'suppressed':
      return blind ? `was muted when sight was lost, ${owner}` : `firing and muted, ${owner}`;
    case 'unseen':
      return blind
        ? `was firing when sight was lost, ${owner}`
        : `not seen since ${formatClock(row.lastSeenAtMs)}: may fire or not`;
    case 'resolved':
      return 'resolved';
  }
}

/** What else was decided about it than its sentence says. */
export function furtherWords(row: IncidentRow): string {
  return row.resolvedAtMs === null && row.mergedInto === null ? decisions(row).slice(1).join(', ') : '';
}

function ownerWords(row: IncidentRow): string {
  return decisions(row)[0] ?? 'nobody has taken it';
}

/** Who has it and what was decided about it, most telling first. */
function decisions({ acknowledged, snoozed, noise, forgotten, assignedTo }: IncidentRow): readonly string[] {
  const words: string[] = [];
  if (noise !== null) words.push(`noise, says ${person(noise.by)}`);
  if (snoozed !== null) words.push(`snoozed ${untilWords(snoozed.untilMs)} by ${person(snoozed.by)}`);
  if (acknowledged !== null) words.push(`${person(acknowledged.by)} has it`);
  else if (forgotten !== null) words.push(`came back from ${person(forgotten.by)}`);
  if (assignedTo !== null) words.push(`assigned to ${person(assignedTo)}`);
  return words;
}

function untilWords(untilMs: number | null): string {
  if (untilMs === null) return 'until it gets worse';
  const isToday = new Date(untilMs).toDateString() === new Date().toDateString();
  return `until ${isToday ? formatClock(untilMs).slice(0, 5) : formatDateTime(untilMs).slice(0, 16)}`;
}

function person(name: string): string {
  return plainText(name, 40);
}

/** Until when an incident's age is known: for ever while it is seen, else its last sight or its end. */
export function ageEndMs(row: IncidentRow, blind: boolean): number | null {
  if (row.resolvedAtMs !== null) return row.resolvedAtMs;
  return blind || row.state === 'unseen' ? row.lastSeenAtMs : null;
}
