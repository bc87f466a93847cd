import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayMs } from '#shared/time.ts';
import { Cache } from '../cache.ts';
import { blockMs } from './blocks.ts';
import { joinWindows } from './windows.ts';

/**
 * Whatever is put, joined, summarised and evicted in whatever order: what is said to be covered is exactly
 * what was put, and what an incident holds is covered for ever.
 */
const startMs = Math.floor(Date.UTC(2026, 10, 1) / blockMs) * blockMs;
const stepMs = 600_000;
const pods = ['a', 'b', 'c'];
const selectors = ['up', 'up{pod="a"}', 'up{pod=~"b|c"}'];
const podsOf = [pods, ['a'], ['b', 'c']];

interface Put {
  readonly kind: 'put';
  readonly selector: number;
  readonly first: number;
  readonly length: number;
  readonly incidentId: number | null;
}

interface Idle {
  readonly kind: 'idle';
  readonly afterMs: number;
  readonly maxBytes: number;
  readonly steps: number;
}

type Step = Put | Idle;

const put: fc.Arbitrary<Put> = fc.record({
  kind: fc.constant('put'),
  selector: fc.nat(2),
  first: fc.nat(150),
  length: fc.integer({ min: 0, max: 40 }),
  incidentId: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 3 }),
});
const idle: fc.Arbitrary<Idle> = fc.record({
  kind: fc.constant('idle'),
  afterMs: fc.integer({ min: 0, max: 12 * dayMs }),
  maxBytes: fc.constantFrom(2 ** 40, 2 ** 40, 0),
  steps: fc.integer({ min: 1, max: 30 }),
});

interface Held {
  readonly selector: number;
  readonly fromMs: number;
  readonly toMs: number;
}

function valueOf(pod: string, timeMs: number): number {
  return timeMs / 1_000 + pods.indexOf(pod) / 4;
}

function timesBetween(fromMs: number, toMs: number): number[] {
  return Array.from({ length: (toMs - fromMs) / stepMs + 1 }, (_, index) => fromMs + index * stepMs);
}

function expectKept(cache: Cache, nowMs: number, held: readonly Held[]): void {
  selectors.forEach((selector, which) => {
    const answer = cache.samples('p', selector, startMs - dayMs, startMs + 20 * dayMs, nowMs);
    const expected = answer.covered.flatMap(({ fromMs, toMs }) =>
      timesBetween(Math.ceil(fromMs / stepMs) * stepMs, Math.floor(toMs / stepMs) * stepMs),
    );
    const found = answer.series.map(({ labels, timesMs, values }) => [
      labels['pod'],
      [...timesMs],
      [...values],
    ]);
    const wanted = (podsOf[which] ?? []).map((pod) => [
      pod,
      expected,
      expected.map((timeMs) => valueOf(pod, timeMs)),
    ]);
    expect(found).toEqual(expected.length === 0 ? [] : wanted);
    const windows = joinWindows(answer.covered);
    for (const { fromMs, toMs } of held.filter((one) => one.selector === which))
      expect(windows.some((window) => window.fromMs <= fromMs && window.toMs >= toMs)).toBe(true);
  });
}

function run(steps: readonly Step[]): void {
  // In memory: the folder is not looked at.
  const cache = new Cache({ directory: '', isLeftAlone: true, onNotice: () => undefined }, 0);
  const held: Held[] = [];
  let nowMs = startMs + dayMs;
  for (const step of steps) {
    if (step.kind === 'idle') {
      nowMs += step.afterMs;
      for (let count = 0; count < step.steps; count++) if (!cache.maintain(step.maxBytes, nowMs)) break;
    } else held.push(...putStep(cache, step, nowMs));
    expectKept(cache, nowMs, held);
  }
  cache.close();
}

function putStep(cache: Cache, { selector, first, length, incidentId }: Put, nowMs: number): Held[] {
  const fromMs = startMs + first * stepMs;
  const toMs = fromMs + length * stepMs;
  const timesMs = Float64Array.from(timesBetween(fromMs, toMs));
  const series = (podsOf[selector] ?? []).map((pod) => ({
    labels: { __name__: 'up', pod },
    timesMs,
    values: timesMs.map((timeMs) => valueOf(pod, timeMs)),
  }));
  const window = { source: 'p', selector: selectors[selector] ?? '', fromMs, toMs, fetchedAtMs: nowMs };
  expect(cache.putSamples({ ...window, incidentId, series }, nowMs)).toMatchObject({ ok: true });
  return incidentId === null ? [] : [{ selector, fromMs, toMs }];
}

test('what is covered is what was put, and what incidents hold stays, whatever happens', () => {
  const step = fc.oneof({ weight: 2, arbitrary: put }, { weight: 1, arbitrary: idle });
  fc.assert(fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), run), {
    numRuns: process.env['OPSSIGHT_FULL'] === '1' ? 200 : 20,
  });
});
