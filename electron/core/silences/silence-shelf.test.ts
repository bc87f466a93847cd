import * as v from 'valibot';
import { beforeEach, expect, test } from 'vitest';
import type { Silence as ToldSilence } from '#core/sources/alertmanager/model.ts';
import { silenceSchema, type Silence } from '#shared/model/silence.ts';
import { keptSilences, SilenceShelf } from './silence-shelf.ts';

let nowMs = 0;
let sources: string[] = [];
let identities = new Map<string, string>();
let counts = new Map<string, number>();
let told: { upsert: readonly Silence[]; remove: readonly string[] }[] = [];
let shelf: SilenceShelf;

function opened(): SilenceShelf {
  return new SilenceShelf({
    sources: () => sources,
    identityOf: (source) => identities.get(source) ?? source,
    cares: () => new Map([['tended', { care: 'acknowledgement', endsAfterQuietMs: null }]]),
    counts: () => counts,
    onRows: (upsert, remove) => void told.push({ upsert, remove }),
    nowMs: () => nowMs,
  });
}

beforeEach(() => {
  nowMs = 1_795_230_000_000;
  sources = ['a', 'b'];
  identities = new Map();
  counts = new Map();
  told = [];
  shelf = opened();
});

const peerA = { name: 'A', address: '10.0.0.1:9094' };
const peerB = { name: 'B', address: '10.0.0.2:9094' };

function silence(id: string, more: Partial<ToldSilence> = {}): ToldSilence {
  return {
    id,
    state: 'active',
    matchers: [{ name: 'alertname', value: 'X', isRegex: false, isEqual: true }],
    createdBy: 'anna',
    comment: 'why',
    annotations: {},
    startsAtMs: nowMs,
    endsAtMs: nowMs + 60_000,
    updatedAtMs: nowMs,
    ...more,
  };
}

test('a window takes whatever a server has, and so does the next core', () => {
  const long = { name: 'instance', value: 'host|'.repeat(5_000), isRegex: true, isEqual: true };
  shelf.hear('a', [silence('one', { matchers: [long] })], nowMs);
  expect(
    v.is(
      v.array(silenceSchema),
      told.flatMap(({ upsert }) => upsert),
    ),
  ).toBe(true);
  expect(keptSilences(shelf.text(), nowMs)).toMatchObject([{ id: 'one', matchers: [long] }]);
});

test('what both peers have is one row, in its newest version, with what one of them lacks', () => {
  for (const source of sources) shelf.hearPeers(source, [peerA, peerB]);
  counts.set('one', 7);
  shelf.hear('a', [silence('one'), silence('tended')], nowMs);
  shelf.hear('b', [silence('one', { updatedAtMs: nowMs + 5, comment: 'newer' })], nowMs + 10);
  expect(shelf.rows()).toMatchObject([
    {
      key: 'a/one',
      cluster: 'a',
      sources: ['a', 'b'],
      missingFrom: [],
      comment: 'newer',
      silencedCount: 7,
      heardAtMs: nowMs + 10,
      care: null,
    },
    { key: 'a/tended', sources: ['a'], missingFrom: ['b'], care: 'acknowledgement' },
  ]);
});

test('two that do not gossip have rows of their own', () => {
  shelf.hear('a', [silence('one')], nowMs);
  shelf.hear('b', [silence('one')], nowMs);
  expect(shelf.rows().map(({ key }) => key)).toEqual(['a/one', 'b/one']);
});

test('peers that end one after the other, and start under other names, stay one cluster', () => {
  for (const source of sources) shelf.hearPeers(source, [peerA, peerB]);
  shelf.hearPeers('a', [peerA]);
  shelf.hearPeers('b', [peerB]);
  expect(shelf.clusters()).toEqual([{ name: 'a', sources: ['a', 'b'] }]);
  for (const source of sources) shelf.loseSight(source);
  nowMs += 3_600_000;
  shelf.hearPeers('a', [{ ...peerA, name: 'A2' }]);
  expect(shelf.clusters()).toHaveLength(1);
  // Both are heard, and have told nothing in common for long.
  shelf.hearPeers('b', [{ ...peerB, name: 'B2' }]);
  nowMs += 3_600_000;
  shelf.hearPeers('a', [{ ...peerA, name: 'A2' }]);
  shelf.hearPeers('b', [{ ...peerB, name: 'B2' }]);
  expect(shelf.clusters()).toHaveLength(2);
});

