import { incidentName } from '#shared/model/incident.ts';
import type { App } from '../app.ts';
import { subjectOf, subjectsOf } from './subjects.ts';

/** Why a key of the inbox or of an incident does nothing now, in one sentence: a key is never silent. */

/** Where there is no incident that a command could be about. */
export function noSubject(app: App): string {
  const { view } = app.session.getState();
  if (app.live.getState().incidents === null) return 'Incidents are not known yet.';
  return view.kind === 'incident'
    ? `${incidentName(view.id)} is not open and did not end within a day: it can only be read.`
    : 'The cursor is on no incident.';
}

export function noneOpen(app: App): string {
  const row = subjectOf(app);
  if (row === undefined) return noSubject(app);
  const { id, mergedInto } = row;
  return mergedInto === null
    ? `${incidentName(id)} has ended: there is nothing to decide on it.`
    : `${incidentName(id)} was merged into ${incidentName(mergedInto)}: decide there.`;
}

export function whyNoUnmerge(app: App): string {
  const row = subjectOf(app);
  return row === undefined ? noSubject(app) : `Nothing was merged into ${incidentName(row.id)}.`;
}

export function whyNoSplit(app: App): string {
  const rows = subjectsOf(app);
  const [first] = rows;
  if (first === undefined) return noneOpen(app);
  return rows.length === 1
    ? `${incidentName(first.id)} has one alert: there is nothing to split off.`
    : `Alerts are split off one incident at a time: ${rows.length} are marked.`;
}

/** All that are marked, or none of them. */
export function whyNoClose(app: App): string {
  const rows = subjectsOf(app);
  const [seen, ...others] = rows.filter(({ state }) => state !== 'unseen');
  if (seen === undefined) return noneOpen(app);
  const name = incidentName(seen.id);
  if (rows.length === 1) return `${name} is closed by hand only when no source sees it any more.`;
  const more = others.length === 0 ? ' is' : ` and ${others.length} more are`;
  return `${name}${more} still seen by a source: none of the ${rows.length} marked is closed by hand.`;
}
