import { useMemo } from 'react';
import type { KeyContext } from '../keys/command-entry.ts';
import { commandsIn, defaultKeysOf } from '../keys/keymap.ts';
import { useKeymap } from './use-keymap.ts';

/**
 * What the usual keys of a view are here: its buttons name the usual ones, and a person may have others.
 * @returns null for a key whose command has none any more.
 */
export function useChordInForce(context: KeyContext): (chord: string) => string | null {
  const keymap = useKeymap();
  return useMemo(() => {
    const inForce = new Map<string, string | null>();
    for (const id of commandsIn(context)) {
      const keys = keymap.get(id) ?? [];
      for (const [index, usual] of defaultKeysOf(id).entries()) {
        if (!keys.includes(usual)) inForce.set(usual, keys[index] ?? keys[0] ?? null);
      }
    }
    return (chord) => {
      const own = inForce.get(chord);
      return own === undefined ? chord : own;
    };
  }, [context, keymap]);
}
