import { nativeTheme, type BrowserWindow } from 'electron';
import { ground } from './console-window.ts';
import type { MakeDesktopPart } from './desktop-parts.ts';
import { keptSettings } from './desktop-settings.ts';

/**
 * The system's own parts (menus, dialogs, the window's frame) follow the theme of the window, from the start
 * on: the choice of the last time is taken before the window is made.
 */
export const theme: MakeDesktopPart = (shell) => {
  const settings = keptSettings(shell);
  let window: BrowserWindow | undefined;
  nativeTheme.themeSource = settings.kept.theme;
  nativeTheme.on('updated', () =>
    window?.setBackgroundColor(nativeTheme.shouldUseDarkColors ? ground.dark : ground.light),
  );
  return {
    windowMade(made) {
      window = made;
      made.once('closed', () => (window = undefined));
    },
    windowSaid(message) {
      if (message.kind !== 'theme') return;
      nativeTheme.themeSource = message.theme;
      settings.change({ theme: message.theme });
    },
  };
};
