import { describe, expect, test } from 'vitest';
import { instant, loaded, range } from '#support/promql-data.ts';
import { explainInstant, explainRange, queryInstant, queryRange } from './engine.ts';
import { EvaluationSession } from './evaluate/session.ts';
import type { SampleSource } from './model/samples.ts';
import { parseExpression } from './syntax/parse.ts';

const source = loaded(
  60_000,
  'requests_total{code="200",job="a"} 0+60x20',
  'requests_total{code="500",job="a"} 0+6x20',
  'up{job="a"} 1x20',
);

describe('answers', () => {
  test.each([
    { query: '1 + 2 * 3', answer: { scalar: 7 } },
    { query: '"text"', answer: 'text' },
    { query: '-2 ^ 2', answer: { scalar: -4 } },
    { query: '1 ^ NaN', answer: { scalar: 1 } },
    { query: '(-1) ^ Inf', answer: { scalar: 1 } },
    { query: '-5 % 3', answer: { scalar: -2 } },
    { query: '1 atan2 1', answer: { scalar: Math.PI / 4 } },
    { query: '2 > bool 1', answer: { scalar: 1 } },
    { query: 'up == 1', answer: { 'up{job="a"}': 1 } },
    { query: 'sum by (job) (rate(requests_total[5m]))', answer: { '{job="a"}': 1.1 } },
    { query: 'absent(down{job="b"})', answer: { '{job="b"}': 1 } },
    { query: 'absent_over_time(up[5m])', answer: {} },
    { query: 'start() + end() + step() + range()', answer: { scalar: 1200 } },
  ])('$query', ({ query, answer }) => {
    expect(instant(source, query, 600_000)).toEqual(answer);
  });

  test('a range query of a scalar is one series; of ranges and texts there is none', () => {
    expect(range(source, 'time()', [0, 120_000, 60_000])).toEqual({ '{}': { 0: 0, 60000: 60, 120000: 120 } });
    expect(range(source, 'up[5m]', [0, 60_000, 60_000])).toBe(
      'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    );
    expect(range(source, '"text"', [0, 60_000, 60_000])).toContain('invalid expression type "string"');
    expect(range(source, 'up', [0, 60_000, 0])).toContain('resolution step widths');
  });

  test('the series of a range are in the order of their labels', () => {
    const outcome = queryRange(source, 'up or -requests_total', {
      startMs: 0,
      endMs: 60_000,
      stepMs: 60_000,
    });
    const series = outcome.ok && outcome.value.value.kind === 'matrix' ? outcome.value.value.series : [];
    expect(series.map(({ labels }) => labels.names.join())).toEqual(['__name__,job', 'code,job', 'code,job']);
  });

  // As Prometheus 3.5 places them.
  test.each([
    ['quantile((2), up)', 11],
    ['quantile(((time())), up)', 12],
    ['quantile_over_time((2), up[5m])', 20],
    ['quantile_over_time((time()), up[5m])', 21],
    ['rate(((up[5m])))', 8],
    ['histogram_quantile(0.1, (up))', 26],
  ])('the remark on %s is placed in column %d', (query, column) => {
    const outcome = queryInstant(source, query, 600_000);
    expect(outcome.ok && outcome.value.annotations.map(({ span }) => span.start + 1)).toEqual([column]);
  });

  test('of the quantiles of an aggregation those farthest from any share are remarked on', () => {
    const query = 'quantile(time() - 150, up)';
    const outcome = queryRange(source, query, { startMs: 0, endMs: 300_000, stepMs: 60_000 });
    expect(outcome.ok && outcome.value.annotations.map(({ message }) => message)).toEqual([
      'PromQL warning: quantile value should be between 0 and 1, got -150',
      'PromQL warning: quantile value should be between 0 and 1, got 150',
    ]);
  });

  test('remarks come with their level and place', () => {
    const outcome = queryInstant(source, 'sum(rate(up[5m]))', 600_000);
    expect(outcome.ok && outcome.value.annotations).toEqual([
      {
        level: 'info',
        message:
          'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "up"',
        span: { start: 9, end: 15 },
      },
    ]);
  });
});

describe('names', () => {
  const described = loaded(60_000, 'a{__type__="gauge",__unit__="s",x="1"} 1');

  test('what is computed has no name, type or unit; in Prometheus 2 it has no name', () => {
    expect(instant(described, 'a * 2', 0)).toEqual({ '{x="1"}': 2 });
    expect(instant(described, 'a * 2', 0, { semantics: 'v2' })).toEqual({
      '{__type__="gauge",__unit__="s",x="1"}': 2,
    });
  });

  test('two names of one label set collide, at once or at the end', () => {
    const two = loaded(60_000, 'a{x="1"} 1', 'b{x="1"} 2');
    const both = '{__name__=~"a|b"}';
    const collision = 'vector cannot contain metrics with the same labelset';
    for (const query of [`-${both}`, `abs(${both})`, `${both} + 1`, `rate(${both}[5m:1m])`]) {
      expect(instant(two, `sum(${query})`, 60_000)).toBe(collision);
      expect(instant(two, query, 60_000, { delayedNameRemoval: true })).toBe(collision);
      expect(instant(two, `sum(${query})`, 60_000, { delayedNameRemoval: true })).not.toBe(collision);
    }
  });
});

test('two names that take turns are one series of a function of ranges, but not before Prometheus 3.13', () => {
  const turns = loaded(60_000, 'a{x="1"} 1 1 _ _ _ _', 'b{x="1"} _ _ _ _ 2 2');
  const query = 'sum_over_time({__name__=~"a|b"}[30s])';
  const bounds = [0, 300_000, 60_000] as const;
  expect(range(turns, query, bounds)).toEqual({ '{x="1"}': { 0: 1, 60_000: 1, 240_000: 2, 300_000: 2 } });
  expect(range(turns, query, bounds, { semantics: 'v2' })).toContain('the same labelset');
});

describe('limits', () => {
  const outcomeOf = (query: string, options: Parameters<typeof queryInstant>[3]): unknown => {
    const outcome = queryRange(source, query, { startMs: 0, endMs: 600_000, stepMs: 60_000 }, options);
    return outcome.ok ? 'answered' : outcome.failure.kind;
  };

  test('too many samples, series or levels', () => {
    expect(outcomeOf('requests_total', { maxSamples: 21 })).toBe('limit');
    expect(outcomeOf('requests_total', { maxSamples: 22 })).toBe('answered');
    expect(outcomeOf('requests_total', { maxSeries: 1 })).toBe('limit');
    expect(outcomeOf('sum(rate(requests_total[5m]))', { maxSeries: 1 })).toBe('limit');
    expect(outcomeOf('-(-(-up))', { maxDepth: 5 })).toBe('limit');
    expect(outcomeOf('-(-up)', { maxDepth: 5 })).toBe('answered');
  });

  test('a sum holds one series at a time', () => {
    expect(outcomeOf('sum(rate(requests_total[5m]))', { maxSamples: 11 })).toBe('answered');
  });

  test('more steps than samples are allowed', () => {
    expect(outcomeOf('sum_over_time(up[1y:1ms])', {})).toBe('limit');
    const endless = queryRange(source, '1', { startMs: 0, endMs: 1e15, stepMs: 1 });
    expect(!endless.ok && endless.failure.kind).toBe('limit');
    expect(outcomeOf('sum_over_time(up[5m:0.0001*1])', {})).toBe('answered');
  });

  test('nobody waits any more, or waited too long', () => {
    expect(outcomeOf('sum(up)', { isCancelled: () => true })).toBe('cancelled');
    expect(outcomeOf('sum(up)', { deadlineMs: 5, nowMs: () => 6 })).toBe('timeout');
  });

  test('native histograms are refused where they are in the way only', () => {
    const mixed = loaded(60_000, 'h 1 2 {{count:1}} 4 5', 'f 1 2 3 4 5');
    const refusal = 'a native histogram in h is not supported';
    expect(instant(mixed, 'h', 120_000)).toBe(refusal);
    expect(instant(mixed, 'h', 180_000)).toEqual({ 'h{}': 4 });
    expect(instant(mixed, 'sum_over_time(h[2m])', 180_000)).toBe(refusal);
    expect(instant(mixed, 'sum_over_time(h[1m])', 180_000)).toEqual({ '{}': 4 });
    expect(instant(mixed, 'f', 120_000)).toEqual({ 'f{}': 3 });
  });
});

describe('explanations', () => {
  test('every node tells what it gave', () => {
    const outcome = explainInstant(source, 'sum(rate(requests_total[5m])) > 1', 600_000);
    if (!outcome.ok) throw new Error(outcome.failure.message);
    const { tree } = outcome.value;
    expect(tree).toMatchObject({ text: 'sum(rate(requests_total[5m])) > 1', type: 'vector', seriesCount: 1 });
    const [sum, one] = tree.children;
    expect(one).toMatchObject({ type: 'scalar', text: '1', span: { start: 32, end: 33 } });
    expect(sum?.children[0]).toMatchObject({
      text: 'rate(requests_total[5m])',
      seriesCount: 2,
      sampleCount: 2,
    });
    expect(sum?.children[0]?.children[0]).toMatchObject({
      text: 'requests_total[5m]',
      type: 'matrix',
      seriesCount: 2,
      sampleCount: 10,
      examples: [
        { labels: { __name__: 'requests_total', code: '200', job: 'a' }, value: 600 },
        { labels: { __name__: 'requests_total', code: '500', job: 'a' }, value: 60 },
      ],
    });
    expect(tree.elapsedMs).toBeGreaterThanOrEqual(sum?.elapsedMs ?? Number.POSITIVE_INFINITY);
  });
});

test('a range’s explanation counts the values of all its steps', () => {
  const range = { startMs: 0, endMs: 300_000, stepMs: 60_000 };
  const outcome = explainRange(source, 'max_over_time(sum(up)[2m:1m])', range);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  const { tree } = outcome.value;
  expect(tree).toMatchObject({ seriesCount: 1, sampleCount: 6, examples: [{ value: 1 }] });
  expect(tree.children[0]).toMatchObject({ text: 'sum(up)[2m:1m]', type: 'matrix', sampleCount: 6 });
  expect(tree.children[0]?.children[0]?.children[0]).toMatchObject({ text: 'up', sampleCount: 6 });
});

describe('sessions', () => {
  const texts = [
    'sum by (job) (rate(requests_total[5m])) > 1',
    'sum by (job) (rate(requests_total[5m])) / 60',
    'rate(requests_total{code="500"}[5m])',
    'max(rate(requests_total{code="500"}[5m]))',
    'requests_total{code="500"} offset 4m',
    'max_over_time(requests_total[10m])',
  ];

  test('answers as single queries do, with fewer selections', () => {
    let selections = 0;
    const counted: SampleSource = {
      labels: source.labels,
      select: (...window) => {
        selections += 1;
        return source.select(...window);
      },
    };
    const expressions = texts.map((text) => {
      const parsed = parseExpression(text);
      if (!parsed.ok) throw new Error(parsed.failure.message);
      return parsed.value;
    });
    const session = new EvaluationSession(counted, expressions);
    const answers = expressions.map((expression) => session.instant(expression, 600_000));
    expect(selections).toBe(2);
    expect(answers).toEqual(texts.map((text) => queryInstant(source, text, 600_000)));
    expressions.slice(0, 1).forEach((one) => session.instant(one, 660_000));
    expect(selections).toBe(3);
  });
});
