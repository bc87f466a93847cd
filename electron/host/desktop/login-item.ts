import { app } from 'electron';
import { homedir } from 'node:os';
import { autostartFile, setAutostart } from './autostart-file.ts';
import type { MakeDesktopPart } from './desktop-parts.ts';
import { keptSettings } from './desktop-settings.ts';

/** Starts the app with the session, hidden, where the person wants it. Only an installed one can be started. */
export const loginItem: MakeDesktopPart = (shell) => {
  const settings = keptSettings(shell);
  settings.found({ canStartAtLogin: app.isPackaged });
  let applied = settings.settings.startAtLogin;
  settings.onChange(({ settings: { startAtLogin } }) => {
    if (startAtLogin === applied || !app.isPackaged) return;
    applied = startAtLogin;
    if (process.platform !== 'linux') {
      return app.setLoginItemSettings({ openAtLogin: startAtLogin, args: ['--hidden'] });
    }
    // An AppImage is mounted anew at each start: its file is what stays.
    const program = process.env['APPIMAGE'] ?? process.execPath;
    const written = setAutostart(autostartFile(process.env, homedir()), program, startAtLogin);
    if (!written.ok) shell.log('login-item.not-written', { reason: written.failure });
  });
  return {};
};
