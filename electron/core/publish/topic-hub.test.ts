import { beforeEach, expect, test } from 'vitest';
import { contract } from '#shared/contract.ts';
import { linkPair } from '#shared/link.ts';
import { applyAlerts, type IncidentAlerts } from '#shared/model/alert-facts.ts';
import type { ConsoleStatus } from '#shared/model/console.ts';
import type { IncidentDetail, IncidentRow } from '#shared/model/incident.ts';
import { alertFacts, incidentRow } from '#support/models.ts';
import { RpcClient } from '#shared/rpc/client.ts';
import { RpcServer, type Handlers } from '#shared/rpc/server.ts';
import { TopicHub } from './topic-hub.ts';

const status: ConsoleStatus = {
  coreEpoch: 'one',
  coreStartedAtMs: 0,
  environment: 'test',
  operator: 'ml',
  demo: false,
  safeMode: false,
  sight: { kind: 'starting', lastSeenAtMs: null, cause: '' },
  configuration: { path: '', state: 'none', problems: [] },
  notices: [],
  notificationsPausedUntilMs: null,
  offers: [],
};

function row(id: number, revision: number): IncidentRow {
  return incidentRow({ id, revision });
}

const details = new Map<number, IncidentDetail>();
let alerts: IncidentAlerts[];
let hub: TopicHub;
let client: RpcClient<typeof contract.commands, typeof contract.topics>;

beforeEach(() => {
  details.clear();
  alerts = [];
  hub = new TopicHub({
    status,
    readIncident: async (id) => details.get(id) ?? null,
    followTail: () => undefined,
    readAlerts: () => [...alerts],
  });
  const [core, window] = linkPair();
  new RpcServer(core, contract, {
    coreEpoch: 'one',
    handlers: {} as Handlers<typeof contract.commands>,
    topics: hub,
    reportBug: (_command, error) => {
      throw error;
    },
  });
  client = new RpcClient(window, contract);
});

/** Lets everything that is under way arrive. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a window gets the value at once, then every change of it', async () => {
  const seen: string[] = [];
  client.subscribe('console', '', (value) => seen.push(value.environment));
  await settle();
  hub.setStatus({ environment: 'production' });
  hub.setStatus({ environment: 'production' });
  await settle();
  expect(seen).toEqual(['test', 'production']);
});

test('rows are upserted and removed by key', async () => {
  hub.setIncidents([row(1, 1), row(2, 1)], []);
  let seen: readonly IncidentRow[] = [];
  client.subscribe('incidents', '', (rows) => (seen = rows));
  await settle();
  hub.setIncidents([row(2, 2), row(3, 1)], [1]);
  await settle();
  expect(seen.map(({ id, revision }) => [id, revision])).toEqual([
    [2, 2],
    [3, 1],
  ]);
});

test('an incident is read when a window opens it, and again when it changed', async () => {
  details.set(7, { row: row(7, 1), alerts: [], timeline: [], expression: '' });
  const seen: (number | undefined)[] = [];
  client.subscribe('incident', '7', (detail) => seen.push(detail?.row.revision));
  await settle();
  details.set(7, { row: row(7, 2), alerts: [], timeline: [], expression: '' });
  await hub.refreshDetails([7, 8]);
  await settle();
  expect(seen).toEqual([1, 2]);
});

test('an incident that is not there is null, and a key that is no number ends the subscription', async () => {
  const seen: unknown[] = [];
  client.subscribe('incident', '99', (detail) => seen.push(detail));
  client.subscribe(
    'incident',
    '__proto__',
    () => undefined,
    (failure) => seen.push(failure.code),
  );
  await settle();
  expect(new Set(seen)).toEqual(new Set(['invalid-input', null]));
});

test('an incident that cannot be read is not read again for a window that never got it', async () => {
  let reads = 0;
  const broken = new TopicHub({
    status,
    followTail: () => undefined,
    readIncident: async () => {
      reads += 1;
      throw new Error('the journal is damaged');
    },
  });
  await expect(broken.open('incident', '1', () => undefined)).rejects.toThrow('damaged');
  await broken.refreshDetails([1]);
  expect(reads).toBe(1);
});

test('alerts go to a window one by one, before the row that they change, and nowhere before one asks', async () => {
  const publish = (id: number, fingerprint: string): void => {
    const patch = { upsert: [alertFacts(row(id, 1), { fingerprint })], forget: [] };
    alerts = applyAlerts(alerts, patch);
    hub.setAlerts(patch);
    hub.setIncidents([row(id, 1)], []);
  };
  publish(1, 'a');
  const heard: string[] = [];
  client.subscribe('incidents', '', (rows) => heard.push(`rows ${rows.length}`));
  client.subscribe('alerts', '', (known) =>
    heard.push(`alerts ${known.map((one) => one.alerts.length).join(' ')}`),
  );
  await expect.poll(() => heard).toEqual(['rows 1', 'alerts 1']);
  publish(1, 'b');
  publish(2, 'a');
  await expect.poll(() => heard.at(-1)).toBe('rows 2');
  expect(heard.indexOf('alerts 2 1')).toBeLessThan(heard.indexOf('rows 2'));
});
