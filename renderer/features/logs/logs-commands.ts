import { logLevels, type LogLevel } from '#shared/model/log.ts';
import type { CommandAction, ViewCursor } from '../../actions/command-action.ts';
import type { App } from '../../app.ts';
import type { logsCommands } from '../../keys/commands/logs.ts';
import {
  askForMore,
  copyLine,
  fieldsUnderCursor,
  followTailAgain,
  holdTail,
  jumpToError,
  jumpToMatch,
  moveCursor,
  moveField,
  narrowTo,
  openTraceUnderCursor,
  showContext,
  toggleFold,
  toggleLevel,
  toggleTail,
} from './logs-actions.ts';
import { movePaneCursor, narrowToRow, rowsOfPane, togglePane } from './pane-actions.ts';
import { traceIdOf } from './log-fields.ts';
import { focusInput, queryInputId, searchInputId } from './log-inputs.ts';
import { repairNow, takeRepair } from './log-repair.ts';

/** Whether there is a line to act on in sight. */
const hasLine = (app: App): boolean => {
  const { cursor, pane } = app.logs.getState();
  return cursor !== null && pane === null;
};
const isUnfolded = (app: App): boolean => hasLine(app) && fieldsUnderCursor(app).length > 0;
const hasSearch = (app: App): boolean => app.logs.getState().search !== '';

function narrow(operator: '=' | '!='): CommandAction {
  return {
    run: (app) => {
      if (app.logs.getState().pane !== null) narrowToRow(app, operator);
      else narrowTo(app, fieldsUnderCursor(app)[app.logs.getState().field], operator);
    },
    available: (app) => isUnfolded(app) || rowsOfPane(app.logs.getState().pane) > 0,
  };
}

function level(name: LogLevel): CommandAction {
  return { run: (app) => toggleLevel(app, name) };
}

/** What the commands of this view do. */
export const logsActions: Readonly<Record<keyof typeof logsCommands, CommandAction>> = {
  'logs.field-next': { run: (app) => moveField(app, 1), available: isUnfolded },
  'logs.field-previous': { run: (app) => moveField(app, -1), available: isUnfolded },
  'logs.only-this': narrow('='),
  'logs.not-this': narrow('!='),
  'logs.trace': {
    run: openTraceUnderCursor,
    available: (app) => {
      const { cursor } = app.logs.getState();
      return cursor !== null && hasLine(app) && traceIdOf(cursor) !== null;
    },
  },
  'logs.context': { run: showContext, available: hasLine },
  'logs.copy': { run: copyLine, available: hasLine },
  'logs.next-error': { run: (app) => jumpToError(app, 1), available: hasLine },
  'logs.previous-error': { run: (app) => jumpToError(app, -1), available: hasLine },
  'logs.search': { run: () => focusInput(searchInputId) },
  'logs.next-match': { run: (app) => jumpToMatch(app, 1), available: hasSearch },
  'logs.previous-match': { run: (app) => jumpToMatch(app, -1), available: hasSearch },
  'logs.query': { run: () => focusInput(queryInputId) },
  'logs.repair': { run: takeRepair, available: (app) => repairNow(app) !== null },
  'logs.patterns': { run: (app) => togglePane(app, 'patterns') },
  'logs.fields': { run: (app) => togglePane(app, 'fields') },
  'logs.tail': { run: toggleTail, available: (app) => app.logs.getState().query !== '' },
  'logs.hold': {
    run: (app) => (app.logs.getState().tail?.held === null ? holdTail(app) : followTailAgain(app)),
    available: (app) => app.logs.getState().tail !== null,
  },
  'logs.more': {
    run: askForMore,
    available: (app) => app.logs.getState().answer?.isMore === true,
  },
  'logs.level-critical': level('critical'),
  'logs.level-error': level('error'),
  'logs.level-warn': level('warn'),
  'logs.level-info': level('info'),
  'logs.level-debug': level('debug'),
  'logs.level-trace': level('trace'),
  'logs.level-unknown': level('unknown'),
  'logs.level-all': {
    run: (app) =>
      logLevels
        .filter((name) => app.logs.getState().hiddenLevels.includes(name))
        .forEach((name) => toggleLevel(app, name)),
    available: (app) => app.logs.getState().hiddenLevels.length > 0,
  },
};

export const logsCursor: ViewCursor = {
  move: (app, step) => (app.logs.getState().pane === null ? moveCursor : movePaneCursor)(app, step),
  open: (app) => (app.logs.getState().pane === null ? toggleFold(app) : narrowToRow(app, '=')),
};
