import type { AlertRecord, IncidentRecord } from '#core/store/records.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { incidentName } from '#shared/model/incident.ts';
import { familyOf, holderOf } from './family.ts';
import type { BookDraft } from './incident-book.ts';
import { endFamily } from './incident-life.ts';
import { witnessedAt } from './incident-row.ts';
import { say } from './saying.ts';
import type { Verdict } from './verdicts.ts';

/** The only end that a person decides, of incidents that no source sees any more; and what takes it back. */

/** Ends an incident whose alerts are all unseen. */
export function close(by: string): Verdict {
  return (draft, id, atMs) => {
    const incident = holderOf(draft, id);
    if (incident?.resolvedAtMs !== null) return undefined;
    const target = incidentName(incident.id);
    const open = draft.alertsOf(incident.id).filter((alert) => alert.endedAtMs === null);
    if (open.some((alert) => alert.state !== 'unseen')) {
      const message = `${target} is still reported by a source`;
      return commandFailure('conflict', message, 'It ends by itself when the source lets go of it.');
    }
    endUnseen(draft, incident.id, atMs, by, 'its alerts were out of sight');
    draft.addChange({ kind: 'audit', record: { atMs, by, action: 'close', target, outcome: 'done' } });
    return undefined;
  };
}

/** Ends an incident without calling it resolved: its open alerts stay unseen, because nobody saw them end. */
export function endUnseen(draft: BookDraft, id: number, atMs: number, by: string, cause: string): void {
  for (const alert of draft.alertsOf(id)) {
    if (alert.endedAtMs !== null) continue;
    // From here on polls say nothing of it: until when it was seen is what is known now.
    const witnesses = alert.witnesses.map((witness) => ({
      ...witness,
      lastSeenAtMs: witnessedAt(witness, (source) => draft.watch(source)),
    }));
    draft.putAlert({ ...alert, state: 'unseen', endedAtMs: atMs, witnesses });
  }
  for (const incidentId of endFamily(draft, id, atMs))
    draft.addTimeline({ incidentId, atMs, kind: 'closed', text: 'Closed', detail: cause, by });
}

/**
 * Takes closes back. What fires again since in another incident stays closed, and is told as that: it is
 * refused only where there is nothing else, so that one that came back does not keep hundreds closed.
 */
export function reopen(
  draft: BookDraft,
  ids: readonly number[],
  by: string,
  atMs: number,
): CommandFailure | undefined {
  let refusal: CommandFailure | undefined;
  let isChanged = false;
  for (const id of ids) {
    const incident = holderOf(draft, id);
    if (incident === undefined || incident.resolvedAtMs === null) continue;
    const closed = closedAlerts(draft, incident);
    if (closed.length === 0) continue;
    const later = goesOnAs(draft, incident, closed);
    if (later === undefined) {
      isChanged = true;
      putBack(draft, incident, closed, by, atMs);
      continue;
    }
    const [target, other] = [incidentName(incident.id), incidentName(later.id)];
    const detail = `it goes on as ${other}`;
    refusal ??= commandFailure('conflict', `${target} goes on as ${other}`, `Go on with ${other}.`);
    const record = { atMs, by, action: 'undo close', target, outcome: 'conflict', detail };
    draft.addTimeline({ incidentId: incident.id, atMs, kind: 'undone', text: 'Stays closed', detail, by });
    draft.addChange({ kind: 'audit', record });
  }
  return isChanged ? undefined : refusal;
}

/** Those that were open until it was closed; none where it was seen to end. */
function closedAlerts(draft: BookDraft, { id, resolvedAtMs }: IncidentRecord): readonly AlertRecord[] {
  return draft
    .alertsOf(id)
    .filter(({ state, endedAtMs }) => state === 'unseen' && endedAtMs === resolvedAtMs);
}

function putBack(
  draft: BookDraft,
  incident: IncidentRecord,
  closed: readonly AlertRecord[],
  by: string,
  atMs: number,
): void {
  const { resolvedAtMs } = incident;
  for (const id of familyOf(draft, incident.id)) {
    const member = draft.incident(id);
    if (member === undefined || id === incident.id || member.resolvedAtMs !== resolvedAtMs) continue;
    draft.putIncident({ ...member, resolvedAtMs: null, revision: member.revision + 1 });
    draft.addTimeline({ incidentId: id, atMs, kind: 'undone', text: 'Closing undone', detail: '', by });
  }
  const said = { action: 'undo close', kind: 'undone', text: 'Closing undone', detail: '', by } as const;
  say(draft, incident, { resolvedAtMs: null }, atMs, said);
  for (const alert of closed) {
    // A source that answered since did so without it, and nobody compared: it must not be seen to end later.
    const witnesses = alert.witnesses.map((witness) =>
      (draft.watch(witness.source)?.lastSuccessAtMs ?? 0) >= (resolvedAtMs ?? 0)
        ? { ...witness, reporting: false }
        : witness,
    );
    draft.putAlert({ ...alert, endedAtMs: null, witnesses });
  }
}

/** The incident that has opened since for the same group, or has one of the same alerts. */
function goesOnAs(
  draft: BookDraft,
  { id, resolvedAtMs }: IncidentRecord,
  closed: readonly AlertRecord[],
): IncidentRecord | undefined {
  for (const member of familyOf(draft, id)) {
    const incident = draft.incident(member);
    if (incident === undefined || incident.resolvedAtMs !== resolvedAtMs) continue;
    const later = draft.findOpenIncident(incident.groupKey);
    if (later !== undefined) return holderOf(draft, later.id);
  }
  const again = closed.map(({ fingerprint }) => draft.findOpenAlert(fingerprint));
  const first = again.find((alert) => alert !== undefined);
  return first && holderOf(draft, first.incidentId);
}
