import type { AlertRecord, IncidentRecord } from '#core/store/records.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { incidentName } from '#shared/model/incident.ts';
import { familyOf, holderOf, homeOf } from './family.ts';
import { serviceOf, titleOf } from './grouping.ts';
import type { BookDraft } from './incident-book.ts';
import { resolveIncident, settleIncident } from './incident-life.ts';
import { say } from './saying.ts';

/**
 * Several incidents as one, and one as several. Alerts move to the incident that has them now, so that
 * everything which asks an incident for its alerts is right without knowing of merges; each alert keeps its
 * home, so that a merge taken back gives each its own, whatever has happened to them since.
 */

const onlyOpen = 'Only open incidents can be merged.';

/** Merges open incidents into another: their alerts, and those to come, are its alerts while it is open. */
export function merge(
  draft: BookDraft,
  ids: readonly number[],
  into: number,
  by: string,
  atMs: number,
): CommandFailure | undefined {
  const target = holderOf(draft, into);
  if (target === undefined) return undefined;
  if (target.resolvedAtMs !== null) return over(target, onlyOpen);
  let isChanged = false;
  for (const id of ids) {
    const incident = holderOf(draft, id);
    if (incident === undefined || incident.id === target.id) continue;
    if (incident.resolvedAtMs !== null) return over(incident, onlyOpen);
    const [own, other] = [incidentName(incident.id), incidentName(target.id)];
    const said = { action: 'merge', kind: 'merged', text: `Merged into ${other}`, detail: '', by } as const;
    say(draft, incident, { mergedInto: target.id }, atMs, said);
    const text = `${own} merged into this`;
    draft.addTimeline({ incidentId: target.id, atMs, kind: 'merged', text, detail: incident.title, by });
    for (const alert of draft.alertsOf(incident.id)) move(draft, alert, homeOf(alert));
    isChanged = true;
  }
  if (isChanged) settleIncident(draft, target.id, atMs);
  return undefined;
}

/** Takes a merge back, however long ago it was: each of the incidents has its own alerts again. */
export function unmerge(draft: BookDraft, id: number, by: string, undo: boolean, atMs: number): void {
  const incident = draft.incident(id);
  const holder = holderOf(draft, id);
  if (incident === undefined || holder === undefined || incident.mergedInto === null) return;
  const told = undo ? 'undone' : 'split';
  const [own, other] = [incidentName(id), incidentName(holder.id)];
  const action = undo ? 'undo merge' : 'unmerge';
  const said = { action, kind: told, text: `No longer merged into ${other}`, detail: '', by } as const;
  say(draft, incident, { mergedInto: null }, atMs, said);
  const text = `${own} is on its own again`;
  draft.addTimeline({ incidentId: holder.id, atMs, kind: told, text, detail: incident.title, by });
  const family = familyOf(draft, id);
  const theirs = draft.alertsOf(holder.id).filter((alert) => family.has(homeOf(alert)));
  for (const alert of theirs) move(draft, alert, homeOf(alert));
  for (const alert of draft.alertsOf(id)) if (!family.has(homeOf(alert))) move(draft, alert, homeOf(alert));
  settle(draft, holder.id, atMs);
  settle(draft, id, atMs);
}

/** @returns the incident that has the alerts now: a new one, or the one of an earlier split of the same. */
export function split(
  draft: BookDraft,
  id: number,
  fingerprints: readonly string[],
  by: string,
  atMs: number,
): number | CommandFailure {
  const incident = holderOf(draft, id);
  if (incident === undefined) return 0;
  const chosen = new Set(fingerprints);
  const open = draft.alertsOf(incident.id).filter(({ endedAtMs }) => endedAtMs === null);
  const leaving = open.filter(({ fingerprint }) => chosen.has(fingerprint));
  const [first] = leaving;
  if (first === undefined) {
    const earlier = fingerprints.map((fingerprint) => draft.findSplit(fingerprint));
    const [before] = earlier;
    if (before !== undefined && earlier.every((one) => one === before)) return before.id;
    const message = `None of these alerts is open in ${incidentName(incident.id)}`;
    return commandFailure('conflict', message, 'Choose among those that it has now.');
  }
  if (leaving.length === open.length) {
    const message = `${incidentName(incident.id)} has no other open alert`;
    return commandFailure('conflict', message, 'Leave at least one of them where it is.');
  }
  const created = openSplit(draft, incident, leaving, atMs);
  const [own, other] = [incidentName(created.id), incidentName(incident.id)];
  const detail = `${leaving.length} of ${open.length} alerts`;
  const text = `Split off from ${other}`;
  say(draft, created, {}, atMs, { action: 'split', kind: 'split', text, detail, by });
  const away = {
    incidentId: incident.id,
    atMs,
    kind: 'split',
    text: `${own} split off`,
    detail,
    by,
  } as const;
  draft.addTimeline(away);
  for (const alert of leaving) move(draft, alert, created.id);
  settleIncident(draft, created.id, atMs);
  settleIncident(draft, incident.id, atMs);
  return created.id;
}

