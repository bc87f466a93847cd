import type { CommandEntry } from '../command-entry.ts';

/** The commands of the overview view. */
export const overviewCommands = {} as const satisfies Record<string, CommandEntry>;
