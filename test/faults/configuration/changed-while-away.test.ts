import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { forkCoreUnderTest } from '#support/forked-core.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * The console is off, and somebody gives a source another tenant or another address, or the console another
 * file for a while. What answers then has no such alert, and says that it has run since before: nothing is
 * known of what the old one had.
 */
const startedAtMs = Date.now() - 60_000;
const cleanup = new Cleanup();
afterAll(() => cleanup.run());

// They wait for polls most of the time.
test.concurrent.each([
  ['another tenant', 'unseen'],
  ['another address', 'unseen'],
  ['another file in between', 'unseen'],
  ['nothing changed', 'resolved'],
])('%s while the console was off: an alert that is not there is %s', async (change, expected) => {
  const folder = temporaryFolder(cleanup);
  const dataDirectory = join(folder, 'data');
  const alertmanager = await startAlertmanagerDouble(cleanup, startedAtMs);
  alertmanager.setAlerts([{ labels: { alertname: 'DiskFull', service: 'db', severity: 'critical' } }]);
  const source = { name: 'am', kind: 'alertmanager', url: alertmanager.url } as const;
  const configurationPath = writeConfiguration(folder, [source]);

  const before = forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup);
  const first = await before.connect();
  await first.until('it fires', 'incidents', (rows) => rows[0]?.state === 'firing');
  await before.kill();

  alertmanager.setAlerts([]);
  if (change === 'another tenant') writeConfiguration(folder, [{ ...source, tenant: 'other' }]);
  if (change === 'another address') {
    const { url } = await startAlertmanagerDouble(cleanup, startedAtMs);
    writeConfiguration(folder, [{ ...source, url }]);
  }
  if (change === 'another file in between') await runOnce(dataDirectory, await withoutAlerts(source));
  const after = forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup);
  const second = await after.connect();
  await second.until('it is seen again', 'console', (status) => status.sight.kind === 'live');
  // What the first polls said is written by now, however slow the machine.
  const twoPollsOnMs = Date.now() + 2_000;
  await second.until('it was asked again', 'sources', (all) =>
    all.some(({ lastSuccessAtMs }) => (lastSuccessAtMs ?? 0) > twoPollsOnMs),
  );
  const rows = await second.until('its fate is told', 'incidents', (all) => all[0]?.state !== 'firing');
  expect(rows[0]?.state).toBe(expected);
  await after.kill();
});

/** A configuration elsewhere, in which the same name is a server that has no alert. */
async function withoutAlerts(source: { readonly name: string; readonly kind: string }): Promise<string> {
  const { url } = await startAlertmanagerDouble(cleanup, startedAtMs);
  return writeConfiguration(temporaryFolder(cleanup), [{ ...source, url }]);
}

async function runOnce(dataDirectory: string, configurationPath: string): Promise<void> {
  const core = forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup);
  const link = await core.connect();
  await link.until('it is seen', 'console', (status) => status.sight.kind === 'live');
  await core.kill();
}
