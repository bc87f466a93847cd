import type { CommandAction, ViewCursor } from '../../actions/command-action.ts';
import type { overviewCommands } from '../../keys/commands/overview.ts';

/** What the commands of this view do. */
export const overviewActions: Readonly<Record<keyof typeof overviewCommands, CommandAction>> = {};

export const overviewCursor: ViewCursor = { move: () => undefined, open: () => undefined };