test('only what differs is told, and the age by the minute', () => {
  shelf.hear('a', [silence('one'), silence('two')], nowMs);
  shelf.hear('a', [silence('one'), silence('two')], nowMs + 15_000);
  shelf.hear('a', [silence('one')], nowMs + 30_000);
  shelf.hear('a', [silence('one')], nowMs + 75_000);
  expect(told.map(({ upsert, remove }) => [upsert.map(({ id }) => id), remove])).toEqual([
    [['one', 'two'], []],
    [[], []],
    [[], ['a/two']],
    [['one'], []],
  ]);
});

test('time alone begins and ends a silence whose server is away', () => {
  const pending = silence('one', { state: 'pending', startsAtMs: nowMs + 1_000 });
  shelf.hear('a', [pending], nowMs);
  const states = [0, 1_000, 60_000].map((laterMs) => {
    nowMs += laterMs;
    shelf.publish();
    return shelf.row('a/one')?.state;
  });
  expect(states).toEqual(['pending', 'active', 'expired']);
});

test('of those that have ended the newest are kept', () => {
  const ended = Array.from({ length: 800 }, (_, index) =>
    silence(String(index), { state: 'expired', endsAtMs: nowMs - index }),
  );
  shelf.hear('a', [silence('one'), ...ended.toReversed()], nowMs);
  expect(shelf.rows()).toHaveLength(501);
  expect(shelf.row('a/499')).toBeDefined();
});

test('it is read again as it was, older than what was heard meanwhile, and a damaged text is nothing', () => {
  for (const source of sources) shelf.hearPeers(source, [peerA, peerB]);
  shelf.hear('a', [silence('one')], nowMs);
  shelf.hear('b', [silence('two')], nowMs);
  const text = shelf.text();
  const next = opened();
  next.hear('b', [silence('three')], nowMs + 5);
  next.restore(text);
  expect(next.clusters()).toHaveLength(1);
  expect(next.rows().map(({ id, heardAtMs }) => [id, heardAtMs - nowMs])).toEqual([
    ['one', 0],
    ['three', 5],
  ]);
  const another = opened();
  for (const damaged of ['', '{', '[{"source":"a"}]', 'null']) another.restore(damaged);
  expect(another.rows()).toEqual([]);
});

test('a source that means another server is forgotten', () => {
  shelf.hear('a', [silence('one')], nowMs);
  shelf.forget('a');
  shelf.publish();
  expect(shelf.rows()).toEqual([]);
  expect(told.at(-1)?.remove).toEqual(['a/one']);
});

test('what another server told under a name is not what the one of now has, not even after a start', () => {
  shelf.hearPeers('a', [peerA, peerB]);
  shelf.hearPeers('b', [peerA, peerB]);
  shelf.hear('a', [silence('one')], nowMs);
  const text = shelf.text();
  identities = new Map([['a', 'another']]);
  expect([shelf.heardAtMs('a'), shelf.heardAtMs('b')]).toEqual([null, null]);
  shelf = opened();
  shelf.restore(text);
  expect([shelf.rows(), shelf.heardAtMs('a')]).toEqual([[], null]);
  expect(shelf.clusters().map((cluster) => cluster.sources)).toEqual([['a'], ['b']]);
  identities = new Map();
  shelf = opened();
  shelf.restore(text);
  expect(shelf.rows().map(({ id }) => id)).toEqual(['one']);
});

test('a name that went to another server is no peer of those it had', () => {
  for (const source of sources) shelf.hearPeers(source, [peerA, peerB]);
  expect(shelf.clusters()).toHaveLength(1);
  identities = new Map([['b', 'another']]);
  shelf.forget('b');
  expect(shelf.clusters().map((cluster) => cluster.sources)).toEqual([['a'], ['b']]);
});