/** Takes a split back: its alerts are whose they were; what is left of it is merged into where it came from. */
export function rejoin(draft: BookDraft, id: number, by: string, atMs: number): CommandFailure | undefined {
  const incident = draft.incident(id);
  if (incident === undefined || incident.verdicts.split === null || incident.mergedInto !== null)
    return undefined;
  const { from, homes } = incident.verdicts.split;
  if (incident.resolvedAtMs !== null) return over(incident, 'What has ended stays as it was told.');
  const origin = holderOf(draft, from);
  if (origin?.id === id) {
    const message = `${incidentName(from)}, where it came from, is merged into it`;
    return commandFailure('conflict', message, `Take ${incidentName(from)} out of the merge first.`);
  }
  if (origin === undefined || origin.resolvedAtMs !== null) {
    const message = `${incidentName(from)}, where it came from, is over`;
    return commandFailure('conflict', message, 'Leave it on its own; it ends by itself.');
  }
  const [own, other] = [incidentName(id), incidentName(origin.id)];
  const said = { action: 'undo split', kind: 'undone', text: `Back in ${other}`, detail: '', by } as const;
  say(draft, incident, { mergedInto: origin.id, verdicts: { split: null } }, atMs, said);
  const text = `${own} is back in this`;
  draft.addTimeline({ incidentId: origin.id, atMs, kind: 'undone', text, detail: '', by });
  const formerHomes = new Map(homes);
  const touched = new Set([origin.id]);
  for (const alert of draft.alertsOf(id)) {
    const isOwn = homeOf(alert) === id && formerHomes.has(alert.fingerprint);
    const former = isOwn ? (formerHomes.get(alert.fingerprint) ?? from) : homeOf(alert);
    // Whose it was may have ended by itself meanwhile; nothing that fires goes into what is over.
    const isOver = holderOf(draft, former)?.resolvedAtMs !== null;
    touched.add(move(draft, alert, isOver ? origin.id : former));
  }
  for (const each of touched) settle(draft, each, atMs);
  return undefined;
}

/** What had been decided about its alerts still holds for them. */
function openSplit(
  draft: BookDraft,
  from: IncidentRecord,
  leaving: readonly AlertRecord[],
  atMs: number,
): IncidentRecord {
  const id = draft.nextIncidentId();
  const labels = leaving[0]?.labels ?? {};
  const homes = leaving.map(({ fingerprint, homeIncidentId }) => [fingerprint, homeIncidentId] as const);
  const created: IncidentRecord = {
    ...from,
    id,
    // No group has this key: alerts come here by name, not by their labels.
    groupKey: JSON.stringify({ split: id }),
    title: titleOf(labels),
    service: serviceOf(labels),
    openedAtMs: atMs,
    verdicts: { ...from.verdicts, holdsSilence: false, split: { from: from.id, homes } },
    revision: 0,
  };
  draft.putIncident(created);
  const detail = `out of ${incidentName(from.id)}`;
  draft.addTimeline({ incidentId: id, atMs, kind: 'opened', text: 'Incident opened', detail, by: '' });
  return created;
}

/**
 * Gives an alert to the incident that has the alerts of its home. An older one of the same fingerprint that
 * ended there goes the other way, and comes back with the next move: neither is lost.
 * @returns the incident that has it now.
 */
function move(draft: BookDraft, alert: AlertRecord, home: number): number {
  const to = holderOf(draft, home)?.id ?? home;
  const homed = { ...alert, incidentId: to, homeIncidentId: to === home ? null : home };
  if (to === alert.incidentId) {
    draft.putAlert(homed);
    return to;
  }
  const there = draft.alert(to, alert.fingerprint);
  // The one that is open, or was longer, is what a person is shown.
  if (there !== undefined && endOf(there) > endOf(alert)) return alert.incidentId;
  draft.takeAlert(alert);
  if (there !== undefined) {
    draft.takeAlert(there);
    draft.putAlert({ ...there, incidentId: alert.incidentId, homeIncidentId: homeOf(there) });
  }
  draft.putAlert(homed);
  return to;
}

function endOf({ endedAtMs }: AlertRecord): number {
  return endedAtMs ?? Number.POSITIVE_INFINITY;
}

/** As after a poll; one that has nothing left is over. */
function settle(draft: BookDraft, id: number, atMs: number): void {
  const incident = draft.incident(id);
  if (incident === undefined || incident.mergedInto !== null) return;
  settleIncident(draft, id, atMs);
  if (incident.resolvedAtMs === null && draft.alertsOf(id).length === 0) resolveIncident(draft, id, atMs);
}

function over(incident: IncidentRecord, nextStep: string): CommandFailure {
  return commandFailure('conflict', `${incidentName(incident.id)} is over`, nextStep);
}
