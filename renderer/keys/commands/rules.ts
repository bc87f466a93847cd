import { entry, type CommandEntry } from '../command-entry.ts';

/** The commands of the local rules. */
export const rulesCommands = {
  'rules.reload': entry('Rules', ['rules'], 'Read the rule files again', 'read again', 'f'),
} as const satisfies Record<string, CommandEntry>;
