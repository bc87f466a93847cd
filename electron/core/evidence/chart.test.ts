import { expect, test } from 'vitest';
import type { SourceFailure } from '#shared/failure.ts';
import type { Chart, Series } from '#shared/model/series.ts';
import { failed, success } from '#shared/result.ts';
import { chartOf, type ChartRequest } from './chart.ts';
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
): Promise<Chart> {
  const drawings = { drawing: async () => kept };
  return chartOf({ ...request, ...over }, sources, drawings, () => 2_000_000, new AbortController().signal);
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
