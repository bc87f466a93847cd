import { beforeAll, describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time.ts';
import { createFleet, readResources } from '../fleet.ts';
import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { createPrometheusApi } from './api.ts';

const now = Date.UTC(2026, 10, 21, 5);
let handle: (request: HttpRequest) => HttpResponse;

beforeAll(async () => {
  const resources = await readResources(new URL('../../../resources/demo/', import.meta.url));
  const prometheusUrl = (): string => 'http://127.0.0.1:9';
  const fleet = createFleet({ resources, seed: 1, speed: 1, epochAtMs: 0, startAtMs: now, prometheusUrl });
  fleet.advanceTo(now);
  handle = createPrometheusApi({ ...fleet, startedAtMs: now, nowMs: () => now });
});

function get(
  path: string,
  parameters: readonly (readonly [string, string])[] = [],
  method = 'GET',
): HttpResponse {
  const query = new URLSearchParams(parameters.map(([name, value]) => [name, value]));
  return handle({ method, path, query, contentType: '', body: '' });
}

interface Answer<Data> {
  readonly status: string;
  readonly data: Data;
  readonly warnings?: readonly string[];
}

function read(response: HttpResponse): Answer<unknown> {
  expect(response.contentType).toBe('application/json');
  return JSON.parse(response.body) as Answer<unknown>;
}

const seconds = now / 1_000;

describe('queries', () => {
  test('an instant vector', () => {
    const { status, data } = read(get('/api/v1/query', [['query', 'up{job="redis-exporter"}']]));
    expect({ status, data }).toEqual({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          {
            metric: {
              __name__: 'up',
              instance: 'redis-0:9121',
              job: 'redis-exporter',
              namespace: 'opssight',
              service: 'redis',
            },
            value: [seconds, '1'],
          },
        ],
      },
    });
  });

  test.each([
    ['1 / 0', { resultType: 'scalar', result: [seconds, '+Inf'] }],
    ['"text"', { resultType: 'string', result: [seconds, 'text'] }],
  ])('%s', (query, data) => {
    expect(read(get('/api/v1/query', [['query', query]])).data).toEqual(data);
  });

  test.each([
    ['count(up @ end()) == bool count(up)', '1'],
    ['max_over_time(vector(2)[5m:1m])', '2'],
    ['count(count_values("v", redis_up))', '1'],
    ['acos(vector(1))', '0'],
  ])('%s is answered', (query, value) => {
    const { data } = read(get('/api/v1/query', [['query', query]])) as Answer<{
      result: { value: [number, string] }[];
    }>;
    expect(data.result.map((one) => one.value[1])).toEqual([value]);
  });

  test('remarks on a query come with its answer', () => {
    const envelope = read(get('/api/v1/query', [['query', 'rate(redis_up[5m]) + quantile(2, up)']]));
    expect(envelope).toMatchObject({
      status: 'success',
      warnings: [expect.stringMatching(/quantile value should be between 0 and 1.*\(1:31\)$/)],
      infos: [expect.stringMatching(/metric might not be a counter.*"redis_up".*\(1:6\)$/)],
    });
  });

  test('a query that takes too long ends', () => {
    const response = get('/api/v1/query', [
      ['query', 'up'],
      ['timeout', '0s'],
    ]);
    expect(response.status).toBe(503);
    expect(read(response)).toEqual({
      status: 'error',
      errorType: 'timeout',
      error: 'query timed out in expression evaluation',
    });
  });

  test('how far a query looks back may be told', () => {
    const count = (lookback: string): unknown[] => {
      const parameters = [
        ['query', 'count(redis_up)'],
        ['time', String(seconds + 200)],
        ['lookback_delta', lookback],
      ] as const;
      return (read(get('/api/v1/query', parameters)).data as { result: unknown[] }).result;
    };
    expect([count('1m').length, count('250').length]).toEqual([0, 1]);
  });

  test('a form body counts as parameters', () => {
    const response = handle({
      method: 'POST',
      path: '/api/v1/query',
      query: new URLSearchParams(),
      contentType: 'application/x-www-form-urlencoded',
      body: 'query=vector(1)&time=10.5',
    });
    expect(read(response).data).toEqual({
      resultType: 'vector',
      result: [{ metric: {}, value: [10.5, '1'] }],
    });
  });

  test('raw samples of a window', () => {
    const { data } = read(
      get('/api/v1/query', [
        ['query', 'redis_up[1m]'],
        ['time', new Date(now).toISOString()],
      ]),
    ) as Answer<{ resultType: string; result: { values: [number, string][] }[] }>;
    expect(data.resultType).toBe('matrix');
    expect(data.result[0]?.values.map(([, value]) => value)).toEqual(['1', '1', '1', '1']);
  });

  test('a range', () => {
    const parameters = [
      ['query', 'sum by (service) (rate(opssight_requests_total[2m]))'],
      ['start', String(seconds - 3_600)],
      ['end', String(seconds)],
      ['step', '15s'],
    ] as const;
    const { data } = read(get('/api/v1/query_range', parameters)) as Answer<{
      resultType: string;
      result: { metric: unknown; values: [number, string][] }[];
    }>;
    expect(data.resultType).toBe('matrix');
    expect(data.result.map(({ metric, values }) => [metric, values.length])).toEqual([
      [{ service: 'backend' }, 241],
    ]);
    expect(data.result[0]?.values[1]?.[0]).toBe(seconds - 3_600 + 15);
  });

  test.each([
    ['query', 400, 'invalid parameter "query": unknown position: parse error: no expression found in input'],
    ['query?query=sum(', 400, 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis'],
    [
      'query?query=up&time=soon',
      400,
      'invalid parameter "time": invalid time value for \'time\': cannot parse "soon" to a valid timestamp',
    ],
    ['query?query=up&limit=-1', 400, 'invalid parameter "limit": limit must be non-negative'],
    [
      'query?query=rate(up)',
      400,
      'invalid parameter "query": 1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    [
      'query?query=mad_over_time(up[1m])',
      400,
      expect.stringContaining('function "mad_over_time" is not enabled') as string,
    ],
    [
      'query?query=up*on()up',
      422,
      expect.stringContaining(
        'found duplicate series for the match group {} on the right hand-side',
      ) as string,
    ],
    [
      'query?query=sum_over_time(vector(1)[2h:1ms])',
      422,
      'query processing would load too many samples into memory in query execution',
    ],
    [
      'query?query=up&timeout=soon',
      400,
      'invalid parameter "timeout": cannot parse "soon" to a valid duration',
    ],
    [
      'query?query=up&lookback_delta=5x',
      400,
      'error parsing lookback delta duration: cannot parse "5x" to a valid duration',
    ],
    ['query_range?query=up', 400, 'invalid parameter "start": cannot parse "" to a valid timestamp'],
    [
      'query_range?query=up&start=2&end=1',
      400,
      'invalid parameter "end": end timestamp must not be before start time',
    ],
    [
      'query_range?query=up&start=1&end=2&step=0',
      400,
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    ],
    [
      'query_range?query=up&start=1&end=11003&step=1',
      400,
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    ],
    [
      'query_range?query=up[5m]&start=1&end=2&step=1',
      400,
      'invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    ],
    ['series', 400, 'no match[] parameter provided'],
    [
      'series?match[]=up{',
      400,
      'invalid parameter "match[]": 1:4: parse error: unexpected end of input inside braces',
    ],
    ['rules?type=both', 400, 'invalid parameter "type": not supported value "both"'],
  ] as const)('%s: %i', (asked, status, error) => {
    const [path = '', text = ''] = asked.split('?');
    const response = get(`/api/v1/${path}`, [...new URLSearchParams(text)]);
    const envelope = read(response);
    expect(response.status).toBe(status);
    expect(envelope).toEqual({
      status: 'error',
      errorType: status === 422 ? 'execution' : 'bad_data',
      error,
    });
  });

  test('a limit cuts and says so', () => {
    const { data, warnings } = read(
      get('/api/v1/query', [
        ['query', 'up'],
        ['limit', '2'],
      ]),
    ) as Answer<{ result: unknown[] }>;
    expect(data.result).toHaveLength(2);
    expect(warnings).toEqual(['results truncated due to limit']);
  });
});

describe('catalogue', () => {
  test('series, labels, label values and metadata', () => {
    expect(
      (read(get('/api/v1/series', [['match[]', 'up{job="node-exporter"}']])) as Answer<unknown[]>).data,
    ).toHaveLength(4);
    expect((read(get('/api/v1/labels', [['match[]', 'redis_up']])) as Answer<string[]>).data).toEqual([
      '__name__',
      'instance',
      'job',
      'namespace',
      'service',
    ]);
    expect((read(get('/api/v1/label/node/values')) as Answer<string[]>).data).toEqual([
      'node-1',
      'node-2',
      'node-3',
      'node-4',
    ]);
    expect(read(get('/api/v1/metadata', [['metric', 'redis_up']])).data).toMatchObject({
      redis_up: [{ type: 'gauge', unit: '' }],
    });
  });

  test('every metric that is scraped has metadata', () => {
    const names = (read(get('/api/v1/label/__name__/values', [['match[]', '{job!=""}']])) as Answer<string[]>)
      .data;
    const known = (read(get('/api/v1/metadata')) as Answer<Record<string, unknown>>).data;
    const own = new Set([
      'up',
      'scrape_duration_seconds',
      'scrape_samples_scraped',
      'ALERTS',
      'ALERTS_FOR_STATE',
    ]);
    const bare = names.map((name) => name.replace(/_(?:bucket|count|sum)$/, ''));
    expect(
      names.filter((name, index) => !own.has(name) && !(name in known) && !((bare[index] ?? '') in known)),
    ).toEqual([]);
  });

  test('a time without samples has no series', () => {
    const old = String((now - 20 * hourMs) / 1_000);
    const parameters = [
      ['match[]', 'up'],
      ['start', old],
      ['end', old],
    ] as const;
    expect(read(get('/api/v1/series', parameters)).data).toEqual([]);
  });
});

describe('status', () => {
  test('rules with their alerts', () => {
    const { data } = read(get('/api/v1/rules')) as Answer<{
      groups: { name: string; rules: Record<string, unknown>[] }[];
    }>;
    const rule = data.groups.flatMap(({ rules }) => rules).find(({ name }) => name === 'LowFeatureAdoption');
    expect(rule).toMatchObject({
      type: 'alerting',
      state: 'firing',
      health: 'ok',
      duration: 600,
      keepFiringFor: 0,
      labels: { severity: 'info', namespace: 'opssight' },
      alerts: [{ state: 'firing', value: expect.stringMatching(/^\d\.\d+e-02$/) as unknown }],
    });
    expect(
      (read(get('/api/v1/rules', [['type', 'record']])) as Answer<{ groups: unknown[] }>).data.groups,
    ).toHaveLength(1);
  });

  test('alerts, targets, build and runtime', () => {
    const { alerts } = (read(get('/api/v1/alerts')) as Answer<{ alerts: { activeAt: string }[] }>).data;
    expect(alerts.every(({ activeAt }) => Date.parse(activeAt) > now - 2 * hourMs)).toBe(true);
    const { activeTargets } = (
      read(get('/api/v1/targets')) as Answer<{ activeTargets: { lastScrape: string; health: string }[] }>
    ).data;
    expect(activeTargets.every(({ lastScrape }) => Date.parse(lastScrape) > now - minuteMs)).toBe(true);
    expect(read(get('/api/v1/status/buildinfo')).data).toMatchObject({ version: '3.5.0' });
    expect(read(get('/api/v1/status/runtimeinfo')).data).toMatchObject({
      startTime: new Date(now).toISOString(),
    });
  });

  test('how it evaluates: what a client needs to compute the same', () => {
    const { yaml } = read(get('/api/v1/status/config')).data as { yaml: string };
    expect(yaml).toMatch(/^global:\n(?: .*\n)* {2}evaluation_interval: 15s\n/);
    expect(yaml).toContain('  external_labels:\n    cluster: demo\n');
    expect(read(get('/api/v1/status/flags')).data).toMatchObject({
      'query.lookback-delta': '5m',
      'query.timeout': '10s',
    });
    const steps = read(get('/api/v1/query', [['query', 'count_over_time(redis_up[5m:])']])).data;
    expect(steps).toMatchObject({ result: [{ value: [seconds, '20'] }] });
  });

  test('what it does not have is answered as Prometheus does', () => {
    expect(get('/api/v1/nope')).toMatchObject({ status: 404, body: '404 page not found\n' });
    expect(get('/api/v1/query', [], 'DELETE')).toMatchObject({ status: 405, body: 'Method Not Allowed\n' });
    expect(get('/-/healthy').body).toBe('Prometheus Server is Healthy.\n');
  });
});
