import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyOfLabels, type Labels } from '#shared/model/labels.ts';
import { isAskable } from '#shared/model/silence.ts';
import { compileSilence, silenceText } from './compile-silence.ts';
import { exactMatchers } from './exact-matchers.ts';

function texts(own: readonly Labels[], others: readonly Labels[] = []): readonly string[] {
  return exactMatchers(own, others).sets.map(silenceText);
}

function takenBy(own: readonly Labels[], others: readonly Labels[], asked: Labels): boolean {
  return exactMatchers(own, others).sets.some((matchers) => {
    const silence = compileSilence(matchers);
    if (!silence.ok) throw new Error(silence.failure);
    return silence.value.matches(asked);
  });
}

describe('silences for exactly some alerts', () => {
  const a1 = { alertname: 'A', instance: '1', device: 'x' };
  const a2 = { alertname: 'A', instance: '2', device: 'y' };

  test('ask for every label, with the values that there are', () => {
    expect(texts([a1, a2])).toEqual(['alertname="A", device=~"x|y", instance=~"1|2"']);
    expect(texts([{ ...a1, replica: 'r' }])).toEqual(['alertname="A", device="x", instance="1"']);
  });

  test('are several where alternatives would combine to another alert', () => {
    const others = [{ ...a1, device: 'y' }];
    expect(texts([a1, a2], others)).toEqual([
      'alertname="A", device="x", instance="1"',
      'alertname="A", device="y", instance="2"',
    ]);
    expect(takenBy([a1, a2], others, others[0] ?? {})).toBe(false);
  });

  test('ask for the absence of what another one has besides', () => {
    expect(texts([a1], [{ ...a1, team: 'b' }])).toEqual(['alertname="A", device="x", instance="1", team=""']);
  });

  test('are a bounded number, and say how many alerts they leave out', () => {
    const at = (row: number, column: number) => ({ a: 'A', row: String(row), column: String(column) });
    const places = Array.from({ length: 60 }, (_, index) => index);
    const { sets, leftOut } = exactMatchers(
      places.map((index) => at(index, index)),
      places.flatMap((index) => [at(index, (index + 1) % 60), at((index + 1) % 60, index)]),
    );
    expect(sets.length).toBeLessThanOrEqual(24);
    expect(leftOut).toBeGreaterThan(0);
    expect(exactMatchers([], [])).toEqual({ sets: [], leftOut: 0 });
  });

  test('name as many alerts as fit, where they are more than one silence can name', () => {
    const own = Array.from({ length: 1_050 }, (_, index) => ({
      alertname: 'A',
      instance: `host-${index}`,
      pod: `p-${index}`,
    }));
    const stranger = { alertname: 'A', instance: 'host-7', pod: 'p-8' };
    const { sets, leftOut } = exactMatchers(own, [stranger]);
    expect(leftOut).toBe(0);
    expect(sets.length).toBeLessThanOrEqual(24);
  });

  test('are short enough to be asked for, however long the labels are', () => {
    const own = Array.from({ length: 60 }, (_, index) => ({
      alertname: 'A',
      path: `${index}${'x'.repeat(400)}`,
    }));
    const { sets, leftOut } = exactMatchers(own, []);
    expect([sets.flat().every(isAskable), leftOut]).toEqual([true, 0]);
    expect(exactMatchers([{ alertname: 'A', path: 'x'.repeat(10_001) }], [])).toEqual({
      sets: [],
      leftOut: 1,
    });
  });

  const labels = fc.dictionary(
    fc.constantFrom('alertname', 'service', 'instance', 'x'),
    fc.constantFrom('a', 'b', 'c.d', '.*', 'é\n'),
    { minKeys: 1 },
  );

  test('take each of theirs, and nothing else that fires', () => {
    fc.assert(
      fc.property(
        fc.array(labels, { minLength: 1, maxLength: 6 }),
        fc.array(labels, { maxLength: 8 }),
        (own, all) => {
          const mine = new Set(own.map(keyOfLabels));
          const others = all.filter((one) => !mine.has(keyOfLabels(one)));
          const { sets, leftOut } = exactMatchers(own, others);
          const takes = (asked: Labels): boolean =>
            sets.some((matchers) => {
              const silence = compileSilence(matchers);
              return silence.ok && silence.value.matches(asked);
            });
          expect(leftOut).toBe(0);
          expect(own.filter((one) => !takes(one))).toEqual([]);
          expect(others.filter(takes)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
