import { join } from 'node:path';
import { afterEach, expect, test, type TestContext } from 'vitest';
import { systemClock } from '#core/clock/clock.ts';
import { SilenceDesk } from '#core/silences/silence-desk.ts';
import { silenceServerOf } from '#core/silences/silence-server.ts';
import { AlertmanagerClient } from '#core/sources/alertmanager/client.ts';
import { openSourceHttp } from '#core/sources/http.ts';
import { openStore } from '#core/store/store.ts';
import type {
  OutboxEntry,
  OutboxRequest,
  Silence,
  SilenceDraft,
  SilenceMatcher,
} from '#shared/model/silence.ts';
import { eventually } from '#support/eventually.ts';
import { startAlertmanagers } from '#support/real-servers.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { generations, type Generation } from '../../scripts/provide/servers.ts';
import { generationNames, placeFor } from './generations.ts';

/**
 * Silences at two real Alertmanagers of a cluster: made, edited in place and with another id, extended, expired
 * alone and in bulk, each confirmed by the peer; and what the server itself says no to.
 */
const names = ['alertmanager-a', 'alertmanager-b'] as const;
const hourMs = 3_600_000;

interface Setting {
  readonly desk: SilenceDesk;
  readonly clients: readonly AlertmanagerClient[];
  /** Puts a change that is due at once, and waits for its outcome and for the word of both peers. */
  readonly done: (request: OutboxRequest) => Promise<OutboxEntry>;
  readonly row: (id: string, wanted: (row: Silence) => boolean) => Promise<Silence>;
}

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  ends = [];
});

