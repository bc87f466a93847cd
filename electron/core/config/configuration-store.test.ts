import {
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { settingsViewSchema } from '#shared/model/settings.ts';
import type { SourceDraft } from '#shared/model/settings.ts';
import type { ConfigurationState } from './configuration-state.ts';
import { ConfigurationStore } from './configuration-store.ts';
import { signaturesOf, signaturesToExpect } from './file-watch.ts';
import { settingsView } from './settings-view.ts';

const good = 'sources:\n  - name: a # first\n    kind: prometheus\n    url: http://a.example\n';
const better = good.replace('http://a.example', 'http://b.example');
const broken = good.replace('prometheus', 'promethues');
const demo = {
  prometheus: 'http://127.0.0.1:1/',
  alertmanager: 'http://127.0.0.1:2',
  loki: 'http://127.0.0.1:3/',
  jaeger: 'http://127.0.0.1:4/',
  rulesFolder: '/demo/rules',
  runbooksFolder: '/demo/runbooks',
};

let folder = '';
let path = '';
let told: ConfigurationState[] = [];
const stores: ConfigurationStore[] = [];

function open(environment: Record<string, string> = {}, at = path): ConfigurationStore {
  const store = new ConfigurationStore({
    path: at,
    dataDirectory: join(folder, 'data'),
    environment,
    host: null,
    demo,
    onChange: (state) => told.push(state),
    home: folder,
    operator: 'ml',
    pollMs: 60,
    quietMs: 15,
    graceMs: 200,
  });
  stores.push(store);
  return store;
}

const urls = (state: ConfigurationState | undefined): string[] =>
  state?.configuration.sources.map((source) => source.url) ?? [];

function draft(changes: Partial<SourceDraft> = {}): SourceDraft {
  return {
    name: 'new',
    kind: 'alertmanager',
    url: 'http://new.example',
    authentication: { kind: 'none' },
    headers: [],
    tenant: '',
    tls: { caFile: '', certFile: '', keyFile: '', pinnedSha256: '', serverName: '' },
    proxy: 'system',
    pollSeconds: 15,
    timeoutSeconds: 10,
    ...changes,
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opssight-config-'));
  path = join(folder, 'config', 'opssight.yaml');
  await mkdir(dirname(path));
  told = [];
});

afterEach(async () => {
  for (const store of stores.splice(0)) {
    store.stop();
    await store.reload();
  }
  await rm(folder, { recursive: true, force: true });
});

describe('reading', () => {
  it('without a file watches the demo fleet', async () => {
    const state = await open().load();
    expect(state).toMatchObject({
      state: 'none',
      demo: true,
      configuration: { environment: 'OpsSight platform', operator: 'ml' },
    });
    expect(state.configuration.sources.map(({ name, url, pollMs }) => [name, url, pollMs])).toEqual([
      ['demo-prometheus', 'http://127.0.0.1:1', 5_000],
      ['demo-alertmanager', 'http://127.0.0.1:2', 5_000],
      ['demo-loki', 'http://127.0.0.1:3', 5_000],
      ['demo-jaeger', 'http://127.0.0.1:4', 5_000],
    ]);
  });

  it('with an empty file watches nothing, and says so', async () => {
    await writeFile(path, '');
    expect(await open().load()).toMatchObject({
      state: 'good',
      demo: false,
      problems: [{ severity: 'warning', message: 'no sources: nothing is watched' }],
      configuration: { sources: [], environment: '' },
    });
  });

  it('starts on the last good text where the file is broken, and says both', async () => {
    await writeFile(path, good);
    await open().load();
    await writeFile(path, broken);
    const state = await open().load();
    expect(state).toMatchObject({ state: 'broken', demo: false, lastGoodAtMs: expect.any(Number) });
    expect(state.problems).toMatchObject([{ file: path, line: 3, column: 11, path: 'sources[0].kind' }]);
    expect(urls(state)).toEqual(['http://a.example']);
    const copy = await stat(join(folder, 'data', 'last-good-configuration.yaml'));
    expect(copy.mode & 0o777).toBe(0o600);
  });

  it('knows at its start whether the file is another one than the console before it had in force', async () => {
    await writeFile(path, good);
    const first = open();
    await first.load();
    first.stop();
    const same = open();
    await same.load();
    same.stop();
    expect(same.changedWhileAway).toBe(false);
    await writeFile(path, better);
    const other = open();
    await other.load();
    expect(other.changedWhileAway).toBe(true);
  });

  it('does not take the last good text of another file', async () => {
    await writeFile(path, good);
    await open().load();
    const other = join(folder, 'config', 'other.yaml');
    await writeFile(other, broken);
    expect(await open({}, other).load()).toMatchObject({
      state: 'broken',
      lastGoodAtMs: null,
      configuration: { sources: [] },
    });
  });

  it('names a file that cannot be read', async () => {
    await mkdir(path);
    expect(await open().load()).toMatchObject({
      state: 'broken',
      problems: [{ line: 1, column: 1, message: 'the file cannot be read: it is a directory' }],
    });
  });

  it('names the place of bytes that are no text', async () => {
    await writeFile(path, Buffer.concat([Buffer.from('environment: x\noperator: '), Buffer.from([0xff])]));
    expect(await open().load()).toMatchObject({
      state: 'broken',
      problems: [{ line: 2, column: 11, message: 'found bytes that are no UTF-8 text' }],
    });
  });
});

describe('watching', () => {
  const untilTold = (state: string, url: string): Promise<void> =>
    vi.waitFor(() => expect([told.at(-1)?.state, ...urls(told.at(-1))]).toEqual([state, url]), {
      timeout: 3_000,
      interval: 10,
    });

  beforeEach(async () => {
    await writeFile(path, good);
  });

  it('sees a file written in place, and one put in its place', async () => {
    await open().load();
    await writeFile(path, better);
    await untilTold('good', 'http://b.example');
    await writeFile(`${path}.swp`, good);
    await rename(`${path}.swp`, path);
    await untilTold('good', 'http://a.example');
  });

  it('keeps the last good one in force while the file is broken, whatever comes next', async () => {
    await open().load();
    await writeFile(path, broken);
    await untilTold('broken', 'http://a.example');
    await writeFile(path, 'a: [');
    await vi.waitFor(() => expect(told.at(-1)?.problems[0]?.path).toBe(''), { timeout: 3_000, interval: 10 });
    expect(urls(told.at(-1))).toEqual(['http://a.example']);
    await writeFile(path, better);
    await untilTold('good', 'http://b.example');
  });

  it('sees it removed for good, and created again', async () => {
    await open().load();
    await rm(path);
    await vi.waitFor(() => expect(told.at(-1)?.state).toBe('none'), { timeout: 3_000, interval: 10 });
    await rm(dirname(path), { recursive: true });
    await mkdir(dirname(path));
    await writeFile(path, better);
    await untilTold('good', 'http://b.example');
  });

  it('does not fall for the moment in which an editor has emptied or removed it', async () => {
    const store = open();
    await store.load();
    for (const step of [() => writeFile(path, ''), () => rm(path)]) {
      await step();
      const read = store.reload();
      await writeFile(path, good);
      expect(urls(await read)).toEqual(['http://a.example']);
    }
    expect(told).toEqual([]);
  });

  it('sees a change behind a symbolic link in another folder', async () => {
    const target = join(folder, 'elsewhere.yaml');
    await rename(path, target);
    await symlink(target, path);
    await open().load();
    await writeFile(target, better);
    await untilTold('good', 'http://b.example');
  });

  it('sees a secret appear and change', async () => {
    await writeFile(path, `${good}    authentication: { kind: bearer, token: "\${file:token}" }\n`);
    const state = await open().load();
    expect(state).toMatchObject({
      state: 'good',
      problems: [{ severity: 'error', line: 5, path: 'sources[0].authentication.token' }],
      configuration: { sources: [], unusable: [{ name: 'a' }] },
    });
    const header = (): string | undefined => told.at(-1)?.configuration.sources[0]?.headers['Authorization'];
    for (const token of ['one', 'two']) {
      await writeFile(join(dirname(path), 'token'), token);
      await vi.waitFor(() => expect(header()).toBe(`Bearer ${token}`), { timeout: 3_000, interval: 10 });
    }
  });

  it('tells nobody where nothing changed, and nobody after its end', async () => {
    const store = open();
    await store.load();
    await writeFile(path, good);
    await store.reload();
    store.stop();
    await writeFile(path, better);
    await store.reload();
    expect(told).toEqual([]);
  });
});

it('does not trust the look of a file that was written just now: a second write may look the same', async () => {
  const missing = join(folder, 'missing');
  await writeFile(path, good);
  const [expected, now] = await Promise.all([
    signaturesToExpect([path, missing]),
    signaturesOf([path, missing]),
  ]);
  expect(expected.get(path)).not.toBe(now.get(path));
  expect(expected.get(missing)).toBe(now.get(missing));
  await vi.waitFor(async () => expect(await signaturesToExpect([path])).toEqual(await signaturesOf([path])), {
    timeout: 3_000,
    interval: 20,
  });
});

describe('writing', () => {
  it('creates the folder and the file, private to its owner', async () => {
    const deep = join(folder, 'not', 'yet', 'opssight.yaml');
    const store = open({}, deep);
    await store.load();
    expect(await store.saveSource(draft(), null)).toMatchObject({ ok: true, value: { state: 'good' } });
    expect(await readFile(deep, 'utf8')).toBe(
      'sources:\n  - name: new\n    kind: alertmanager\n    url: http://new.example\n',
    );
    expect((await stat(deep)).mode & 0o777).toBe(0o600);
    expect(await readdir(dirname(deep))).toEqual(['opssight.yaml']);
    expect(urls(told.at(-1))).toEqual(['http://new.example']);
  });

  it('keeps comments, permissions and a symbolic link', async () => {
    const target = join(folder, 'target.yaml');
    await writeFile(target, good, { mode: 0o640 });
    await symlink('../target.yaml', path);
    const store = open();
    await store.load();
    await store.saveSource(draft({ name: 'a', kind: 'prometheus', url: 'http://b.example' }), 'a');
    expect(await readFile(target, 'utf8')).toBe(better);
    expect((await stat(target)).mode & 0o777).toBe(0o640);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await store.removeSource('a')).toMatchObject({
      ok: true,
      value: { configuration: { sources: [] } },
    });
  });

  it('leaves a broken file alone', async () => {
    await writeFile(path, broken);
    const store = open();
    await store.load();
    const result = await store.saveSource(draft(), null);
    expect(result).toMatchObject({
      ok: false,
      failure: { code: 'conflict', message: expect.stringContaining(':3:11 sources[0].kind') },
    });
    expect(await readFile(path, 'utf8')).toBe(broken);
  });

  it('says why it could not write', async () => {
    await writeFile(join(folder, 'file'), '');
    const store = open({}, join(folder, 'file', 'opssight.yaml'));
    await store.load();
    expect(await store.saveSource(draft(), null)).toMatchObject({
      ok: false,
      failure: { code: 'unavailable' },
    });
  });

  it('does one edit after the other', async () => {
    const store = open();
    await store.load();
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((name) => store.saveSource(draft({ name }), null)));
    expect(store.state.configuration.sources.map((source) => source.name)).toEqual(names);
  });
});

