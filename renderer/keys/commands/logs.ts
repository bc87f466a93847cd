import { entry, type CommandEntry } from '../command-entry.ts';

const logs = ['logs'] as const;

/** The commands of the logs view. */
export const logsCommands = {
  'logs.repair': entry('Logs', logs, 'Repair what was refused', 'repair', 'x'),
  'logs.only-this': entry('Logs', logs, 'Only lines with this field', 'only this', 'f'),
  'logs.not-this': entry('Logs', logs, 'No lines with this field', 'not this', 'F'),
  'logs.field-next': entry('Logs', logs, 'Next field of the line', 'field', 'l', 'ArrowRight'),
  'logs.field-previous': entry('Logs', logs, 'Previous field of the line', 'field', 'h', 'ArrowLeft'),
  'logs.trace': entry('Logs', logs, 'Trace of the line', 'trace', 't'),
  'logs.next-error': entry('Logs', logs, 'Next error', 'error', 'e'),
  'logs.previous-error': entry('Logs', logs, 'Previous error', 'error', 'E'),
  'logs.context': entry('Logs', logs, 'Lines around this one', 'context', 'c'),
  'logs.copy': entry('Logs', logs, 'Copy the line', 'copy', 'Y'),
  'logs.search': entry('Logs', logs, 'Find in the lines that are loaded', 'find', '/'),
  'logs.next-match': entry('Logs', logs, 'Next match', 'match', 'n'),
  'logs.previous-match': entry('Logs', logs, 'Previous match', 'match', 'N'),
  'logs.query': entry('Logs', logs, 'Write the query', 'query', 'L'),
  'logs.patterns': entry('Logs', logs, 'Patterns of the lines', 'patterns', 'P'),
  'logs.fields': entry('Logs', logs, 'Fields that the lines have', 'fields', 'D'),
  'logs.tail': entry('Logs', logs, 'Start or end the live tail', 'tail', 'T'),
  'logs.hold': entry('Logs', logs, 'Hold or follow the live tail', 'hold', 'Space'),
  'logs.more': entry('Logs', logs, 'Ask for more lines', 'more', 'o'),
  'logs.level-critical': entry('Logs', logs, 'Show or hide critical lines', '', '1'),
  'logs.level-error': entry('Logs', logs, 'Show or hide error lines', '', '2'),
  'logs.level-warn': entry('Logs', logs, 'Show or hide warn lines', '', '3'),
  'logs.level-info': entry('Logs', logs, 'Show or hide info lines', '', '4'),
  'logs.level-debug': entry('Logs', logs, 'Show or hide debug lines', '', '5'),
  'logs.level-trace': entry('Logs', logs, 'Show or hide trace lines', '', '6'),
  'logs.level-unknown': entry('Logs', logs, 'Show or hide lines without a level', '', '7'),
  'logs.level-all': entry('Logs', logs, 'Show lines of every level', '', '0'),
} as const satisfies Record<string, CommandEntry>;
