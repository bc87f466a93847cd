import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inspectFolder } from '#core/store/inspection.ts';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { eventually } from '#support/eventually.ts';
import { forkCoreUnderTest } from '#support/forked-core.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * An incident opens while its Loki is away. Once that is back, its lines are pinned before the next turn of
 * any clock; a kill right then loses none of them, and the next core shows them without the Loki.
 */
const lines = 300;
/** The first look again without a sign of the source. */
const firstRetryMs = 15_000;
const cleanup = new Cleanup();
afterAll(() => cleanup.run());

interface LateLoki {
  readonly url: string;
  isUp: boolean;
}

/** Answers what a look at an incident asks; hangs up on everything while it is away. */
async function startLateLoki(): Promise<LateLoki> {
  const beganNs = BigInt(Date.now()) * 1_000_000n;
  const values = Array.from({ length: lines }, (_none, index) => [
    String(beganNs + BigInt(index)),
    `line ${index}`,
    {},
  ]);
  const answerOf = (path: string): unknown => {
    if (path.endsWith('/status/buildinfo')) return { version: '3.4.6', revision: 'abc' };
    if (path.endsWith('/labels')) return { status: 'success', data: ['app'] };
    if (path.endsWith('/values')) return { status: 'success', data: ['shop'] };
    const result = [{ stream: { app: 'shop' }, values }];
    return { status: 'success', data: { resultType: 'streams', result, stats: {} } };
  };
  const loki = { url: '', isUp: false };
  const server = createServer((request, response) => {
    if (!loki.isUp) return void request.socket.destroy();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answerOf((request.url ?? '').split('?')[0] ?? '')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => {
    server.closeAllConnections();
    server.close();
  });
  loki.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return loki;
}

function pinnedLines(dataDirectory: string): number {
  const inspected = inspectFolder(dataDirectory, 10);
  return inspected.ok ? (inspected.value.evidence.pinned[0]?.lines?.count ?? 0) : 0;
}

test('lines of an incident that opened without its Loki are pinned when it comes, and outlive a kill', async () => {
  const folder = temporaryFolder(cleanup);
  const dataDirectory = join(folder, 'data');
  const loki = await startLateLoki();
  const alertmanager = await startAlertmanagerDouble(cleanup);
  alertmanager.setAlerts([{ labels: { alertname: 'Slow', service: 'shop', severity: 'critical' } }]);
  const configurationPath = writeConfiguration(folder, [
    { name: 'am', kind: 'alertmanager', url: alertmanager.url },
    { name: 'loki', kind: 'loki', url: loki.url },
  ]);
  const core = forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup);
  const window = await core.connect();
  await window.until('it fires', 'incidents', (rows) => rows[0]?.state === 'firing');
  const firesAtMs = Date.now();
  await window.until('Loki is missed', 'sources', (all) => all.some(({ failure }) => failure !== null));
  expect(pinnedLines(dataDirectory)).toBe(0);

  loki.isUp = true;
  await eventually('lines are pinned', () => pinnedLines(dataDirectory) > 0 || undefined);
  expect(Date.now() - firesAtMs).toBeLessThan(firstRetryMs);
  await core.kill();
  expect(pinnedLines(dataDirectory)).toBe(lines);

  loki.isUp = false;
  const next = forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup);
  const later = await next.connect();
  const [incident] = await later.until('it is known', 'incidents', (rows) => rows.length === 1);
  const logs = await later.call('incident.logs', { id: incident?.id ?? 0 });
  expect(logs).toMatchObject({ origin: { kind: 'cache', source: 'loki' }, lines: { length: lines } });
  await next.kill();
});
