import { isConsoleAddress } from './console-address.ts';

/**
 * What the window may load and may be allowed, as pure decisions; `secure-session.ts` installs them.
 * Electron allows by default what it is not told to deny.
 */

/** What a page in the window may load: its own origin, and pictures that it holds itself. */
export function mayLoad(url: string, resourceType: string): boolean {
  if (isConsoleAddress(url)) return true;
  return resourceType === 'image' && url.startsWith('data:image/');
}

/**
 * Copying is all that the window needs. Notifications are the system's own and shown by the host.
 * @param origin who asks, as Chromium says it.
 */
export function mayUse(permission: string, origin: string | undefined, isMainFrame: boolean): boolean {
  return permission === 'clipboard-sanitized-write' && isMainFrame && isConsoleAddress(origin);
}
