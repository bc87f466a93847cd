import {
  conflictsOf,
  defaultKeysOf,
  keymapOf,
  type CommandId,
  type KeyConflict,
  type KeyOverrides,
} from './keymap.ts';
import { strokesOfChord } from './strokes.ts';

/**
 * A person's own keys, changed one at a time so that no two commands are ever on one key where both count.
 * Each change is data: the keys as they would be, and from whom they would be taken.
 */
export type Remap =
  | { readonly kind: 'free'; readonly overrides: KeyOverrides }
  /** Others have it, or begin with it: `overrides` are with it taken from them. */
  | { readonly kind: 'taken'; readonly from: readonly TakenKey[]; readonly overrides: KeyOverrides }
  | { readonly kind: 'refused'; readonly why: string };

export interface TakenKey {
  readonly command: CommandId;
  readonly chord: string;
  /** It has no key left then. */
  readonly isLast: boolean;
}

const maxStrokes = 3;
const maxKeys = 4;
/** Moves between controls, which has to go on working whatever is remapped. */
const fixedStrokes = new Set(['Tab', 'Space']);
/** Without it there is no way by keyboard to a command that has no key. */
const mustHaveKey: CommandId = 'palette.open';

export function addKey(overrides: KeyOverrides, command: CommandId, chord: string): Remap {
  const keys = keysOf(overrides, command);
  const strokes = strokesOfChord(chord);
  if (keys.includes(chord)) return refused('It is on that key already.');
  if (strokes.length > maxStrokes) return refused(`A key is at most ${maxStrokes} strokes long.`);
  if (strokes.some((stroke) => fixedStrokes.has(stroke)))
    return refused('Tab and Space belong to the controls of the window.');
  if (keys.length >= maxKeys) return refused(`A command has at most ${maxKeys} keys. Take one away first.`);
  return settled(withKeys(overrides, command, [...keys, chord]), command);
}

export function removeKey(overrides: KeyOverrides, command: CommandId, chord: string): Remap {
  const keys = keysOf(overrides, command).filter((key) => key !== chord);
  if (command === mustHaveKey && keys.length === 0) return refused(wouldBeLost);
  return { kind: 'free', overrides: withKeys(overrides, command, keys) };
}

/** Back to the keys that a command has in every new window. */
export function resetKeys(overrides: KeyOverrides, command: CommandId): Remap {
  return settled(withKeys(overrides, command, defaultKeysOf(command)), command);
}

export function isRemapped(overrides: KeyOverrides, command: CommandId): boolean {
  return overrides[command] !== undefined;
}

const wouldBeLost = 'The key that lists all commands is its last: give it another one first.';

function refused(why: string): Remap {
  return { kind: 'refused', why };
}

function keysOf(overrides: KeyOverrides, command: CommandId): readonly string[] {
  return overrides[command] ?? defaultKeysOf(command);
}

/** What is as it is in every window is no key of a person's own. */
function withKeys(overrides: KeyOverrides, command: CommandId, keys: readonly string[]): KeyOverrides {
  const { [command]: _before, ...others } = overrides;
  const usual = defaultKeysOf(command);
  const isUsual = keys.length === usual.length && keys.every((key, index) => key === usual[index]);
  return isUsual ? others : { ...others, [command]: keys };
}

function settled(wanted: KeyOverrides, command: CommandId): Remap {
  const conflicts = conflictsWith(wanted, command);
  if (conflicts.length === 0) return { kind: 'free', overrides: wanted };
  const own = conflicts.find(({ first, second }) => first === second);
  if (own !== undefined) return refused('It begins with a key of the same command, or begins one.');
  const from: TakenKey[] = [];
  let overrides = wanted;
  for (const conflict of conflicts) {
    const { other, chord } = otherSide(conflict, command);
    const keys = keysOf(overrides, other).filter((key) => key !== chord);
    if (other === mustHaveKey && keys.length === 0) return refused(wouldBeLost);
    overrides = withKeys(overrides, other, keys);
    from.push({ command: other, chord, isLast: keys.length === 0 });
  }
  return { kind: 'taken', from, overrides };
}

/** @param overrides whose conflicts are looked for; those without the command are not its business. */
function conflictsWith(overrides: KeyOverrides, command: CommandId): readonly KeyConflict[] {
  return conflictsOf(keymapOf(overrides)).filter(
    ({ first, second }) => first === command || second === command,
  );
}

function otherSide(
  conflict: KeyConflict,
  command: CommandId,
): { readonly other: CommandId; readonly chord: string } {
  return conflict.first === command
    ? { other: conflict.second, chord: conflict.secondChord }
    : { other: conflict.first, chord: conflict.chord };
}

/** Commands that cannot both be reached: of keys that were kept by another version of the console. */
export function brokenKeys(overrides: KeyOverrides): readonly KeyConflict[] {
  return conflictsOf(keymapOf(overrides));
}
