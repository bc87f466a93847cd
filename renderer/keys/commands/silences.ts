import { entry, type CommandEntry } from '../command-entry.ts';

const view = ['silences'] as const;

/** The ways to silences from elsewhere. */
export const silencingCommands = {
  'incident.silence': entry('This incident', ['inbox', 'incident'], 'Silence', 'silence', 's'),
  'go.silences': entry('Go to', ['global'], 'Silences', '', 'g s'),
} as const satisfies Record<string, CommandEntry>;

/** The commands of the silences, and of what waits to be sent. */
export const silencesCommands = {
  'silences.new': entry('Silences', view, 'New silence', 'new', 'n'),
  'silences.edit': entry('Silences', view, 'Change the silence', 'edit', 'e'),
  'silences.extend': entry('Silences', view, 'Extend the silence, or those marked', 'extend', '+', '='),
  'silences.expire': entry('Silences', view, 'Expire the silence, or those marked', 'expire', 'E', 'Delete'),
  'silences.copy': entry('Silences', view, 'Silence the same once more', 'once more', 'c'),
  'silences.mark': entry('Silences', view, 'Mark or unmark the silence, and go on', 'mark', 'x'),
  'silences.mark-all': entry('Silences', view, 'Mark all that are listed, or none', '', 'X'),
  'silences.filter': entry('Silences', view, 'Filter silences', 'filter', '/'),
  'silences.withdraw': entry('Silences', view, 'Take back what waits to be sent', 'take back', 'w'),
  'silences.retry': entry('Silences', view, 'Try again to send it', 'try again', 'f'),
  'silences.mine': entry('Silences', view, 'Settle the conflict: send mine', 'mine', 'm'),
  'silences.theirs': entry('Silences', view, 'Settle the conflict: keep theirs', 'theirs', 't'),
} as const satisfies Record<string, CommandEntry>;
