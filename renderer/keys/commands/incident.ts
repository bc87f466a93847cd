import type { CommandEntry } from '../command-entry.ts';

/** The commands of an incident’s evidence. */
export const incidentCommands = {} as const satisfies Record<string, CommandEntry>;
