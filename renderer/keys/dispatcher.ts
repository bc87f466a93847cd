import type { KeyContext } from './command-entry.ts';
import { commandsIn, type CommandId, type Keymap } from './keymap.ts';
import { strokeOf, strokesOfChord, type KeyPress } from './strokes.ts';

/**
 * Turns key presses into commands: chords, contexts, and what must be left to a text field, an input
 * method or a focused control. Knows no command's meaning; the shell runs them.
 */

export interface DispatcherOptions {
  readonly mac: boolean;
  readonly keymap: () => Keymap;
  /** Where the keys count now; null while a dialog has them all. */
  readonly context: () => KeyContext | null;
  readonly run: (command: CommandId) => void;
  /** The strokes of a chord that has begun, empty when it ends. */
  readonly onPending: (strokes: readonly string[]) => void;
}

export interface DispatchEvent extends KeyPress {
  readonly isComposing: boolean;
  readonly defaultPrevented: boolean;
  readonly target: EventTarget | null;
  preventDefault(): void;
}

const chordTimeoutMs = 2_000;

export function createDispatcher(options: DispatcherOptions): (event: DispatchEvent) => void {
  let pending: readonly string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function setPending(strokes: readonly string[]): void {
    clearTimeout(timer);
    pending = strokes;
    options.onPending(strokes);
    if (strokes.length > 0) timer = setTimeout(() => setPending([]), chordTimeoutMs);
  }

  return (event) => {
    const context = options.context();
    if (context === null || event.isComposing || event.defaultPrevented) return;
    const stroke = strokeOf(event, options.mac);
    if (stroke === undefined || belongsToTarget(event.target, stroke)) return;
    const strokes = [...pending, stroke];
    const match = matchChord(options.keymap(), context, strokes);
    if (pending.length > 0 || match.kind === 'begun') setPending(match.kind === 'begun' ? strokes : []);
    if (match.kind === 'none') return;
    event.preventDefault();
    if (match.kind === 'command') options.run(match.command);
  };
}

type ChordMatch =
  | { readonly kind: 'none' }
  | { readonly kind: 'begun' }
  | { readonly kind: 'command'; readonly command: CommandId };

function matchChord(keymap: Keymap, context: KeyContext, strokes: readonly string[]): ChordMatch {
  let begun = false;
  for (const command of commandsIn(context)) {
    for (const chord of keymap.get(command) ?? []) {
      const wanted = strokesOfChord(chord);
      if (!strokes.every((stroke, index) => stroke === wanted[index])) continue;
      if (wanted.length === strokes.length) return { kind: 'command', command };
      begun = true;
    }
  }
  return begun ? { kind: 'begun' } : { kind: 'none' };
}

/** Text goes to text fields, and Enter, Space and arrows to the control that has the focus. */
function belongsToTarget(target: EventTarget | null, stroke: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input[type="checkbox"]') !== null) return stroke === 'Space';
  if (target.closest('input, textarea, [contenteditable="true"]') !== null) {
    return !stroke.startsWith('Mod+') && stroke !== 'Escape';
  }
  if (target.closest('select') !== null) return stroke !== 'Escape' && !stroke.startsWith('Mod+');
  if (target.closest('button, a, summary, [role="radio"]') !== null) {
    return stroke === 'Enter' || stroke === 'Space';
  }
  return false;
}
