import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryInstant, queryRange, type QueryRange } from './engine.ts';
import { defaultOptions } from './evaluate/options.ts';
import { LabelPool } from './model/label-set.ts';
import type { RawSeries, SampleSource } from './model/samples.ts';
import { compileMatchers } from './model/matching.ts';
import { neededSamples } from './needed-samples.ts';
import { parseExpression } from './syntax/parse.ts';

const minuteMs = 60_000;
const instantAt = (atMs: number): QueryRange => ({ startMs: atMs, endMs: atMs, stepMs: 0 });

function windows(query: string, bounds: QueryRange, semantics: 'v2' | 'v3' = 'v3'): string[] {
  const parsed = parseExpression(query);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return neededSamples(parsed.value, bounds, { ...defaultOptions, semantics }).map(
    ({ matchers, fromMs, toMs }) => `${matchers[0]?.value} ${fromMs}..${toMs}`,
  );
}

describe('the samples that a query needs', () => {
  const at = instantAt(60 * minuteMs);
  const m = (minutes: number): number => minutes * minuteMs;

  it.each([
    ['a', [`a ${m(55) + 1}..${m(60)}`]],
    ['a offset 10m', [`a ${m(45) + 1}..${m(50)}`]],
    ['a offset -10m', [`a ${m(65) + 1}..${m(70)}`]],
    ['a @ 600', [`a ${m(5) + 1}..${m(10)}`]],
    ['rate(a[10m])', [`a ${m(50) + 1}..${m(60)}`]],
    ['rate(a[10m] @ 1200 offset 5m)', [`a ${m(5) + 1}..${m(15)}`]],
    // Moments of the subquery are whole multiples of its step after the beginning of its range.
    ['max_over_time(a[10m:3m])', [`a ${m(46) + 1}..${m(60)}`]],
    ['max_over_time(rate(a[2m])[10m:3m] offset 1m)', [`a ${m(49) + 1}..${m(57)}`]],
    ['absent(a) or vector(0)', [`a ${m(55) + 1}..${m(60)}`]],
    ['a / on(x) group_left b unless c', ['a', 'b', 'c'].map((name) => `${name} ${m(55) + 1}..${m(60)}`)],
    ['time() > bool 5', []],
    ['max_over_time(a[1m:2m] offset 1m)', []],
  ])('%s', (query, expected) => {
    expect(windows(query, at)).toEqual(expected);
  });

  it('reach one millisecond further in Prometheus 2', () => {
    expect(windows('a', at, 'v2')).toEqual([`a ${m(55)}..${m(60)}`]);
    expect(windows('rate(a[10m])', at, 'v2')).toEqual([`a ${m(50)}..${m(60)}`]);
  });

  it('span a range query from what its first step sees to its last step', () => {
    const bounds = { startMs: m(60), endMs: m(65), stepMs: m(2) };
    expect(windows('a', bounds)).toEqual([`a ${m(55) + 1}..${m(64)}`]);
    expect(windows('a @ end()', bounds)).toEqual([`a ${m(60) + 1}..${m(65)}`]);
    expect(windows('rate(a[step() * 2])', bounds)).toEqual([`a ${m(56) + 1}..${m(64)}`]);
  });
});

/** Two series a name, a sample every 20 seconds over two hours. */
class Samples implements SampleSource {
  readonly labels = new LabelPool();
  readonly #series: RawSeries[];

  constructor() {
    const timesMs = Float64Array.from({ length: 360 }, (_, index) => index * 20_000);
    this.#series = ['a', 'b'].flatMap((name) =>
      ['1', '2'].map((x) => ({
        labels: this.labels.ofLabels({ __name__: name, x }),
        timesMs,
        values: timesMs.map((_, index) => (index * (x === '1' ? 7 : 3)) % 50),
        stale: null,
        startTimesMs: null,
        histogramTimesMs: null,
      })),
    );
  }

  select(matchers: Parameters<SampleSource['select']>[0]): readonly RawSeries[] {
    const matches = compileMatchers(matchers, 'v3');
    return this.#series.filter(({ labels }) => matches(labels));
  }
}

/** The same samples, of each selector only those in the windows that were named. */
class HiddenSamples implements SampleSource {
  readonly #whole: SampleSource;
  readonly #needs: ReturnType<typeof neededSamples>;

  constructor(whole: SampleSource, needs: ReturnType<typeof neededSamples>) {
    this.#whole = whole;
    this.#needs = needs;
  }

  get labels(): LabelPool {
    return this.#whole.labels;
  }

  select(...[matchers, fromMs, toMs]: Parameters<SampleSource['select']>): readonly RawSeries[] {
    const wanted = this.#needs.filter((need) => JSON.stringify(need.matchers) === JSON.stringify(matchers));
    return this.#whole.select(matchers, fromMs, toMs).map((series) => {
      const isNamed = (timeMs: number): boolean =>
        wanted.some((need) => timeMs >= need.fromMs && timeMs <= need.toMs);
      return {
        ...series,
        timesMs: series.timesMs.filter(isNamed),
        values: series.values.filter((_, index) => isNamed(series.timesMs[index] ?? 0)),
      };
    });
  }
}

const duration = fc.constantFrom('20s', '1m', '90s', '5m', '13m');
const modifiers = fc.oneof(
  fc.constant(''),
  duration.map((text) => ` offset ${text}`),
  duration.map((text) => ` offset -${text}`),
  fc.constantFrom(' @ 1800', ' @ start()', ' @ end()', ' @ 2000 offset 2m'),
);
const selector = fc
  .tuple(fc.constantFrom('a', 'b', 'a{x="1"}'), modifiers)
  .map(([name, modifier]) => `${name}${modifier}`);
const overRange = fc
  .tuple(fc.constantFrom('rate', 'max_over_time', 'changes'), fc.constantFrom('a', 'b'), duration, modifiers)
  .map(([name, metric, range, modifier]) => `${name}(${metric}[${range}]${modifier})`);
const vector = fc.letrec<{ vector: string }>((tie) => ({
  vector: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    selector,
    overRange,
    fc
      .tuple(tie('vector'), duration, duration, modifiers)
      .map(([inner, range, step, modifier]) => `sum_over_time((${inner})[${range}:${step}]${modifier})`),
    fc
      .tuple(tie('vector'), fc.constantFrom('+', 'unless', 'or', '> bool'), tie('vector'))
      .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
    tie('vector').map((inner) => `sum(${inner})`),
  ),
})).vector;

describe('an answer', () => {
  const samples = new Samples();
  it.each(['v2', 'v3'] as const)('depends on no other sample than those it needs: %s', (semantics) => {
    const moment = fc.integer({ min: 200, max: 300 }).map((index) => index * 20_000);
    fc.assert(
      fc.property(vector, moment, fc.constantFrom(0, 30_000, minuteMs), (query, startMs, stepMs) => {
        const parsed = parseExpression(query);
        if (!parsed.ok) throw new Error(`${query}: ${parsed.failure.message}`);
        const bounds = { startMs, endMs: startMs + stepMs * 7 + (stepMs === 0 ? 0 : 11), stepMs };
        const options = { ...defaultOptions, semantics };
        const hidden = new HiddenSamples(samples, neededSamples(parsed.value, bounds, options));
        const ask = (source: SampleSource): unknown =>
          stepMs === 0
            ? queryInstant(source, parsed.value, startMs, options)
            : queryRange(source, parsed.value, bounds, options);
        expect(ask(hidden)).toEqual(ask(samples));
      }),
    );
  });
});
