import type { IncidentRecord } from '#core/store/records.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { dayMs, formatClock, formatDateTime, formatSpan } from '#shared/time.ts';
import type { BookDraft } from './incident-book.ts';
import { holderOf } from './family.ts';
import { say } from './saying.ts';
import { isSnoozed, weightOf } from './snoozing.ts';

/**
 * What a person says of an incident, and what becomes of it by itself. Each writes into a draft the
 * incident, an entry of its timeline and an audit line, or nothing where it is so already. What is said of
 * a merged incident is said of the one that has its alerts.
 */

/** Whether it asks for somebody who decides what to do: one that nobody has taken, put off or put away. */
export function asksForSomebody(incident: IncidentRecord, nowMs: number): boolean {
  return (
    incident.resolvedAtMs === null &&
    incident.mergedInto === null &&
    incident.acknowledgedBy === null &&
    incident.verdicts.noise === null &&
    !isSnoozed(incident, nowMs)
  );
}

export type Verdict = (draft: BookDraft, id: number, atMs: number) => CommandFailure | void;

/** @param detail how it came to that; empty where a person did it in a window. */
export function acknowledge(by: string, silence: boolean, detail: string): Verdict {
  return (draft, id, atMs) => {
    const incident = holderOf(draft, id);
    if (incident === undefined) return;
    const isTaken = incident.acknowledgedBy !== null;
    if (isTaken && (incident.verdicts.holdsSilence || !silence)) return;
    const taken = isTaken ? {} : { acknowledgedBy: by, acknowledgedAtMs: atMs };
    say(draft, incident, { ...taken, verdicts: { holdsSilence: silence } }, atMs, {
      action: 'acknowledge',
      kind: 'acknowledged',
      text: isTaken ? 'A silence is held too' : 'Acknowledged',
      detail: [detail, silence ? 'with a silence upstream' : ''].filter((part) => part !== '').join(', '),
      by,
    });
  };
}

export function release(by: string, undo: boolean): Verdict {
  return (draft, id, atMs) => {
    const incident = holderOf(draft, id);
    if (incident === undefined || incident.acknowledgedBy === null) return;
    // Taking an acknowledgement back brings back that the one before it was forgotten.
    const forgotten = undo ? incident.verdicts.forgotten : null;
    const free = {
      acknowledgedBy: null,
      acknowledgedAtMs: null,
      verdicts: { holdsSilence: false, forgotten },
    };
    say(draft, incident, free, atMs, {
      action: undo ? 'undo acknowledge' : 'release',
      kind: undo ? 'undone' : 'released',
      text: undo ? 'Acknowledgement undone' : 'Released',
      detail: undo ? '' : `was held by ${incident.acknowledgedBy}`,
      by,
    });
  };
}

/** Notes stay with the incident that they were written on. */
export function note(by: string, text: string): Verdict {
  return (draft, id, atMs) => {
    const incident = draft.incident(id);
    if (incident === undefined) return;
    say(draft, incident, {}, atMs, { action: 'note', kind: 'note', text: 'Note', detail: text, by });
  };
}

/** @param untilMs null: only until it gets worse. */
export function snooze(by: string, untilMs: number | null, undo: boolean): Verdict {
  return (draft, id, atMs) => {
    const incident = holderOf(draft, id);
    if (incident === undefined || incident.resolvedAtMs !== null) return undefined;
    if (untilMs !== null && !(untilMs > atMs && untilMs <= atMs + longestSnoozeMs)) {
      const message = `${formatDateTime(untilMs)} is not within the next ${longestSnoozeMs / dayMs} days`;
      return commandFailure('invalid-input', message, 'Choose a time to come.');
    }
    if (incident.verdicts.snoozed?.untilMs === untilMs) return undefined;
    const weight = weightOf(draft.alertsOf(incident.id));
    say(draft, incident, { verdicts: { snoozed: { by, atMs, untilMs, ...weight } } }, atMs, {
      action: undo ? 'undo wake' : 'snooze',
      kind: undo ? 'undone' : 'snoozed',
      text: undo ? 'Snoozed again' : 'Snoozed',
      detail: untilMs === null ? 'until it gets worse' : `until ${moment(untilMs, atMs)}, or it gets worse`,
      by,
    });
    return undefined;
  };
}

const longestSnoozeMs = 90 * dayMs;

export function wake(by: string, undo: boolean): Verdict {
  return (draft, id, atMs) => {
    const incident = holderOf(draft, id);
    if (incident === undefined || incident.verdicts.snoozed === null) return;
    say(draft, incident, { verdicts: { snoozed: null } }, atMs, {
      action: undo ? 'undo snooze' : 'wake',
      kind: undo ? 'undone' : 'woken',
      text: undo ? 'Snooze undone' : 'Woken',
      detail: '',
      by,
    });
  };
}

/** @param to null: nobody's any more. */
export function assign(by: string, to: string | null, undo: boolean): Verdict {
  return (draft, id, atMs) => {
    const incident = holderOf(draft, id);
    if (incident === undefined || incident.verdicts.assignedTo === to) return;
    const before = incident.verdicts.assignedTo;
    say(draft, incident, { verdicts: { assignedTo: to } }, atMs, {
      action: undo ? 'undo assign' : 'assign',
      kind: undo ? 'undone' : 'assigned',
      text: to === null ? 'Assigned to nobody' : `Assigned to ${to}`,
      detail: before === null ? '' : `was assigned to ${before}`,
      by,
    });
  };
}

export function markNoise(by: string, isNoise: boolean, undo: boolean): Verdict {
  return (draft, id, atMs) => {
    const incident = holderOf(draft, id);
    if (incident === undefined || (incident.verdicts.noise !== null) === isNoise) return;
    const action = isNoise ? 'mark noise' : 'unmark noise';
    say(draft, incident, { verdicts: { noise: isNoise ? { by, atMs } : null } }, atMs, {
      action: undo ? `undo: ${action}` : action,
      kind: undo ? 'undone' : 'noise',
      text: isNoise ? 'Marked as noise' : 'Not noise after all',
      detail: '',
      by,
    });
  };
}

/** An acknowledgement that nobody came back to ends by itself: the incident asks as if it were new. */
export function forget(draft: BookDraft, id: number, atMs: number): void {
  const incident = draft.incident(id);
  if (incident === undefined || incident.acknowledgedBy === null) return;
  const { acknowledgedBy: by, acknowledgedAtMs, verdicts, revision } = incident;
  const handledAtMs = verdicts.handledAtMs ?? acknowledgedAtMs ?? atMs;
  draft.putIncident({
    ...incident,
    acknowledgedBy: null,
    acknowledgedAtMs: null,
    verdicts: {
      ...verdicts,
      holdsSilence: false,
      forgotten: { by, atMs: acknowledgedAtMs ?? atMs, cameBackAtMs: atMs },
      asksAgainSinceMs: atMs,
    },
    revision: revision + 1,
  });
  const detail = `acknowledged by ${by}; nobody did anything about it for ${formatSpan(atMs - handledAtMs)}`;
  draft.addTimeline({ incidentId: id, atMs, kind: 'forgotten', text: 'Came back', detail, by: '' });
}

function moment(ofMs: number, nowMs: number): string {
  return ofMs - nowMs < dayMs / 2 ? formatClock(ofMs) : formatDateTime(ofMs);
}
