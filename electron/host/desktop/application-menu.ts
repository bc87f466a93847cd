import { app, Menu } from 'electron';
import type { MenuEntry } from '#shared/host-window.ts';
import type { MakeDesktopPart } from './desktop-parts.ts';
import { keptSettings } from './desktop-settings.ts';
import { applicationMenu as templateOf } from './menu-template.ts';
import { zoomed } from './zoom-steps.ts';

/** The application's menu, built anew whenever the window tells its keymap. */
export const applicationMenu: MakeDesktopPart = (shell) => {
  const settings = keptSettings(shell);
  let told = '';
  function build(entries: readonly MenuEntry[]): void {
    const template = templateOf(entries, process.platform, {
      runCommand: (command) => {
        shell.window.show();
        shell.window.runCommand(command);
      },
      zoom: (step) => settings.change({ zoom: zoomed(settings.kept.zoom, step) }),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
  app.setAboutPanelOptions({ applicationName: 'OpsSight', applicationVersion: app.getVersion() });
  // Without one Electron has a menu of its own, with a reload and developer tools.
  build([]);
  return {
    windowMade(window) {
      // The window has its own bars; Alt brings the menu out.
      if (process.platform !== 'darwin') window.setAutoHideMenuBar(true);
    },
    windowSaid(message) {
      if (message.kind !== 'menu') return;
      const telling = JSON.stringify(message.entries);
      if (telling === told) return;
      told = telling;
      build(message.entries);
    },
  };
};
