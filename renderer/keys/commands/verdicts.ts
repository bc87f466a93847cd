import { entry, type CommandEntry } from '../command-entry.ts';

const verdicts = ['inbox', 'incident'] as const;

/** What is said of the incident under the cursor, of the one that is open, or of all that are marked. */
export const verdictCommands = {
  'incident.acknowledge': entry('This incident', verdicts, 'Acknowledge or release', 'acknowledge', 'a'),
  'incident.acknowledge-silently': entry(
    'This incident',
    verdicts,
    'Acknowledge, with a silence for as long as you hold it',
    '',
    'A',
  ),
  'incident.snooze': entry('This incident', verdicts, 'Snooze, or wake', 'snooze', 'z'),
  'incident.assign': entry('This incident', verdicts, 'Hand over to somebody', '', 'e'),
  'incident.noise': entry('This incident', verdicts, 'Mark as noise, or not', '', '!'),
  'incident.note': entry('This incident', verdicts, 'Add a note', 'note', 'n'),
  'incident.merge': entry('This incident', verdicts, 'Merge with another incident', '', 'm'),
  'incident.unmerge': entry('This incident', verdicts, 'Take a merge back', '', 'M'),
  'incident.split': entry('This incident', verdicts, 'Split alerts off', '', 't'),
  'incident.close': entry('This incident', verdicts, 'Close what no source sees any more', 'close', 'c'),

  'mark.toggle': entry('Mark', ['inbox'], 'Mark or unmark the incident, and go on', 'mark', 'x'),
  'mark.range': entry('Mark', ['inbox'], 'Mark from the last mark to here', '', 'X'),
  'mark.all': entry('Mark', ['inbox'], 'Mark all that are listed, or none', '', '*'),
} as const satisfies Record<string, CommandEntry>;
