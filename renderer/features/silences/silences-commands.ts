import type { OutboxEntry, Silence } from '#shared/model/silence.ts';
import { drop } from '#shared/result.ts';
import type { CommandAction, ViewCursor } from '../../actions/command-action.ts';
import { withdrawEntries } from '../../actions/outbox.ts';
import { openSilenceForm } from '../../actions/silences.ts';
import { follow, openOverlay } from '../../actions/view.ts';
import type { App } from '../../app.ts';
import type { silencesCommands } from '../../keys/commands/silences.ts';
import { sightOf } from '../../stores/sight.ts';
import { actionsOf } from './outbox-words.ts';
import { expire, retryEntry, settleEntry } from './silence-actions.ts';
import {
  chosenSilences,
  listItems,
  rowsOf,
  rowUnderCursor,
  type ListInput,
  type Row,
} from './silence-list.ts';

/** What the commands of the silences do. */

export const filterInputId = 'silences-filter';
const told = 'tells its own failure';
const none: readonly never[] = [];

let listed: { readonly of: ListInput; readonly rows: readonly Row[] } | undefined;

/** Kept while nothing changes: the status line asks once for each command whether it can be given. */
function listedRows(app: App): readonly Row[] {
  const live = app.live.getState();
  const of: ListInput = {
    silences: live.silences ?? none,
    outbox: live.outbox ?? none,
    filter: app.silences.getState().filter,
    blind: sightOf(live, app.ticker.read()).kind === 'blind',
  };
  if (listed === undefined || !isSameInput(listed.of, of)) listed = { of, rows: rowsOf(listItems(of)) };
  return listed.rows;
}

function isSameInput(one: ListInput, other: ListInput): boolean {
  return (
    one.silences === other.silences &&
    one.outbox === other.outbox &&
    one.filter === other.filter &&
    one.blind === other.blind
  );
}

function rowNow(app: App): Row | undefined {
  return rowUnderCursor(listedRows(app), app.silences.getState().cursor);
}

function silenceNow(app: App): Silence | undefined {
  const row = rowNow(app);
  return row?.kind === 'silence' ? row.silence : undefined;
}

function entryNow(app: App): OutboxEntry | undefined {
  const row = rowNow(app);
  return row?.kind === 'entry' ? row.entry : undefined;
}

/** Those of the marked ones, else of the one under the cursor, that have not ended. */
function unended(app: App): readonly Silence[] {
  const chosen = chosenSilences(
    app.live.getState().silences ?? [],
    app.silences.getState().marked,
    rowNow(app),
  );
  return chosen.filter(({ state }) => state !== 'expired');
}

function openDialog(app: App, overlay: 'expire-silences' | 'extend-silences'): void {
  app.silences.setState({ chosen: unended(app).map(({ key }) => key) });
  openOverlay(app, overlay);
}

/** Many are confirmed first; one can be taken back. */
function expireChosen(app: App): void {
  const silences = unended(app);
  if (silences.length > 1) openDialog(app, 'expire-silences');
  else drop(expire(app, silences), told);
}

function toggleMark(app: App): void {
  const silence = silenceNow(app);
  if (silence === undefined) return;
  app.silences.setState(({ marked }) => {
    const next = new Set(marked);
    if (!next.delete(silence.key)) next.add(silence.key);
    return { marked: next };
  });
  silencesCursor.move(app, 1);
}

/** All that can still be ended and are listed. */
function toggleAll(app: App): void {
  const keys = listedRows(app).flatMap((row) => (isEndable(row) ? [row.key] : []));
  app.silences.setState(({ marked }) => ({
    marked: keys.every((key) => marked.has(key)) ? new Set() : new Set(keys),
  }));
}

const isEndable = (row: Row): boolean => row.kind === 'silence' && row.silence.state !== 'expired';

function noSilence(app: App): string {
  if (app.live.getState().silences === null) return 'Silences are not known yet.';
  return entryNow(app) === undefined
    ? 'No silence is listed.'
    : 'The cursor is on a change that waits to be sent, not on a silence.';
}

function whyNoEdit(app: App): string {
  return silenceNow(app) === undefined
    ? noSilence(app)
    : 'The silence has ended: it cannot be changed, but the same can be made once more.';
}

function whyNoneUnended(app: App): string {
  const { marked } = app.silences.getState();
  const chosen = chosenSilences(app.live.getState().silences ?? [], marked, rowNow(app));
  if (chosen.length === 0) return noSilence(app);
  return chosen.length === 1 ? 'The silence has ended.' : 'All that are marked have ended.';
}

