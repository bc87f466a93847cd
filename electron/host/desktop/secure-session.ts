import type { Session } from 'electron';
import type { DesktopShell } from './desktop-parts.ts';
import { mayLoad, mayUse } from './request-policy.ts';

/**
 * Makes a session that can show the window and nothing else, before there is any window: every permission,
 * device, screen share, download and foreign request is refused by name. Each is said though some of them
 * cannot be asked for under the content security policy: one fault must not be enough.
 */
export function secureSession(session: Session, log: DesktopShell['log']): void {
  // SECURITY: Electron grants all permissions unless both handlers say no.
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const granted = mayUse(permission, details.requestingUrl, details.isMainFrame);
    if (!granted) log('permission.refused', { permission });
    answer(granted);
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    mayUse(permission, origin, details.isMainFrame),
  );
  // SECURITY: no USB, HID or serial device, no capture of the screen.
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null));
  // SECURITY: whatever the policy of the page says, nothing leaves this machine from the window.
  session.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !mayLoad(details.url, details.resourceType);
    if (cancel) log('request.refused', { url: shorten(details.url), type: details.resourceType });
    answer({ cancel });
  });
  // SECURITY: files are written by the core where the person says, never by a page.
  session.on('will-download', (event, item) => {
    event.preventDefault();
    log('download.refused', { url: shorten(item.getURL()) });
  });
  session.setSpellCheckerEnabled(false);
}

/** A hostile address may be long, and what follows `?` may be a secret of somebody's. */
function shorten(url: string): string {
  return (url.split(/[?#]/u, 1)[0] ?? '').slice(0, 200);
}
