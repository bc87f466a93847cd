import { afterEach, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { hangsBeforeAnswer, showsLoginPage, speaksAnotherApi, unauthorised } from '#support/faults.ts';
import { startFaultyServer } from '#support/faulty-server.ts';
import { freePort } from '#support/free-port.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { discover, testConnection, type ConnectionStep } from './probe.ts';

const each = new Cleanup();
afterEach(() => each.run());
const { signal } = new AbortController();

function outline(steps: readonly ConnectionStep[]): string[] {
  return steps.map(({ name, detail, failure }) => `${name}: ${failure === null ? detail : failure.code}`);
}

test.each([
  ['prometheus', 'Prometheus: version 3.5.0'],
  ['alertmanager', 'Alertmanager: version 0.33.0'],
] as const)('a %s that is well passes every step', async (kind, lastStep) => {
  const server = await startFaultyServer({ kind }, each);
  const steps = await testConnection(sourceSettings({ kind, url: server.url }), signal);
  expect(outline(steps)).toEqual([
    'Address: 127.0.0.1 is an address',
    `Connection: connected to 127.0.0.1:${server.port}`,
    'Answer: answered and let us in',
    lastStep,
  ]);
  await eventually('the sockets are given back', async () =>
    (await server.openConnections()) === 0 ? true : undefined,
  );
});

test.each([
  ['Answer: unauthorised', unauthorised],
  ['Answer: timeout', hangsBeforeAnswer],
  ['Prometheus: not-this-api', showsLoginPage],
  ['Prometheus: malformed', speaksAnotherApi],
])('it stops at the first step that fails: %s', async (lastStep, fault) => {
  const server = await startFaultyServer({ kind: 'prometheus', fault }, each);
  const steps = await testConnection(
    sourceSettings({ kind: 'prometheus', url: server.url, timeoutMs: 200 }),
    signal,
  );
  expect(outline(steps).at(-1)).toBe(lastStep);
});

test('nothing there, and no such host', async () => {
  const refused = sourceSettings({ kind: 'prometheus', url: `http://localhost:${await freePort()}` });
  expect(outline(await testConnection(refused, signal)).at(-1)).toBe('Connection: refused');
  const unknown = sourceSettings({ kind: 'prometheus', url: 'http://no-such-host.invalid' });
  expect(outline(await testConnection(unknown, signal))).toEqual(['Address: unknown-host']);
});

test('the right address under the wrong kind is named', async () => {
  const server = await startFaultyServer({ kind: 'alertmanager' }, each);
  const steps = await testConnection(sourceSettings({ kind: 'prometheus', url: server.url }), signal);
  expect(steps.at(-1)?.failure).toMatchObject({
    code: 'not-this-api',
    nextStep: 'A server of another kind answers here: make it a source of kind Alertmanager.',
  });
});

test('a test that is cancelled ends at once', async () => {
  const server = await startFaultyServer({ kind: 'prometheus', fault: hangsBeforeAnswer }, each);
  const cancel = new AbortController();
  const steps = testConnection(sourceSettings({ kind: 'prometheus', url: server.url }), cancel.signal);
  setTimeout(() => cancel.abort(), 100);
  expect(outline(await steps).at(-1)).toBe('Answer: cancelled');
});

test('discovery names what answers as what it should be, and waits for nobody longer than a second', async () => {
  const prometheus = await startFaultyServer({ kind: 'prometheus' }, each);
  const alertmanager = await startFaultyServer({ kind: 'alertmanager' }, each);
  const hanging = await startFaultyServer({ kind: 'prometheus', fault: hangsBeforeAnswer }, each);
  const startedAtMs = performance.now();
  const found = await discover(
    [
      { kind: 'prometheus', url: prometheus.url },
      { kind: 'prometheus', url: alertmanager.url },
      { kind: 'alertmanager', url: alertmanager.url },
      { kind: 'prometheus', url: hanging.url },
      { kind: 'alertmanager', url: `http://127.0.0.1:${await freePort()}` },
    ],
    signal,
  );
  expect(found).toEqual([
    { kind: 'prometheus', url: prometheus.url, version: '3.5.0' },
    { kind: 'alertmanager', url: alertmanager.url, version: '0.33.0' },
  ]);
  expect(performance.now() - startedAtMs).toBeLessThan(2_000);
});
