import { beforeEach, expect, test } from 'vitest';
import type { OutboxEntry, OutboxRequest } from '#shared/model/silence.ts';
import { SilenceWorld, worldCluster } from '#support/silence-world.ts';

let world: SilenceWorld;
beforeEach(() => {
  world = new SilenceWorld();
});

const options = { cluster: worldCluster, by: 'anna', holdMs: 10_000 };

async function put(request: OutboxRequest, more: Partial<typeof options> = {}): Promise<string> {
  const answer = await world.outbox.put(request, { ...options, ...more });
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value.id;
}

/** A silence that both servers have, and the version that a person saw. */
function known(comment = 'as it was'): { id: string; seenUpdatedAtMs: number } {
  const draft = world.draft(comment);
  const id = world.a.put({ ...draft, id: null, createdBy: 'bert', annotations: { ticket: '1' } });
  world.a.gossipWith(world.b);
  return { id, seenUpdatedAtMs: world.clock.nowMs() };
}

function state(id: string): OutboxEntry['state'] | undefined {
  return world.shown(id)?.state;
}

const outcomes = (): string[] => world.outcomes.map(({ shown }) => shown.state);
const audit = (): string[] =>
  world.changes.flatMap((change) =>
    change.kind === 'audit' ? [`${change.record.by} ${change.record.action}: ${change.record.outcome}`] : [],
  );

test('nothing leaves the machine before its time, and then one server gets it', async () => {
  const id = await put({ kind: 'create', draft: world.draft('new') });
  await world.clock.advance(9_999);
  expect([state(id), world.madeOf('new')]).toEqual(['held', 0]);
  await world.clock.advance(2_000);
  expect([state(id), world.madeOf('new')]).toEqual(['done', 1]);
  expect(world.shown(id)).toMatchObject({
    silenceId: [...world.a.silences.keys()][0],
    targets: [
      { source: 'alertmanager-a', state: 'confirmed' },
      { source: 'alertmanager-b', state: 'waiting' },
    ],
  });
  expect(outcomes()).toEqual(['done']);
  expect(audit()).toEqual(['anna silence create: waits', 'anna silence create: done']);
});

test('a peer confirms it once it has heard of it, and is told not to have heard of it after two minutes', async () => {
  const id = await put({ kind: 'create', draft: world.draft('new') });
  await world.clock.advance(11_000);
  const heard = (): void =>
    world.outbox.heard('alertmanager-b', [...world.b.silences.values()], world.clock.nowMs());
  const atB = (): unknown => world.shown(id)?.targets[1];
  heard();
  expect(atB()).toMatchObject({ state: 'waiting' });
  await world.clock.advance(130_000);
  heard();
  expect(atB()).toMatchObject({ state: 'failed', detail: expect.stringContaining('gossip') });
  const second = await put({ kind: 'create', draft: world.draft('again') });
  await world.clock.advance(11_000);
  world.a.gossipWith(world.b);
  heard();
  expect(world.shown(second)?.targets[1]).toMatchObject({ state: 'confirmed' });
});

test('withdrawn in time it never leaves, and withdrawing again changes nothing', async () => {
  const id = await put({ kind: 'create', draft: world.draft('new') });
  await world.clock.advance(9_000);
  const notSent = { ok: true, value: { mayHaveArrived: false } };
  expect(await world.outbox.withdraw(id, 'anna')).toEqual(notSent);
  expect(await world.outbox.withdraw(id, 'anna')).toEqual(notSent);
  await world.clock.advance(60_000);
  expect([state(id), world.madeOf('new')]).toEqual(['withdrawn', 0]);
  expect(await world.outbox.withdraw('no-such', 'anna')).toMatchObject({ failure: { code: 'not-found' } });
});

test('done is too late to be withdrawn', async () => {
  const id = await put({ kind: 'create', draft: world.draft('new') }, { holdMs: 0 });
  await world.clock.advance(100);
  expect(await world.outbox.withdraw(id, 'anna')).toMatchObject({ failure: { code: 'conflict' } });
  await world.clock.advance(2_000);
  expect(await world.outbox.withdraw(id, 'anna')).toMatchObject({
    failure: { nextStep: 'Expire the silence instead.' },
  });
});

test('an expiry that is taken back while nobody knows whether it arrived is asked after before it is called withdrawn', async () => {
  const made = known();
  world.a.mode = 'loses-answer';
  world.b.mode = 'away';
  const id = await put({ kind: 'expire', ...made }, { holdMs: 0 });
  await world.clock.advance(1_500);
  expect([state(id), world.a.endedAtMs.length]).toEqual(['waiting', 1]);
  const unknown = { ok: true, value: { mayHaveArrived: true } };
  expect(await world.outbox.withdraw(id, 'anna')).toEqual(unknown);
  expect(await world.outbox.withdraw(id, 'anna')).toEqual(unknown);
  await world.clock.advance(120_000);
  expect([state(id), world.a.endedAtMs.length]).toEqual(['done', 1]);
});

