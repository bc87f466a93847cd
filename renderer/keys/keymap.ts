import type { CommandEntry, KeyContext } from './command-entry.ts';
import { consoleCommands } from './commands/console.ts';
import { inboxCommands } from './commands/inbox.ts';
import { incidentCommands } from './commands/incident.ts';
import { logsCommands } from './commands/logs.ts';
import { overviewCommands } from './commands/overview.ts';
import { routingCommands } from './commands/routing.ts';
import { rulesCommands } from './commands/rules.ts';
import { silencesCommands, silencingCommands } from './commands/silences.ts';
import { tourCommands } from './commands/tour.ts';
import { tracesCommands } from './commands/traces.ts';
import { verdictCommands } from './commands/verdicts.ts';
import { strokesOfChord } from './strokes.ts';

/**
 * Every command of the window as data, with the keys it starts with. The palette, the help, the status
 * line and the dispatcher all read this one table; what it does not name cannot be pressed.
 */

const commandTable = {
  ...consoleCommands,
  ...verdictCommands,
  ...incidentCommands,
  ...inboxCommands,
  ...overviewCommands,
  ...logsCommands,
  ...tracesCommands,
  ...rulesCommands,
  ...tourCommands,
  ...routingCommands,
  ...silencingCommands,
  ...silencesCommands,
} as const satisfies Record<string, CommandEntry>;

export type CommandId = keyof typeof commandTable;
export const commandIds = Object.keys(commandTable) as readonly CommandId[];

export function commandOf(id: CommandId): CommandEntry {
  return commandTable[id];
}

/** The keys that a command has while a person has given it no others. */
export function defaultKeysOf(id: CommandId): readonly string[] {
  return commandTable[id].keys;
}

/** A person's own keys: each command named here has these keys instead of its own. */
export type KeyOverrides = Readonly<Partial<Record<CommandId, readonly string[]>>>;

export type Keymap = ReadonlyMap<CommandId, readonly string[]>;

export function keymapOf(overrides: KeyOverrides): Keymap {
  return new Map(commandIds.map((id) => [id, overrides[id] ?? commandTable[id].keys]));
}

export interface KeyConflict {
  /** Of the first. */
  readonly chord: string;
  readonly secondChord: string;
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
      .map((second) => ({
        chord: first.chord,
        secondChord: second.chord,
        first: first.id,
        second: second.id,
      })),
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
