import type { ViewCursor } from '../actions/command-action.ts';
import { openIncident } from '../actions/view.ts';
import type { App } from '../app.ts';
import { currentInbox, cursorIn, moveInboxCursor } from '../features/inbox/inbox-model.ts';
import { unfold } from '../features/inbox/unfold.ts';
import { overviewCursor } from '../features/overview/overview-commands.ts';
import { rulesCursor } from '../features/rules/rules-commands.ts';
import { keysCursor } from '../features/settings/keys-cursor.ts';
import { draftUnderCursor } from '../features/settings/settings-cursor.ts';
import { sourceUnderCursor } from '../features/sources/source-cursor.ts';
import type { View } from '../stores/session.ts';
import { cursorOnceHere } from './commands-once-here.ts';
import { parts } from './late/parts.ts';

/** The cursor of whichever list is shown: moving it, and opening what is under it. */

const cursors = {
  overview: overviewCursor,
  logs: cursorOnceHere(parts.logs, ({ logsCursor }) => logsCursor),
  traces: cursorOnceHere(parts.traces, ({ tracesCursor }) => tracesCursor),
  trace: cursorOnceHere(parts.traces, ({ traceCursor }) => traceCursor),
  rules: rulesCursor,
  routing: cursorOnceHere(parts.routing, ({ routingCursor }) => routingCursor),
  silences: cursorOnceHere(parts.silences, ({ silencesCursor }) => silencesCursor),
} as const satisfies Partial<Record<View['kind'], ViewCursor>>;

/** @param step rows to move by; infinite for an end. */
export function moveCursor(app: App, step: number): void {
  const { view } = app.session.getState();
  switch (view.kind) {
    case 'inbox':
      moveInboxCursor(app, currentInbox(app), step);
      return;
    case 'incident': {
      app.session.setState({ inboxCursor: view.id, inboxHead: null });
      const item = moveInboxCursor(app, currentInbox(app), step, ({ kind }) => kind === 'row');
      if (item?.kind === 'row' && item.row.id !== view.id) openIncident(app, item.row.id);
      return;
    }
    case 'sources':
      return moveSourceCursor(app, step);
    case 'settings':
      if (view.section === 'keys') return keysCursor.move(app, step);
      return moveSettingsCursor(app, step);
    default:
      return cursors[view.kind].move(app, step);
  }
}

/** Whether there is anything under the cursor of the inbox or of the silences. */
export function canOpen(app: App): boolean {
  const { view } = app.session.getState();
  if (view.kind === 'silences') return cursors.silences.canOpen?.(app) ?? true;
  return view.kind !== 'inbox' || cursorIn(currentInbox(app), app.session.getState()).item !== undefined;
}

export function openUnderCursor(app: App): void {
  const { view, sourceCursor, settingsCursor, configuredSources } = app.session.getState();
  switch (view.kind) {
    case 'inbox': {
      const { item } = cursorIn(currentInbox(app), app.session.getState());
      if (item?.kind === 'row') openIncident(app, item.row.id);
      else if (item !== undefined) unfold(app, item);
      return;
    }
    case 'sources': {
      const source = sourceUnderCursor(app.live.getState().sources ?? [], sourceCursor);
      if (source !== undefined) app.session.setState({ sourceDetail: source.name });
      return;
    }
    case 'settings': {
      if (view.section === 'keys') return keysCursor.open(app);
      const draft = draftUnderCursor(configuredSources, settingsCursor);
      if (draft !== undefined && view.section === 'sources') {
        app.session.setState({ sourceEdit: { replaces: draft.name, draft } });
      }
      return;
    }
    case 'incident':
      return;
    default:
      return cursors[view.kind].open(app);
  }
}

function moveSourceCursor(app: App, step: number): void {
  const sources = app.live.getState().sources ?? [];
  const { sourceCursor, sourceDetail } = app.session.getState();
  const next = stepped(sources, sourceUnderCursor(sources, sourceCursor), step);
  if (next === undefined) return;
  app.session.setState({ sourceCursor: next.name, sourceDetail: sourceDetail === null ? null : next.name });
}

function moveSettingsCursor(app: App, step: number): void {
  const { configuredSources, settingsCursor } = app.session.getState();
  const next = stepped(configuredSources, draftUnderCursor(configuredSources, settingsCursor), step);
  if (next !== undefined) app.session.setState({ settingsCursor: next.name });
}

function stepped<Row>(rows: readonly Row[], current: Row | undefined, step: number): Row | undefined {
  const from = current === undefined ? 0 : rows.indexOf(current);
  return rows[Math.min(rows.length - 1, Math.max(0, from + step))];
}
