import type { CommandEntry } from '../command-entry.ts';

/** The commands of the logs view. */
export const logsCommands = {} as const satisfies Record<string, CommandEntry>;
