import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, type TestContext } from 'vitest';
import { systemClock } from '#core/clock/clock.ts';
import { AlertmanagerClient } from '#core/sources/alertmanager/client.ts';
import type { Silence } from '#core/sources/alertmanager/model.ts';
import { openSourceHttp } from '#core/sources/http.ts';
import type { Labels } from '#shared/model/labels.ts';
import { hourMs, secondMs } from '#shared/time.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { connectToConsole } from '#support/console-link.ts';
import { startConsole } from '#support/console.ts';
import { eventually } from '#support/eventually.ts';
import { startAlertmanagers } from '#support/real-servers.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { TendedConsole } from '#support/tended-world.ts';
import { generations, type Generation } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/**
 * Silences that the console looks after, through their whole lives at two real Alertmanagers of a cluster, in
 * seconds instead of minutes: the one of an acknowledgement and one that ends by itself.
 */
const names = ['alertmanager-a', 'alertmanager-b'] as const;
const disk = { alertname: 'DiskFull', service: 'backend', instance: 'a' };
const diskB = { ...disk, instance: 'b' };
const other = { alertname: 'Down', service: 'shop', instance: 'a' };
const acknowledgementMs = 8 * secondMs;
const timeout = 180_000;

interface Setting {
  readonly console: TendedConsole;
  /** From now on these fire, and no others. */
  readonly fire: (alerts: readonly Labels[]) => Promise<void>;
  /** What the second peer has in force. */
  readonly active: () => Promise<readonly Silence[]>;
  /** Instances of the alerts that the second peer suppresses. */
  readonly suppressed: () => Promise<readonly string[]>;
  /** The console is gone at once, as with a lid that is closed. */
  readonly leave: () => Promise<void>;
}

async function setUp(generation: Generation, context: TestContext): Promise<Setting> {
  const place = await placeFor(generation, context);
  const servers = await startAlertmanagers(place, names.length);
  const clients = servers.map(({ url }, index) => {
    const settings = sourceSettings({ kind: 'alertmanager', name: names[index] ?? '', url });
    return new AlertmanagerClient(openSourceHttp(settings));
  });
  const peer = clients[1];
  if (peer === undefined) throw new Error('two were asked for');
  let isAway = false;
  const console = new TendedConsole({
    clock: {
      ...systemClock,
      // A process that is stopped does nothing any more.
      after: (ms, work) => systemClock.after(ms, () => (isAway ? undefined : work())),
    },
    servers: clients.map((client, index) => ({
      server: {
        source: names[index] ?? '',
        identity: client.http.settings.identity,
        clockSkewMs: () => client.http.clockSkewMs,
        silences: () => client.silences(),
        silence: (id) => client.silence(id),
        putSilence: (silence) => client.putSilence(silence),
        expireSilence: (id) => client.expireSilence(id),
      },
      isFresh: () => true,
      peers: [{ name: 'one', address: 'cluster' }],
    })),
    times: { acknowledgementMs, reminderLeadMs: hourMs },
  });
  await console.start();
  const polls = setInterval(() => {
    if (!isAway) void polled(console, clients);
  }, 500);
  context.onTestFinished(async () => {
    clearInterval(polls);
    await console.stop();
    await Promise.all(clients.map(({ http }) => http.close()));
  });
  let fired: readonly Labels[] = [];
  return {
    console,
    fire: async (alerts) => {
      const over = fired.filter((labels) => !alerts.includes(labels));
      fired = alerts;
      for (const { url } of servers) await post(url, alerts, over);
    },
    active: async () => {
      const silences = await peer.silences();
      return silences.ok ? silences.value.filter(({ state }) => state === 'active') : [];
    },
    suppressed: async () => {
      const alerts = await peer.alerts();
      const hidden = alerts.ok ? alerts.value.filter(({ state }) => state === 'suppressed') : [];
      return hidden.map(({ labels }) => `${labels['alertname']} ${labels['instance']}`).toSorted();
    },
    leave: async () => {
      isAway = true;
      await pause(secondMs);
    },
  };
}

async function polled(console: TendedConsole, clients: readonly AlertmanagerClient[]): Promise<void> {
  for (const [index, client] of clients.entries()) {
    const alerts = await client.alerts();
    if (alerts.ok) await console.polled(names[index] ?? '', alerts.value);
  }
}

