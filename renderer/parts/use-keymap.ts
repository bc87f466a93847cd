import { useMemo } from 'react';
import { usePreferences } from '../app.ts';
import { commandIds, keymapOf, type CommandId, type Keymap, type KeyOverrides } from '../keys/keymap.ts';

/** The keymap in force, a person's own keys included. */
export function useKeymap(): Keymap {
  const keys = usePreferences((state) => state.keys);
  return useMemo(() => keymapOf(overridesOf(keys)), [keys]);
}

const known = new Set<string>(commandIds);

/** Keeps what names a command; names from another version are ignored. */
export function overridesOf(keys: Readonly<Record<string, readonly string[]>>): KeyOverrides {
  return Object.fromEntries(
    Object.entries(keys).filter((pair): pair is [CommandId, readonly string[]] => known.has(pair[0])),
  );
}
