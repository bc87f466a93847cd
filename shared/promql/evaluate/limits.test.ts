import { describe, expect, test } from 'vitest';
import { loaded } from '#support/promql-data.ts';
import { queryInstant, queryRange } from '../engine.ts';
import { MemorySource } from '../model/memory-source.ts';
import type { SampleSource } from '../model/samples.ts';
import type { QueryOptions } from './options.ts';

/** What a query may not do to its process, however it is written and whatever its samples are. */

const many = loaded(60_000, ...Array.from({ length: 3_200 }, (_, index) => `m{i="${index}",job="j"} 1 2 3`));
const hour = { startMs: 0, endMs: 120_000, stepMs: 1_200 };

function kindOf(query: string, options: Partial<QueryOptions> = {}, source = many): string {
  const outcome = queryRange(source, query, hour, options);
  return outcome.ok ? 'answered' : outcome.failure.kind;
}

describe('memory', () => {
  test('what an @ makes the same at all steps is counted before it is made', () => {
    let questions = 0;
    const isCancelled = (): boolean => (questions++, false);
    expect(kindOf('m @ 60', { maxSamples: 10_000, isCancelled })).toBe('limit');
    // At every few series: two hundred for their selection, and as many if all of them had been spread.
    expect(questions).toBeLessThan(250);
  });

  test('groups that keep nothing are counted', () => {
    expect(kindOf('limitk by (i) (0, m)', { maxSamples: 10_000 })).toBe('limit');
  });

  test('which ranges are empty takes one column, however many series there are', () => {
    expect(kindOf('absent_over_time(m[1m])', { maxSamples: 10_000 })).toBe('answered');
    expect(kindOf('absent(m)', { maxSamples: 500_000 })).toBe('answered');
  });

  test('labels that a query makes are bounded', () => {
    const doubled = Array.from({ length: 9 }).reduce<string>(
      (inner) => `label_join(${inner}, "x", "", "x", "x")`,
      `label_replace(m, "x", "${'a'.repeat(100)}", "job", ".*")`,
    );
    const own = `label_join(${doubled}, "x", "", "x", "i")`;
    expect(kindOf(own, { maxLabelBytes: 1_000_000 })).toBe('limit');
    expect(kindOf('count_values("v", m * time())', { maxLabelBytes: 100_000 })).toBe('limit');
    expect(kindOf('sum by (job) (m)', { maxLabelBytes: 100_000 })).toBe('answered');
  });

  test('a description that changes at every step is counted step by step', () => {
    const flapping = new MemorySource();
    flapping.series(flapping.labels.ofLabels({ __name__: 'm', instance: 'a' })).append(0, 1);
    for (let version = 0; version < 100; version++) {
      const labels = { __name__: 'target_info', instance: 'a', version: String(version) };
      flapping.series(flapping.labels.ofLabels(labels)).append(version * 1_200, 1);
    }
    expect(kindOf('info(m)', { maxSamples: 15_000 }, flapping)).toBe('limit');
    expect(kindOf('info(m)', { maxSamples: 40_000 }, flapping)).toBe('answered');
  });

  test('remarks are bounded', () => {
    const outcome = queryInstant(
      loaded(1, ...Array.from({ length: 2_000 }, (_, index) => `h{le="bad ${index}"} 1`)),
      'histogram_quantile(0.5, h)',
      0,
    );
    expect(outcome.ok && outcome.value.annotations.length).toBe(1_000);
  });

  test('selections that a query holds together are counted, samples that they share once', () => {
    const source: SampleSource = {
      labels: many.labels,
      select: (matchers, fromMs, toMs) =>
        many.select(matchers, fromMs, toMs).map((one) => ({ ...one, values: one.values.slice() })),
    };
    const far = Array.from({ length: 10 }, (_, index) => `count(m offset ${index}ms)`).join(' or ');
    const kindWith = (query: string, maxSamples: number): string => {
      const outcome = queryInstant(source, query, 60_000, { maxSamples });
      return outcome.ok ? 'answered' : outcome.failure.message;
    };
    const samples = 3 * 3_200;
    expect(kindWith('count(m) or count(m)', samples)).toBe('answered');
    expect(kindWith(far, 10 * samples)).toBe('answered');
    expect(kindWith(far, samples)).toMatch(/together$/);
    expect(queryInstant(many, far, 60_000, { maxSamples: samples }).ok).toBe(true);
  });
});

