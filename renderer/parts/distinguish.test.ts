import { describe, expect, it } from 'vitest';
import { briefestNames, distinguishingNames, nameOfSet } from './distinguish.ts';

const nodes = [1, 2, 3].map((number) => ({
  job: 'node',
  instance: `10.20.0.1${number}:9100`,
  node: `node-${number}`,
}));

describe('naming sets of labels', () => {
  it('finds every label that differs, and the one that is enough', () => {
    expect(distinguishingNames(nodes)).toEqual(['instance', 'node']);
    expect(briefestNames(nodes)).toEqual(['node']);
  });

  it('takes as many as it needs, in the order they appear', () => {
    const pairs = ['a', 'b'].flatMap((pod) => ['/x', '/y'].map((path) => ({ path, pod, version: 'v1' })));
    expect(briefestNames(pairs)).toEqual(['path', 'pod']);
  });

  it('prefers the label that separates more over the shorter one', () => {
    const sets = ['q2x8m', 'w7zkd', '5hn4t'].map((pod, index) => ({ zone: index === 0 ? 'a' : 'b', pod }));
    expect(briefestNames(sets)).toEqual(['pod']);
  });

  it('needs none for one set, for none, and for sets that are the same', () => {
    expect(briefestNames([])).toEqual([]);
    expect(briefestNames([{ pod: 'a' }])).toEqual([]);
    expect(briefestNames([{ pod: 'a' }, { pod: 'a' }])).toEqual([]);
  });

  it('calls a set by those labels, else by what it has, else a value', () => {
    expect(nameOfSet({ __name__: 'up', pod: 'a', job: 'b' }, ['pod'])).toBe('a');
    expect(nameOfSet({ __name__: 'up', job: 'b' }, ['pod'])).toBe('b');
    expect(nameOfSet({ __name__: 'up' }, [])).toBe('value');
  });
});
