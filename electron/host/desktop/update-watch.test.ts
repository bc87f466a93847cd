import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UpdateState } from '#shared/host-window.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { signRelease } from '../update-signature.ts';
import { readFeed, UpdateWatch, type Feed, type Updater } from './update-watch.ts';

const cleanup = new Cleanup();
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const feed: Feed = { url: 'https://updates.example/', publicKey, publisher: undefined };
const program = 'the new program';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  return cleanup.run();
});

const sumOf = (text: string): string => createHash('sha512').update(text).digest('base64');

function release(version = '2.0.0', url = 'opssight-2.0.0.AppImage') {
  return { version, files: [{ url, sha512: sumOf(program), size: 15 }], releaseDate: 'today' };
}

function signed(offer: ReturnType<typeof release>, key: KeyObject = privateKey): object {
  return { ...offer, opssightSignature: signRelease(offer, key) };
}

interface Stage {
  readonly watch: UpdateWatch;
  readonly states: UpdateState[];
  readonly calls: string[];
  readonly updater: Updater;
  readonly loaded: () => number;
  readonly state: () => UpdateState['kind'] | undefined;
}

function stage(offered: unknown, fetched = program): Stage {
  const calls: string[] = [];
  const states: UpdateState[] = [];
  let loaded = 0;
  const file = join(temporaryFolder(cleanup), 'fetched');
  writeFileSync(file, fetched);
  const updater: Updater = {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    allowDowngrade: true,
    allowPrerelease: true,
    disableWebInstaller: false,
    disableDifferentialDownload: false,
    logger: console,
    updateConfigPath: null,
    checkForUpdates: () => {
      calls.push('check');
      if (offered instanceof Error) return Promise.reject(offered);
      return Promise.resolve({ isUpdateAvailable: offered !== undefined, updateInfo: offered });
    },
    downloadUpdate: () => {
      calls.push('download');
      return Promise.resolve([file]);
    },
    quitAndInstall: () => calls.push('install'),
    on: () => undefined,
  };
  const watch = new UpdateWatch({
    feed,
    loadUpdater: () => {
      loaded++;
      return Promise.resolve(updater);
    },
    onState: (state) => states.push(state),
    log: () => undefined,
  });
  cleanup.add(() => watch.close());
  return { watch, states, calls, updater, loaded: () => loaded, state: () => states.at(-1)?.kind };
}

describe('a feed', () => {
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
  const rsaKey = rsa.export({ format: 'der', type: 'spki' }).toString('base64');

  it.each([
    ['http://updates.example/', key, 'its address is not https'],
    ['file:///updates', key, 'its address is not https'],
    ['HTTP://updates.example/', key, 'its address is not https'],
    ['https://me:secret@updates.example/', key, 'its address holds credentials'],
    ['updates.example', key, 'its address cannot be read'],
    ['https://updates.example/', 'AAAA', 'its key cannot be read'],
    ['https://updates.example/', '', 'its key cannot be read'],
    ['https://updates.example/', rsaKey.slice(0, 400), 'its key is not of Ed25519'],
  ])('%s with the key %.8s… is refused: %s', (address, publicKeyText, failure) => {
    expect(readFeed({ feed: address, publicKey: publicKeyText }, 'linux')).toEqual({ ok: false, failure });
  });

  it('is refused on Windows where it names no publisher', () => {
    const file = { feed: 'https://updates.example/', publicKey: key };
    expect(readFeed(file, 'win32')).toEqual({ ok: false, failure: 'it names no publisher' });
    expect(readFeed({ ...file, publisher: 'OpsSight' }, 'win32').ok).toBe(true);
    expect(readFeed(file, 'darwin').ok).toBe(true);
  });
});

it('looks a minute after the start and then daily, and nothing is fetched by itself', async () => {
  const { watch, calls, updater, loaded, state } = stage(signed(release()));
  expect(loaded()).toBe(0);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(calls).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(calls).toEqual(['check']);
  expect(state()).toBe('available');
  expect(updater).toMatchObject({
    autoDownload: false,
    autoInstallOnAppQuit: false,
    allowDowngrade: false,
    allowPrerelease: false,
    disableWebInstaller: true,
    disableDifferentialDownload: true,
    logger: null,
  });
  await vi.advanceTimersByTimeAsync(24 * 60 * 60_000);
  expect(calls).toEqual(['check', 'check']);
  watch.close();
  await vi.advanceTimersByTimeAsync(48 * 60 * 60_000);
  expect(calls).toEqual(['check', 'check']);
  expect(loaded()).toBe(1);
});

it('fetches when told, compares checksums, and installs when told', async () => {
  const { watch, calls, state } = stage(signed(release()));
  await watch.install();
  await watch.download();
  expect(calls).toEqual([]);
  await watch.check();
  await watch.install();
  expect(calls).toEqual(['check']);
  await watch.download();
  expect(state()).toBe('ready');
  await watch.check();
  expect(calls).toEqual(['check', 'download']);
  await watch.install();
  expect(calls).toEqual(['check', 'download', 'install']);
});

const other = generateKeyPairSync('ed25519').privateKey;
const good = signed(release()) as ReturnType<typeof release> & { opssightSignature: string };
it.each<[string, unknown, RegExp]>([
  ['without a signature', release(), /it is not signed/],
  ['with an empty signature', { ...good, opssightSignature: '' }, /it is not signed/],
  ['signed by somebody else', signed(release(), other), /not of the known key/],
  ['with another version than signed', { ...good, version: '3.0.0' }, /not of the known key/],
  [
    'with another checksum',
    { ...good, files: [{ ...good.files[0], sha512: sumOf('evil') }] },
    /not of the known/,
  ],
  ['with another file', { ...good, files: [{ ...good.files[0], url: 'evil.AppImage' }] }, /not of the known/],
  ['with one file more', { ...good, files: [...good.files, ...good.files] }, /not of the known key/],
  [
    'from another server',
    { ...good, files: [{ ...good.files[0], url: 'https://evil/x' }] },
    /cannot be read/,
  ],
  ['from a folder above', { ...good, files: [{ ...good.files[0], url: '../x' }] }, /cannot be read/],
  ['with a line break in its version', { ...good, version: '2.0.0\nx y' }, /cannot be read/],
  ['that is no release', 'hello', /cannot be read/],
])('a release %s is refused', async (_name, offered, reason) => {
  const { watch, calls, states, state } = stage(offered);
  await watch.check();
  expect(state()).toBe('refused');
  expect(states.at(-1)?.text).toMatch(reason);
  await watch.download();
  await watch.install();
  expect(calls).toEqual(['check']);
});

it('what was fetched and is not what was signed is never installed', async () => {
  const { watch, calls, state } = stage(signed(release()), 'another program');
  await watch.check();
  await watch.download();
  expect(state()).toBe('refused');
  await watch.install();
  await watch.download();
  expect(calls).toEqual(['check', 'download']);
});

it('a feed that fails is told, in one plain line, and asked again', async () => {
  const { watch, calls, states } = stage(new Error('net::ERR_FAILED \u001B[31m\nat secret'));
  await watch.check();
  expect(states.at(-1)).toEqual({ kind: 'failed', text: 'The feed could not be used: net::ERR_FAILED [31m' });
  await watch.check();
  expect(calls).toEqual(['check', 'check']);
});

it('no newer version is told as such', async () => {
  const { watch, states } = stage(undefined);
  await watch.check();
  expect(states.at(-1)).toEqual({ kind: 'idle', text: 'This is the newest version.' });
});
