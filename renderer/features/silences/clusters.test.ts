import { expect, it } from 'vitest';
import { sourceHealth } from '#support/models.ts';
import { outboxEntry, silence } from '#support/silence-models.ts';
import { clusterFor, knownClusters, unseenOf } from './clusters.ts';

/** To which Alertmanagers a silence can go, of what silences and the outbox tell of them. */

const manager = (name: string, state: 'fresh' | 'stale' = 'fresh') =>
  sourceHealth({ name, kind: 'alertmanager', state });
const sources = [sourceHealth({ name: 'prom' }), manager('a'), manager('b'), manager('c', 'stale')];

function names(...told: Parameters<typeof knownClusters>): readonly (readonly [string, string])[] {
  return knownClusters(...told).map((cluster) => [
    cluster.name,
    cluster.sources.map(({ name }) => name).join(),
  ]);
}

it('each stands for itself until it is told which belong together', () => {
  expect(names(sources, [], [])).toEqual([
    ['a', 'a'],
    ['b', 'b'],
    ['c', 'c'],
  ]);
  expect(names([sourceHealth()], [], [])).toEqual([]);
});

it('silences and what waits tell it, also of one that lacks the silence', () => {
  const half = silence({ cluster: 'a', sources: ['a'], missingFrom: ['b'] });
  expect(names(sources, [half], [])).toEqual([
    ['a', 'a,b'],
    ['c', 'c'],
  ]);
  const targets = ['b', 'c'].map((source) => ({ source, state: 'waiting' as const, detail: '', atMs: null }));
  expect(names(sources, [], [outboxEntry({ cluster: 'b', targets })])).toEqual([
    ['a', 'a'],
    ['b', 'b,c'],
  ]);
});

it('goes where the alerts are from, else to the first', () => {
  const clusters = knownClusters(sources, [], []);
  expect(clusterFor(clusters, ['prom', 'c'])).toBe('c');
  expect(clusterFor(clusters, ['prom'])).toBe('a');
  expect(clusterFor([], ['prom'])).toBe('');
});

it('knows which members are not seen', () => {
  const clusters = knownClusters(sources, [], []);
  expect(clusters.map((cluster) => unseenOf(cluster).length)).toEqual([0, 0, 1]);
  expect(unseenOf(undefined)).toEqual([]);
});
