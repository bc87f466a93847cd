import type { CommandAction, ViewCursor } from '../../actions/command-action.ts';
import type { tracesCommands } from '../../keys/commands/traces.ts';

/** What the commands of this view do. */
export const tracesActions: Readonly<Record<keyof typeof tracesCommands, CommandAction>> = {};

export const tracesCursor: ViewCursor = { move: () => undefined, open: () => undefined };

/** The cursor of one trace's waterfall. */
export const traceCursor: ViewCursor = { move: () => undefined, open: () => undefined };