test('an expiry that is taken back and did not arrive is withdrawn, once its server says so', async () => {
  const made = known();
  world.b.mode = 'away';
  const id = await put({ kind: 'expire', ...made }, { holdMs: 0 });
  await world.clock.advance(200);
  // It was looked at; what is sent next is lost on the way.
  world.a.mode = 'loses-request';
  await world.clock.advance(1_300);
  await world.outbox.withdraw(id, 'anna');
  await world.clock.advance(30_000);
  expect(state(id)).toBe('waiting');
  world.a.mode = 'answers';
  await world.clock.advance(120_000);
  expect([state(id), world.a.silences.get(made.id)?.state]).toEqual(['withdrawn', 'active']);
});

test('while no server answers it waits with the cause, and is sent once one is back', async () => {
  world.a.mode = 'away';
  world.b.mode = 'away';
  const id = await put({ kind: 'create', draft: world.draft('new') });
  await world.clock.advance(600_000);
  expect(world.shown(id)).toMatchObject({
    state: 'waiting',
    targets: [{ detail: 'alertmanager-a: it does not answer' }, { state: 'waiting' }],
  });
  world.b.mode = 'answers';
  world.outbox.serverReturned('alertmanager-b');
  await world.clock.advance(2_000);
  expect([state(id), world.b.made.length]).toEqual(['done', 1]);
});

test('a new silence keeps its end; one whose end passes while it waits is never sent', async () => {
  world.a.mode = 'away';
  world.b.mode = 'away';
  const draft = world.draft('long');
  const long = await put({ kind: 'create', draft });
  const short = await put({ kind: 'create', draft: world.draft('short', 30_000) });
  await world.clock.advance(120_000);
  world.a.mode = 'answers';
  await world.clock.advance(120_000);
  expect([...world.a.silences.values()]).toMatchObject([{ comment: 'long', endsAtMs: draft.endsAtMs }]);
  expect(state(long)).toBe('done');
  expect(world.shown(short)).toMatchObject({
    state: 'failed',
    targets: [{ state: 'failed', detail: expect.stringContaining('end passed') }, {}],
  });
});

test('what a server refuses has failed, with its words, and can be tried once more', async () => {
  world.a.mode = 'refuses';
  const id = await put({ kind: 'create', draft: world.draft('new') });
  await world.clock.advance(12_000);
  expect(world.shown(id)).toMatchObject({
    state: 'failed',
    targets: [{ state: 'failed', detail: expect.stringContaining('Start it.') }, {}],
  });
  world.a.mode = 'answers';
  expect((await world.outbox.retry(id, 'anna')).ok).toBe(true);
  await world.clock.advance(2_000);
  expect([state(id), world.madeOf('new')]).toEqual(['done', 1]);
});

test('nothing is sent that the journal does not have, and nobody is told that it was put', async () => {
  world.isJournalBroken = true;
  const answer = await world.outbox.put({ kind: 'create', draft: world.draft('new') }, options);
  expect(answer).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  world.isJournalBroken = false;
  const id = await put({ kind: 'create', draft: world.draft('other') });
  world.isJournalBroken = true;
  await world.clock.advance(60_000);
  expect(world.madeOf('other')).toBe(0);
  expect(world.shown(id)).toMatchObject({
    state: 'waiting',
    targets: [{ detail: expect.stringContaining('the disk is full') }, {}],
  });
});

test('killed between sending and its record, the next core finds what was made', async () => {
  const id = await put({ kind: 'create', draft: world.draft('new') });
  // 10 s held, the mark in the journal, and half way to the answer: the server has made it.
  await world.clock.advance(10_300);
  expect(world.madeOf('new')).toBe(1);
  world.crash();
  await world.clock.advance(60_000);
  expect([state(id), world.madeOf('new')]).toEqual(['done', 1]);
});

test('what may be at a server that went away does not go to its peer', async () => {
  world.a.mode = 'loses-answer';
  const id = await put({ kind: 'create', draft: world.draft('new') });
  await world.clock.advance(11_000);
  world.a.mode = 'away';
  await world.clock.advance(300_000);
  expect([state(id), world.madeOf('new')]).toEqual(['waiting', 1]);
  // Its peer has heard of it meanwhile.
  world.a.gossipWith(world.b);
  await world.clock.advance(120_000);
  expect([state(id), world.madeOf('new')]).toEqual(['done', 1]);
});

