import { expect, test } from 'vitest';
import type { SourceFailure } from '#shared/failure.ts';
import type { Chart, Series } from '#shared/model/series.ts';
import { failed, success } from '#shared/result.ts';
import type { EvaluatedRange } from '#core/metrics/query-desk.ts';
import type { ChartRequest } from './chart.ts';
import { incidentChartOf } from './incident-chart.ts';
import { sourcesFor, type MetricSource } from './metric-source.ts';

const refused: SourceFailure = {
  code: 'refused',
  message: 'connection refused',
  nextStep: 'Start it.',
  retryAfterMs: null,
  status: null,
};

const request: ChartRequest = {
  incidentId: 1,
  expression: 'rate(errors[5m]) > 0.1',
  generatorUrl: 'http://prometheus-b:9090/graph?g0.expr=x',
  fromMs: 1_000_000,
  toMs: 1_600_000,
  maxPoints: 100,
};

function series(pod: string, ...points: [number, number][]): Series {
  return {
    labels: { pod },
    timesMs: Float64Array.from(points, ([timeMs]) => timeMs),
    values: Float64Array.from(points, ([, value]) => value),
  };
}

function source(
  name: string,
  answer: readonly Series[] | SourceFailure,
  fresh = true,
): MetricSource & { asked: string[] } {
  const asked: string[] = [];
  return {
    name,
    url: `http://${name}:9090`,
    asked,
    isFresh: () => fresh,
    queryRange: async (query, range) => {
      asked.push(`${query} ${range.fromMs}-${range.toMs}/${range.stepMs}`);
      return 'code' in answer ? failed(answer) : success(answer);
    },
  };
}

function chart(
  sources: readonly MetricSource[],
  kept: Chart | null = null,
  over: Partial<ChartRequest> = {},
  evaluated: (source: string, query: string) => EvaluatedRange = () => nothingKept,
): Promise<Chart> {
  const drawings = { drawing: async () => kept };
  const queries = {
    evaluateKept: async (name: string, query: string) => evaluated(name, query),
  };
  return incidentChartOf(
    { ...request, ...over },
    drawings,
    { sources, queries, nowMs: () => 2_000_000 },
    new AbortController().signal,
  );
}

const nothingKept: EvaluatedRange = { kind: 'unknown', reason: 'errors is not kept' };

/** Over all of the range that is asked for, but for what is not kept. */
function computed(over: Partial<EvaluatedRange> = {}): EvaluatedRange {
  return {
    kind: 'evaluated',
    series: [series('one', [1_000_000, 5], [1_006_000, 6])],
    atMs: 1_590_000,
    runs: [{ firstMs: 1_000_000, lastMs: 1_600_000 }],
    missing: '',
    ...over,
  } as EvaluatedRange;
}

const kept: Chart = {
  origin: { kind: 'live', source: 'prometheus-a', atMs: 1_500_000 },
  expression: request.expression,
  drawn: 'rate(errors[5m])',
  threshold: { operator: '>', value: 0.1 },
  fromMs: 900_000,
  toMs: 1_500_000,
  stepMs: 15_000,
  series: [series('one', [950_000, 1], [1_200_000, 2], [1_500_000, 3])],
  seriesTotal: 1,
};

test('the source whose address the alert carries is asked first, for the left side of the comparison', async () => {
  const a = source('prometheus-a', []);
  const b = source('prometheus-b', [series('one', [1_000_000, 0.2])]);
  const answer = await chart([a, b]);
  expect(a.asked).toEqual([]);
  expect(b.asked).toEqual(['rate(errors[5m]) 1000000-1600000/6000']);
  expect(answer).toMatchObject({
    origin: { kind: 'live', source: 'prometheus-b' },
    drawn: 'rate(errors[5m])',
    threshold: { operator: '>', value: 0.1 },
  });
});

test('without a link to a source, one that fails is passed over, one that is out of sight is not waited for', async () => {
  const b = source('prometheus-b', [], false);
  const c = source('prometheus-c', refused);
  const a = source('prometheus-a', [series('one', [1_000_000, 0.2])]);
  const answer = await chart([b, c, a], null, { generatorUrl: 'http://prometheus-0/graph?g0.expr=x' });
  expect(answer.origin).toMatchObject({ kind: 'live', source: 'prometheus-a' });
  expect(b.asked).toEqual([]);
});

test('another server is not asked for what the maker of the alert cannot answer: its samples are not live here', async () => {
  const b = source('prometheus-b', refused);
  const a = source('prometheus-a', [series('one', [1_000_000, 0.2])]);
  expect((await chart([a, b], kept)).origin).toMatchObject({ kind: 'cache' });
  expect(a.asked).toEqual([]);
});

test('the maker is found by the longest base path, whatever the spelling of its address', () => {
  const named = (name: string, url: string): MetricSource => ({ ...source(name, []), url });
  const sources = [
    named('root', 'http://proxy'),
    named('b', 'http://PROXY:80/b'),
    named('bb', 'http://proxy/bb'),
  ];
  const makerOf = (link: string): string[] => sourcesFor(link, sources).map(({ name }) => name);
  expect(makerOf('http://proxy/b/graph?g0.expr=x')).toEqual(['b']);
  expect(makerOf('http://proxy/graph?g0.expr=x')).toEqual(['root']);
  expect(makerOf('http://proxy.evil/graph')).toHaveLength(3);
});

