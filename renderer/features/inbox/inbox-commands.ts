import type { CommandAction } from '../../actions/command-action.ts';
import { inboxCommands } from '../../keys/commands/inbox.ts';
import {
  canSave,
  chooseView,
  deleteView,
  hasView,
  startRenaming,
  startSaving,
  viewInForce,
} from './saved-views.ts';

const choices = Object.keys(inboxCommands).filter((name) => name.startsWith('view.choose-'));

/** What the commands of saved views do, and when they can. */
export const inboxActions = {
  ...(Object.fromEntries(
    choices.map((name, index) => [
      name,
      { run: (app) => chooseView(app, index), available: (app) => hasView(app, index) },
    ]),
  ) as Readonly<Record<Extract<keyof typeof inboxCommands, `view.choose-${string}`>, CommandAction>>),
  'view.all': {
    run: (app) => chooseView(app, -1),
    available: (app) => app.session.getState().filter !== '',
  },
  'view.save': { run: startSaving, available: canSave },
  'view.rename': { run: startRenaming, available: (app) => viewInForce(app) !== -1 },
  'view.delete': { run: deleteView, available: (app) => viewInForce(app) !== -1 },
} as const satisfies Readonly<Record<keyof typeof inboxCommands, CommandAction>>;
