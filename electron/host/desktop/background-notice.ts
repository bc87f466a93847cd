import { dialog, Notification } from 'electron';
import { drop } from '#shared/result.ts';
import type { MakeDesktopPart } from './desktop-parts.ts';
import { keptSettings } from './desktop-settings.ts';

/**
 * Tells once, when the window is closed for the first time, that the app goes on without it. Electron cannot
 * tell whether a Linux desktop shows the tray (electron#5065), and Windows hides new ones: a person who sees
 * neither window nor tray must know how to come back. On macOS the dock shows it.
 */

const title = 'OpsSight goes on watching';
const body = 'It is in the tray, or in the background: starting it again shows the window.';

export const backgroundNotice: MakeDesktopPart = (shell) => {
  const settings = keptSettings(shell);
  /** Held while it is shown: its events would be lost with it. */
  let shown: Notification | undefined;
  const told = (): void => settings.change({ toldOfBackground: true });
  const ask = (): void => {
    told();
    drop(dialog.showMessageBox({ type: 'info', message: title, detail: body }), 'nothing waits for it');
  };
  const tell = (): void => {
    if (settings.kept.toldOfBackground || process.platform === 'darwin') return;
    if (!Notification.isSupported()) return ask();
    shown?.close();
    shown = new Notification({ title, body, silent: true });
    // What was not shown is told again at the next closing.
    shown.on('show', told);
    shown.on('failed', ask);
    shown.on('click', () => shell.window.show());
    shown.show();
  };
  return {
    windowMade: (window) => {
      window.on('close', ({ defaultPrevented }) => {
        // The window's own listener was first: what it prevented only hides.
        if (defaultPrevented) tell();
      });
    },
    close: () => shown?.close(),
  };
};
