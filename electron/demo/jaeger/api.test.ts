import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time.ts';
import type { HttpResponse } from '../http-server.ts';
import { createSimulation } from '../simulation/simulation.ts';
import { createJaegerApi } from './api.ts';
import { createTraceStore } from './trace-store.ts';

const simulation = createSimulation({ seed: 1, speed: 1, epochAtMs: 0 });
const epoch = Date.UTC(2026, 10, 21, 5);
const fault = simulation.schedule.faultsOf('pool-exhaustion', epoch, epoch + hourMs)[0];
const nowMs = (fault?.startsAtMs ?? epoch) + 5 * minuteMs;
const store = createTraceStore(simulation.requests, 3 * hourMs, () => nowMs);
const api = createJaegerApi({ store, nowMs: () => nowMs });

function get(target: string): HttpResponse {
  const { pathname, searchParams } = new URL(target, 'http://127.0.0.1');
  return api({ method: 'GET', path: pathname, query: searchParams, contentType: '', body: '' });
}

interface TraceV1 {
  readonly traceID: string;
  readonly spans: readonly {
    readonly operationName: string;
    readonly startTime: number;
    readonly duration: number;
    readonly tags: readonly { readonly key: string; readonly value: unknown }[];
    readonly warnings: readonly string[] | null;
  }[];
}

function traces(target: string): readonly TraceV1[] {
  return (JSON.parse(get(target).body) as { readonly data: readonly TraceV1[] }).data;
}

const envelope = (data: unknown, more = {}) => ({
  data,
  total: 0,
  limit: 0,
  offset: 0,
  errors: null,
  ...more,
});
const failure = (code: number, msg: string) => ({
  status: code,
  contentType: 'text/plain; charset=utf-8',
  body: `${JSON.stringify(envelope(null, { errors: [{ code, msg }] }))}\n`,
});

