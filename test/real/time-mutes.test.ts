import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as v from 'valibot';
import type { AlertFacts } from '#shared/model/alert-facts.ts';
import { labelsSchema } from '#shared/model/labels.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import type { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { connectToConsole } from '#support/console-link.ts';
import { startConsole } from '#support/console.ts';
import { eventually } from '#support/eventually.ts';
import { startAlertmanagers } from '#support/real-servers.ts';
import { generations } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/**
 * What time mutes by the console's own reading of a real Alertmanager's configuration, beside what that server
 * says of it in its groups, where it says anything (0.28 and later), and beside whom it then really tells.
 */

interface Expected {
  readonly mutedBy: readonly string[];
  /** Told by the routes that are not muted. */
  readonly told: readonly string[];
}

const teams: Readonly<Record<string, Expected>> = {
  db: { mutedBy: ['always'], told: [] },
  web: { mutedBy: [], told: ['web-too'] },
  ops: { mutedBy: ['never'], told: [] },
  both: { mutedBy: ['always', 'never'], told: [] },
  nobody: { mutedBy: [], told: ['root'] },
  below: { mutedBy: [], told: ['below'] },
  turns: { mutedBy: ['turning'], told: [] },
};

function configurationText(url: string, turnsAt: string): string {
  const route = (team: string, receiver: string, more: string): string =>
    `  - { matchers: [team="${team}"], receiver: ${receiver}, ${more} }\n`;
  const receivers = ['root', 'db', 'web', 'web-too', 'ops', 'first', 'second', 'below', 'turns'];
  return `route:
  receiver: root
  group_by: [team, name]
  group_wait: 1s
  group_interval: 1s
  routes:
${route('db', 'db', 'mute_time_intervals: [always, never]')}${route('web', 'web', 'mute_time_intervals: [always], continue: true')}${route('web', 'web-too', 'active_time_intervals: [always]')}${route('ops', 'ops', 'active_time_intervals: [never]')}${route('both', 'first', 'mute_time_intervals: [always], continue: true')}${route('both', 'second', 'active_time_intervals: [never]')}${route('below', 'db', 'mute_time_intervals: [always], routes: [{ receiver: below }]')}${route('turns', 'turns', 'mute_time_intervals: [turning]')}inhibit_rules:
- { source_matchers: [name="cause"], target_matchers: [name="effect"], equal: [team] }
time_intervals:
- { name: always, time_intervals: [{ months: ['1:12'] }] }
- { name: never, time_intervals: [{ years: ['2000'] }] }
- { name: turning, time_intervals: [{ times: [{ start_time: '00:00', end_time: '${turnsAt}' }] }] }
receivers:
${receivers.map((name) => `- { name: ${name}, webhook_configs: [{ url: '${url}/${name}', send_resolved: false }] }`).join('\n')}
`;
}

/** A whole minute that is soon, but not before everything runs: what holds until then turns while the test looks on. */
function turningMinute(nowMs: number): { readonly atMs: number; readonly written: string } {
  const atMs = Math.ceil((nowMs + 40 * secondMs) / minuteMs) * minuteMs;
  const written = new Date(atMs).toISOString().slice(11, 16);
  return { atMs, written: written === '00:00' ? '24:00' : written };
}

