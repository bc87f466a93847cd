import { drop } from '#shared/result.ts';
import type { CommandAction, ViewCursor } from '../../actions/command-action.ts';
import { tell, tellFailure } from '../../actions/toasts.ts';
import type { App } from '../../app.ts';
import type { rulesCommands } from '../../keys/commands/rules.ts';
import { ruleItems } from '../../parts/rule-items.ts';
import { ruleUnderCursor } from './rules-model.ts';

/** What the commands of the local rules do. */

async function reload(app: App): Promise<void> {
  const answer = await app.core.call('rules.reload', {});
  if (answer.ok) tell(app, { tone: 'plain', text: 'Read the rule files again', undo: null });
  else tellFailure(app, 'read the rule files', answer.failure);
}

export const rulesActions: Readonly<Record<keyof typeof rulesCommands, CommandAction>> = {
  'rules.reload': { run: (app) => drop(reload(app), 'tells its own failure') },
};

export const rulesCursor: ViewCursor = {
  move: (app, step) => {
    const items = ruleItems(app.live.getState().rules);
    const current = ruleUnderCursor(items, app.session.getState().ruleCursor);
    if (current === undefined) return;
    const next = items[Math.min(items.length - 1, Math.max(0, items.indexOf(current) + step))];
    if (next !== undefined) app.session.setState({ ruleCursor: next.key });
  },
  open: () => undefined,
};
