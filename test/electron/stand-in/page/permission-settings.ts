import type { BrowserContext, CDPSession } from 'playwright';

/** Tells Chromium what the application decided, so that Chromium refuses by itself. */

interface Descriptor {
  readonly name: string;
  readonly sysex?: boolean;
}

/** Electron's names that Chromium has a setting for. */
const descriptors: Readonly<Record<string, readonly Descriptor[]>> = {
  geolocation: [{ name: 'geolocation' }],
  notifications: [{ name: 'notifications' }],
  'clipboard-read': [{ name: 'clipboard-read' }],
  'clipboard-sanitized-write': [{ name: 'clipboard-write' }],
  media: [{ name: 'camera' }, { name: 'microphone' }],
  midi: [{ name: 'midi' }],
  midiSysex: [{ name: 'midi', sysex: true }],
  'idle-detection': [{ name: 'idle-detection' }],
  'storage-access': [{ name: 'storage-access' }],
  'window-management': [{ name: 'window-management' }],
};

export const settablePermissions = Object.keys(descriptors);

const sessions = new WeakMap<BrowserContext, Promise<CDPSession>>();

export async function setPermission(
  context: BrowserContext,
  origin: string,
  permission: string,
  isGranted: boolean,
): Promise<void> {
  const browser = context.browser();
  if (browser === null) return;
  const session = sessions.get(context) ?? browser.newBrowserCDPSession();
  sessions.set(context, session);
  const setting = isGranted ? 'granted' : 'denied';
  for (const descriptor of descriptors[permission] ?? [])
    await (await session).send('Browser.setPermission', { permission: descriptor, setting, origin });
}
