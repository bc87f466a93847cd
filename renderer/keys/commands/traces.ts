import type { CommandEntry } from '../command-entry.ts';

/** The commands of the traces view. */
export const tracesCommands = {} as const satisfies Record<string, CommandEntry>;
