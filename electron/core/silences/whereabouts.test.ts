import { beforeEach, expect, test } from 'vitest';
import type { OutboxEntry, OutboxRequest } from '#shared/model/silence.ts';
import { SilenceWorld, worldCluster, type SimulatedAlertmanager } from '#support/silence-world.ts';

/**
 * Somebody edits the configuration while something waits in the outbox: a name is given to another server, a
 * source is renamed or taken out. What was asked for at one server never reaches another one by itself.
 */
let world: SilenceWorld;
beforeEach(() => {
  world = new SilenceWorld();
  world.configured = [world.a];
});

async function put(request: OutboxRequest, holdMs = 0): Promise<string> {
  const answer = await world.outbox.put(request, { cluster: worldCluster, by: 'anna', holdMs });
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value.id;
}

const create = (): OutboxRequest => ({ kind: 'create', draft: world.draft('new') });

async function configure(...servers: readonly SimulatedAlertmanager[]): Promise<void> {
  world.configured = servers;
  world.outbox.placesChanged();
  await world.clock.advance(2_000);
}

/** The name of the first server is another server's from now on. */
async function giveAway(): Promise<void> {
  world.c.source = worldCluster;
  await configure(world.c);
}

/** Its name is its own again. */
async function giveBack(): Promise<void> {
  await configure(world.a);
}

function shown(id: string): OutboxEntry | undefined {
  return world.shown(id);
}

function known(): { id: string; seenUpdatedAtMs: number } {
  const draft = world.draft('as it was');
  const id = world.a.put({ ...draft, id: null, createdBy: 'bert', annotations: {} });
  return { id, seenUpdatedAtMs: world.clock.nowMs() };
}

test.each([
  ['is held', 'answers', 10_000],
  ['waits for its server', 'away', 0],
] as const)(
  'a name is given to another server while a silence %s: a person is asked, and nothing is sent',
  async (_what, mode, holdMs) => {
    world.a.mode = mode;
    const id = await put(create(), holdMs);
    await world.clock.advance(1_000);
    await giveAway();
    await world.clock.advance(600_000);
    expect(world.c.made).toEqual([]);
    expect(shown(id)).toMatchObject({
      state: 'conflict',
      isDisplaced: true,
      conflict:
        'It was asked for at alertmanager-a (http://alertmanager-a), and alertmanager-a is http://alertmanager-c now.',
    });
    expect(world.outcomes.map(({ shown: { state } }) => state)).toEqual(['conflict']);
  },
);

test('it goes on by itself where the name is its own again', async () => {
  world.a.mode = 'away';
  const id = await put(create());
  await giveAway();
  expect(shown(id)?.state).toBe('conflict');
  world.a.mode = 'answers';
  await giveBack();
  expect(shown(id)).toMatchObject({ state: 'done', isDisplaced: false, conflict: '' });
  expect([world.a.made.length, world.c.made.length]).toEqual([1, 0]);
});

test('a person may send it to the other server, or take it back', async () => {
  world.a.mode = 'away';
  const [sent, back] = [await put(create()), await put(create())];
  await giveAway();
  expect((await world.outbox.settle(sent, 'mine', 'anna')).ok).toBe(true);
  expect((await world.outbox.withdraw(back, 'anna')).ok).toBe(true);
  await world.clock.advance(5_000);
  expect([shown(sent)?.state, shown(back)?.state]).toEqual(['done', 'withdrawn']);
  expect(world.c.made).toHaveLength(1);
});

test('what expires a silence is not done because another server never had it', async () => {
  const made = known();
  world.a.mode = 'away';
  const id = await put({ kind: 'expire', ...made });
  await giveAway();
  expect(shown(id)?.state).toBe('conflict');
  await world.outbox.settle(id, 'mine', 'anna');
  await world.clock.advance(5_000);
  expect(shown(id)).toMatchObject({
    state: 'failed',
    targets: [{ state: 'failed', detail: expect.stringContaining('no such silence') }],
  });
  expect(world.a.silences.get(made.id)?.state).toBe('active');
});

test('a change does not become a new silence at another server', async () => {
  const made = known();
  world.a.mode = 'away';
  const id = await put({ kind: 'edit', ...made, draft: world.draft('longer') });
  await giveAway();
  expect(shown(id)).toMatchObject({ state: 'conflict', isDisplaced: true });
  world.a.mode = 'answers';
  await giveBack();
  expect([shown(id)?.state, world.a.silences.get(made.id)?.comment]).toEqual(['done', 'longer']);
});

