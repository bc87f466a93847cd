import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';

const running: ChildProcessWithoutNullStreams[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function start(...given: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [new URL('main.ts', import.meta.url).pathname, ...given]);
  running.push(child);
  return child;
}

type Addresses = Readonly<
  Record<'prometheus' | 'alertmanager' | 'loki' | 'jaeger' | 'rulesFolder' | 'runbooksFolder', string>
>;

async function addressesOf(child: ChildProcessWithoutNullStreams): Promise<Addresses> {
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return JSON.parse(chunk.toString()) as Addresses;
}

test('the process says where it serves, serves every API, and ends with its standard input', async () => {
  const child = start('--seed', '5');
  const { prometheus, alertmanager, loki, jaeger, ...folders } = await addressesOf(child);
  expect((await readdir(folders.rulesFolder)).length).toBeGreaterThan(0);
  expect((await readdir(folders.runbooksFolder)).length).toBeGreaterThan(0);
  const build = await fetch(`${loki}/loki/api/v1/status/buildinfo`);
  expect(await build.json()).toMatchObject({ version: '3.4.6' });
  const services = await fetch(`${jaeger}/api/v3/services`);
  expect(await services.json()).toEqual({
    services: ['backend', 'frontend', 'pipeline', 'postgres', 'redis', 'security'],
  });
  const up = await fetch(`${prometheus}/api/v1/query?query=count(up)`);
  expect(await up.json()).toMatchObject({ status: 'success', data: { resultType: 'vector' } });
  const alerts = await fetch(`${alertmanager}/api/v2/alerts`);
  const listed = (await alerts.json()) as { generatorURL: string }[];
  expect(listed.length).toBeGreaterThan(1);
  expect(listed.every(({ generatorURL }) => generatorURL.startsWith(`${prometheus}/graph?g0.expr=`))).toBe(
    true,
  );
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a page that gives this address another name is turned away', async () => {
  const child = start();
  const { alertmanager } = await addressesOf(child);
  const status = await new Promise((resolve, reject) => {
    request(`${alertmanager}/api/v2/status`, { headers: { host: 'evil.example' } }, (response) =>
      resolve(response.resume().statusCode),
    )
      .once('error', reject)
      .end();
  });
  expect(status).toBe(403);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a wrong option ends it with one line that names it', async () => {
  const child = start('--speed', 'fast');
  const [chunk] = (await once(child.stderr, 'data')) as [Buffer];
  expect(chunk.toString()).toBe('opssight demo: --speed must be a number from 0.1 to 20, not fast\n');
  expect(await once(child, 'exit')).toEqual([1, null]);
});