async function post(url: string, alerts: readonly Labels[], over: readonly Labels[]): Promise<void> {
  const at = (ms: number): string => new Date(ms).toISOString();
  const startsAt = at(Date.now() - hourMs);
  const body = [
    ...alerts.map((labels) => ({ labels, startsAt, endsAt: at(Date.now() + hourMs) })),
    ...over.map((labels) => ({ labels, startsAt, endsAt: at(Date.now()) })),
  ];
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

function opened(console: TendedConsole, service: string): Promise<number> {
  return eventually(`the incident of ${service} is here`, () => {
    return [...console.book.incidents()].find((incident) => incident.service === service)?.id;
  });
}

const each = test.concurrent.for(
  generations.map((generation) => ({ generation, name: generationNames[generation] })),
);

each('an acknowledgement holds a silence: $name', { timeout }, async ({ generation }, context) => {
  const { console, fire, active, suppressed, leave } = await setUp(generation, context);
  const until = (what: string, wanted: readonly string[], limitMs = 20_000): Promise<boolean> =>
    eventually(
      what,
      async () => (JSON.stringify(await suppressed()) === JSON.stringify(wanted) ? true : undefined),
      limitMs,
    );
  await fire([disk, other]);
  const id = await opened(console, 'backend');
  await console.acknowledge(id);
  await until('its alert is quiet', ['DiskFull a']);
  const [first] = await active();
  expect(first?.comment).toContain('acknowledged by a.okafor');

  // Over several lives of one silence it is the same one, and renewed.
  await pause(2 * acknowledgementMs);
  const [renewed, ...others] = await active();
  expect(others).toEqual([]);
  expect(renewed?.id).toBe(first?.id);
  expect(renewed?.endsAtMs).toBeGreaterThan((first?.endsAtMs ?? 0) + acknowledgementMs);
  expect(await suppressed()).toEqual(['DiskFull a']);

  await fire([disk, diskB, other]);
  await until('one that joins is quiet too', ['DiskFull a', 'DiskFull b']);
  await console.incidents.release([id], 'a.okafor', false);
  await until('released, all page again', []);
  expect(await active()).toEqual([]);

  // Acknowledged anew, and the lid is closed: it runs out by itself.
  await console.acknowledge(id);
  await until('it is quiet again', ['DiskFull a', 'DiskFull b']);
  await leave();
  await until('nobody renews it', [], 3 * acknowledgementMs);
});

each('a silence ends when nothing matches it: $name', { timeout }, async ({ generation }, context) => {
  const { console, fire, active, suppressed } = await setUp(generation, context);
  await fire([disk, other]);
  await opened(console, 'backend');
  const nowMs = Date.now();
  const matchers = [{ name: 'service', value: 'backend', isRegex: false, isEqual: true }];
  const endsAfterQuietMs = 6 * secondMs;
  const draft = { matchers, startsAtMs: nowMs, endsAtMs: nowMs + hourMs / 2, comment: 'x', endsAfterQuietMs };
  await console.silences.outbox.put(
    { kind: 'create', draft },
    {
      cluster: names[0],
      by: 'a.okafor',
      holdMs: 0,
      care: { care: 'self-ending', incidentId: null, endsAfterQuietMs },
    },
  );
  await eventually('it is in force', async () => ((await active()).length === 1 ? true : undefined));
  await pause(2 * endsAfterQuietMs);
  expect(await suppressed()).toEqual(['DiskFull a']);
  expect(await active()).toHaveLength(1);

  await fire([other]);
  const quietAtMs = Date.now();
  await eventually('it has ended', async () => ((await active()).length === 0 ? true : undefined), 40_000);
  expect(Date.now() - quietAtMs).toBeGreaterThan(endsAfterQuietMs);
  expect(console.silences.tended.all()).toEqual([]);
});

/** Beside the lives above: that the console as it starts has all of it joined, with the times of its file. */
each('the whole console places, renews and ends one: $name', { timeout }, async ({ generation }, context) => {
  const place = await placeFor(generation, context);
  const [alertmanager] = await startAlertmanagers(place);
  const url = alertmanager?.url ?? '';
  await post(url, [disk], []);
  const configurationPath = writeConfiguration(place.folder, [{ name: names[0], kind: 'alertmanager', url }]);
  appendFileSync(configurationPath, 'silences:\n  acknowledgement: 30s\n');
  const dataDirectory = join(place.folder, 'data');
  const running = await startConsole({ dataDirectory, configurationPath }, place.cleanup);
  const client = await connectToConsole(running.address, place.cleanup);
  const [row] = await client.until('it is here', 'incidents', (rows) => rows.length === 1);
  const ids = [row?.id ?? 0];
  await client.call('incident.acknowledge', { ids, silence: true });
  const wanted = { limitMs: 60_000 };
  const [placed] = await client.until(
    'its silence is listed',
    'silences',
    (rows) => rows.some(({ care, state }) => care === 'acknowledgement' && state === 'active'),
    wanted,
  );
  await client.until('it is quiet', 'incidents', (rows) => rows[0]?.state === 'suppressed', wanted);
  await client.until(
    'it is renewed',
    'silences',
    (rows) => rows.some(({ id, endsAtMs }) => id === placed?.id && endsAtMs > placed.endsAtMs),
    wanted,
  );
  await client.call('incident.release', { ids, undo: false });
  await client.until('it fires again', 'incidents', (rows) => rows[0]?.state === 'firing', wanted);
  expect(await running.stop()).toBe(0);
});