describe('the first API', () => {
  test.each([
    ['/api/traces', failure(400, "parameter 'service' is required")],
    ['/api/traces/0123456789abcdef', failure(404, 'trace not found')],
    [
      '/api/traces?service=backend&minDuration=2s&maxDuration=1s',
      failure(400, "'maxDuration' should be greater than 'minDuration'"),
    ],
    [
      '/api/traces?service=backend&limit=many',
      failure(400, `unable to parse param 'limit': strconv.ParseInt: parsing "many": invalid syntax`),
    ],
    ['/api/metrics/latencies?service=backend', failure(501, 'metrics querying is currently disabled')],
    ['/api/nothing', { status: 404, contentType: 'text/plain; charset=utf-8', body: '404 page not found\n' }],
  ])('%s', (target, expected) => {
    expect(get(target)).toEqual(expected);
  });

  test('its page says which version it is of', () => {
    expect(get('/')).toMatchObject({
      status: 200,
      contentType: 'text/html; charset=utf-8',
      body: expect.stringMatching(/JAEGER_VERSION = \{"gitCommit":"","gitVersion":"v2\.19\.0",/),
    });
  });

  test('a search that finds nothing is an empty list', () => {
    const answer = get('/api/traces?service=nobody');
    expect([answer.status, answer.contentType, JSON.parse(answer.body)]).toEqual([
      200,
      'application/json',
      envelope([]),
    ]);
  });

  test('finds errors of the pool by tag and duration, and each again by its id', () => {
    const tags = encodeURIComponent('{"error":"true"}');
    const found = traces(`/api/traces?service=backend&operation=db.acquire&tags=${tags}&limit=5`);
    expect(found).toHaveLength(5);
    for (const trace of found) {
      expect(trace.spans.length).toBeGreaterThan(10);
      expect(traces(`/api/traces/${trace.traceID}`)).toEqual([trace]);
      const acquired = trace.spans.find(({ operationName }) => operationName === 'db.acquire');
      expect(acquired?.tags).toContainEqual({ key: 'db.pool.size', type: 'int64', value: 20 });
    }
    const slow = traces('/api/traces?service=frontend&minDuration=2s&limit=20');
    expect(slow.length).toBeGreaterThan(5);
    for (const { spans } of slow) {
      expect(Math.max(...spans.map(({ duration }) => duration))).toBeGreaterThanOrEqual(2_000_000);
    }
  });

  test('keeps to the time asked for, newest first', () => {
    const [from, to] = [(nowMs - 4 * minuteMs) * 1_000, (nowMs - 2 * minuteMs) * 1_000];
    const found = traces(`/api/traces?service=backend&start=${from}&end=${to}&limit=50`);
    const starts = found.map(({ spans }) => spans[0]?.startTime ?? 0);
    expect(starts).toHaveLength(50);
    expect(starts).toEqual(starts.toSorted((left, right) => right - left));
    expect(starts.every((start) => start >= from && start <= to + 1_000)).toBe(true);
  });

  test('some spans carry a warning of a clock that differs', () => {
    const warned = traces('/api/traces?service=postgres&limit=1500')
      .flatMap(({ spans }) => spans)
      .flatMap(({ warnings }) => warnings ?? []);
    expect(warned.length).toBeGreaterThan(3);
    expect(warned[0]).toMatch(/^clock skew adjustment disabled; not applying calculated delta of [\d.]+ms$/);
  });

  test('knows who calls whom', () => {
    const calls = JSON.parse(get('/api/dependencies').body) as { data: { parent: string; child: string }[] };
    expect(calls.data).toContainEqual({
      parent: 'frontend',
      child: 'backend',
      callCount: expect.any(Number) as number,
    });
  });
});

describe('the third API', () => {
  const range = `query.startTimeMin=${new Date(nowMs - 5 * minuteMs).toISOString()}&query.startTimeMax=${new Date(nowMs).toISOString()}`;
  const failed = (httpCode: number, message: string) => ({
    status: httpCode,
    contentType: 'text/plain; charset=utf-8',
    body: `${JSON.stringify({ error: { httpCode, message } })}\n`,
  });

  test.each([
    ['/api/v3/traces', failed(400, 'query.startTimeMin and query.startTimeMax are required')],
    [`/api/v3/traces?${range}&query.serviceName=nobody`, failed(404, 'No traces found')],
    ['/api/v3/traces/0123456789abcdef0123456789abcdef', failed(404, 'No traces found')],
  ])('%s', (target, expected) => {
    expect(get(target)).toEqual(expected);
  });

  test('finds the same traces as the first, also by the older names of parameters', () => {
    const query = `${range}&query.serviceName=backend&query.searchDepth=3`;
    const ids = (target: string): readonly unknown[] => [
      ...new Set(get(target).body.match(/"traceId":"[0-9a-f]{32}"/g)),
    ];
    const found = ids(`/api/v3/traces?${query}`);
    expect(found).toHaveLength(3);
    const older = query.replace('serviceName', 'service_name').replace('searchDepth', 'num_traces');
    expect(
      ids(`/api/v3/traces?${older.replaceAll('startTime', 'start_time').replaceAll('_timeM', '_time_m')}`),
    ).toEqual(found);
    expect(ids(`/api/v3/trace-summaries?${query}`)).toEqual(found);
  });

  const folder = new URL('../../../../shared/fixtures/jaeger/', import.meta.url);

  test.skipIf(!existsSync(folder))(
    'has the keys of recorded answers (needs ../shared/fixtures/jaeger)',
    () => {
      const recorded = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
      const query = `${range}&query.serviceName=backend&query.attributes=${encodeURIComponent('{"error":"true"}')}`;
      const target = `/api/v3/traces?${query}`;
      expect(keysOf(JSON.parse(get(target).body))).toEqual(
        expect.arrayContaining([...keysOf(recorded('v3/FindTraces.json'))]),
      );
      expect(keysOf(JSON.parse(get(`/api/v3/trace-summaries?${query}`).body))).toEqual(
        keysOf(recorded('v3/FindTraceSummaries.json')),
      );
      expect(keysOf(JSON.parse(get('/api/v3/operations?service=backend').body))).toEqual(
        keysOf(recorded('v3/GetOperations.json')),
      );
      expect(keysOf(JSON.parse(get('/api/v3/services').body))).toEqual(
        keysOf(recorded('v3/GetServices.json')),
      );
      expect(keysOf(JSON.parse(get('/api/traces?service=backend&limit=3').body))).toEqual(
        expect.arrayContaining([...keysOf(recorded('otlp2jaeger-out.json'))]),
      );
    },
  );
});

/** Every key that occurs, with the keys above it; lists are looked through. */
function keysOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((one) => keysOf(one, path)))].sort();
  if (typeof value !== 'object' || value === null) return [];
  const keys = Object.entries(value).flatMap(([key, one]) => [
    `${path}.${key}`,
    ...keysOf(one, `${path}.${key}`),
  ]);
  return [...new Set(keys)].sort();
}
