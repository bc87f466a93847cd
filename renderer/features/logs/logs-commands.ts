import type { CommandAction, ViewCursor } from '../../actions/command-action.ts';
import type { logsCommands } from '../../keys/commands/logs.ts';

/** What the commands of this view do. */
export const logsActions: Readonly<Record<keyof typeof logsCommands, CommandAction>> = {};

export const logsCursor: ViewCursor = { move: () => undefined, open: () => undefined };
