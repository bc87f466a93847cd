import type { BrowserWindow } from 'electron';
import type { MakeDesktopPart } from './desktop-parts.ts';
import { keptSettings } from './desktop-settings.ts';
import { zoomed, zoomStepOf } from './zoom-steps.ts';

/** How large the window draws: by keys and by the wheel, within bounds, and the same after a start. */
export const zoom: MakeDesktopPart = (shell) => {
  const settings = keptSettings(shell);
  let window: BrowserWindow | undefined;
  const apply = (): void => {
    if (window?.isDestroyed() === false) window.webContents.setZoomFactor(settings.kept.zoom);
  };
  settings.onChange(apply);
  return {
    windowMade(made) {
      window = made;
      made.once('closed', () => (window = undefined));
      const contents = made.webContents;
      contents.on('before-input-event', (event, input) => {
        const step = zoomStepOf(input, process.platform === 'darwin');
        if (step === undefined) return;
        // Neither the page nor the menu, which shows the same keys, is to hear of it too.
        event.preventDefault();
        settings.change({ zoom: zoomed(settings.kept.zoom, step) });
      });
      contents.on('zoom-changed', (_event, direction) =>
        settings.change({ zoom: zoomed(settings.kept.zoom, direction) }),
      );
      // Chromium forgets it with each page that it loads.
      contents.on('did-finish-load', apply);
    },
  };
};