test('withdrawn while nobody knows whether it arrived: it holds if it did not, and is done if it did', async () => {
  world.a.mode = 'loses-request';
  world.b.mode = 'away';
  const lost = await put({ kind: 'create', draft: world.draft('lost') }, { holdMs: 0 });
  await world.clock.advance(1_000);
  expect((await world.outbox.withdraw(lost, 'anna')).ok).toBe(true);
  world.a.mode = 'loses-answer';
  const made = await put({ kind: 'create', draft: world.draft('made') }, { holdMs: 0 });
  await world.clock.advance(600);
  await world.outbox.withdraw(made, 'anna');
  world.a.mode = 'answers';
  await world.clock.advance(120_000);
  expect([state(lost), world.madeOf('lost')]).toEqual(['withdrawn', 0]);
  expect([state(made), world.madeOf('made')]).toEqual(['done', 1]);
});

test('an edit keeps id, start, order of matchers and annotations', async () => {
  const { id: silence, ...seen } = known();
  const before = world.a.silences.get(silence);
  await world.clock.advance(5_000);
  const draft = { ...world.draft('longer', 7_200_000), startsAtMs: before?.startsAtMs ?? 0 };
  const id = await put({ kind: 'edit', id: silence, ...seen, draft });
  await world.clock.advance(12_000);
  expect(world.shown(id)).toMatchObject({ state: 'done', silenceId: silence });
  expect(world.a.silences.get(silence)).toMatchObject({
    comment: 'longer',
    createdBy: 'anna',
    endsAtMs: draft.endsAtMs,
    startsAtMs: before?.startsAtMs,
    annotations: { ticket: '1' },
  });
});

test('another id that the server gives is the one that counts', async () => {
  const { id: silence, ...seen } = known();
  const matchers = [{ name: 'alertname', value: 'Other', isRegex: false, isEqual: true }];
  const id = await put({ kind: 'edit', id: silence, ...seen, draft: { ...world.draft('other'), matchers } });
  await world.clock.advance(12_000);
  const now = world.shown(id)?.silenceId ?? '';
  expect(now).not.toBe(silence);
  expect(world.a.silences.get(now)).toMatchObject({ comment: 'other', state: 'active' });
  expect(world.a.silences.get(silence)).toMatchObject({ state: 'expired' });
});

async function editedMeanwhile(): Promise<{ id: string; silence: string }> {
  const { id: silence, ...seen } = known();
  world.a.mode = 'away';
  world.b.mode = 'away';
  const id = await put({ kind: 'edit', id: silence, ...seen, draft: world.draft('mine', 7_200_000) });
  await world.clock.advance(20_000);
  world.b.put({ ...world.draft('theirs', 1_800_000), id: silence, createdBy: 'carla', annotations: {} });
  world.a.mode = 'answers';
  world.b.mode = 'answers';
  world.a.gossipWith(world.b);
  await world.clock.advance(60_000);
  return { id, silence };
}

test('a silence that somebody changed meanwhile is a conflict; mine changes what was told of', async () => {
  const { id, silence } = await editedMeanwhile();
  expect(world.shown(id)).toMatchObject({
    state: 'conflict',
    conflict: expect.stringMatching(/^carla changed it at .*: it ends at .* now \(“theirs”\)\.$/),
  });
  expect(outcomes()).toEqual(['conflict']);
  expect((await world.outbox.settle(id, 'mine', 'anna')).ok).toBe(true);
  await world.clock.advance(2_000);
  expect(state(id)).toBe('done');
  expect(world.a.silences.get(silence)).toMatchObject({ comment: 'mine' });
});

test('theirs leaves it, and there is nothing to decide twice', async () => {
  const { id, silence } = await editedMeanwhile();
  expect((await world.outbox.settle(id, 'theirs', 'anna')).ok).toBe(true);
  await world.clock.advance(60_000);
  expect(state(id)).toBe('withdrawn');
  expect(world.a.silences.get(silence)).toMatchObject({ comment: 'theirs' });
  expect(await world.outbox.settle(id, 'mine', 'anna')).toMatchObject({ failure: { code: 'conflict' } });
});

test('a conflict survives the core, and mine is no answer to a later change', async () => {
  const { id, silence } = await editedMeanwhile();
  world.crash();
  await world.clock.advance(60_000);
  expect(state(id)).toBe('conflict');
  world.a.put({ ...world.draft('later', 900_000), id: silence, createdBy: 'carla', annotations: {} });
  await world.outbox.settle(id, 'mine', 'anna');
  await world.clock.advance(5_000);
  expect(world.shown(id)).toMatchObject({ state: 'conflict', conflict: expect.stringContaining('later') });
});

