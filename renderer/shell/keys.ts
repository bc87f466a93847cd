import { noticeKey } from '../actions/tour.ts';
import type { App } from '../app.ts';
import { createDispatcher } from '../keys/dispatcher.ts';
import { keymapOf } from '../keys/keymap.ts';
import { overridesOf } from '../parts/use-keymap.ts';
import { runCommand } from './run-command.ts';

/** Gives every key press of the window to the dispatcher. @returns a function that ends it. */
export function listenToKeys(app: App): () => void {
  const dispatch = createDispatcher({
    mac: app.mac,
    keymap: () => keymapOf(overridesOf(app.preferences.getState().keys)),
    context: () => {
      const { overlay, view } = app.session.getState();
      return overlay === null ? view.kind : null;
    },
    run: (command) => {
      runCommand(app, command);
      noticeKey(app, command);
    },
    onPending: (chordStrokes) => app.session.setState({ chordStrokes }),
  });
  document.addEventListener('keydown', dispatch);
  return () => document.removeEventListener('keydown', dispatch);
}
