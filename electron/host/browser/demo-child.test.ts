import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { startDemoFleet as startFleet } from '../demo-fleet.ts';
import { spawnFleet } from './demo-child.ts';

const startDemoFleet = (path: string) => startFleet((args) => spawnFleet(path, args));

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

function entry(source: string): string {
  const path = join(temporaryFolder(cleanup), 'fleet.mjs');
  writeFileSync(path, source);
  return path;
}

/** A fleet of one server at all addresses; a request for `/die` ends it, any other gets its arguments. */
const server = `
import { createServer } from 'node:http';
const at = process.argv.indexOf('--prometheus-port');
const server = createServer((request, response) => {
  response.end(JSON.stringify({ pid: process.pid, args: process.argv.slice(2), secret: process.env.SECRET ?? null }));
  if (request.url === '/die') setTimeout(() => process.exit(1));
});
server.listen(at < 0 ? 0 : Number(process.argv[at + 1]), '127.0.0.1', () => {
  const url = 'http://127.0.0.1:' + server.address().port;
  const folders = { rulesFolder: '/demo/local-rules', runbooksFolder: '/demo/runbooks' };
  console.log(JSON.stringify({ prometheus: url, alertmanager: url, loki: url, jaeger: url, ...folders }));
});
process.stdin.on('close', () => process.exit(0)).resume();
`;

async function ask(url: string): Promise<{ pid: number; args: string[]; secret: string | null }> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  return (await response.json()) as { pid: number; args: string[]; secret: string | null };
}

it('tells where the fleet serves, starts one that dies again at the same ports, and ends it', async () => {
  process.env['SECRET'] = 'of the person';
  const fleet = await startDemoFleet(entry(server));
  delete process.env['SECRET'];
  if (!fleet.ok) throw new Error(fleet.failure);
  cleanup.add(() => fleet.value.close());
  const url = fleet.value.address.prometheus;
  const port = new URL(url).port;
  const first = await ask(`${url}/die`);
  expect(first).toMatchObject({ args: [], secret: null });
  const second = await eventually('the fleet serves again', () => ask(url));
  expect(second.pid).not.toBe(first.pid);
  expect(second.args).toEqual(
    ['prometheus', 'alertmanager', 'loki', 'jaeger'].flatMap((name) => [`--${name}-port`, port]),
  );
  expect(fleet.value.address).toMatchObject({
    rulesFolder: '/demo/local-rules',
    runbooksFolder: '/demo/runbooks',
  });
  await fleet.value.close();
  await expect(ask(url)).rejects.toThrow('fetch failed');
});

it.each([
  ['ends at once', ''],
  ['says something else', 'console.log("hello"); setInterval(() => {}, 1000);'],
  [
    'names another machine',
    'const a = "http://127.0.0.1:1", loki = "http://evil.example"; console.log(JSON.stringify({ prometheus: a, alertmanager: a, loki, jaeger: a, rulesFolder: "/r", runbooksFolder: "/b" }));',
  ],
  ['says far too much', 'process.stdout.write("x".repeat(20000)); setInterval(() => {}, 1000);'],
])('says that it did not start where the fleet %s', async (_name, source) => {
  expect(await startDemoFleet(entry(source))).toEqual({ ok: false, failure: 'the demo fleet did not start' });
});
