import { drop } from '#shared/result.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import type { CommandAction } from '../actions/command-action.ts';
import { mergedInto } from '../actions/incidents.ts';
import { whyNoSilence } from '../actions/silences.ts';
import { acknowledge, close, toggleAcknowledged, toggleNoise, unmerge, wake } from '../actions/verdicts.ts';
import { openOverlay } from '../actions/view.ts';
import type { App } from '../app.ts';
import { noteInputId } from '../features/incident/incident-commands.ts';
import type { verdictCommands } from '../keys/commands/verdicts.ts';
import type { Overlay } from '../stores/session.ts';
import { hasListed, markAll, markRange, toggleMark } from './marks.ts';
import { noneOpen, noSubject, whyNoClose, whyNoSplit, whyNoUnmerge } from './refusals.ts';
import { goOn, subjectOf, subjectsOf } from './subjects.ts';

/** What the keys of verdicts and marks do, and when they can. */

const told = 'tells its own failure';
const hasSubjects = (app: App): boolean => subjectsOf(app).length > 0;
const inInbox = (app: App): boolean => app.session.getState().view.kind === 'inbox';
const markable: (app: App) => boolean = (app) => inInbox(app) && subjectOf(app) !== undefined;

/** @param leavesPlace whether what is decided goes to another place in the list. */
function given(
  act: (app: App, rows: readonly IncidentRow[]) => Promise<void>,
  leavesPlace: (row: IncidentRow) => boolean,
): CommandAction {
  const run = (app: App): void => {
    const rows = subjectsOf(app);
    goOn(app, rows, rows.some(leavesPlace));
    drop(act(app, rows), told);
  };
  return { run, available: hasSubjects, refusal: noneOpen };
}

function asked(overlay: Overlay): CommandAction {
  return { run: (app) => openOverlay(app, overlay), available: hasSubjects, refusal: noneOpen };
}

/** Those that do not hold a silence yet. Where nobody keeps silences they would be acknowledged with none. */
function acknowledgeSilently(): CommandAction {
  const lacking = (rows: readonly IncidentRow[]): readonly IncidentRow[] =>
    rows.filter(({ acknowledged, holdsSilence }) => acknowledged === null || !holdsSilence);
  const action = given(
    (app, rows) => acknowledge(app, lacking(rows), true),
    ({ acknowledged }) => acknowledged === null,
  );
  return {
    run: action.run,
    available: (app) => lacking(subjectsOf(app)).length > 0 && whyNoSilence(app) === null,
    refusal: (app) =>
      hasSubjects(app) ? (whyNoSilence(app) ?? 'It is acknowledged with a silence already.') : noneOpen(app),
  };
}

export const verdictActions: Readonly<Record<keyof typeof verdictCommands, CommandAction>> = {
  'incident.acknowledge': given(toggleAcknowledged, ({ acknowledged }) => acknowledged === null),
  'incident.acknowledge-silently': acknowledgeSilently(),
  'incident.snooze': { run: startSnooze, available: hasSubjects, refusal: noneOpen },
  'incident.assign': asked('assign'),
  'incident.noise': given(toggleNoise, ({ noise }) => noise === null),
  'incident.note': {
    run: startNote,
    available: (app) => subjectOf(app) !== undefined || hasSubjects(app),
    refusal: noSubject,
  },
  'incident.merge': asked('merge'),
  'incident.unmerge': {
    run: startUnmerge,
    available: (app) => {
      const row = subjectOf(app);
      return row !== undefined && (row.mergedInto !== null || mergedInto(app, row.id).length > 0);
    },
    refusal: whyNoUnmerge,
  },
  'incident.split': {
    run: (app) => openOverlay(app, 'split'),
    available: (app) => (subjectsOf(app)[0]?.alertCount ?? 0) > 1 && subjectsOf(app).length === 1,
    refusal: whyNoSplit,
  },
  'incident.close': {
    ...given(close, () => true),
    available: (app) => hasSubjects(app) && subjectsOf(app).every(({ state }) => state === 'unseen'),
    refusal: whyNoClose,
  },

  'mark.toggle': { run: toggleMark, available: markable, refusal: noSubject },
  'mark.range': { run: markRange, available: markable, refusal: noSubject },
  'mark.all': {
    run: markAll,
    available: (app) => inInbox(app) && hasListed(app),
    refusal: () => 'No incident is listed.',
  },
};

/** What sleeps already is woken; else it is asked until when. */
function startSnooze(app: App): void {
  const rows = subjectsOf(app);
  if (rows.some(({ snoozed }) => snoozed === null)) openOverlay(app, 'snooze');
  else {
    goOn(app, rows, false);
    drop(wake(app, rows), told);
  }
}

/** In the view of an incident the note has its place; elsewhere it is asked for. */
function startNote(app: App): void {
  if (inInbox(app)) openOverlay(app, 'note');
  else document.getElementById(noteInputId)?.focus();
}

/** One that was merged goes; one that has others is asked which of them. */
function startUnmerge(app: App): void {
  const row = subjectOf(app);
  if (row === undefined) return;
  if (row.mergedInto === null) openOverlay(app, 'unmerge');
  else drop(unmerge(app, [row]), told);
}
