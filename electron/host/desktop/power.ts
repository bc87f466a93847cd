import { powerMonitor, type BrowserWindow } from 'electron';
import type { PowerEvent } from '../port.ts';
import type { MakeDesktopPart } from './desktop-parts.ts';

/**
 * Tells the core what the machine does under it, so that hours asleep are no hours in which nothing fired;
 * and ends the app in order when the machine is shut down.
 */
export const power: MakeDesktopPart = (shell) => {
  const tell = (event: PowerEvent) => () => shell.core.send({ kind: 'power', event, atMs: Date.now() });
  powerMonitor.on('suspend', tell('suspend'));
  powerMonitor.on('resume', tell('resume'));
  powerMonitor.on('lock-screen', tell('lock'));
  powerMonitor.on('unlock-screen', tell('unlock'));
  // Electron's types leave the event out; its documentation has it, and that preventing it delays the system.
  powerMonitor.on('shutdown', (event?: { readonly preventDefault: () => void }) => {
    event?.preventDefault();
    shell.quit();
  });
  return {
    windowMade(window: BrowserWindow) {
      // Windows tells windows instead: the session ends, and there is no time to ask.
      if (process.platform === 'win32') window.on('session-end', () => shell.quit());
    },
  };
};
