import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { IncidentRow } from '#shared/model/incident.ts';
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
import { generations } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/**
 * A real Prometheus that tells its own alerts to a console without an Alertmanager: what fires makes an
 * incident, what is pending makes none, a restart or a reload ends nothing, and an Alertmanager that is configured later,
 * and taken out again, takes over the very same incident.
 */

const loaded: AlertRule = {
  name: 'NodeLoaded',
  expression: 'node_load1 >= 0',
  labels: { severity: 'warning', service: 'node' },
  annotations: { summary: 'load on {{ $labels.job }}' },
};
const rules: readonly AlertRule[] = [loaded, { ...loaded, name: 'NodeLoadedForLong', for: '1h' }];

test.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
  'fires, outlives a restart, passes over and back, ends once: $name',
  async ({ generation }, context) => {
    const place = await placeFor(generation, context);
    const nodeExporter = await startNodeExporter(place);
    const alertmanagers = await startAlertmanagers(place);
    const servers = { nodeExporter, alertmanagers, rules, externalLabels: {} };
    const prometheus = await startPrometheus(place, servers);
    const own = { name: 'prom', kind: 'prometheus', url: prometheus.url };
    const other = { name: 'am', kind: 'alertmanager', url: alertmanagers[0]?.url ?? '' };
    const configurationPath = writeConfiguration(place.folder, [own]);
    const dataDirectory = join(place.folder, 'data');
    const console = await startConsole({ dataDirectory, configurationPath }, place.cleanup);
    const client = await connectToConsole(console.address, place.cleanup);

    const [row] = await untilIts(client, 'firing', () => true);
    expect(row).toMatchObject({ sources: ['prom'], alertCount: 1, summary: 'load on node' });
    const pending = (await (await fetch(`${prometheus.url}/api/v1/alerts`)).json()) as AlertsAnswer;
    expect(pending.data.alerts.map(({ state }) => state).toSorted()).toEqual(['firing', 'pending']);
    await client.until('the console sees', 'console', ({ sight }) => sight.kind === 'live');
    const detail = await client.until('its detail is told', 'incident', (told) => told !== null, {
      key: String(row?.id),
    });
    expect(detail).toMatchObject({ expression: loaded.expression });

    await prometheus.kill();
    await untilIts(client, 'unseen', () => true);
    await client.until('the console is blind', 'console', ({ sight }) => sight.kind === 'blind');
    const startedAtMs = Date.now();
    await prometheus.start();
    await untilIts(client, 'firing', () => true);
    // What it had been told before would run out there, and come back when it is told anew.
    await eventually('the Alertmanager was told anew', async () => {
      const alerts = (await (await fetch(`${other.url}/api/v2/alerts`)).json()) as { updatedAt: string }[];
      return alerts.some(({ updatedAt }) => Date.parse(updatedAt) > startedAtMs) ? true : undefined;
    });

    for (const [sources, teller] of [
      [[own, other], 'am'],
      [[own], 'prom'],
    ] as const) {
      const sinceMs = Date.now();
      writeConfiguration(place.folder, sources);
      await untilTold(client, teller);
      await untilIts(client, 'firing', (one) => one.lastSeenAtMs > sinceMs && one.sources.includes(teller));
    }

    // A rule that was taken out takes its alert along: nobody saw that end.
    await prometheus.setRules(rules.slice(1));
    await untilIts(client, 'unseen', () => true);
    await prometheus.setRules(rules);
    await untilIts(client, 'firing', () => true);
    await nodeExporter.kill();
    await untilIts(client, 'resolved', () => true);
    expect(await console.stop()).toBe(0);

    const { incidents, notifications } = await inspectData(dataDirectory);
    expect(incidents.map(({ title, state }) => [title, state])).toEqual([[loaded.name, 'resolved']]);
    expect(notifications.map(({ incidentId }) => incidentId)).toEqual([row?.id]);
    const kinds = incidents.flatMap(({ timeline }) => timeline.map(({ kind }) => kind));
    expect(kinds.filter((kind) => kind === 'alert-fired')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'alert-resolved')).toHaveLength(1);
  },
);

interface AlertsAnswer {
  readonly data: { readonly alerts: readonly { readonly state: string }[] };
}

/** There is one incident, and it is as wanted. */
function untilIts(
  client: ContractClient,
  state: 'firing' | 'unseen' | 'resolved',
  isWanted: (row: IncidentRow) => boolean,
): Promise<readonly IncidentRow[]> {
  return client.until(
    `the one incident is ${state}`,
    'incidents',
    (rows) => rows.length === 1 && rows.every((row) => row.state === state && isWanted(row)),
  );
}

/** This source alone tells alerts, and has answered. */
async function untilTold(client: ContractClient, teller: string): Promise<void> {
  await client.until(`${teller} tells alerts`, 'sources', (sources) => {
    const telling = sources.filter(({ tellsAlerts }) => tellsAlerts);
    return telling.length === 1 && telling.every(({ name, state }) => name === teller && state === 'fresh');
  });
}
