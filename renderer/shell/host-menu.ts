import type { MenuEntry } from '#shared/host-window.ts';
import type { App } from '../app.ts';
import { commandIds, commandOf, keymapOf, type Keymap } from '../keys/keymap.ts';
import { acceleratorOf } from '../keys/strokes.ts';
import { overridesOf } from '../parts/use-keymap.ts';

/**
 * Tells a host with menus and parts of its own what of this window it has to know: the keymap in force and
 * the theme. Again with each link, because a host forgets what a window before it said.
 * @returns a function that ends it.
 */
export function tellHost(app: App): () => void {
  const tellKeymap = (): void => {
    const keymap = keymapOf(overridesOf(app.preferences.getState().keys));
    app.host.send({ kind: 'menu', entries: menuEntriesOf(keymap) });
  };
  const tellTheme = (): void => app.host.send({ kind: 'theme', theme: app.preferences.getState().theme });
  const stops = [
    app.live.subscribe((state, before) => {
      if (state.link === before.link || state.link.kind !== 'open') return;
      tellKeymap();
      tellTheme();
    }),
    app.preferences.subscribe((state, before) => {
      if (state.keys !== before.keys) tellKeymap();
      if (state.theme !== before.theme) tellTheme();
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

/** Every command of the window, in the keymap's order. */
export function menuEntriesOf(keymap: Keymap): MenuEntry[] {
  return commandIds.map((command) => {
    const { title, group } = commandOf(command);
    const accelerator = acceleratorOf(keymap.get(command)?.[0] ?? '');
    return { command, label: title, group, accelerator: accelerator ?? null };
  });
}
