import { globalShortcut } from 'electron';
import type { MakeDesktopPart } from './desktop-parts.ts';
import { keptSettings } from './desktop-settings.ts';

/** A key of the whole system that shows the window, or hides it where it is in front. Off until chosen. */
export const summonShortcut: MakeDesktopPart = (shell) => {
  const settings = keptSettings(shell);
  let wanted: string | null = null;

  function toggle(): void {
    if (shell.window.isVisible() && shell.window.isFocused()) shell.window.hide();
    else shell.window.show();
  }

  function follow(): void {
    const { summonShortcut: chosen } = settings.settings;
    if (chosen === wanted) return;
    if (wanted !== null) globalShortcut.unregisterAll();
    wanted = chosen;
    settings.found({ shortcut: chosen === null ? 'off' : register(chosen, toggle) ? 'on' : 'taken' });
  }

  follow();
  settings.onChange(follow);
  return { close: () => globalShortcut.unregisterAll() };
};

/** @returns whether the system gave it: another app may have it, and Wayland may give none. */
function register(accelerator: string, pressed: () => void): boolean {
  try {
    return globalShortcut.register(accelerator, pressed);
  } catch {
    // No key that Electron knows; a file from another version may have one.
    return false;
  }
}