async function setUp(generation: Generation, context: TestContext): Promise<Setting> {
  const place = await placeFor(generation, context);
  const servers = await startAlertmanagers(place, names.length);
  const clients = servers.map(
    ({ url }, index) =>
      new AlertmanagerClient(
        openSourceHttp(sourceSettings({ kind: 'alertmanager', name: names[index] ?? '', url })),
      ),
  );
  const opened = await openStore({
    dataDirectory: join(place.folder, 'data'),
    safeMode: false,
    onNotice: () => undefined,
    nowMs: Date.now,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  const version = generation === 'old' ? '0.25.0' : '0.33.0';
  const desk = new SilenceDesk({
    store: opened.value,
    clock: systemClock,
    places: () =>
      names.map((source, index) => {
        const url = servers[index]?.url ?? '';
        return { source, identity: url, url };
      }),
    server: (source) => {
      const client = clients[names.indexOf(source as (typeof names)[number])];
      return client === undefined ? undefined : silenceServerOf(source, client);
    },
    isFresh: () => true,
    pollNow: () => undefined,
    versionOf: () => version,
    openAlerts: () => [],
    onSilences: () => undefined,
    onOutbox: () => undefined,
    onTrouble: (source, failure) => expect.unreachable(`${source}: ${failure?.message}`),
    tell: () => undefined,
    onUnreadable: () => expect.unreachable('the journal was written just now'),
  });
  ends.push(async () => {
    await desk.stop();
    await opened.value.close();
    await Promise.all(clients.map(({ http }) => http.close()));
  });
  await desk.start();
  await askedUntilOneCluster(desk, clients);
  return {
    desk,
    clients,
    done: (request) => done(desk, request),
    row: (id, wanted) =>
      eventually(`${id} is as wanted`, () => {
        const row = desk.find(`${names[0]}/${id}`);
        return row !== undefined && wanted(row) ? row : undefined;
      }),
  };
}

/** As the polls of a console do it; the peers find each other within seconds. */
async function askedUntilOneCluster(
  desk: SilenceDesk,
  clients: readonly AlertmanagerClient[],
): Promise<void> {
  const ask = async (): Promise<void> => {
    for (const [index, client] of clients.entries()) {
      const status = await client.status();
      if (status.ok) desk.polled(names[index] ?? '', status.value.cluster.peers);
    }
  };
  await eventually('both are one cluster', async () => {
    await ask();
    return desk.clusters().length === 1 ? true : undefined;
  });
  const timer = setInterval(() => void ask(), 500);
  ends.push(() => Promise.resolve(clearInterval(timer)));
}

async function done(desk: SilenceDesk, request: OutboxRequest): Promise<OutboxEntry> {
  const put = await desk.outbox.put(request, { cluster: names[1], by: 'anna', holdMs: 0 });
  if (!put.ok) throw new Error(put.failure.message);
  const outcome = await eventually(`${request.kind} is confirmed by both`, () => {
    const entry = desk.outbox.entries().find(({ id }) => id === put.value.id);
    const isConfirmed = entry?.targets.every(({ state }) => state === 'confirmed') === true;
    const isOver = entry?.state === 'failed' || entry?.state === 'conflict';
    return isOver || (entry?.state === 'done' && isConfirmed) ? entry : undefined;
  });
  if (outcome.state !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome;
}

function draftOf(comment: string, more: Partial<SilenceDraft> = {}): SilenceDraft {
  const nowMs = Date.now();
  return {
    matchers: [matcher('alertname', 'DiskFull'), matcher('instance', 'db-.*', true)],
    startsAtMs: nowMs,
    endsAtMs: nowMs + hourMs,
    comment,
    endsAfterQuietMs: null,
    ...more,
  };
}

function matcher(name: string, value: string, isRegex = false, isEqual = true): SilenceMatcher {
  return { name, value, isRegex, isEqual };
}

const each = test.for(generations.map((generation) => ({ generation, name: generationNames[generation] })));

each('made, edited, extended and expired, on both peers: $name', async ({ generation }, context) => {
  const { desk, clients, done, row } = await setUp(generation, context);
  const made = await done({ kind: 'create', draft: draftOf('new') });
  const id = made.silenceId ?? '';
  const first = await row(id, ({ sources }) => sources.length === 2);
  expect(first).toMatchObject({ cluster: names[0], missingFrom: [], state: 'active', createdBy: 'anna' });

  // Extended, with other words and its matchers in another order: the id stays.
  const extended = draftOf('longer', {
    matchers: first.matchers.toReversed(),
    startsAtMs: first.startsAtMs,
    endsAtMs: first.endsAtMs + hourMs,
  });
  const edit = await done({ kind: 'edit', id, seenUpdatedAtMs: first.updatedAtMs, draft: extended });
  expect(edit.silenceId).toBe(id);
  const second = await row(id, ({ comment }) => comment === 'longer');
  expect(second).toMatchObject({ endsAtMs: extended.endsAtMs, startsAtMs: first.startsAtMs });
  for (const client of clients)
    expect(await client.silence(id)).toMatchObject({ value: { comment: 'longer', state: 'active' } });

  // Other matchers: the server ends it and begins another.
  const others = { ...extended, comment: 'narrower', matchers: [...second.matchers, matcher('disk', 'sda')] };
  const moved = await done({ kind: 'edit', id, seenUpdatedAtMs: second.updatedAtMs, draft: others });
  const next = moved.silenceId ?? '';
  expect(next).not.toBe(id);
  await row(id, ({ state }) => state === 'expired');
  const third = await row(next, ({ state }) => state === 'active');
  expect(third.matchers).toHaveLength(3);

  await done({ kind: 'expire', id: next, seenUpdatedAtMs: third.updatedAtMs });
  await row(next, ({ state }) => state === 'expired');
  // It has ended: to end it again is nothing, and to bring it back is a new one.
  const gone = await desk.expire(third.key, 'anna');
  expect(gone).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  const ended = await row(next, () => true);
  const back = draftOf('back', { matchers: ended.matchers });
  const again = await done({ kind: 'edit', id: next, seenUpdatedAtMs: ended.updatedAtMs, draft: back });
  expect(again.silenceId).not.toBe(next);
});

each('pending ones keep their id while they are pending: $name', async ({ generation }, context) => {
  const { done, row } = await setUp(generation, context);
  const later = draftOf('tonight', { startsAtMs: Date.now() + hourMs, endsAtMs: Date.now() + 2 * hourMs });
  const made = await done({ kind: 'create', draft: later });
  const id = made.silenceId ?? '';
  const pending = await row(id, ({ state }) => state === 'pending');
  const moved = { ...later, startsAtMs: later.startsAtMs + 600_000 };
  const edit = await done({ kind: 'edit', id, seenUpdatedAtMs: pending.updatedAtMs, draft: moved });
  expect(edit.silenceId).toBe(id);
  const still = await row(id, ({ startsAtMs }) => startsAtMs === moved.startsAtMs);
  const now = { ...moved, startsAtMs: Date.now() };
  const begun = await done({ kind: 'edit', id, seenUpdatedAtMs: still.updatedAtMs, draft: now });
  expect(begun.silenceId).not.toBe(id);
  await row(begun.silenceId ?? '', ({ state }) => state === 'active');
});

each('many at once are ended at once, and none twice: $name', async ({ generation }, context) => {
  const { desk, clients, done, row } = await setUp(generation, context);
  const drafts = Array.from({ length: 12 }, (_, index) => draftOf(`number ${index}`));
  const made = await Promise.all(drafts.map((draft) => done({ kind: 'create', draft })));
  const ids = made.map(({ silenceId }) => silenceId ?? '');
  expect(new Set(ids).size).toBe(drafts.length);
  const rows = await Promise.all(ids.map((id) => row(id, ({ sources }) => sources.length === 2)));
  await Promise.all(
    rows.map(({ id, updatedAtMs }) => done({ kind: 'expire', id, seenUpdatedAtMs: updatedAtMs })),
  );
  for (const client of clients) {
    const silences = await client.silences();
    expect(silences.ok && silences.value.map(({ state }) => state)).toEqual(ids.map(() => 'expired'));
  }
  expect(desk.outbox.entries().every(({ state }) => state === 'done')).toBe(true);
});

each('what a server refuses is told with its words: $name', async ({ generation }, context) => {
  const { desk, done } = await setUp(generation, context);
  const unusual = draftOf('a name', { matchers: [matcher('disk.name', 'sda')] });
  const save = { cluster: names[0], replaces: null, incidentIds: [], by: 'anna' };
  if (generation === 'old') {
    expect(await desk.save({ ...save, draft: unusual })).toMatchObject({
      failure: { code: 'invalid-input', nextStep: expect.stringContaining('0.27') },
    });
    // The server says the same.
    await expect(done({ kind: 'create', draft: unusual })).rejects.toThrow();
    expect(desk.outbox.entries()[0]).toMatchObject({
      state: 'failed',
      targets: [{ state: 'failed', detail: expect.stringContaining('invalid label name') }, {}],
    });
  } else {
    expect(await done({ kind: 'create', draft: unusual })).toMatchObject({ state: 'done' });
  }
  for (const matchers of [[matcher('a', '(?=x)', true)], [matcher('a', '.*', true)]])
    expect(await desk.save({ ...save, draft: draftOf('wrong', { matchers }) })).toMatchObject({
      failure: { code: 'invalid-input' },
    });
});
