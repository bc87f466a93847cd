import type { CommandAction, ViewCursor } from '../../actions/command-action.ts';
import type { rulesCommands } from '../../keys/commands/rules.ts';

/** What the commands of this view do. */
export const rulesActions: Readonly<Record<keyof typeof rulesCommands, CommandAction>> = {};

export const rulesCursor: ViewCursor = { move: () => undefined, open: () => undefined };
