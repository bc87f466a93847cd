import { entry, type CommandEntry } from '../command-entry.ts';

/** The tour of the keys. By name only: who takes it does not know the keys yet. */
export const tourCommands = {
  'tour.start': entry('Console', ['global'], 'Take the tour of ten keys', ''),
  'tour.end': entry('Console', ['global'], 'End the tour', ''),
} as const satisfies Record<string, CommandEntry>;
