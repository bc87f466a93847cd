import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import type { OutboxEntry, Silence, SilenceDraft } from '#shared/model/silence.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import type { ContractClient } from '#support/contract-client.ts';
import { eventually } from '#support/eventually.ts';
import { forkCoreUnderTest, type ForkedCore } from '#support/forked-core.ts';
import { startAlertmanagers } from '#support/real-servers.ts';
import type { ServerProcess } from '#support/server-process.ts';
import { generations, type Generation } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/**
 * The outbox of a whole core through an outage of two real Alertmanagers: what is changed meanwhile waits over
 * a restart of the core, is sent once when they are back, and asks where somebody else was there first.
 */
const hourMs = 3_600_000;
const names = ['alertmanager-a', 'alertmanager-b'];

interface Setting {
  readonly servers: readonly ServerProcess[];
  readonly startCore: () => ForkedCore;
}

async function setUp(generation: Generation, context: TestContext): Promise<Setting> {
  const place = await placeFor(generation, context);
  const servers = await startAlertmanagers(place, names.length);
  const configurationPath = writeConfiguration(
    place.folder,
    servers.map(({ url }, index) => ({ name: names[index] ?? '', kind: 'alertmanager', url })),
  );
  const dataDirectory = join(place.folder, 'data');
  const startCore = (): ForkedCore => forkCoreUnderTest({ dataDirectory, configurationPath }, place.cleanup);
  return { servers, startCore };
}

function draftOf(comment: string, lastsMs = hourMs): SilenceDraft {
  const startsAtMs = Date.now();
  return {
    matchers: [{ name: 'alertname', value: 'DiskFull', isRegex: false, isEqual: true }],
    startsAtMs,
    endsAtMs: startsAtMs + lastsMs,
    comment,
    endsAfterQuietMs: null,
  };
}

async function save(client: ContractClient, draft: SilenceDraft, replaces: string | null): Promise<string> {
  const saved = await client.call('silence.save', {
    draft,
    cluster: names[0] ?? '',
    replaces,
    incidentIds: [],
  });
  return saved.outboxId;
}

function entry(
  client: ContractClient,
  id: string,
  what: string,
  wanted: (entry: OutboxEntry) => boolean,
): Promise<OutboxEntry[]> {
  const isThere = (entries: readonly OutboxEntry[]): boolean =>
    entries.some((one) => one.id === id && wanted(one));
  return client.until(what, 'outbox', isThere, { limitMs: 40_000 });
}

function commentsAt(url: string): Promise<string[]> {
  return eventually('it tells its silences', async () => {
    const silences = (await (await fetch(`${url}/api/v2/silences`)).json()) as { comment: string }[];
    return silences.map(({ comment }) => comment).toSorted();
  });
}

/** What a colleague does at one of the servers, without this console. */
async function changeAt(url: string, id: string, comment: string): Promise<void> {
  const before = (await (await fetch(`${url}/api/v2/silence/${id}`)).json()) as object;
  const body = JSON.stringify({ ...before, comment, createdBy: 'carla' });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v2/silences`, { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
}

const each = test.concurrent.for(
  generations.map((generation) => ({ generation, name: generationNames[generation] })),
);

each('waits, is sent once, and asks where it must: $name', { timeout: 240_000 }, async (setting, context) => {
  const { servers, startCore } = await setUp(setting.generation, context);
  const core = startCore();
  const client = await core.connect();
  await client.until(
    'both are fresh',
    'sources',
    (sources) => sources.length > 0 && sources.every(({ state }) => state === 'fresh'),
  );
  const [a, b] = servers;
  if (a === undefined || b === undefined) throw new Error('two were started');

  const undone = await save(client, draftOf('undone'), null);
  const made = await save(client, draftOf('as it was'), null);
  await client.call('outbox.withdraw', { id: undone });
  await entry(
    client,
    made,
    'it is on both',
    ({ state, targets }) => state === 'done' && targets.every((target) => target.state === 'confirmed'),
  );
  const rows = await client.until('it is one row', 'silences', (silences) =>
    silences.some(({ comment, sources }) => comment === 'as it was' && sources.length === 2),
  );
  const seen = rows.find(({ comment }) => comment === 'as it was') as Silence;

  // In order, so that they have their silences when they are back.
  await Promise.all([a.stop(), b.stop()]);
  await client.until('their loss is noticed', 'sources', (sources) =>
    sources.every(({ failure }) => failure?.code === 'refused'),
  );
  const edit = await save(client, draftOf('mine', 2 * hourMs), seen.key);
  const create = await save(client, draftOf('made offline'), null);
  await entry(
    client,
    create,
    'it waits, with the cause',
    ({ state, targets }) =>
      state === 'waiting' && targets.every(({ detail }) => detail.includes('nothing accepts connections')),
  );
  await core.kill();

  await b.start();
  await changeAt(b.url, seen.id, 'theirs');
  await a.start();
  const next = startCore();
  const again = await next.connect();
  await entry(again, create, 'what waited is sent', ({ state }) => state === 'done');
  const disputed = await entry(again, edit, 'the edit asks', ({ state }) => state === 'conflict');
  expect(disputed.find(({ id }) => id === edit)?.conflict).toMatch(/^carla changed it at .*theirs/);
  await again.call('outbox.settle', { id: edit, choice: 'mine' });
  await entry(
    again,
    edit,
    'mine counts',
    ({ state, targets }) => state === 'done' && targets.every((target) => target.state === 'confirmed'),
  );
  for (const { url } of servers) expect(await commentsAt(url)).toEqual(['made offline', 'mine']);
  await next.stop();
});
