import { useMemo, useState } from 'react';
import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import { compareSeverity } from '#shared/model/severity.ts';
import { drop } from '#shared/result.ts';
import { counted, plainText } from '#shared/text.ts';
import { mergedInto, shownRows } from '../actions/incidents.ts';
import { assign, merge, snooze, split, unmerge } from '../actions/verdicts.ts';
import { useApp } from '../app.ts';
import type { App } from '../app.ts';
import { ChoiceDialog, type Choice } from '../features/verdicts/choice-dialog.tsx';
import { SnoozeDialog } from '../features/verdicts/snooze-dialog.tsx';
import { SplitDialog } from '../features/verdicts/split-dialog.tsx';
import { NoteForm } from '../parts/note-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { Overlay } from '../stores/session.ts';
import { goOn, subjectOf, subjectsOf } from './subjects.ts';

/** Verdicts that need a word more: each dialog is about what was chosen when it opened. */

interface VerdictDialogProps {
  readonly overlay: Extract<Overlay, 'assign' | 'merge' | 'note' | 'snooze' | 'split' | 'unmerge'>;
  readonly typed: string;
  readonly onClose: () => void;
}

const told = 'tells its own failure';

export function VerdictDialog({ overlay, typed, onClose }: VerdictDialogProps) {
  const app = useApp();
  const [rows] = useState(() => (overlay === 'note' ? notable(app) : subjectsOf(app)));
  const [first] = rows;
  if (first === undefined) return null;
  const subject = rows.length === 1 ? nameOf(first) : `${rows.length} incidents`;
  const said = (act: () => Promise<void>, leavesPlace: boolean): void => {
    onClose();
    goOn(app, rows, leavesPlace);
    drop(act(), told);
  };
  switch (overlay) {
    case 'note':
      return <NoteDialog rows={rows} subject={subject} typed={typed} onClose={onClose} />;
    case 'snooze':
      return (
        <SnoozeDialog
          subject={subject}
          typed={typed}
          nowMs={app.ticker.read()}
          onChoose={(untilMs, words) => said(() => snooze(app, rows, untilMs, words), true)}
          onClose={onClose}
        />
      );
    case 'assign':
      return (
        <AssignDialog
          rows={rows}
          subject={subject}
          typed={typed}
          onChoose={(to) => said(() => assign(app, rows, to), false)}
          onClose={onClose}
        />
      );
    case 'merge':
      return (
        <MergeDialog
          rows={rows}
          typed={typed}
          onChoose={(into) => {
            said(() => merge(app, rows, into), true);
            if (app.session.getState().view.kind === 'inbox')
              app.session.setState({ inboxCursor: into.id, inboxHead: null });
          }}
          onClose={onClose}
        />
      );
    case 'unmerge':
      return (
        <UnmergeDialog
          row={first}
          typed={typed}
          onChoose={(merged) => said(() => unmerge(app, merged), false)}
          onClose={onClose}
        />
      );
    case 'split':
      return (
        <SplitDialog
          row={first}
          onSplit={(fingerprints) => said(() => split(app, first, fingerprints), false)}
          onClose={onClose}
        />
      );
  }
}

/** Notes can be written on what is over, too. */
function notable(app: App): readonly IncidentRow[] {
  const rows = subjectsOf(app);
  const subject = subjectOf(app);
  return rows.length > 0 || subject === undefined ? rows : [subject];
}

interface ListProps {
  readonly rows: readonly IncidentRow[];
  readonly typed: string;
  readonly onClose: () => void;
}

function NoteDialog({ rows, subject, typed, onClose }: ListProps & { readonly subject: string }) {
  const app = useApp();
  const done = (): void => {
    goOn(app, rows, false);
    onClose();
  };
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  return (
    <Dialog title={`Note on ${subject}`} onClose={onClose}>
      <NoteForm incidentIds={ids} inputId="note-dialog" autoFocus typed={typed} onDone={done} />
    </Dialog>
  );
}

interface AssignProps extends ListProps {
  readonly subject: string;
  readonly onChoose: (to: string | null) => void;
}

function AssignDialog({ rows, subject, typed, onChoose, onClose }: AssignProps) {
  const app = useApp();
  const [choices] = useState(() => peopleFor(app, rows));
  return (
    <ChoiceDialog
      title={`Hand ${subject} over`}
      label="To whom: a name"
      typed={typed}
      choices={choices}
      onWritten={onChoose}
      onChoose={({ key, title }) => onChoose(key === nobody ? null : title)}
      onClose={onClose}
    />
  );
}