describe('a draft', () => {
  it('becomes settings with its secrets read, stored ones included', async () => {
    await writeFile(path, `${good}    authentication: { kind: bearer, token: c4n4ry }\n`);
    const store = open({ TOKEN: 'from the environment' });
    await store.load();
    const [view] = settingsView(store.state).sources;
    const headers = async (changed: SourceDraft, replaces: string | null): Promise<unknown> => {
      const result = await store.resolveDraft(changed, replaces, ['http://new.example']);
      return result.ok ? result.value.settings?.headers['Authorization'] : result.failure.code;
    };
    const masked = view?.draft ?? draft();
    expect(await headers(masked, 'a')).toBe('Bearer c4n4ry');
    expect(await headers({ ...masked, url: 'http://elsewhere.example' }, 'a')).toBe('invalid-input');
    expect(await headers(masked, null)).toBe('invalid-input');
    expect(await headers(draft({ authentication: { kind: 'bearer', token: '${env:TOKEN}' } }), null)).toBe(
      'Bearer from the environment',
    );
    const unasked = draft({ authentication: { kind: 'bearer', token: '${env:TOKEN}' } });
    expect(await store.resolveDraft(unasked, null, ['http://other.example'])).toEqual({
      ok: true,
      value: { asks: [{ to: 'http://new.example', references: ['${env:TOKEN}'] }], settings: null },
    });
    expect(await headers(draft({ authentication: { kind: 'bearer', token: '${env:GONE}' } }), null)).toBe(
      'invalid-input',
    );
  });
});

