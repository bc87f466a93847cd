import { expect, test } from 'vitest';
import { LabelPool } from './label-set.ts';

test('equal sets of one pool are one, empty values aside', () => {
  const pool = new LabelPool();
  const one = pool.ofLabels({ b: '2', a: '1', c: '' });
  expect(pool.ofLabels({ a: '1', b: '2' })).toBe(one);
  expect(one.names).toEqual(['a', 'b']);
  expect(pool.size).toBe(1);
});

test('no text imitates another set', () => {
  const pool = new LabelPool();
  expect(pool.ofLabels({ a: '11:b1:2' })).not.toBe(pool.ofLabels({ a: '1', b: '2' }));
});

test("a pool over another has the other's sets and keeps its own to itself", () => {
  const base = new LabelPool();
  const known = base.ofLabels({ a: '1' });
  const own = new LabelPool(base);
  expect(own.ofLabels({ a: '1' })).toBe(known);
  const made = own.with(known, new Map([['b', '2']]));
  expect(own.ofLabels({ b: '2', a: '1' })).toBe(made);
  expect(own.filter(made, (name) => name === 'a')).toBe(known);
  expect([own.size, base.size]).toEqual([1, 1]);
});

test('a set without its first label is the same however it was made', () => {
  const pool = new LabelPool();
  const texts = ['', 'x', '"],["', '\\', 'é😀'];
  for (const first of texts.slice(1))
    for (const second of texts) {
      const whole = pool.ofLabels({ __name__: first, b: second });
      const rest = pool.withoutFirst(whole);
      expect(rest).toBe(pool.ofLabels({ b: second }));
      expect([rest.names, rest.values]).toEqual(second === '' ? [[], []] : [['b'], [second]]);
    }
});

test('labels of any name come back', () => {
  const labels = JSON.parse('{"__proto__":"p","constructor":"c","a":"1"}') as Record<string, string>;
  const again = new LabelPool().ofLabels(labels).toLabels();
  expect(new Map(Object.entries(again))).toEqual(new Map(Object.entries(labels)));
});
