import { strokesOfChord } from './strokes.ts';

/**
 * Every command of the window as data, with the keys it starts with. The palette, the help, the status
 * line and the dispatcher all read this one table; what it does not name cannot be pressed.
 */

/** Where a key counts. `global` counts everywhere but in a dialog or a text field. */
export const keyContexts = ['global', 'inbox', 'incident', 'sources', 'settings'] as const;
export type KeyContext = (typeof keyContexts)[number];

export interface CommandEntry {
  /** As the palette and the help write it. */
  readonly title: string;
  /** As the status line writes it; empty keeps it off the line. */
  readonly word: string;
  readonly group: 'This incident' | 'Go to' | 'Move' | 'Time' | 'Sources' | 'Console';
  readonly contexts: readonly KeyContext[];
  readonly keys: readonly string[];
}

const lists = ['inbox', 'sources', 'settings'] as const;
const verdicts = ['inbox', 'incident'] as const;

function entry(
  group: CommandEntry['group'],
  contexts: readonly KeyContext[],
  title: string,
  word: string,
  ...keys: readonly string[]
): CommandEntry {
  return { group, contexts, title, word, keys };
}

export const commandTable = {
  'move.down': entry('Move', [...lists, 'incident'], 'Next row', 'move', 'j', 'ArrowDown'),
  'move.up': entry('Move', [...lists, 'incident'], 'Previous row', 'move', 'k', 'ArrowUp'),
  'move.first': entry('Move', lists, 'First row', '', 'g g', 'Home'),
  'move.last': entry('Move', lists, 'Last row', '', 'G', 'End'),
  'row.open': entry('Move', lists, 'Open', 'open', 'Enter'),
  'filter.focus': entry('Move', ['inbox'], 'Filter incidents', '', '/'),

  'incident.acknowledge': entry('This incident', verdicts, 'Acknowledge or release', 'acknowledge', 'a'),
  'incident.note': entry('This incident', verdicts, 'Add a note', 'note', 'n'),
  'incident.close': entry(
    'This incident',
    verdicts,
    'Close an incident that is not seen any more',
    'close',
    'c',
  ),

  'chart.earlier': entry('Time', ['incident'], 'Shift the chart earlier', 'shift time', '['),
  'chart.later': entry('Time', ['incident'], 'Shift the chart later', 'shift time', ']'),
  'chart.live': entry('Time', ['incident'], 'Show the chart up to now', 'live', '.'),

  'source.poll': entry('Sources', ['global'], 'Ask the sources now', 'try now', 'r'),
  'source.add': entry('Sources', ['settings'], 'Add a source', 'add', 'n'),
  'source.remove': entry('Sources', ['settings'], 'Remove the source', 'remove', 'Delete'),
  'offer.connect': entry('Sources', ['global'], 'Connect the server found on this machine', '', 'y'),

  'go.inbox': entry('Go to', ['global'], 'Inbox', '', 'g i'),
  'go.sources': entry('Go to', ['global'], 'Sources', '', 'g o'),
  'go.settings': entry('Go to', ['global'], 'Settings', '', 'g ,'),

  undo: entry('Console', ['global'], 'Undo the last action', 'undo', 'u'),
  back: entry('Console', ['global'], 'Back', 'back', 'Escape'),
  'notice.dismiss': entry('Console', ['global'], 'Put the notice away', '', 'd'),
  'notifications.allow': entry('Console', ['global'], 'Allow desktop notifications', '', 'p'),
  'core.safe-mode': entry('Console', ['global'], 'Start the core in safe mode', '', 'S'),
  'core.start': entry('Console', ['global'], 'Start the core', '', 'R'),
  'theme.dark': entry('Console', ['global'], 'Dark theme', ''),
  'theme.light': entry('Console', ['global'], 'Light theme', ''),
  'theme.system': entry('Console', ['global'], 'Theme of the system', ''),
  'palette.open': entry('Console', ['global'], 'All commands', 'commands', 'Mod+k'),
  'help.open': entry('Console', ['global'], 'Keys of this view', 'all keys', '?'),
} as const satisfies Record<string, CommandEntry>;

export type CommandId = keyof typeof commandTable;
export const commandIds = Object.keys(commandTable) as readonly CommandId[];

export function commandOf(id: CommandId): CommandEntry {
  return commandTable[id];
}

/** A person's own keys: each command named here has these keys instead of its own. */
export type KeyOverrides = Readonly<Partial<Record<CommandId, readonly string[]>>>;

export type Keymap = ReadonlyMap<CommandId, readonly string[]>;

export function keymapOf(overrides: KeyOverrides): Keymap {
  return new Map(commandIds.map((id) => [id, overrides[id] ?? commandTable[id].keys]));
}

export interface KeyConflict {
  readonly chord: string;
  readonly first: CommandId;
  readonly second: CommandId;
}

/**
 * Finds commands that could not both be reached: the same chord where both count, or one chord that
 * begins the other.
 */
export function conflictsOf(keymap: Keymap): readonly KeyConflict[] {
  const bound = commandIds.flatMap((id) => (keymap.get(id) ?? []).map((chord) => ({ id, chord })));
  return bound.flatMap((first, index) =>
    bound
      .slice(index + 1)
      .filter((second) => shareContext(first.id, second.id) && clash(first.chord, second.chord))
      .map((second) => ({ chord: first.chord, first: first.id, second: second.id })),
  );
}

function shareContext(left: CommandId, right: CommandId): boolean {
  const contexts: readonly KeyContext[] = commandTable[left].contexts;
  const others: readonly KeyContext[] = commandTable[right].contexts;
  return (
    contexts.includes('global') ||
    others.includes('global') ||
    contexts.some((context) => others.includes(context))
  );
}

function clash(left: string, right: string): boolean {
  const [short, long] = [strokesOfChord(left), strokesOfChord(right)].sort((a, b) => a.length - b.length);
  return short !== undefined && long !== undefined && short.every((stroke, index) => stroke === long[index]);
}

/** The commands that count in a context, in the table's order. */
export function commandsIn(context: KeyContext): readonly CommandId[] {
  return commandIds.filter((id) => {
    const contexts: readonly KeyContext[] = commandTable[id].contexts;
    return contexts.includes(context) || contexts.includes('global');
  });
}
