import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { describe, expect, it } from 'vitest';
import { isConsoleAddress } from './console-address.ts';
import { confineContents } from './navigation.ts';

/** Everything that a page may try to become, and whether it may. */
const targets: readonly (readonly [url: string, allowed: boolean])[] = [
  ['app://opssight/', true],

  ['app://opssight/index.html', true],
  ['app://opssight/#/incident/1', true],
  ['app://opssight/?view=inbox', true],
  ['app://opssight/index.html?x#y', true],
  ['APP://opssight/', true],
  ['app://opssight/./', true],
  ['app://opssight/a/../', true],
  // Of our origin, but not the page: a picture with a script in it is no page either.
  ['app://opssight/icon.svg', false],
  ['app://opssight/assets/index.js', false],
  ['app://opssight/INDEX.HTML', false],
  ['app://opssight//', false],
  ['app://opssight//evil.example/', false],
  ['app://opssight/%2e%2e/etc/passwd', false],
  ['app://opssight/..%2fetc', false],
  ['app://opssight/index.html/', false],
  ['app://opssight/index.html%00', false],
  // Of another origin that looks like ours.
  ['app://opssight.example/', false],
  ['app://opssight.', false],
  ['app://opssight./', false],
  ['app://opssightx/', false],
  ['app://xopssight/', false],
  ['app://OPSSIGHT/', false],
  ['app://opssight:80/', false],
  ['app://opssight:0/', false],
  ['app://opssight@evil.example/', false],
  ['app://evil.example@opssight/', false],
  ['app://user:secret@opssight/', false],
  ['app://:x@opssight/', false],
  ['app://evil.example/opssight/', false],
  ['app://evil.example/?app://opssight/', false],
  ['app://evil.example#app://opssight/', false],
  ['app://opssight%2eexample/', false],
  ['app://opssight%00/', false],
  ['app://opssight\\@evil.example/', false],
  ['app:\\\\opssight\\', false],
  ['app:opssight/', false],
  ['app:/opssight/', false],
  ['app:///opssight/', false],
  ['app://', false],
  ['app:', false],
  ['apps://opssight/', false],
  ['appx://opssight/', false],
  ['opssight://incident/1', false],
  // Of another scheme.
  ['https://opssight/', false],
  ['http://opssight/', false],
  ['https://evil.example/app://opssight/', false],
  ['http://127.0.0.1:4780/', false],
  ['file:///etc/passwd', false],
  ['file://opssight/', false],
  ['filesystem:app://opssight/temporary/x', false],
  ['blob:app://opssight/0f9c', false],
  ['data:text/html,<script>opssight.connect()</script>', false],
  ['javascript:opssight.connect()', false],
  ['about:blank', false],
  ['about:srcdoc', false],
  ['chrome://gpu', false],
  ['devtools://devtools/bundled/inspector.html', false],
  ['view-source:app://opssight/', false],
  ['ws://opssight/', false],
  ['ftp://opssight/', false],
  ['smb://opssight/', false],
  ['ms-msdt:x', false],
  ['', false],
  ['not an address', false],
  ['/', false],
];

function confined() {
  const opened: string[] = [];
  const logged: string[] = [];
  let windowOpen: ((details: { url: string }) => { action: string }) | undefined;
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: typeof windowOpen) => (windowOpen = handler),
  });
  confineContents(contents as unknown as WebContents, {
    openExternal: (url) => void opened.push(url),
    log: (event) => void logged.push(event),
  });
  /** @returns whether the event went through. */
  const emit = (name: string, url: string, isMainFrame: boolean): boolean => {
    let prevented = false;
    contents.emit(name, { url, isMainFrame, preventDefault: () => (prevented = true) });
    return !prevented;
  };
  return { emit, opened, logged, open: (url: string) => windowOpen?.({ url }) };
}

describe('a page of the window', () => {
  it('is asked about at least 60 addresses', () => {
    expect(new Set(targets.map(([url]) => url)).size).toBeGreaterThanOrEqual(60);
  });

  it.each(targets)('to %j: %s', (url, allowed) => {
    const { emit } = confined();
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate'])
      expect(emit(event, url, true), event).toBe(allowed);
  });

  it('has no frames that go anywhere, not even to our own page', () => {
    const { emit, logged } = confined();
    expect(emit('will-frame-navigate', 'app://opssight/', false)).toBe(false);
    expect(emit('will-redirect', 'app://opssight/', false)).toBe(false);
    expect(logged).toEqual(['navigation.refused', 'navigation.refused']);
  });

  it('attaches no webview, whatever it shows', () => {
    expect(confined().emit('will-attach-webview', 'app://opssight/', true)).toBe(false);
  });

  it.each(['app://opssight/', 'https://example.com/', 'about:blank', 'javascript:alert(1)', ''])(
    'opens no window for %j; what becomes of the address is asked elsewhere',
    (url) => {
      const { open, opened } = confined();
      expect(open(url)).toEqual({ action: 'deny' });
      expect(opened).toEqual([url]);
    },
  );
});

it('takes an origin without a path for ours, as Chromium says it when asking for a permission', () => {
  expect(isConsoleAddress('app://opssight')).toBe(true);
  expect(isConsoleAddress('null')).toBe(false);
  expect(isConsoleAddress(undefined)).toBe(false);
});
