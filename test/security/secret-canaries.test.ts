import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { contract, type TopicName } from '#shared/contract.ts';
import { openBrowser, openWindow } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { startConsole } from '#support/console.ts';
import type { ContractClient } from '#support/contract-client.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { inProject } from '../../scripts/project.ts';
import { findCanaries, newCanary } from './canaries.ts';
import { makeCanaryWorld } from './canary-world.ts';
import { WatchedCore } from './watched-core.ts';

/**
 * The attack: a secret that the console holds gets out by a side door. Twenty of them are put where people
 * put secrets, every server repeats what it is sent, and everything that leaves the core is searched.
 */

const each = new Cleanup();
afterEach(() => each.run());

const run = promisify(execFile);

/** The planted one is there, so the place was really searched; and nothing else is. */
function expectPlantedOnly(output: Uint8Array | string): void {
  const finds = findCanaries(output);
  expect(finds).toContain('99 as it is');
  expect(finds.filter((find) => !find.startsWith('99 '))).toEqual([]);
}

describe('twenty secrets', () => {
  test('leave the core by no answer, topic, file, log, inspection or crash', async () => {
    const folder = temporaryFolder(each);
    const world = await makeCanaryWorld(folder, each);
    const data = join(folder, 'data');
    const core = new WatchedCore(world, data, each);
    await core.ready;
    const client = core.connect();
    await askEverything(client, world.typed);
    // Those that are meant to be sent have been: a console that asks nobody leaks nothing either.
    await eventually('the servers have been sent the secrets', () => {
      const heard = world.heard();
      const sent = [0, 2, 6, 7, 8, 9, 10, 15].every((number) => heard.includes(`c4n4ry${two(number)}`));
      return sent && findCanaries(heard).includes('one in base64') ? true : undefined;
    });
    const said: string[] = [];
    for (const broken of world.broken) {
      writeFileSync(world.configurationPath, broken);
      // Each is broken in another way: its problem is another one than that of the file before.
      await client.until('the file is broken', 'console', ({ configuration }) => {
        const words = JSON.stringify(configuration.problems);
        if (configuration.state !== 'broken' || said.includes(words)) return false;
        return said.push(words) > 0;
      });
      await client.call('settings.read', {});
    }
    const polls = client.tryCall('source.poll', { names: [] });
    await core.crash();
    await Promise.race([polls, core.ended]);

    expectPlantedOnly(core.said);
    expectPlantedOnly(core.printed);
    expect(core.printed.toString()).toContain('core.crashed');
    for (const [name, bytes] of filesOf(data)) expect([name, findCanaries(bytes)]).toEqual([name, []]);
    expect(databasesOf(data).flatMap(([, bytes]) => findCanaries(bytes))).toContain('99 as it is');
    for (const form of [[], ['--json']]) {
      const args = [inProject('scripts/run.mjs'), 'opssight', 'inspect', '--data', data, ...form];
      const { stdout, stderr } = await run(process.execPath, args, { maxBuffer: 64 * 1_048_576 });
      expectPlantedOnly(stdout + stderr);
    }
  });

  test('are nowhere in a window: neither on its page nor in its memory', async () => {
    const folder = temporaryFolder(each);
    const world = await makeCanaryWorld(folder, each);
    const { configurationPath, environment } = world;
    const console = await startConsole(
      { dataDirectory: join(folder, 'data'), configurationPath, env: environment },
      each,
    );
    const window = await openWindow(await openBrowser(each), console.address, each);
    const { page } = window;
    await page.getByText('Planted').first().waitFor();
    const pages: string[] = [await page.content()];
    for (const [keys, there] of [
      [['g', 'o'], 's10'],
      [['g', ','], '${env:C00}'],
    ] as const) {
      for (const key of keys) await page.keyboard.press(key);
      await page.getByText(there).first().waitFor();
      pages.push(await page.content());
    }
    const heap = await heapOf(page);
    expectPlantedOnly(pages.join('\n'));
    expectPlantedOnly(heap);
  });
});

