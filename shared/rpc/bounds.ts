import { commandFailure, type CommandFailure } from '../failure.ts';

/** How large a message from a window may be before anything of it is looked at. */
const maxDepth = 32;
const maxCharacters = 1_048_576;
const maxNodes = 100_000;

/**
 * Measures a message without trusting it.
 * @returns null where it is within bounds, else the failure that says which bound it breaks.
 */
export function withinBounds(message: unknown): CommandFailure | null {
  const remaining = { characters: maxCharacters, nodes: maxNodes };
  const broken = measure(message, 0, remaining);
  return broken === null
    ? null
    : commandFailure('invalid-input', `the message ${broken}`, 'Send less at once.');
}

function measure(
  value: unknown,
  depth: number,
  remaining: { characters: number; nodes: number },
): string | null {
  if (depth > maxDepth) return `is nested deeper than ${maxDepth}`;
  if (--remaining.nodes < 0) return `has more than ${maxNodes} values`;
  if (typeof value === 'string') return take(value.length, remaining);
  if (typeof value === 'bigint') return 'holds a number of any length';
  if (typeof value !== 'object' || value === null) return null;
  if (value instanceof Float64Array) return take(value.byteLength, remaining);
  // What a message port can carry beside plain data (maps, buffers, dates) would not be measured below.
  if (!isPlain(value)) return 'holds something else than plain data';
  for (const [key, child] of Object.entries(value)) {
    const broken = take(key.length, remaining) ?? measure(child, depth + 1, remaining);
    if (broken !== null) return broken;
  }
  return null;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

function take(characters: number, remaining: { characters: number }): string | null {
  remaining.characters -= characters;
  return remaining.characters < 0 ? `is larger than ${maxCharacters} characters` : null;
}