describe('time', () => {
  /** Milliseconds of work until a query notices that it is out of time, which it is from the second look on. */
  function overtimeMs(query: string, range = hour): number {
    const outOfTimeAtMs = { deadlineMs: 1, looks: 0 };
    const nowMs = (): number => (outOfTimeAtMs.looks++ === 0 ? 0 : 2);
    const startedMs = performance.now();
    const outcome = queryRange(many, query, range, { nowMs, deadlineMs: 1 });
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
    return performance.now() - startedMs;
  }

  test('long columns are asked about more often than short ones', () => {
    const fine = { startMs: 0, endMs: 2_000_000, stepMs: 1 };
    expect(overtimeMs('vector(time())', fine)).toBeLessThan(300);
    expect(overtimeMs('hour(vector(1))', fine)).toBeLessThan(300);
  });

  test('long windows that move far are not slid through value by value', () => {
    const startedMs = performance.now();
    const range = { startMs: 200_000, endMs: 300_000, stepMs: 5_000 };
    expect(queryRange(many, 'quantile_over_time(0.5, vector(time())[150s:1ms])', range).ok).toBe(true);
    // Value by value it is more than ten seconds.
    expect(performance.now() - startedMs).toBeLessThan(4_000);
  });

  test('patterns are tried with questions', () => {
    let questions = 0;
    const isCancelled = (): boolean => ++questions > 20;
    const outcome = queryInstant(many, 'm{i=~"(1|2|3)+x?"}', 60_000, { isCancelled });
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
  });

  test('partners that take turns are looked through with questions', () => {
    let questions = 0;
    const isCancelled = (): boolean => (questions++, false);
    const turns = Array.from({ length: 40 }, (_, index) => `n{k="${index}"} ${'_ '.repeat(index)}1 stale`);
    const source = loaded(60_000, 'm 1x60', ...turns);
    const range = { startMs: 0, endMs: 40 * 60_000, stepMs: 1_000 };
    const outcome = queryRange(source, 'm * on () group_left () n', range, { isCancelled });
    expect(outcome.ok).toBe(true);
    expect(questions).toBeGreaterThan(100);
  });
});

test('times beyond all dates are no reason to fail', () => {
  const beyondMs = 9e15;
  const source = new MemorySource();
  [5, 3].forEach((count, index) => {
    const labels = { __name__: 'h_bucket', le: index === 0 ? '1' : '+Inf' };
    source.series(source.labels.ofLabels(labels)).append(beyondMs, count);
  });
  expect(queryInstant(source, 'histogram_quantile(0.5, h_bucket)', beyondMs).ok).toBe(true);
  expect(queryInstant(source, 'h_bucket @ 9e12', 0).ok).toBe(true);
});

test('a native histogram at the very beginning of what version 2 sees is seen', () => {
  const source = loaded(300_000, 'm {{count:1}}');
  const kindAt = (query: string, semantics: 'v2' | 'v3'): string => {
    const outcome = queryInstant(source, query, 300_000, { semantics });
    return outcome.ok ? 'answered' : outcome.failure.kind;
  };
  for (const query of ['m', 'count_over_time(m[5m])']) {
    expect(kindAt(query, 'v2')).toBe('not-supported');
    expect(kindAt(query, 'v3')).toBe('answered');
  }
});

test('whatever depth can be written can be evaluated', () => {
  const source = loaded(60_000, 'm 1');
  const deep = ['m or '.repeat(490) + 'm', `${'abs('.repeat(490)}m${')'.repeat(490)}`];
  const subqueries = `${'max_over_time('.repeat(240)}m${'[1m:1m])'.repeat(240)}`;
  for (const query of [...deep, subqueries]) expect(queryInstant(source, query, 60_000).ok).toBe(true);
});
