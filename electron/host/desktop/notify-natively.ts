import { app, Notification, shell as system } from 'electron';
import type { MakeDesktopPart } from './desktop-parts.ts';
import { keptSettings } from './desktop-settings.ts';
import { NativeNotifications } from './native-notifications.ts';

/** Of `electron-builder.yml`: Windows shows notifications only of an app that it knows by this name. */
const appUserModelId = 'app.opssight.desktop';

/** Joins the core's notifications to the system's. */
export const notifyNatively: MakeDesktopPart = (shell) => {
  const settings = keptSettings(shell);
  const natives = new NativeNotifications({
    platform: process.platform,
    isSupported: () => Notification.isSupported(),
    make: (content) => new Notification(content),
    sounds: () => settings.settings.sounds,
    beep: () => system.beep(),
    coreRuns: () => shell.core.state().state === 'running',
    sendToCore: (message) => shell.core.send(message),
    open: (incidentId) => {
      if (incidentId === null) shell.window.show();
      else shell.window.openIncident(incidentId);
    },
    log: shell.log,
  });
  if (process.platform === 'win32') {
    app.setAppUserModelId(appUserModelId);
    // One of an earlier run that was clicked in the action center: what it was of cannot be known any more.
    Notification.handleActivation(({ type }) => {
      if (type === 'click') shell.window.show();
    });
  }
  return {
    coreSaid: (message) => natives.coreSaid(message),
    coreStateChanged: ({ state }) => {
      if (state === 'running') natives.coreRuns();
    },
    close: () => natives.close(),
  };
};