const nobody = '';

/** Everybody whom this console knows: who works here, and who has or had an incident. */
function peopleFor(app: App, rows: readonly IncidentRow[]): Choice[] {
  const { incidents, console } = app.live.getState();
  const operator = console?.operator ?? '';
  const names = (incidents ?? []).flatMap(({ assignedTo, acknowledged, snoozed, noise, forgotten }) => [
    assignedTo ?? '',
    ...[acknowledged, snoozed, noise, forgotten].map((said) => said?.by ?? ''),
  ]);
  const others = [...new Set(names)].filter((name) => name !== '' && name !== operator).toSorted();
  const people = [operator, ...others].filter((name) => name !== '');
  const choices = people.map((name) => ({
    key: `to ${name}`,
    title: name,
    detail: name === operator ? 'you' : '',
  }));
  const isHeld = rows.some(({ assignedTo }) => assignedTo !== null);
  return isHeld ? [...choices, { key: nobody, title: 'Nobody', detail: 'take it back' }] : choices;
}

interface MergeProps extends ListProps {
  readonly onChoose: (into: IncidentRow) => void;
}

/** Of several the one that the others go into; of one, any other. */
function MergeDialog({ rows, typed, onChoose, onClose }: MergeProps) {
  const app = useApp();
  const [targets] = useState(() => (rows.length > 1 ? worstFirst(rows) : others(app, rows)));
  const choices = targets.map((row) => ({
    key: String(row.id),
    title: nameOf(row),
    detail: `${row.service} ${counted(row.alertCount, 'alert')}`,
  }));
  const [first] = rows;
  const what = rows.length > 1 || first === undefined ? `${rows.length} incidents` : nameOf(first);
  return (
    <ChoiceDialog
      title={`Merge ${what} into`}
      label="An open incident"
      typed={typed}
      choices={choices}
      hint="Their alerts, now and later, are its alerts while it is open. It can be taken back at any time."
      onChoose={({ key }) => {
        const into = targets.find(({ id }) => String(id) === key);
        if (into !== undefined) onChoose(into);
      }}
      onClose={onClose}
    />
  );
}

interface UnmergeProps {
  readonly row: IncidentRow;
  readonly typed: string;
  readonly onChoose: (rows: readonly IncidentRow[]) => void;
  readonly onClose: () => void;
}

/** Which of those that were merged into it goes its own way again. */
function UnmergeDialog({ row, typed, onChoose, onClose }: UnmergeProps) {
  const app = useApp();
  const [merged] = useState(() => mergedInto(app, row.id));
  const choices = merged.map((each) => ({ key: String(each.id), title: nameOf(each), detail: each.service }));
  const all = { key: 'all', title: 'All of them', detail: `${merged.length} incidents` };
  return (
    <ChoiceDialog
      title={`Take out of ${nameOf(row)}`}
      label="One that was merged into it"
      typed={typed}
      choices={merged.length > 1 ? [...choices, all] : choices}
      hint="It gets its own alerts back, those that came later included."
      onChoose={({ key }) => onChoose(key === 'all' ? merged : merged.filter(({ id }) => String(id) === key))}
      onClose={onClose}
    />
  );
}

/** Those of the same service first. */
function others(app: App, rows: readonly IncidentRow[]): readonly IncidentRow[] {
  const [first] = rows;
  const ids = (app.live.getState().incidents ?? []).map(({ id }) => id);
  const open = shownRows(app, ids).filter(
    ({ id, resolvedAtMs, mergedInto }) => resolvedAtMs === null && mergedInto === null && id !== first?.id,
  );
  const isNear = ({ service }: IncidentRow): number => (service === first?.service ? 0 : 1);
  return worstFirst(open).toSorted((left, right) => isNear(left) - isNear(right));
}

function worstFirst(rows: readonly IncidentRow[]): readonly IncidentRow[] {
  return rows.toSorted(
    (left, right) => compareSeverity(left.severity, right.severity) || left.startsAtMs - right.startsAtMs,
  );
}

function nameOf({ id, title }: IncidentRow): string {
  return `${incidentName(id)} ${plainText(title, 60)}`;
}
