import { entry, type CommandEntry } from '../command-entry.ts';

/** Of which a row can be opened. */
const lists = ['inbox', 'overview', 'logs', 'traces', 'rules', 'silences', 'sources', 'settings'] as const;
const moved = [...lists, 'routing'] as const;
const timed = ['incident', 'overview', 'logs', 'traces'] as const;

/** The commands of every view but those that have a file of their own beside this one. */
export const consoleCommands = {
  'move.down': entry('Move', [...moved, 'incident', 'trace'], 'Next row', 'move', 'j', 'ArrowDown'),
  'move.up': entry('Move', [...moved, 'incident', 'trace'], 'Previous row', 'move', 'k', 'ArrowUp'),
  'move.first': entry('Move', moved, 'First row', '', 'g g', 'Home'),
  'move.last': entry('Move', moved, 'Last row', '', 'G', 'End'),
  'row.open': entry('Move', lists, 'Open', 'open', 'Enter'),
  'filter.focus': entry('Move', ['inbox'], 'Filter incidents', '', '/'),

  'time.earlier': entry('Time', timed, 'Shift the time range earlier', 'shift time', '['),
  'time.later': entry('Time', timed, 'Shift the time range later', 'shift time', ']'),
  'time.live': entry('Time', timed, 'Up to now', 'live', '.'),
  'time.last-15m': entry('Time', timed, 'Last 15 minutes', ''),
  'time.last-1h': entry('Time', timed, 'Last hour', ''),
  'time.last-6h': entry('Time', timed, 'Last 6 hours', ''),
  'time.last-24h': entry('Time', timed, 'Last 24 hours', ''),

  'source.poll': entry('Sources', ['global'], 'Ask the sources now', 'try now', 'r'),
  'source.add': entry('Sources', ['settings'], 'Add a source', 'add', 'n'),
  'source.remove': entry('Sources', ['settings'], 'Remove the source', 'remove', 'Delete'),
  'offer.connect': entry('Sources', ['global'], 'Connect the server found on this machine', '', 'y'),

  'go.inbox': entry('Go to', ['global'], 'Inbox', '', 'g i'),
  'go.overview': entry('Go to', ['global'], 'Overview', '', 'g d'),
  'go.logs': entry('Go to', ['global'], 'Logs', '', 'g l'),
  'go.traces': entry('Go to', ['global'], 'Traces', '', 'g t'),
  'go.rules': entry('Go to', ['global'], 'Local rules', '', 'g r'),
  'go.routing': entry('Go to', ['global'], 'Routing of alerts', '', 'g a'),
  'go.sources': entry('Go to', ['global'], 'Sources', '', 'g o'),
  'go.settings': entry('Go to', ['global'], 'Settings', '', 'g ,'),

  undo: entry('Console', ['global'], 'Undo the last action', 'undo', 'u'),
  back: entry('Console', ['global'], 'Back', 'back', 'Escape'),
  'notice.dismiss': entry('Console', ['global'], 'Put the notice away', '', 'd'),
  'notifications.allow': entry('Console', ['global'], 'Allow desktop notifications', '', 'p'),
  'notifications.pause-30m': entry('Console', ['global'], 'Pause notifications for 30 minutes', ''),
  'notifications.pause-1h': entry('Console', ['global'], 'Pause notifications for 1 hour', ''),
  'notifications.pause-morning': entry('Console', ['global'], 'Pause notifications until morning', ''),
  'notifications.resume': entry('Console', ['global'], 'Resume notifications', ''),
  'audit.export': entry('Console', ['global'], 'Export the audit trail', ''),
  'core.safe-mode': entry('Console', ['global'], 'Start the core in safe mode', '', 'S'),
  'core.start': entry('Console', ['global'], 'Start the core', '', 'R'),
  'theme.dark': entry('Console', ['global'], 'Dark theme', ''),
  'theme.light': entry('Console', ['global'], 'Light theme', ''),
  'theme.system': entry('Console', ['global'], 'Theme of the system', ''),
  'palette.open': entry('Console', ['global'], 'All commands', 'commands', 'Mod+k'),
  'help.open': entry('Console', ['global'], 'Keys of this view', 'all keys', '?'),
} as const satisfies Record<string, CommandEntry>;
