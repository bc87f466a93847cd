import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeConfiguration } from '#support/configuration-file.ts';
import { connectToConsole } from '#support/console-link.ts';
import { startConsole } from '#support/console.ts';
import type { ContractClient } from '#support/contract-client.ts';
import { eventually } from '#support/eventually.ts';
import { inspectData } from '#support/inspection.ts';
import {
  startAlertmanagers,
  startNodeExporter,
  startPrometheus,
  type AlertRule,
} from '#support/real-servers.ts';
import type { ServerProcess } from '#support/server-process.ts';
import { generations } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/**
 * Two real Alertmanagers of a cluster, each asked: their alerts are one by fingerprint, and a restart,
 * after which an Alertmanager has forgotten everything, ends nothing.
 */

const rules: readonly AlertRule[] = ['DiskFull', 'NodeIsUp'].map((name) => ({
  name,
  expression: 'node_load1 >= 0',
  labels: { severity: 'warning', service: 'node' },
  annotations: { summary: `${name} on the node` },
}));
const names = ['alertmanager-a', 'alertmanager-b'];

test.concurrent.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
  'is one by fingerprint and outlives restarts: $name',
  async ({ generation }, context) => {
    const place = await placeFor(generation, context);
    const nodeExporter = await startNodeExporter(place);
    const alertmanagers = await startAlertmanagers(place, names.length);
    const prometheus = await startPrometheus(place, { nodeExporter, alertmanagers, rules });
    const configurationPath = writeConfiguration(
      place.folder,
      alertmanagers.map(({ url }, index) => ({ name: names[index] ?? '', kind: 'alertmanager', url })),
    );
    const dataDirectory = join(place.folder, 'data');
    const console = await startConsole({ dataDirectory, configurationPath }, place.cleanup);
    const client = await connectToConsole(console.address, place.cleanup);

    await untilBothReport(alertmanagers, client);
    await restart(alertmanagers.slice(0, 1), client);
    await untilBothReport(alertmanagers, client);
    await restart(alertmanagers, client);
    await untilBothReport(alertmanagers, client);

    const { incidents, alerts } = await inspectData(dataDirectory);
    expect(incidents.map(({ resolvedAtMs }) => resolvedAtMs)).toEqual([null, null]);
    expect(alerts.every((alert) => alert.endedAtMs === null)).toBe(true);
    const kinds = incidents.flatMap(({ timeline }) => timeline.map((entry) => entry.kind));
    expect(kinds).not.toContain('alert-resolved');
    expect(kinds).not.toContain('resolved');

    // The counter-proof: what Prometheus itself ends is called resolved, and nothing else is.
    await prometheus.setRules(rules.slice(1));
    await client.until('DiskFull is resolved', 'incidents', (rows) =>
      rows.some((row) => row.title === 'DiskFull' && row.state === 'resolved'),
    );
    await client.until('NodeIsUp still fires', 'incidents', (rows) =>
      rows.some((row) => row.title === 'NodeIsUp' && row.state === 'firing'),
    );
    expect(await console.stop()).toBe(0);
  },
);

/** By polls from now on: what the console knew before does not count. */
async function untilBothReport(
  alertmanagers: readonly ServerProcess[],
  client: ContractClient,
): Promise<void> {
  for (const { url } of alertmanagers) {
    await eventually('it was told of all alerts', async () => {
      const answer = await fetch(`${url}/api/v2/alerts`);
      return ((await answer.json()) as unknown[]).length === rules.length ? true : undefined;
    });
  }
  const toldMs = Date.now();
  await client.until('both were asked since', 'sources', (sources) =>
    sources.every(({ lastAttemptAtMs, state }) => state === 'fresh' && (lastAttemptAtMs ?? 0) > toldMs),
  );
  // A row that did not change is not told again, so none of this may go by when a row was last told.
  await client.until(
    'each incident is reported by both Alertmanagers as one alert',
    'incidents',
    (rows) =>
      rows.length === rules.length &&
      rows.every(
        (row) =>
          row.state === 'firing' && row.alertCount === 1 && row.sources.toSorted().join() === names.join(),
      ),
  );
}

/** Ends them at once and starts them again; each has then forgotten its alerts until it is told anew. */
async function restart(alertmanagers: readonly ServerProcess[], client: ContractClient): Promise<void> {
  await Promise.all(alertmanagers.map((alertmanager) => alertmanager.kill()));
  await client.until(
    'their loss is noticed',
    'sources',
    (sources) => sources.filter(({ failure }) => failure?.code === 'refused').length === alertmanagers.length,
  );
  await Promise.all(alertmanagers.map((alertmanager) => alertmanager.start()));
  await client.until('all are fresh again', 'sources', (sources) =>
    sources.every(({ state }) => state === 'fresh'),
  );
}
