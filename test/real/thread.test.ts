import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright';
import { expect, test } from 'vitest';
import { openBrowser, openWindow, type ConsoleWindow } from '#support/browser.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { connectToConsole } from '#support/console-link.ts';
import { startConsole, type ConsoleOptions } from '#support/console.ts';
import type { ContractClient } from '#support/contract-client.ts';
import { eventually } from '#support/eventually.ts';
import { inspectData, type Inspection } from '#support/inspection.ts';
import {
  startAlertmanagers,
  startNodeExporter,
  startPrometheus,
  type AlertRule,
  type Place,
  type PrometheusServer,
} from '#support/real-servers.ts';
import type { ServerProcess } from '#support/server-process.ts';
import { generations } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/**
 * The real thread from end to end: a real Prometheus fires, the console shows, notifies and keeps; then
 * everything goes away, and everything comes back.
 */

const rule: AlertRule = {
  name: 'NodeIsUp',
  expression: 'node_load1 >= 0',
  labels: { severity: 'critical', service: 'node' },
  annotations: { summary: 'The node answers' },
};
/** A drawing of an hour has a point every five seconds: some of them must have come before the alert. */
const historyMs = 12_000;
const pollMs = 1_000;
/** From a poll's answer to pixels; the browser and three servers share two cores with the console. */
const paintMs = 1_500;

interface Stage {
  readonly place: Place;
  readonly prometheus: PrometheusServer;
  readonly alertmanager: ServerProcess;
  readonly servers: readonly ServerProcess[];
  readonly options: ConsoleOptions;
  readonly browser: Browser;
}

async function setStage(place: Place): Promise<Stage> {
  const nodeExporter = await startNodeExporter(place);
  const alertmanagers = await startAlertmanagers(place);
  const prometheus = await startPrometheus(place, { nodeExporter, alertmanagers, rules: [] });
  const [alertmanager = nodeExporter] = alertmanagers;
  const configurationPath = writeConfiguration(place.folder, [
    { name: 'prometheus', kind: 'prometheus', url: prometheus.url },
    { name: 'alertmanager', kind: 'alertmanager', url: alertmanager.url },
  ]);
  return {
    place,
    prometheus,
    alertmanager,
    servers: [nodeExporter, alertmanager, prometheus],
    options: { dataDirectory: join(place.folder, 'data'), configurationPath },
    browser: await openBrowser(place.cleanup),
  };
}

test.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
  'fires, is seen, is kept and comes back: $name',
  async ({ generation }, context) => {
    const stage = await setStage(await placeFor(generation, context));
    const { place, options, browser, servers } = stage;
    const startedAtMs = Date.now();

    const first = await startConsole(options, place.cleanup);
    const client = await connectToConsole(first.address, place.cleanup);
    const window = await openWindow(browser, first.address, place.cleanup);
    await client.until('both sources are live', 'console', ({ sight }) => sight.kind === 'live');
    await pause(startedAtMs + historyMs - Date.now());
    await showsTheIncidentWithinOnePoll(stage, window);
    await drawsRealSamples(stage, client, window);
    await notifiesOnce(window, options.dataDirectory);

    await Promise.all(servers.map((server) => server.kill()));
    await isBlindNotResolved(client, window, options.dataDirectory);
    window.tolerate(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket/);
    await first.killEverything();
    await window.close();

    const second = await startConsole(options, place.cleanup);
    const secondClient = await connectToConsole(second.address, place.cleanup);
    const secondWindow = await openWindow(browser, second.address, place.cleanup);
    await answersFromTheCache(secondClient, secondWindow);

    await Promise.all(servers.map((server) => server.start()));
    await convergesWithoutSecondNotification(secondClient, secondWindow, options.dataDirectory);
    await secondWindow.close();
    expect(await second.stop()).toBe(0);
  },
);

