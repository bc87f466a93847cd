import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { forkCoreUnderTest } from '#support/forked-core.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * The console is off, and somebody gives a source another tenant. The server is the same process as
 * before and has no alert for the new tenant: nothing is known of the old one's.
 */
const cleanup = new Cleanup();
afterAll(() => cleanup.run());

test.each([
  ['another tenant', 'unseen'],
  ['nothing changed', 'resolved'],
])('%s while the console was off: an alert that is not there is %s', async (change, expected) => {
  const folder = temporaryFolder(cleanup);
  const dataDirectory = join(folder, 'data');
  const alertmanager = await startAlertmanagerDouble(cleanup);
  alertmanager.setAlerts([{ labels: { alertname: 'DiskFull', service: 'db', severity: 'critical' } }]);
  const source = { name: 'am', kind: 'alertmanager', url: alertmanager.url } as const;
  const configurationPath = writeConfiguration(folder, [source]);

  const before = forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup);
  const first = await before.connect();
  await first.until('it fires', 'incidents', (rows) => rows[0]?.state === 'firing');
  await before.kill();

  alertmanager.setAlerts([]);
  if (change === 'another tenant') writeConfiguration(folder, [{ ...source, tenant: 'other' }]);
  const after = forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup);
  const second = await after.connect();
  await second.until('it is seen again', 'console', (status) => status.sight.kind === 'live');
  const rows = await second.until('its fate is told', 'incidents', (all) => all[0]?.state !== 'firing');
  expect(rows[0]?.state).toBe(expected);
  await after.kill();
});