test.concurrent.for(generations.map((generation) => ({ generation, name: generationNames[generation] })))(
  'is what the server mutes and whom it tells: $name',
  { timeout: 240_000 },
  async ({ generation }, context) => {
    const place = await placeFor(generation, context);
    const turning = turningMinute(Date.now());
    // Just after midnight a day's first minutes would be those of the interval that has passed.
    if (turning.written < '00:03') return context.skip('it is midnight in UTC');
    const told = await webhook(place.cleanup);
    const configuration = configurationText(told.url, turning.written);
    const [server] = await startAlertmanagers(place, 1, configuration);
    const url = server?.url ?? '';
    await fire(url);
    const configurationPath = writeConfiguration(place.folder, [{ name: 'am', kind: 'alertmanager', url }]);
    const dataDirectory = join(place.folder, 'data');
    const console = await startConsole({ dataDirectory, configurationPath }, place.cleanup);
    const client = await connectToConsole(console.address, place.cleanup);

    const byTeam = (rows: readonly { readonly alerts: readonly AlertFacts[] }[]) =>
      new Map(rows.flatMap(({ alerts }) => alerts.map((facts) => [keyOf(facts.labels), facts] as const)));
    const known = await client.until('what mutes each is known', 'alerts', (rows) => {
      const all = [...byTeam(rows).values()];
      return all.length === Object.keys(teams).length + 2 && all.every(({ mutedBy }) => mutedBy !== null);
    });
    const facts = byTeam(known);
    for (const [team, { mutedBy }] of Object.entries(teams))
      expect([team, facts.get(`${team} plain`)?.mutedBy?.toSorted()]).toEqual([team, [...mutedBy]]);
    await compareWithServer(url, facts, generation);

    const whom = async (team: string, name = 'plain') =>
      await client.call('routing.explain', {
        subject: { kind: 'source', name: 'am' },
        labels: { alertname: 'Any', team, name },
      });
    for (const [team, { told: receivers }] of Object.entries(teams)) {
      const { deliveries } = await whom(team);
      const pages = deliveries.filter(({ outcome }) => outcome === 'pages').map(({ receiver }) => receiver);
      expect([team, pages]).toEqual([team, receivers]);
      await eventually(`${team} is told`, () =>
        told.to(`${team} plain`).length === receivers.length ? true : undefined,
      );
      expect([team, told.to(`${team} plain`)]).toEqual([team, receivers]);
    }
    expect(await whom('nobody', 'effect')).toMatchObject({
      inhibitedBy: [{ name: 'Any' }],
      inhibitedByCount: 1,
    });
    expect(facts.get('nobody effect')?.inhibitedBy).toHaveLength(1);

    const turns = await whom('turns');
    expect(turns.deliveries[0]).toMatchObject({ outcome: 'muted', mute: { turnsAtMs: turning.atMs } });
    const limitMs = turning.atMs - Date.now() + 30 * secondMs;
    await client.until(
      'it turned',
      'alerts',
      (rows) => byTeam(rows).get('turns plain')?.mutedBy?.length === 0,
      {
        limitMs,
      },
    );
    expect(Date.now()).toBeGreaterThanOrEqual(turning.atMs);
    await eventually('it is told after all', () => (told.to('turns plain').length > 0 ? true : undefined));
    // By then every group has been looked at many times.
    for (const [team, { told: receivers }] of Object.entries(teams))
      if (team !== 'turns') expect([team, told.to(`${team} plain`)]).toEqual([team, receivers]);
    expect(await console.stop()).toBe(0);
  },
);

const groupsSchema = v.array(
  v.object({
    receiver: v.object({ name: v.string() }),
    alerts: v.array(
      v.object({ labels: labelsSchema, status: v.object({ mutedBy: v.optional(v.array(v.string()), []) }) }),
    ),
  }),
);

/** An alert is in a group for each of its routes: muted is what is muted in all of them. */
async function compareWithServer(
  url: string,
  facts: ReadonlyMap<string, AlertFacts>,
  generation: string,
): Promise<void> {
  const groups = v.parse(groupsSchema, await (await fetch(`${url}/api/v2/alerts/groups`)).json());
  for (const [key, { mutedBy, receivers }] of facts) {
    const own = groups.flatMap(({ receiver, alerts }) =>
      alerts.filter(({ labels }) => keyOf(labels) === key).map(({ status }) => ({ receiver, status })),
    );
    expect([key, receivers?.toSorted()]).toEqual([key, own.map(({ receiver }) => receiver.name).toSorted()]);
    // The server says nothing of an alert that is inhibited: it is not asked about time any more.
    if (generation === 'old' || key.endsWith('effect')) continue;
    const isMuted = own.every(({ status }) => status.mutedBy.length > 0);
    const names = isMuted ? [...new Set(own.flatMap(({ status }) => status.mutedBy))] : [];
    expect([key, mutedBy?.toSorted()]).toEqual([key, names.toSorted()]);
  }
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return `${labels['team'] ?? ''} ${labels['name'] ?? ''}`;
}

async function fire(url: string): Promise<void> {
  const endsAt = new Date(Date.now() + hourMs).toISOString();
  const plain = Object.keys(teams).map((team) => ({ team, name: 'plain' }));
  const pair = ['cause', 'effect'].map((name) => ({ team: 'nobody', name }));
  const alerts = [...plain, ...pair].map((labels) => ({ labels: { alertname: 'Any', ...labels }, endsAt }));
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  expect(answer.status).toBe(200);
  // What is muted is marked when a group is looked at: once it has waited.
  await new Promise((resolve) => setTimeout(resolve, 3 * secondMs));
}

const notificationSchema = v.object({ alerts: v.array(v.object({ labels: labelsSchema })) });

/** Whoever is told: one address for each receiver. */
async function webhook(cleanup: Cleanup) {
  const told = new Map<string, Set<string>>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { alerts } = v.parse(notificationSchema, JSON.parse(body));
      for (const { labels } of alerts) {
        const receivers = told.get(keyOf(labels)) ?? new Set();
        told.set(keyOf(labels), receivers.add((request.url ?? '').slice(1)));
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    to: (key: string): readonly string[] => [...(told.get(key) ?? [])],
  };
}
