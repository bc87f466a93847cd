import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import type { ContractClient } from '#support/contract-client.ts';
import { forkCoreUnderTest, type ForkedCore } from '#support/forked-core.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { integrityOf, notesIn } from './journal-of.ts';

/**
 * A core under write load is killed at sampled moments, again and again on the same data folder: what it
 * acknowledged is there, the databases are sound, and it serves again within a second.
 */

const kills = process.env['OPSSIGHT_FULL'] === '1' ? 200 : 24;
const writersAtOnce = 8;
const longestLoadMs = 400;
const serveAgainMs = 1_000;

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

/** Writes notes without pause until the core is gone; answers those that it acknowledged. */
async function writeNotes(client: ContractClient, incidentId: number, label: string): Promise<string[]> {
  const acknowledged: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let count = 0; ; count++) {
      const text = `${label}-${writer}-${count}`;
      const answer = await client.tryCall('incident.note', { ids: [incidentId], text });
      if (!answer.ok) return;
      acknowledged.push(text);
    }
  };
  await Promise.all(Array.from({ length: writersAtOnce }, (_, writer) => write(writer)));
  return acknowledged;
}

test(
  `${kills} kills under write load lose nothing that was acknowledged`,
  async () => {
    const folder = temporaryFolder(cleanup);
    const dataDirectory = join(folder, 'data');
    const alertmanager = await startAlertmanagerDouble(cleanup);
    alertmanager.setAlerts([{ labels: { alertname: 'DiskFull', service: 'db', severity: 'critical' } }]);
    const configurationPath = writeConfiguration(folder, [
      { name: 'am', kind: 'alertmanager', url: alertmanager.url },
    ]);
    const start = (): ForkedCore => forkCoreUnderTest({ dataDirectory, configurationPath }, cleanup);

    const acknowledged: string[] = [];
    const startsMs: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const startedAtMs = Date.now();
      const core = start();
      const client = await core.connect();
      const [incident] = await client.until('the incident is there', 'incidents', (rows) => rows.length > 0);
      startsMs.push(Date.now() - startedAtMs);
      const writing = writeNotes(client, incident?.id ?? 0, `note-${kill}`);
      await pause((longestLoadMs * (kill + 0.5)) / kills);
      await core.kill();
      acknowledged.push(...(await writing));
      expect(integrityOf(dataDirectory)).toEqual(['ok', 'ok']);
    }

    const kept = new Set(notesIn(dataDirectory));
    expect(acknowledged.filter((note) => !kept.has(note))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(kills * 5);
    // The first start makes the databases; all others find them as a kill left them.
    const again = startsMs.slice(1).toSorted((left, right) => left - right);
    expect(again[Math.floor(again.length * 0.95)]).toBeLessThan(serveAgainMs);
  },
  (kills * 4 + 60) * 1_000,
);
