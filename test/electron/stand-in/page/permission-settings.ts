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

/** What each profile was told last: a page that comes back finds it as it was. */
const toldTo = new WeakMap<BrowserContext, Map<string, boolean>>();
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
  const key = `${origin} ${permission}`;
  const told = toldTo.get(context) ?? new Map<string, boolean>();
  toldTo.set(context, told);
  if (told.get(key) === isGranted) return;
  told.set(key, isGranted);
  const setting = isGranted ? 'granted' : 'denied';
  await Promise.all(
    (descriptors[permission] ?? []).map(async (descriptor) =>
      (await session).send('Browser.setPermission', { permission: descriptor, setting, origin }),
    ),
  );
}