it('leaves no secret in the view, in a problem, in a failure or in the unusable', async () => {
  const canary = 'c4n4ry';
  await writeFile(join(dirname(path), 'token'), canary);
  await writeFile(
    path,
    `sources:
  - { name: a, kind: prometheus, url: "http://a", authentication: { kind: basic, username: u, password: ${canary} } }
  - { name: b, kind: prometheus, url: "http://b", headers: { X-A: ${canary}, X-B: "Bearer ${canary}\${env:GONE}" } }
  - { name: c, kind: prometheus, url: "http://c", authentication: { kind: bearer, token: "\${file:token}\${env:CANARY}" } }
`,
  );
  const store = open({ CANARY: canary });
  await store.load();
  const view = settingsView(store.state);
  const wrong = { ...(view.sources[0]?.draft ?? draft()), url: 'nonsense' };
  const failures = [
    await store.saveSource(wrong, 'a'),
    await store.resolveDraft(wrong, 'a', []),
    await store.removeSource(canary.slice(1)),
  ];
  const shown = JSON.stringify([view, failures, store.state.problems, store.state.configuration.unusable]);
  expect(v.is(settingsViewSchema, view)).toBe(true);
  expect(view.sources.map(({ line }) => line)).toEqual([2, 3, 4]);
  expect(shown.includes(canary)).toBe(false);
  expect(shown).toContain('••••••');
});
