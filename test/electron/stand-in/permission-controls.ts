import { standInSessionOf, type CheckedPermission, type Permission } from './session.ts';
import { allWindows } from './windows.ts';

/** What a page may do, asked of the application's own handlers. */

function firstWindow() {
  const [window] = allWindows();
  if (window === undefined) throw new Error('there is no window');
  const { session } = window.contents;
  return { contents: window.webContents, session: standInSessionOf(session) };
}

export const permissionControls = {
  /** As Electron asks when a page wants something. */
  requestPermission: (permission: Permission, details: { readonly requestingUrl?: string } = {}) => {
    const { contents, session } = firstWindow();
    return session.asksPermission(contents, permission, details);
  },
  /** As Electron asks when a page looks whether it may. */
  checkPermission: (permission: CheckedPermission, origin: string) => {
    const { contents, session } = firstWindow();
    return session.checksPermission(contents, permission, origin);
  },
  /** As Electron asks before a page gets a device; without a handler it gets what was chosen. */
  devicePermission: (deviceType: 'hid' | 'serial' | 'usb', origin: string) => {
    const { session } = firstWindow();
    const device = { name: 'device' } as unknown as Electron.HIDDevice;
    return session.handlers.device?.({ deviceType, origin, device }) ?? true;
  },
  /** A page wants to record a screen. @returns whether it got a source; without a handler Electron refuses. */
  displayMedia: async () => {
    const { session } = firstWindow();
    const { displayMedia } = session.handlers;
    if (displayMedia === null) return false;
    const request = { securityOrigin: 'app://opssight', userGesture: true, videoRequested: true };
    const streams = await new Promise<Electron.Streams | null>((resolve) =>
      displayMedia(request as Electron.DisplayMediaRequestHandlerHandlerRequest, resolve),
    );
    return streams?.video !== undefined || streams?.audio !== undefined;
  },
};
