import { drop } from '#shared/result.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import { exportAudit } from '../actions/audit.ts';
import { connectOffer, dismissNotice, emptyDraft, pollSources } from '../actions/console.ts';
import { focusRows } from '../actions/focus.ts';
import { undo } from '../actions/incidents.ts';
import { askNotificationPermission, startCore } from '../actions/host.ts';
import { minutesUntilMorning, pauseNotifications } from '../actions/notifications.ts';
import { tell } from '../actions/toasts.ts';
import { endTour, startTour } from '../actions/tour.ts';
import { goBack, openOverlay, openSettings, show } from '../actions/view.ts';
import type { CommandAction } from '../actions/command-action.ts';
import type { App } from '../app.ts';
import { filterInputId } from '../features/inbox/filter-bar.tsx';
import { inboxActions } from '../features/inbox/inbox-commands.ts';
import { incidentActions } from '../features/incident/incident-commands.ts';
import { overviewActions } from '../features/overview/overview-commands.ts';
import { rulesActions } from '../features/rules/rules-commands.ts';
import { sourceUnderCursor } from '../features/sources/source-cursor.ts';
import { goToTraces } from '../features/traces/default-service.ts';
import { logsCommands } from '../keys/commands/logs.ts';
import { routingCommands } from '../keys/commands/routing.ts';
import { tracesCommands } from '../keys/commands/traces.ts';
import type { CommandId } from '../keys/keymap.ts';
import { commandsOnceHere } from './commands-once-here.ts';
import { KeptCommand } from './kept-command.ts';
import { canOpen, moveCursor, openUnderCursor } from './cursor.ts';
import { currentOffer, topNotice } from './banners.ts';
import { parts } from './late/parts.ts';
import { silencing } from './silencing.ts';
import { shiftTime, showLast, showLive } from './time.ts';
import { verdictActions } from './verdict-actions.ts';

/** What each command of the keymap does, and whether it can do it now. The one place that joins them. */

const told = 'tells its own failure';

const isPaused = (app: App): boolean =>
  (app.live.getState().console?.notificationsPausedUntilMs ?? null) !== null;
const offersSafeMode = (app: App): boolean => app.live.getState().core?.safeModeOffered === true;

/** One for all views: a later command takes the place of an earlier one wherever it was given. */
const kept = new KeptCommand();

