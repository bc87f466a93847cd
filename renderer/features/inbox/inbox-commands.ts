import type { CommandAction } from '../../actions/command-action.ts';
import type { App } from '../../app.ts';
import { inboxCommands } from '../../keys/commands/inbox.ts';
import { asItComes, lanesByNeed, lanesBySeverity, sortKeys } from '../../stores/arrangement.ts';
import { arrange, arrangementInForce } from './arrangement-in-force.ts';
import { isAsItComes, sortedBy } from './arrangement.ts';
import { currentInbox, cursorIn } from './inbox-model.ts';
import {
  canSave,
  chooseView,
  deleteView,
  hasView,
  startRenaming,
  startSaving,
  toggleNotifies,
  viewInForce,
} from './saved-views.ts';

import { fold, foldAll, unfold } from './unfold.ts';

const choices = Object.keys(inboxCommands).filter((name) => name.startsWith('view.choose-'));

/** A sort for each key, by the name of its command. */
const sorts = Object.fromEntries(
  sortKeys.map((key) => [
    `arrange.sort-${key}`,
    { run: (app: App) => arrange(app, sortedBy(arrangementInForce(app), key)) },
  ]),
) as Readonly<Record<`arrange.sort-${(typeof sortKeys)[number]}`, CommandAction>>;

function underCursor(app: App) {
  const model = currentInbox(app);
  return { model, cursor: cursorIn(model, app.session.getState()) };
}

const isInView = (app: App): boolean => viewInForce(app) !== -1;
const nothingListed = (): string => 'Nothing is listed that could be folded or unfolded.';
const noView = (): string => 'No saved view is chosen.';

function choosing(index: number): CommandAction {
  return {
    run: (app) => chooseView(app, index),
    available: (app) => hasView(app, index),
    refusal: () => `There is no saved view ${index + 1}.`,
  };
}

/** What the commands of saved views and of the layout do, and when they can. */
export const inboxActions = {
  ...(Object.fromEntries(choices.map((name, index) => [name, choosing(index)])) as Readonly<
    Record<Extract<keyof typeof inboxCommands, `view.choose-${string}`>, CommandAction>
  >),
  'view.all': {
    run: (app) => chooseView(app, -1),
    available: (app) => app.session.getState().filter !== '',
    refusal: () => 'There is no filter: all incidents are listed.',
  },
  'view.save': {
    run: startSaving,
    available: canSave,
    refusal: (app) =>
      viewInForce(app) === -1
        ? 'Write a filter first: a view is its name.'
        : 'This filter is a view already.',
  },
  'view.rename': { run: startRenaming, available: isInView, refusal: noView },
  'view.notifies': { run: toggleNotifies, available: isInView, refusal: noView },
  'inbox.unfold': {
    run: (app) => {
      const { item } = underCursor(app).cursor;
      if (item !== undefined) unfold(app, item);
    },
    available: (app) => underCursor(app).cursor.item !== undefined,
    refusal: nothingListed,
  },
  'inbox.fold': {
    run: (app) => {
      const { model, cursor } = underCursor(app);
      fold(app, model, cursor);
    },
    available: (app) => underCursor(app).cursor.item !== undefined,
    refusal: nothingListed,
  },
  'inbox.fold-all': {
    run: (app) => foldAll(app, currentInbox(app)),
    available: (app) => underCursor(app).cursor.item !== undefined,
    refusal: nothingListed,
  },
  ...sorts,
  'arrange.lanes-need': { run: (app) => arrange(app, { ...arrangementInForce(app), lanes: lanesByNeed }) },
  'arrange.lanes-severity': {
    run: (app) => arrange(app, { ...arrangementInForce(app), lanes: lanesBySeverity }),
  },
  'arrange.lanes-label': { run: (app) => app.session.setState({ arranging: 'lanes' }) },
  'arrange.groups': { run: (app) => app.session.setState({ arranging: 'groups' }) },
  'arrange.as-usual': {
    run: (app) => arrange(app, asItComes),
    available: (app) => !isAsItComes(arrangementInForce(app)),
    refusal: () => 'It is arranged as usual.',
  },
  'view.delete': { run: deleteView, available: isInView, refusal: noView },
} as const satisfies Readonly<Record<keyof typeof inboxCommands, CommandAction>>;
