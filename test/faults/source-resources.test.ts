import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { openSourceHttp } from '#core/sources/http.ts';
import { clientOf } from '#core/sources/source-client.ts';
import { SourceWatch } from '#core/sources/watch.ts';
import { sourceKinds, type SourceHealth, type SourceKind } from '#shared/model/source.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { hangsBeforeAnswer, hangsInBody, healthy, neverEnds, sendsGzipBomb } from '#support/faults.ts';
import { startFaultyServer } from '#support/faulty-server.ts';
import { sourceSettings } from '#support/source-settings.ts';

/** What a misbehaving server may cost: memory within a bar, and nothing left once a source is stopped. */

const each = new Cleanup();
afterEach(() => each.run());

function watching(kind: SourceKind, url: string, onHealth: (health: SourceHealth) => void): SourceWatch {
  const settings = sourceSettings({ kind, url, pollMs: 1_000, timeoutMs: 5_000 });
  const watch = new SourceWatch({ settings, onHealth, onAlerts: () => undefined });
  each.add(() => watch.stop());
  return watch;
}

/** What keeps this process alive and could be a source's. */
function activeResources(): { readonly sockets: number; readonly timers: number } {
  const names = process.getActiveResourcesInfo();
  const count = (wanted: RegExp): number => names.filter((name) => wanted.test(name)).length;
  return { sockets: count(/TCPSocket|TLS|GetAddrInfo/), timers: count(/Timeout/) };
}

test.each([
  ['an endless body', neverEnds],
  ['a gzip bomb', sendsGzipBomb],
])('memory grows by less than 32 MB over %s', async (_name, fault) => {
  const server = await startFaultyServer({ kind: 'prometheus', fault }, each);
  const http = openSourceHttp(sourceSettings({ kind: 'prometheus', url: server.url, timeoutMs: 10_000 }));
  each.add(() => http.close());
  const client = clientOf(http);
  if (client.kind !== 'prometheus') throw new Error('not the client asked for');
  server.fault = healthy;
  // A core that has been at work for a while: its heap has the size that it needs.
  for (let count = 0; count < 300; count++) await client.buildInfo();
  server.fault = fault;
  await pause(200);
  const beforeBytes = process.memoryUsage.rss();
  let peakBytes = beforeBytes;
  const sample = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 2);
  const answer = await client.buildInfo();
  clearInterval(sample);
  expect(answer).toMatchObject({ ok: false, failure: { code: 'too-large' } });
  expect((peakBytes - beforeBytes) / 1_000_000).toBeLessThan(32);
});

test('nor does it grow more over a list of alerts without end, although much more of one is taken', async () => {
  const server = await startFaultyServer({ kind: 'alertmanager', fault: neverEnds }, each);
  const http = openSourceHttp(sourceSettings({ kind: 'alertmanager', url: server.url, timeoutMs: 20_000 }));
  each.add(() => http.close());
  const client = clientOf(http);
  if (client.kind !== 'alertmanager') throw new Error('not the client asked for');
  await pause(200);
  const beforeBytes = process.memoryUsage.rss();
  let peakBytes = beforeBytes;
  const sample = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 2);
  const answer = await client.alerts();
  clearInterval(sample);
  expect(answer).toMatchObject({ ok: false, failure: { code: 'too-large' } });
  expect(answer.ok ? '' : answer.failure.message).toContain('larger than 96 MiB');
  expect((peakBytes - beforeBytes) / 1_000_000).toBeLessThan(48);
});

test.each(
  sourceKinds.flatMap((kind) =>
    [hangsBeforeAnswer, hangsInBody].map((fault) => [kind, fault.name, fault] as const),
  ),
)('a stopped watch of a %s leaves no socket and no timer: %s', async (kind, _name, fault) => {
  const server = await startFaultyServer({ kind, fault }, each);
  await pause(50);
  const before = activeResources();
  const watches = Array.from({ length: 5 }, () => watching(kind, server.url, () => undefined));
  for (const watch of watches) watch.start();
  await eventually('all are connected', () => (server.requests.length === 5 ? true : undefined));
  for (const watch of watches) watch.stop();
  const startedAtMs = performance.now();
  await eventually('the sockets are gone', async () =>
    (await server.openConnections()) === 0 ? true : undefined,
  );
  expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  await pause(50);
  const after = activeResources();
  expect(after.sockets).toBe(0);
  expect(after.timers).toBeLessThanOrEqual(before.timers);
});

test('a cancelled question gives its socket back at once', async () => {
  const server = await startFaultyServer({ kind: 'prometheus', fault: hangsInBody }, each);
  const http = openSourceHttp(sourceSettings({ kind: 'prometheus', url: server.url }));
  each.add(() => http.close());
  const cancel = new AbortController();
  const asked = http.request({ path: '/api/v1/status/buildinfo' }, { signal: cancel.signal });
  await eventually('the question is under way', () => (server.requests.length === 1 ? true : undefined));
  cancel.abort();
  expect(await asked).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  await eventually('the socket is gone', async () =>
    (await server.openConnections()) === 0 ? true : undefined,
  );
});

test('a server that hangs turns stale in time, and fresh within a period once it is back', async () => {
  const server = await startFaultyServer({ kind: 'alertmanager' }, each);
  const states: { state: string; atMs: number }[] = [];
  const watch = watching('alertmanager', server.url, ({ state }) =>
    states.push({ state, atMs: performance.now() }),
  );
  watch.start();
  await eventually('fresh', () => (states.at(-1)?.state === 'fresh' ? true : undefined));
  server.fault = hangsBeforeAnswer;
  const lastFreshAtMs = (): number => states.findLast(({ state }) => state === 'fresh')?.atMs ?? 0;
  const stale = await eventually('stale', () => states.find(({ state }) => state === 'stale'));
  expect(stale.atMs - lastFreshAtMs()).toBeLessThan(3_500);
  expect(states.map(({ state }) => state)).toContain('late');
  server.fault = healthy;
  server.dropConnections();
  const backAtMs = performance.now();
  await eventually('fresh again', () => (states.at(-1)?.state === 'fresh' ? true : undefined));
  expect(performance.now() - backAtMs).toBeLessThan(3_000);
});