test('nothing from one server is not believed while another one that may have it cannot be asked', async () => {
  const unlinked = { generatorUrl: '' };
  const a = source('prometheus-a', []);
  expect((await chart([a, source('prometheus-b', refused)], kept, unlinked)).origin.kind).toBe('cache');
  expect((await chart([a, source('prometheus-b', [])], kept, unlinked)).origin).toMatchObject({
    kind: 'live',
    source: 'prometheus-a',
  });
});

test('when none answers the kept drawing is shown as cached, with its age and why', async () => {
  const answer = await chart([source('prometheus-b', refused)], kept);
  expect(answer.origin).toEqual({
    kind: 'cache',
    source: 'prometheus-a',
    atMs: 1_500_000,
    reason: 'prometheus-b: connection refused',
  });
  expect([...(answer.series[0]?.timesMs ?? [])]).toEqual([1_200_000, 1_500_000]);
});

test('without its server a chart is computed from all that it needs, and says so', async () => {
  const asked: string[] = [];
  const answer = await chart([source('prometheus-b', refused)], kept, {}, (name, query) => {
    asked.push(`${name} ${query}`);
    return computed();
  });
  expect(asked).toEqual(['prometheus-b rate(errors[5m])']);
  expect(answer).toMatchObject({
    origin: {
      kind: 'cache',
      source: 'prometheus-b',
      atMs: 1_590_000,
      reason: 'prometheus-b: connection refused; computed from kept samples',
    },
    threshold: { operator: '>', value: 0.1 },
    stepMs: 6_000,
    seriesTotal: 1,
  });
  expect([...(answer.series[0]?.values ?? [])]).toEqual([5, 6]);
});

test('where not all is kept it is computed in part, or drawn as it was last, whichever shows more', async () => {
  const away = [source('prometheus-b', refused, false)];
  const missing = 'errors is not kept from here to there';
  const more = computed({ missing, runs: [{ firstMs: 1_000_000, lastMs: 1_560_000 }] });
  const less = computed({ missing, runs: [{ firstMs: 1_200_000, lastMs: 1_260_000 }] });
  expect((await chart(away, kept, {}, () => more)).origin).toMatchObject({
    reason: 'prometheus-b does not answer; computed from kept samples',
  });
  expect((await chart(away, kept, {}, () => less)).origin).toMatchObject({
    reason: 'prometheus-b does not answer',
  });
  expect((await chart(away, null, {}, () => less)).origin).toMatchObject({
    reason: `prometheus-b does not answer; computed from kept samples, but ${missing}`,
  });
});

test('where nothing can be computed or was drawn, what is missing is named', async () => {
  expect((await chart([source('prometheus-b', refused)])).origin).toEqual({
    kind: 'unknown',
    reason: 'prometheus-b: connection refused; errors is not kept',
  });
});

test('a query that its server refuses is not computed here', async () => {
  const bad = source('prometheus-b', { ...refused, code: 'bad-query', message: 'no such function' });
  expect((await chart([bad], null, {}, () => computed())).origin).toEqual({
    kind: 'unknown',
    reason: 'prometheus-b: no such function',
  });
});

test('that nothing was there is believed of kept samples where they are all there, of every server', async () => {
  const both = [source('prometheus-0', refused), source('prometheus-9', refused)];
  const unlinked = { generatorUrl: '' };
  const empty = computed({ series: [] });
  const answer = await chart(both, null, unlinked, () => empty);
  expect(answer).toMatchObject({ origin: { kind: 'cache' }, series: [] });
  const half = await chart(both, null, unlinked, (name) => (name.endsWith('9') ? nothingKept : empty));
  expect(half.origin.kind).toBe('unknown');
  const rest = computed({ series: [], missing: 'errors is not kept', runs: [] });
  expect((await chart(both, null, unlinked, () => rest)).origin.kind).toBe('unknown');
  const other = await chart(both, null, unlinked, (name) => (name.endsWith('9') ? computed() : empty));
  expect(other).toMatchObject({ origin: { source: 'prometheus-9' }, seriesTotal: 1 });
});

test('outside of what was kept the answer is unknown, not empty', async () => {
  const answer = await chart([], kept, { fromMs: 1_700_000, toMs: 1_800_000 });
  expect(answer.origin).toEqual({
    kind: 'unknown',
    reason: 'no Prometheus is configured; outside of what was kept',
  });
});

test('an alert without an expression is unknown and nobody is asked', async () => {
  const b = source('prometheus-b', []);
  expect((await chart([b], kept, { expression: '' })).origin.kind).toBe('unknown');
  expect(b.asked).toEqual([]);
});

test('the cut to what can be drawn keeps the series that breach', async () => {
  const many = Array.from({ length: 60 }, (_, index) => series(`pod-${index}`, [1_000_000, index]));
  const above = await chart([source('prometheus-b', many)]);
  expect(above.seriesTotal).toBe(60);
  expect(above.series).toHaveLength(40);
  expect(above.series[0]?.labels).toEqual({ pod: 'pod-59' });
  const below = await chart([source('prometheus-b', many)], null, { expression: 'up < 1' });
  expect(below.series[0]?.labels).toEqual({ pod: 'pod-0' });
});
