import type { CommandEntry } from '../command-entry.ts';

/** The commands of the rules view. */
export const rulesCommands = {} as const satisfies Record<string, CommandEntry>;