test('the search finds a planted secret in every form', () => {
  const canary = newCanary(42);
  const around = (text: string): string => `some words ${text} and others`;
  expect(findCanaries(around(canary))).toEqual(['42 as it is']);
  expect(findCanaries(around(`${canary.slice(0, 16)}…`))).toEqual(['42 as it is']);
  expect(findCanaries(Buffer.from(around(canary), 'utf16le'))).toEqual(['42 as UTF-16']);
  expect(findCanaries(around(Buffer.from(canary).toString('hex')))).toEqual(['one in hexadecimal']);
  for (const before of ['', 'a', 'ab', 'user:'])
    expect(findCanaries(around(Buffer.from(before + canary).toString('base64')))).toEqual(['one in base64']);
  expect(findCanaries(around('c4n4ry without a number, and c4n4ry12'))).toEqual([]);
});

/** Every topic, and every command that a window uses to look. */
async function askEverything(client: ContractClient, typed: string): Promise<void> {
  const names = ['s00', 's02', 's03', 's04', 's05', 's06', 's07', 's08', 's09', 's10', 's11', 's12'].concat([
    's13',
    's15',
    's16',
    's17',
  ]);
  const sources = await client.until(
    'all sources have been tried',
    'sources',
    (value) => value.filter(({ failure }) => failure !== null).length >= names.length,
  );
  expect(sources.find(({ name }) => name === 'well')?.state).toBe('fresh');
  const incidents = await client.until('an incident', 'incidents', (value) => value.length > 0);
  const id = incidents[0]?.id ?? 0;
  const others = (Object.keys(contract.topics) as TopicName[]).filter((name) => name !== 'logTail');
  for (const name of others) {
    const key = name === 'incident' ? String(id) : '';
    await client.until(`something of ${name}`, name, () => true, { key });
  }
  for (const name of names) await client.tryCall('source.describe', { name });
  const { sources: settings } = await client.call('settings.read', {});
  for (const { draft } of settings) {
    await client.tryCall('source.test', { draft, replaces: draft.name, secretsTo: [] });
  }
  const [{ draft } = { draft: undefined }] = settings;
  if (draft === undefined) throw new Error('no source');
  const literal = { ...draft, authentication: { kind: 'bearer' as const, token: typed } };
  const echoing = { ...literal, url: settings.find((one) => one.draft.name === 's00')?.draft.url ?? '' };
  const tested = await client.call('source.test', { draft: echoing, replaces: null, secretsTo: [] });
  expect(tested.steps.at(-1)?.failure?.message).toContain('•••');
  await client.tryCall('settings.saveSource', { draft: { ...literal, url: 'nonsense' }, replaces: null });
  await client.tryCall('incident.logs', { id });
  await client.tryCall('incident.traces', { id });
  await client.tryCall('incident.runbook', { id });
  await client.tryCall('overview.read', {});
  await client.tryCall('traces.services', { source: 's03' });
}

/** Every file of the data folder but the databases, which hold the alert, and the copy of the file itself. */
function filesOf(folder: string): readonly (readonly [string, Buffer])[] {
  const copy = 'last-good-configuration.yaml';
  // It has what the file has, literal secrets included, and is as private.
  expect(statSync(join(folder, copy)).mode & 0o077).toBe(0);
  return everyFile(folder).filter(([name]) => name !== copy && !/\.db/.test(name));
}

function databasesOf(folder: string): readonly (readonly [string, Buffer])[] {
  const databases = everyFile(folder).filter(([name]) => /\.db/.test(name));
  expect(databases.length).toBeGreaterThan(1);
  for (const [name, bytes] of databases)
    expect([name, findCanaries(bytes).filter((one) => !one.startsWith('99 '))]).toEqual([name, []]);
  return databases;
}

function everyFile(folder: string): readonly (readonly [string, Buffer])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name))]);
}

async function heapOf(page: Awaited<ReturnType<typeof openWindow>>['page']): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  return chunks.join('');
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