async function showsTheIncidentWithinOnePoll(
  { prometheus, alertmanager }: Stage,
  { page }: ConsoleWindow,
): Promise<void> {
  await prometheus.setRules([rule]);
  await eventually('Alertmanager has the alert', async () => {
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts`);
    return ((await answer.json()) as unknown[]).length > 0 ? true : undefined;
  });
  const row = page.getByRole('row').filter({ hasText: rule.name });
  await row.waitFor({ timeout: pollMs + paintMs });
  expect(await row.textContent()).toMatch(/Critical.*NodeIsUp.*node.*The node answers/);
}

async function drawsRealSamples(
  { prometheus }: Stage,
  client: ContractClient,
  { page }: ConsoleWindow,
): Promise<void> {
  const [incident] = await client.until('the incident is there', 'incidents', (rows) => rows.length === 1);
  const id = incident?.id ?? 0;
  await client.until(
    'its evidence is kept',
    'incident',
    (detail) => detail?.timeline.some((entry) => entry.kind === 'evidence') === true,
    { key: String(id) },
  );
  await page.getByRole('row').filter({ hasText: rule.name }).click();
  await page
    .getByRole('img', { name: /^node_load1 from .*1 series$/ })
    .first()
    .waitFor();

  const toMs = Date.now();
  const chart = await client.call('incident.chart', { id, fromMs: toMs - 60_000, toMs, maxPoints: 500 });
  expect(chart).toMatchObject({
    origin: { kind: 'live', source: 'prometheus' },
    drawn: 'node_load1',
    threshold: { operator: '>=', value: 0 },
  });
  const url = new URL('/api/v1/query', prometheus.url);
  url.search = String(new URLSearchParams({ query: 'node_load1[5m]' }));
  const raw = JSON.stringify(await (await fetch(url)).json());
  const drawn = [...(chart.series[0]?.values ?? [])];
  expect(drawn.length).toBeGreaterThan(1);
  for (const value of drawn) expect(raw).toContain(`"${value}"`);
}

async function notifiesOnce(window: ConsoleWindow, dataDirectory: string): Promise<void> {
  const shown = [{ title: 'Critical: NodeIsUp node', body: 'The node answers' }];
  await eventually('the notification is recorded', async () => {
    const { notifications } = await inspectData(dataDirectory);
    return notifications[0]?.outcome === 'shown' ? true : undefined;
  });
  expect(await window.notifications()).toEqual(shown);
  expectOneNotification(await inspectData(dataDirectory));
}

function expectOneNotification({ incidents, notifications }: Inspection): void {
  expect(incidents).toHaveLength(1);
  expect(notifications).toEqual([
    { incidentId: incidents[0]?.id, title: 'Critical: NodeIsUp node', outcome: 'shown' },
  ]);
  const notified = incidents[0]?.timeline.filter((entry) => entry.kind === 'notified');
  expect(notified).toHaveLength(1);
}

async function isBlindNotResolved(
  client: ContractClient,
  { page }: ConsoleWindow,
  dataDirectory: string,
): Promise<void> {
  const { sight } = await client.until('it is blind', 'console', (status) => status.sight.kind === 'blind');
  expect(sight.lastSeenAtMs).toBeGreaterThan(Date.now() - 60_000);
  expect(await page.getByRole('region', { name: 'Blind' }).textContent()).toMatch(/Blind for \d+s/);
  expect(await page.getByRole('row').filter({ hasText: rule.name }).textContent()).not.toContain('resolved');
  const [row] = await client.until(
    'its alerts are unseen',
    'incidents',
    (rows) => rows[0]?.state === 'unseen',
  );
  expect(row?.resolvedAtMs).toBeNull();
  expectUnresolved(await inspectData(dataDirectory));
}

function expectUnresolved({ incidents, alerts }: Inspection): void {
  expect(incidents.map(({ state, resolvedAtMs }) => ({ state, resolvedAtMs }))).toEqual([
    { state: 'unseen', resolvedAtMs: null },
  ]);
  expect(alerts.map(({ state, endedAtMs }) => ({ state, endedAtMs }))).toEqual([
    { state: 'unseen', endedAtMs: null },
  ]);
  expect(incidents[0]?.timeline.map((entry) => entry.kind)).not.toContain('alert-resolved');
}

async function answersFromTheCache(client: ContractClient, window: ConsoleWindow): Promise<void> {
  const { page } = window;
  await page.getByRole('region', { name: 'Blind' }).waitFor();
  await page.getByRole('row').filter({ hasText: rule.name }).click();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: rule.name, level: 1 }).waitFor();
  await page.getByRole('region', { name: 'Timeline' }).getByText('Notified').waitFor();
  await page
    .getByRole('img', { name: /^node_load1 from .*1 series$/ })
    .first()
    .waitFor();
  await page
    .getByText(/^cached \d+[sm]/)
    .first()
    .waitFor();

  const [row] = await client.until('the incident is there', 'incidents', (rows) => rows.length === 1);
  const toMs = Date.now();
  const chart = await client.call('incident.chart', {
    id: row?.id ?? 0,
    fromMs: (row?.startsAtMs ?? 0) - 60_000,
    toMs,
    maxPoints: 500,
  });
  expect(chart.origin).toMatchObject({ kind: 'cache', source: 'prometheus' });
  expect(chart.series[0]?.values.length).toBeGreaterThan(1);
  expect(await window.notifications()).toEqual([]);
}

async function convergesWithoutSecondNotification(
  client: ContractClient,
  window: ConsoleWindow,
  dataDirectory: string,
): Promise<void> {
  await client.until('it is live again', 'console', ({ sight }) => sight.kind === 'live', {
    limitMs: 30_000,
  });
  const rows = await client.until('it fires again', 'incidents', (all) => all[0]?.state === 'firing');
  expect(rows).toHaveLength(1);
  await window.page.getByRole('region', { name: 'Blind' }).waitFor({ state: 'detached' });
  expect(await window.notifications()).toEqual([]);
  expectOneNotification(await inspectData(dataDirectory));
}
