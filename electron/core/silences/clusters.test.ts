import { expect, test } from 'vitest';
import { clustersOf, clusterWith, type ToldPeers } from './clusters.ts';

function told(source: string, peers: readonly string[], isHeard = true): ToldPeers {
  return { source, isHeard, peers: peers.map((name) => ({ name, address: `10.0.0.1:${name}` })) };
}

const names = (clusters: ReturnType<typeof clustersOf>) => clusters.map(({ sources }) => sources.join('+'));

test('sources that tell a peer in common are one cluster, named by the first', () => {
  const clusters = clustersOf([told('b', ['1', '2']), told('x', ['9']), told('a', ['2', '1'])], []);
  expect(clusters).toEqual([
    { name: 'b', sources: ['b', 'a'] },
    { name: 'x', sources: ['x'] },
  ]);
  expect(clusterWith(clusters, 'a')?.name).toBe('b');
  expect(clusterWith(clusters, 'gone')).toBeUndefined();
});

test('a chain is one cluster, and a source without a cluster is one of its own', () => {
  const chain = [
    told('a', ['1', '2']),
    told('b', ['2', '3']),
    told('c', ['3']),
    told('d', []),
    told('e', []),
  ];
  expect(names(clustersOf(chain, []))).toEqual(['a+b+c', 'd', 'e']);
  expect(names(clustersOf(chain.toReversed(), []))).toEqual(['e', 'd', 'c+b+a']);
});

test('a configured name or a private address alone makes no cluster', () => {
  const here = { source: 'a', isHeard: true, peers: [{ name: 'am-0', address: '172.17.0.2:9094' }] };
  const sameName = { source: 'b', isHeard: true, peers: [{ name: 'am-0', address: '172.17.0.9:9094' }] };
  const sameAddress = { source: 'c', isHeard: true, peers: [{ name: 'am-1', address: '172.17.0.2:9094' }] };
  expect(names(clustersOf([here, sameName, sameAddress], []))).toEqual(['a', 'b', 'c']);
});

test('one that is away stays where it was, though the other has another name after its restart', () => {
  const before = clustersOf([told('a', ['1', '2']), told('b', ['1', '2'])], []);
  const restarted = [told('a', ['3']), told('b', ['1', '2'], false)];
  expect(names(clustersOf(restarted, before))).toEqual(['a+b']);
  expect(names(clustersOf([told('a', ['3']), told('b', ['4'])], before))).toEqual(['a', 'b']);
  // Its mate is no longer configured.
  expect(names(clustersOf([told('b', ['1', '2'], false)], before))).toEqual(['b']);
});