const actions: Readonly<Record<CommandId, CommandAction>> = {
  'move.down': { run: (app) => moveCursor(app, 1), available: showsList },
  'move.up': { run: (app) => moveCursor(app, -1), available: showsList },
  'move.first': { run: (app) => moveCursor(app, Number.NEGATIVE_INFINITY), available: showsList },
  'move.last': { run: (app) => moveCursor(app, Number.POSITIVE_INFINITY), available: showsList },
  'row.open': {
    run: openUnderCursor,
    available: (app) => showsList(app) && canOpen(app),
    refusal: (app) => (showsList(app) ? 'Nothing is listed that could be opened.' : ''),
  },
  'filter.focus': { run: () => focus(filterInputId) },

  'time.earlier': { run: (app) => shiftTime(app, -1) },
  'time.later': { run: (app) => shiftTime(app, 1) },
  'time.live': { run: showLive },
  'time.last-15m': { run: (app) => showLast(app, 15 * minuteMs) },
  'time.last-1h': { run: (app) => showLast(app, hourMs) },
  'time.last-6h': { run: (app) => showLast(app, 6 * hourMs) },
  'time.last-24h': { run: (app) => showLast(app, 24 * hourMs) },

  'source.poll': { run: (app) => drop(pollSources(app, polledNames(app)), told) },
  'source.add': {
    run: (app) => app.session.setState({ sourceEdit: { replaces: null, draft: emptyDraft() } }),
    available: showsSourceSettings,
  },
  'source.remove': {
    run: (app) => openOverlay(app, 'remove-source'),
    available: (app) => showsSourceSettings(app) && app.session.getState().configuredSources.length > 0,
  },
  'offer.connect': {
    run: (app) => {
      const offer = currentOffer(app.live.getState().console);
      if (offer !== undefined) drop(connectOffer(app, offer), told);
    },
    available: (app) => currentOffer(app.live.getState().console) !== undefined,
    refusal: () => 'No server was found on this machine that waits to be connected.',
  },

  'go.inbox': { run: (app) => show(app, { kind: 'inbox' }) },
  'go.overview': { run: (app) => show(app, { kind: 'overview' }) },
  'go.logs': { run: (app) => show(app, { kind: 'logs' }) },
  'go.traces': { run: goToTraces },
  'go.rules': { run: (app) => show(app, { kind: 'rules' }) },
  'go.routing': { run: (app) => show(app, { kind: 'routing' }) },
  'go.sources': { run: (app) => show(app, { kind: 'sources' }) },
  'go.settings': { run: (app) => openSettings(app, 'sources') },

  undo: {
    run: (app) => drop(undo(app), told),
    available: canUndo,
    refusal: () => 'Nothing to take back: what was done can be undone for ten seconds.',
  },
  back: { run: goBackOrBlur },
  'notice.dismiss': {
    run: (app) => {
      const notice = topNotice(app.live.getState().console);
      if (notice !== undefined) drop(dismissNotice(app, notice), told);
    },
    available: (app) => topNotice(app.live.getState().console) !== undefined,
    refusal: () => 'There is no notice to put away.',
  },
  'notifications.allow': {
    run: (app) => drop(askNotificationPermission(app), 'the browser answers or not'),
    available: (app) => app.session.getState().notificationPermission === 'default',
    refusal: (app) =>
      app.session.getState().notificationPermission === 'granted'
        ? 'Notifications are allowed already.'
        : 'Notifications are denied: only the settings of the browser or the system allow them again.',
  },
  'notifications.pause-30m': { run: (app) => drop(pauseNotifications(app, 30), told) },
  'notifications.pause-1h': { run: (app) => drop(pauseNotifications(app, 60), told) },
  'notifications.pause-morning': {
    run: (app) => drop(pauseNotifications(app, minutesUntilMorning(Date.now())), told),
  },
  'notifications.resume': { run: (app) => drop(pauseNotifications(app, null), told), available: isPaused },
  'tour.start': { run: startTour },
  'tour.end': { run: endTour, available: (app) => app.session.getState().tourStep !== null },
  'audit.export': { run: (app) => drop(exportAudit(app), told) },
  'core.safe-mode': {
    run: (app) => startCore(app, true),
    available: offersSafeMode,
    refusal: () => 'Safe mode is offered only when the core has ended again and again.',
  },
  'core.start': {
    run: (app) => startCore(app, false),
    available: (app) => app.live.getState().core?.state === 'stopped',
    refusal: () => 'The core has not stopped.',
  },
  'theme.dark': { run: (app) => app.preferences.setState({ theme: 'dark' }) },
  'theme.light': { run: (app) => app.preferences.setState({ theme: 'light' }) },
  'theme.system': { run: (app) => app.preferences.setState({ theme: 'system' }) },
  'palette.open': { run: (app) => openOverlay(app, 'palette') },
  'help.open': { run: (app) => openOverlay(app, 'help') },

  ...verdictActions,
  ...incidentActions,
  ...inboxActions,
  ...overviewActions,
  ...commandsOnceHere(parts.logs, logsCommands, ({ logsActions }) => logsActions, kept),
  ...commandsOnceHere(parts.traces, tracesCommands, ({ tracesActions }) => tracesActions, kept),
  ...rulesActions,
  ...commandsOnceHere(parts.routing, routingCommands, ({ routingActions }) => routingActions, kept),
  ...silencing(kept),
};

export function isAvailable(app: App, command: CommandId): boolean {
  return actions[command].available?.(app) ?? true;
}

export function runCommand(app: App, command: CommandId): void {
  const { run, keep, refusal } = actions[command];
  if (isAvailable(app, command)) return run(app);
  keep?.(app);
  const text = refusal?.(app) ?? '';
  if (text !== '') tellRefusal(app, text);
}

/** @param name from outside the window: one that is of no command does nothing. */
export function runNamedCommand(app: App, name: string): void {
  if (Object.hasOwn(actions, name)) runCommand(app, name as CommandId);
}

function canUndo(app: App): boolean {
  return (app.session.getState().toast?.undo ?? null) !== null;
}

/** What can still be taken back keeps its line. */
function tellRefusal(app: App, text: string): void {
  if (!canUndo(app)) tell(app, { tone: 'plain', text, undo: null });
}

function showsList(app: App): boolean {
  const { view } = app.session.getState();
  return view.kind !== 'settings' || view.section === 'keys' || showsSourceSettings(app);
}

function showsSourceSettings(app: App): boolean {
  const { view, sourceEdit } = app.session.getState();
  return view.kind === 'settings' && view.section === 'sources' && sourceEdit === null;
}

/** In the view of sources the one under the cursor is asked, elsewhere all are. */
function polledNames(app: App): readonly string[] {
  const { view, sourceCursor } = app.session.getState();
  if (view.kind !== 'sources') return [];
  const source = sourceUnderCursor(app.live.getState().sources ?? [], sourceCursor);
  return source === undefined ? [] : [source.name];
}

/** Escape leaves a text field first; a filter that is being written is left with the cursor on the list. */
function goBackOrBlur(app: App): void {
  const focused = document.activeElement;
  const writes = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement;
  const { view, sourceEdit } = app.session.getState();
  if (!writes && view.kind === 'silences' && app.silences.getState().marked.size > 0) {
    // As in the inbox: what is marked goes before the view does.
    return app.silences.setState({ marked: new Set() });
  }
  if (!writes || sourceEdit !== null) return goBack(app);
  focused.blur();
  focusRows();
}

function focus(id: string): void {
  document.getElementById(id)?.focus();
}