test.each(['expired', 'forgotten'])(
  'one that is %s meanwhile is made anew where mine counts',
  async (how) => {
    const { id: silence, ...seen } = known();
    const draft = world.draft('mine', 7_200_000);
    const id = await put({ kind: 'edit', id: silence, ...seen, draft });
    await world.clock.advance(1_000);
    if (how === 'expired') world.a.expire(silence);
    world.a.gossipWith(world.b);
    if (how === 'forgotten') for (const server of [world.a, world.b]) server.silences.delete(silence);
    await world.clock.advance(20_000);
    expect(world.shown(id)).toMatchObject({
      state: 'conflict',
      conflict: expect.stringMatching(how === 'expired' ? /^It ended at / : /no longer has/),
    });
    await world.outbox.settle(id, 'mine', 'anna');
    await world.clock.advance(5_000);
    expect(state(id)).toBe('done');
    expect(world.a.silences.get(world.shown(id)?.silenceId ?? '')).toMatchObject({ comment: 'mine' });
  },
);

test('expiring what has ended, or what no server knows, is done', async () => {
  const { id: silence, ...seen } = known();
  world.a.expire(silence);
  world.a.gossipWith(world.b);
  const first = await put({ kind: 'expire', id: silence, ...seen });
  const second = await put({ kind: 'expire', id: 'unknown', seenUpdatedAtMs: 0 });
  await world.clock.advance(20_000);
  expect([state(first), state(second)]).toEqual(['done', 'done']);
});

test('expiring is not done while a peer that cannot be asked may have it', async () => {
  const made = known();
  world.a.silences.clear();
  world.b.mode = 'away';
  const id = await put({ kind: 'expire', ...made }, { holdMs: 0 });
  await world.clock.advance(10_000);
  expect(world.shown(id)).toMatchObject({
    state: 'waiting',
    targets: [{}, { detail: 'alertmanager-b: it does not answer' }],
  });
  world.b.mode = 'answers';
  await world.clock.advance(120_000);
  expect([state(id), world.b.silences.get(made.id)?.state]).toEqual(['done', 'expired']);
});

test('one that only a peer has is expired there', async () => {
  const { id: silence, ...seen } = known();
  world.a.silences.delete(silence);
  const id = await put({ kind: 'expire', id: silence, ...seen });
  await world.clock.advance(20_000);
  expect(state(id)).toBe('done');
  expect(world.b.silences.get(silence)).toMatchObject({ state: 'expired' });
});

test('what this console itself changed is no conflict for what was asked before it was shown', async () => {
  const { id: silence, ...seen } = known();
  const edit = await put({ kind: 'edit', id: silence, ...seen, draft: world.draft('mine') }, { holdMs: 0 });
  await world.clock.advance(3_000);
  expect(state(edit)).toBe('done');
  const end = await put({ kind: 'expire', id: silence, ...seen }, { holdMs: 0 });
  await world.clock.advance(3_000);
  expect(state(end)).toBe('done');
  expect(world.a.silences.get(silence)).toMatchObject({ state: 'expired' });
});

test('a later change of the same silence replaces one that has not left', async () => {
  const { id: silence, ...seen } = known();
  const first = await put({ kind: 'edit', id: silence, ...seen, draft: world.draft('first') });
  const second = await put({ kind: 'expire', id: silence, ...seen });
  expect([state(first), state(second)]).toEqual(['withdrawn', 'held']);
  world.crash();
  await world.clock.advance(20_000);
  expect([state(first), state(second)]).toEqual(['withdrawn', 'done']);
  expect(world.madeOf('first')).toBe(0);
});

test('a change of a silence whose change is on its way is refused', async () => {
  const { id: silence, ...seen } = known();
  await put({ kind: 'edit', id: silence, ...seen, draft: world.draft('first') }, { holdMs: 0 });
  await world.clock.advance(100);
  const answer = await world.outbox.put({ kind: 'expire', id: silence, ...seen }, options);
  expect(answer).toMatchObject({ failure: { code: 'conflict' } });
});

test('settled entries are forgotten after a day, in the journal too', async () => {
  const id = await put({ kind: 'create', draft: world.draft('new', 60_000) }, { holdMs: 0 });
  await world.clock.advance(25 * 3_600_000);
  expect(state(id)).toBe('done');
  await put({ kind: 'create', draft: world.draft('next') });
  await world.clock.advance(1_000);
  expect(state(id)).toBeUndefined();
  expect(world.records.has(id)).toBe(false);
});
