import fc from 'fast-check';
import { queryInstant, queryRange, type QueryAnswer } from '#shared/promql/engine.ts';
import type { QueryOptions } from '#shared/promql/evaluate/options.ts';
import type { LabelSet } from '#shared/promql/model/label-set.ts';
import { MemorySource } from '#shared/promql/model/memory-source.ts';
import { readSeriesLine } from '#shared/promql/series/series-notation.ts';

/** Samples and queries for tests of the evaluator, written as Prometheus' engine tests write them. */

/** @param lines such as `up{job="a"} 1 1 _ stale 0+1x3`, the first sample at 0. */
export function loaded(stepMs: number, ...lines: string[]): MemorySource {
  const source = new MemorySource();
  for (const line of lines) {
    const read = readSeriesLine(line);
    if (!read.ok) throw new Error(`${line}: ${read.failure}`);
    const series = source.series(source.labels.of(read.value.labels));
    read.value.samples.forEach((sample, index) => {
      const timeMs = index * stepMs;
      if (sample.kind === 'number') series.append(timeMs, sample.value);
      else if (sample.kind === 'stale') series.appendStale(timeMs);
      else if (sample.kind === 'histogram') series.appendHistogram(timeMs);
    });
  }
  return source;
}

/** As Prometheus writes a label set in its own tests. */
export function textOf(labels: LabelSet): string {
  const own = labels.names.filter((name) => name !== '__name__');
  const pairs = own.map((name) => `${name}="${labels.get(name)}"`);
  return `${labels.get('__name__')}{${pairs.join(',')}}`;
}

/** Series by their text; a value for each time. A problem is its message. */
export type Written = Record<string, number | Record<number, number>> | string;

export function instant(
  source: MemorySource,
  query: string,
  atMs: number,
  options: Partial<QueryOptions> = {},
): Written {
  const outcome = queryInstant(source, query, atMs, options);
  return outcome.ok ? written(outcome.value.value) : outcome.failure.message;
}

export function range(
  source: MemorySource,
  query: string,
  [startMs, endMs, stepMs]: readonly [number, number, number],
  options: Partial<QueryOptions> = {},
): Written {
  const outcome = queryRange(source, query, { startMs, endMs, stepMs }, options);
  return outcome.ok ? written(outcome.value.value) : outcome.failure.message;
}

function written(answer: QueryAnswer): Written {
  switch (answer.kind) {
    case 'scalar':
      return { scalar: answer.value };
    case 'string':
      return answer.value;
    case 'vector':
      return Object.fromEntries(answer.samples.map(({ labels, value }) => [textOf(labels), value]));
    case 'matrix':
      return Object.fromEntries(
        answer.series.map(({ labels, timesMs, values }) => [
          textOf(labels),
          Object.fromEntries(Array.from(timesMs, (timeMs, index) => [timeMs, values[index] ?? Number.NaN])),
        ]),
      );
  }
}

const finite = fc.oneof(
  fc.integer({ min: -5, max: 20 }),
  fc.constantFrom(0.1, 1e15, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);

const sample = fc.oneof(
  { weight: 8, arbitrary: finite },
  { weight: 2, arbitrary: fc.constant('gap' as const) },
  { weight: 1, arbitrary: fc.constant('stale' as const) },
);

export const dataStepMs = 15_000;
export const dataLength = 60;

/** A few series of `a`, `b_total` and `c` with gaps, ends and unruly values, a sample every 15 s from 0. */
export const anySource: fc.Arbitrary<MemorySource> = fc
  .array(
    fc.record({
      name: fc.constantFrom('a', 'b_total', 'c'),
      x: fc.constantFrom('1', '2', ''),
      y: fc.constantFrom('p', 'q', ''),
      samples: fc.array(sample, { minLength: 1, maxLength: dataLength }),
      jitterMs: fc.constantFrom(0, 0, 1, 7_000),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => {
    const source = new MemorySource();
    const seen = new Set<LabelSet>();
    for (const { name, x, y, samples, jitterMs } of all) {
      const labels = source.labels.ofLabels({ __name__: name, x, y });
      if (seen.has(labels)) continue;
      seen.add(labels);
      const series = source.series(labels);
      samples.forEach((one, index) => {
        const timeMs = index * dataStepMs + jitterMs;
        if (one === 'stale') series.appendStale(timeMs);
        else if (one !== 'gap') series.append(timeMs, one);
      });
    }
    return source;
  });

const duration = fc.constantFrom('15s', '16s', '1m', '2m30s', '5m');
const selector = fc.constantFrom('a', 'b_total', 'c', 'a{x="1"}', '{__name__=~"a|c",y!="q"}');
const modifiers = fc.constantFrom(
  '',
  '',
  '',
  ' offset 30s',
  ' offset -1m',
  ' @ 300',
  ' @ 200 offset 15s',
  ' @ start()',
  ' @ end()',
);
const simple = fc.tuple(selector, modifiers).map((parts) => parts.join(''));
const rangeFunction = fc.constantFrom(
  'rate',
  'increase',
  'delta',
  'sum_over_time',
  'last_over_time',
  'count_over_time',
  'max_over_time',
  'avg_over_time',
  'changes',
  'present_over_time',
);
const matching = fc.constantFrom('', 'on(x) ', 'ignoring(y) ', 'on(x,y) ');

/** Vectors of any shape, of up to three levels; no function whose answer hangs on the query's range. */
const queries = fc.letrec<Record<'vector' | 'scalar', string>>((tie) => ({
  scalar: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom('2', '0.5', 'time()', '-1'),
    tie('vector').map((vector) => `scalar(${vector})`),
  ),
  vector: fc.oneof(
    { maxDepth: 3 },
    simple,
    fc
      .tuple(rangeFunction, selector, duration, modifiers)
      .map(([name, of, length, at]) => `${name}(${of}[${length}]${at})`),
    fc
      .tuple(rangeFunction, tie('vector'), duration, duration, modifiers)
      .map(([name, of, length, step, at]) => `${name}((${of})[${length}:${step}]${at})`),
    tie('vector').map((of) => `-(${of})`),
    fc
      .tuple(fc.constantFrom('abs', 'timestamp', 'sgn', 'absent'), tie('vector'))
      .map(([name, of]) => `${name}(${of})`),
    fc
      .tuple(
        fc.constantFrom('sum', 'count', 'max', 'avg'),
        fc.constantFrom('', ' by (x)', ' without (y)'),
        tie('vector'),
      )
      .map(([name, grouping, of]) => `${name}${grouping} (${of})`),
    fc
      .tuple(tie('vector'), fc.constantFrom('+', '*', '>', '== bool', '%'), tie('scalar'))
      .map((parts) => `(${parts[0]}) ${parts[1]} ${parts[2]}`),
    fc
      .tuple(tie('vector'), fc.constantFrom('+', '-', '<=', 'and', 'or', 'unless'), matching, tie('vector'))
      .map(([left, operator, labels, right]) => `(${left}) ${operator} ${labels}(${right})`),
  ),
}));

export const anyVectorQuery: fc.Arbitrary<string> = queries.vector;