/** @param refused why not, of a change that waits or is under way. */
function ofEntry(refused: (state: OutboxEntry['state']) => string): (app: App) => string {
  return (app) => {
    const entry = entryNow(app);
    return entry === undefined ? 'The cursor is on no change that waits to be sent.' : refused(entry.state);
  };
}

const noConflict = ofEntry(() => 'There is no conflict to settle: nobody changed it meanwhile.');

function onEntry(act: (app: App, entry: OutboxEntry) => Promise<unknown>): (app: App) => void {
  return (app) => {
    const entry = entryNow(app);
    if (entry !== undefined) drop(act(app, entry), told);
  };
}

function offers(action: ReturnType<typeof actionsOf>[number]): (app: App) => boolean {
  return (app) => {
    const entry = entryNow(app);
    return entry !== undefined && actionsOf(entry).includes(action);
  };
}

export const silencesActions: Readonly<Record<keyof typeof silencesCommands, CommandAction>> = {
  'silences.new': { run: (app) => openSilenceForm(app, { kind: 'new', incidentIds: [] }) },
  'silences.edit': {
    run: (app) => {
      const silence = silenceNow(app);
      if (silence === undefined) return;
      const { key, updatedAtMs: seenUpdatedAtMs } = silence;
      openSilenceForm(app, { kind: 'edit', key, seenUpdatedAtMs });
    },
    available: (app) => (silenceNow(app)?.state ?? 'expired') !== 'expired',
    refusal: whyNoEdit,
  },
  'silences.extend': {
    run: (app) => openDialog(app, 'extend-silences'),
    available: (app) => unended(app).length > 0,
    refusal: whyNoneUnended,
  },
  'silences.expire': {
    run: expireChosen,
    available: (app) => unended(app).length > 0,
    refusal: whyNoneUnended,
  },
  'silences.copy': {
    run: (app) => {
      const silence = silenceNow(app);
      if (silence !== undefined) openSilenceForm(app, { kind: 'copy', key: silence.key });
    },
    available: (app) => silenceNow(app) !== undefined,
    refusal: noSilence,
  },
  'silences.mark': {
    run: toggleMark,
    available: (app) => silenceNow(app) !== undefined,
    refusal: noSilence,
  },
  'silences.mark-all': {
    run: toggleAll,
    available: (app) => listedRows(app).some(isEndable),
    refusal: () => 'No silence is listed that has not ended.',
  },
  'silences.filter': { run: () => document.getElementById(filterInputId)?.focus() },
  'silences.withdraw': {
    run: onEntry((app, { id }) => withdrawEntries(app, [id])),
    available: offers('withdraw'),
    refusal: ofEntry(() => 'It is being sent: it is too late to take it back.'),
  },
  'silences.retry': {
    run: onEntry((app, { id }) => retryEntry(app, id)),
    available: offers('retry'),
    refusal: ofEntry((state) =>
      state === 'conflict'
        ? 'It was changed there meanwhile: settle the conflict first.'
        : 'It goes out by itself: there is nothing to try again yet.',
    ),
  },
  'silences.mine': {
    run: onEntry((app, entry) => settleEntry(app, entry, 'mine')),
    available: offers('settle'),
    refusal: noConflict,
  },
  'silences.theirs': {
    run: onEntry((app, entry) => settleEntry(app, entry, 'theirs')),
    available: offers('settle'),
    refusal: noConflict,
  },
};

export const silencesCursor: ViewCursor = {
  move: (app, step) => {
    const rows = listedRows(app);
    const current = rowUnderCursor(rows, app.silences.getState().cursor);
    if (current === undefined) return;
    const from = rows.findIndex(({ key }) => key === current.key);
    const next = rows[Math.min(rows.length - 1, Math.max(0, from + step))];
    if (next !== undefined) app.silences.setState({ cursor: next.key });
  },
  open: openRow,
  canOpen: (app) => rowNow(app) !== undefined,
};

/** Where there is no room beside the list the row takes the place of the list; Escape leads back. */
export function openRow(app: App): void {
  const row = rowNow(app);
  const { view } = app.session.getState();
  if (row === undefined || view.kind !== 'silences' || view.isOpen) return;
  app.silences.setState({ cursor: row.key });
  follow(app, { kind: 'silences', isOpen: true });
}
