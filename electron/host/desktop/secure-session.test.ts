import type { Session } from 'electron';
import { describe, expect, it } from 'vitest';
import { secureSession } from './secure-session.ts';

/** Electron's names for permissions (its types, 45.4), and one that there may be in the next version. */
const permissions = [
  'ar',
  'automatic-fullscreen',
  'background-fetch',
  'background-sync',
  'captured-surface-control',
  'clipboard-read',
  'deprecated-sync-clipboard-read',
  'display-capture',
  'fileSystem',
  'fullscreen',
  'geolocation',
  'geolocation-approximate',
  'hand-tracking',
  'hid',
  'idle-detection',
  'keyboardLock',
  'local-fonts',
  'local-network',
  'local-network-access',
  'loopback-network',
  'media',
  'mediaKeySystem',
  'midi',
  'midiSysex',
  'nfc',
  'notifications',
  'openExternal',
  'payment-handler',
  'periodic-background-sync',
  'persistent-storage',
  'pointerLock',
  'screen-wake-lock',
  'sensors',
  'serial',
  'smart-card',
  'speaker-selection',
  'storage-access',
  'system-wake-lock',
  'top-level-storage-access',
  'usb',
  'vr',
  'web-app-installation',
  'web-printing',
  'window-management',
  'unknown',
  'of-the-next-version',
];

type Handler = (...args: never[]) => unknown;

function secured() {
  const handlers = new Map<string, Handler>();
  const calls: unknown[] = [];
  const setter = (name: string) => (handler: Handler) => void handlers.set(name, handler);
  secureSession(
    {
      setPermissionRequestHandler: setter('request'),
      setPermissionCheckHandler: setter('check'),
      setDevicePermissionHandler: setter('device'),
      setDisplayMediaRequestHandler: setter('display'),
      webRequest: { onBeforeRequest: setter('load') },
      on: (event: string, handler: Handler) => void handlers.set(event, handler),
      setSpellCheckerEnabled: (enabled: boolean) => void calls.push({ spell: enabled }),
    } as unknown as Session,
    (event, detail) => void calls.push({ event, ...detail }),
  );
  const call = (name: string, ...args: unknown[]): unknown =>
    (handlers.get(name) as ((...given: unknown[]) => unknown) | undefined)?.(...args);
  const requested = (permission: string, requestingUrl: string, isMainFrame = true): unknown => {
    let answer: unknown;
    call('request', {}, permission, (granted: unknown) => (answer = granted), { requestingUrl, isMainFrame });
    return answer;
  };
  const checked = (permission: string, origin: string, isMainFrame = true): unknown =>
    call('check', null, permission, origin, { isMainFrame });
  const loads = (url: string, resourceType: string): boolean => {
    let cancel: unknown;
    call('load', { url, resourceType }, (answer: { cancel: unknown }) => (cancel = answer.cancel));
    return cancel === false;
  };
  return { calls, call, requested, checked, loads };
}

describe('the window’s session', () => {
  it.each(permissions)('denies %s, asked for or looked up', (permission) => {
    const { requested, checked } = secured();
    expect(requested(permission, 'app://opssight/')).toBe(false);
    expect(checked(permission, 'app://opssight')).toBe(false);
  });

  it('lets our page copy, and nobody else', () => {
    const { requested, checked } = secured();
    expect(requested('clipboard-sanitized-write', 'app://opssight/')).toBe(true);
    expect(checked('clipboard-sanitized-write', 'app://opssight')).toBe(true);
    expect(requested('clipboard-sanitized-write', 'app://opssight/', false)).toBe(false);
    expect(checked('clipboard-sanitized-write', 'app://opssight', false)).toBe(false);
    for (const origin of ['https://example.com', 'app://opssight.example', 'null', '', 'file://']) {
      expect(requested('clipboard-sanitized-write', origin)).toBe(false);
      expect(checked('clipboard-sanitized-write', origin)).toBe(false);
    }
  });

  it('gives no device and no screen', () => {
    const { call } = secured();
    for (const deviceType of ['hid', 'serial', 'usb'])
      expect(call('device', { deviceType, origin: 'app://opssight', device: {} })).toBe(false);
    let streams: unknown = 'unanswered';
    call('display', {}, (answer: unknown) => (streams = answer));
    expect(streams).toBeNull();
  });

  it.each([
    ['https://example.com/x.js', 'script'],
    ['http://127.0.0.1:9090/api', 'xhr'],
    ['ws://127.0.0.1:4780/link', 'webSocket'],
    ['wss://example.com/', 'webSocket'],
    ['file:///etc/passwd', 'mainFrame'],
    ['ftp://example.com/', 'mainFrame'],
    ['data:text/html,x', 'mainFrame'],
    ['data:text/html,x', 'image'],
    ['data:image/svg+xml,x', 'mainFrame'],
    ['blob:app://opssight/1', 'subFrame'],
    ['app://opssight.example/x.js', 'script'],
    ['chrome://gpu', 'mainFrame'],
    ['https://example.com/pixel.png', 'image'],
    ['https://example.com/report', 'cspReport'],
    ['https://example.com/ping', 'ping'],
  ])('refuses to load %s as %s', (url, resourceType) => {
    const { loads, calls } = secured();
    expect(loads(url, resourceType)).toBe(false);
    expect(calls).toContainEqual({ event: 'request.refused', url, type: resourceType });
  });

  it('loads what is ours, and pictures that the page holds itself', () => {
    const { loads } = secured();
    expect(loads('app://opssight/assets/index.js', 'script')).toBe(true);
    expect(loads('data:image/png;base64,AAAA', 'image')).toBe(true);
  });

  it('logs no query of a refused address', () => {
    const { loads, calls } = secured();
    loads('https://example.com/x?token=secret', 'xhr');
    expect(JSON.stringify(calls)).not.toContain('secret');
  });

  it('downloads nothing and checks no spelling', () => {
    const { call, calls } = secured();
    let prevented = false;
    call(
      'will-download',
      { preventDefault: () => (prevented = true) },
      { getURL: () => 'blob:app://opssight/1' },
    );
    expect(prevented).toBe(true);
    expect(calls).toContainEqual({ spell: false });
  });
});
