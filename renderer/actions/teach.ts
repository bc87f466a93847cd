import type { App } from '../app.ts';
import type { CommandId } from '../keys/keymap.ts';
import { capsOfChord } from '../keys/strokes.ts';
import { tell } from './toasts.ts';

/** Who runs a command by its name is told its key: twice for each command, and not one after the other. */
const mostTold = 2;
const quietMs = 60_000;
let toldAtMs = Number.NEGATIVE_INFINITY;

/**
 * Runs a command of the palette and says its key, unless there is something to be said about what it did,
 * or about what can still be taken back.
 */
export function runAndTeach(app: App, command: CommandId, chord: string | undefined, run: () => void): void {
  const before = app.session.getState().toast;
  run();
  const { toast } = app.session.getState();
  const told = app.preferences.getState().taught[command] ?? 0;
  const isBusy = toast !== before || (toast?.undo ?? null) !== null;
  if (chord === undefined || isBusy || told >= mostTold || Date.now() - toldAtMs < quietMs) return;
  toldAtMs = Date.now();
  app.preferences.setState(({ taught }) => ({ taught: { ...taught, [command]: told + 1 } }));
  tell(app, { tone: 'plain', text: `Next time: ${capsOfChord(chord, app.mac).join(' ')}`, undo: null });
}