test('what may have arrived is not looked for at another server, nor made there', async () => {
  world.a.mode = 'loses-answer';
  const id = await put(create());
  await world.clock.advance(1_500);
  expect(world.a.made).toHaveLength(1);
  await giveAway();
  await world.clock.advance(60_000);
  expect(shown(id)).toMatchObject({
    state: 'conflict',
    conflict: 'It may have reached alertmanager-a (http://alertmanager-a), which is not asked any more.',
  });
  world.a.mode = 'answers';
  await giveBack();
  expect([shown(id)?.state, world.a.made.length, world.c.made.length]).toEqual(['done', 1, 0]);
});

test('given up while it may have arrived, it says so', async () => {
  world.a.mode = 'loses-answer';
  const id = await put(create());
  await world.clock.advance(1_500);
  await configure();
  await world.outbox.settle(id, 'theirs', 'anna');
  expect(shown(id)).toMatchObject({
    state: 'withdrawn',
    targets: [{ state: 'sent', detail: expect.stringContaining('may have arrived') }],
  });
});

test('a source that is renamed gets what waits for it, under its new name', async () => {
  world.a.mode = 'away';
  const id = await put(create());
  await world.clock.advance(1_000);
  world.a.source = 'production';
  world.a.mode = 'answers';
  await configure(world.a);
  expect(shown(id)).toMatchObject({
    state: 'done',
    cluster: 'production',
    targets: [{ source: 'production', state: 'confirmed' }],
  });
});

test('a name that went to another server while its own server has another name is no question', async () => {
  world.a.mode = 'away';
  const id = await put(create());
  world.a.source = 'production';
  world.c.source = worldCluster;
  world.a.mode = 'answers';
  await configure(world.c, world.a);
  expect(shown(id)).toMatchObject({ state: 'done', cluster: 'production' });
  expect([world.a.made.length, world.c.made.length]).toEqual([1, 0]);
});

test('its peer takes it where one of two has lost its name', async () => {
  world.configured = [world.a, world.b];
  world.a.mode = 'away';
  world.b.mode = 'away';
  const id = await put(create());
  world.c.source = worldCluster;
  world.b.mode = 'answers';
  await configure(world.c, world.b);
  expect(shown(id)).toMatchObject({ state: 'done', cluster: 'alertmanager-b' });
  expect(shown(id)?.targets.map(({ source }) => source)).toEqual(['alertmanager-b']);
  expect([world.b.made.length, world.c.made.length]).toEqual([1, 0]);
});

test('a source that is taken out keeps what waits for it, with the cause and the next step', async () => {
  world.a.mode = 'away';
  const id = await put(create());
  await configure();
  expect(shown(id)).toMatchObject({
    state: 'waiting',
    targets: [
      {
        detail:
          'alertmanager-a (http://alertmanager-a): it is not configured any more. Configure it again, or take this back.',
      },
    ],
  });
  world.a.mode = 'answers';
  await giveBack();
  expect(shown(id)?.state).toBe('done');
});

test('a silence whose end passes while its source is taken out is none any more', async () => {
  world.a.mode = 'away';
  const id = await put(create());
  await configure();
  await world.clock.advance(3_700_000);
  expect(shown(id)).toMatchObject({
    state: 'failed',
    targets: [{ detail: expect.stringContaining('end passed') }],
  });
});

test('a console that starts with another configuration asks too', async () => {
  world.a.mode = 'away';
  const id = await put(create());
  await world.clock.advance(1_000);
  world.c.source = worldCluster;
  world.configured = [world.c];
  world.crash();
  await world.clock.advance(5_000);
  expect([shown(id)?.state, world.c.made.length]).toEqual(['conflict', 0]);
  world.a.mode = 'answers';
  world.configured = [world.a];
  world.crash();
  await world.clock.advance(5_000);
  expect([shown(id)?.state, world.a.made.length]).toEqual(['done', 1]);
});

test('what another server has under the name of a peer confirms nothing', async () => {
  world.configured = [world.a, world.b];
  const made = known();
  const id = await put({ kind: 'expire', ...made });
  await world.clock.advance(2_000);
  const other = (): unknown => shown(id)?.targets.find(({ source }) => source === world.b.source)?.state;
  expect(other()).toBe('waiting');
  world.c.source = world.b.source;
  world.configured = [world.a, world.c];
  world.outbox.heard(world.b.source, [], world.clock.nowMs());
  expect(other()).toBe('waiting');
});

test.each(['has moved', 'is taken out'])(
  'that a peer has heard of it is waited for no more where it %s',
  async (what) => {
    world.configured = [world.a, world.b];
    const id = await put({ kind: 'expire', ...known() });
    await world.clock.advance(2_000);
    expect(shown(id)?.targets[1]).toMatchObject({ state: 'waiting' });
    world.c.source = world.b.source;
    await configure(...(what === 'has moved' ? [world.a, world.c] : [world.a]));
    const told = { state: 'sent', detail: expect.stringContaining('not asked any more'), atMs: null };
    expect(shown(id)).toMatchObject({ state: 'done', targets: [{ state: 'confirmed' }, told] });
  },
);
