import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WindowToHost } from '#shared/host-window.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import type { DesktopPart, DesktopShell } from './desktop-parts.ts';
import { keptSettings } from './desktop-settings.ts';
import { updates } from './updates.ts';

/** The part with Electron and electron-updater replaced: what counts is whether the latter is ever loaded. */

const machine = vi.hoisted(() => ({ isPackaged: true, loaded: 0, checks: 0, configuration: '' }));
vi.mock('electron', () => ({ app: machine }));
vi.mock('electron-updater', () => {
  machine.loaded++;
  const autoUpdater = {
    on: () => undefined,
    checkForUpdates: () => {
      machine.checks++;
      return Promise.resolve(null);
    },
    set updateConfigPath(path: string) {
      machine.configuration = readFileSync(path, 'utf8');
    },
  };
  return { default: { autoUpdater } };
});

const cleanup = new Cleanup();
const key = generateKeyPairSync('ed25519')
  .publicKey.export({ format: 'der', type: 'spki' })
  .toString('base64');
const file = { feed: 'https://updates.example/', publicKey: key, publisher: 'OpsSight' };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('APPIMAGE', '/opt/opssight.AppImage');
  Object.assign(machine, { isPackaged: true, loaded: 0, checks: 0, configuration: '' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  return cleanup.run();
});

function make(content: string | undefined): { readonly part: DesktopPart; readonly text: () => string } {
  const userDataDirectory = temporaryFolder(cleanup);
  if (content !== undefined) writeFileSync(join(userDataDirectory, 'updates.json'), content);
  // The part uses nothing else of the shell.
  const shell = { userDataDirectory, log: () => undefined } as unknown as DesktopShell;
  const part = updates(shell);
  cleanup.add(() => part.close?.());
  return { part, text: () => keptSettings(shell).facts.updates.text };
}

const ask: WindowToHost = { kind: 'update', action: 'check' };

it.each([
  ['without a file', undefined, /no feed is configured/],
  ['with a file that is none', '{"feed": 1}', /updates.json cannot be read/],
  ['with a file that is no JSON', 'feed: https://updates.example/', /cannot be read/],
  ['with a feed that is not https', JSON.stringify({ ...file, feed: 'http://a/' }), /not https/],
  ['without a key', JSON.stringify({ feed: file.feed }), /cannot be read/],
])('%s nothing is loaded and nothing asked, also when the window wants it', async (_name, content, words) => {
  const { part, text } = make(content);
  part.windowSaid?.(ask);
  await vi.advanceTimersByTimeAsync(3 * 24 * 60 * 60_000);
  expect(text()).toMatch(words);
  expect(machine).toMatchObject({ loaded: 0, checks: 0 });
});

it('an app that is not installed, or that a package manager installed, leaves updates alone', async () => {
  machine.isPackaged = false;
  expect(make(JSON.stringify(file)).text()).toMatch(/no installed app/);
  machine.isPackaged = true;
  vi.stubEnv('APPIMAGE', undefined);
  if (process.platform === 'linux')
    expect(make(JSON.stringify(file)).text()).toMatch(/package manager installed/);
  await vi.advanceTimersByTimeAsync(3 * 24 * 60 * 60_000);
  expect(machine.loaded).toBe(0);
});

it('with a feed the updater is pointed at it, with the publisher that Windows must name', async () => {
  const { part, text } = make(JSON.stringify(file));
  expect(text()).toMatch(/looked for at updates.example/);
  expect(machine.loaded).toBe(0);
  part.windowSaid?.(ask);
  await vi.waitFor(() => expect(machine.checks).toBe(1));
  expect(JSON.parse(machine.configuration)).toEqual({
    provider: 'generic',
    url: 'https://updates.example/',
    updaterCacheDirName: 'opssight-updates',
    publisherName: ['OpsSight'],
  });
});
