import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Notice } from '#shared/model/console.ts';
import { nanosecondsOf } from '#shared/model/log.ts';
import type { Chart } from '#shared/model/series.ts';
import type { Span, TraceSearch } from '#shared/model/trace.ts';
import { dayMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { cacheFile } from '../../files.ts';
import { Cache } from '../cache.ts';
import type { TraceToKeep } from '../trace-records.ts';

const nowMs = Date.UTC(2026, 10, 21, 3, 12);
let cleanup: Cleanup;
let directory: string;
let notices: Notice[];

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
  notices = [];
});

afterEach(() => cleanup.run());

function openCache(): Cache {
  const cache = new Cache(
    { directory, isLeftAlone: false, onNotice: (notice) => notices.push(notice) },
    nowMs,
  );
  cleanup.add(() => cache.close());
  return cache;
}

function span(part: Partial<Span> = {}): Span {
  return {
    spanId: '00000000000000aa',
    parentSpanId: '',
    process: 0,
    operation: 'GET /cart',
    kind: 'server',
    startNs: nanosecondsOf(nowMs),
    durationNs: 1e6,
    status: 'unset',
    statusMessage: '',
    attributes: [{ key: 'http.status', type: 'int64', value: '500' }],
    events: [],
    links: [],
    warnings: [],
    ...part,
  };
}

function kept(
  traceId: string,
  startMs: number,
  part: Partial<TraceToKeep> = {},
  spans = [span()],
): TraceToKeep {
  const startNs = nanosecondsOf(startMs);
  const services = [{ name: 'cart', spans: 1, errors: 0 }];
  const root = { rootService: 'cart', rootOperation: 'GET /cart', errorCount: 0, orphanCount: 0 };
  return {
    source: 'jaeger',
    trace: { traceId, processes: [{ service: 'cart', attributes: [] }], spans, warnings: [] },
    summary: {
      traceId,
      source: 'jaeger',
      startNs,
      durationNs: 1e6,
      spanCount: spans.length,
      services,
      ...root,
    },
    fetchedAtMs: nowMs,
    incidentId: null,
    ...part,
  };
}

const search: TraceSearch = {
  source: 'jaeger',
  service: 'cart',
  operation: '',
  tags: [],
  minDurationNs: null,
  maxDurationNs: null,
  fromMs: 0,
  toMs: nowMs,
  limit: 20,
};

function ids(cache: Cache, part: Partial<TraceSearch> = {}): string[] {
  return cache.searchTraces({ ...search, ...part }, 20, null, nowMs).traces.map(({ traceId }) => traceId);
}

test('traces come back whole, and are found by what their spans say', () => {
  const cache = openCache();
  const failing = span({ operation: 'charge', status: 'error', attributes: [] });
  const first = kept('a1', nowMs - 10);
  const second = kept('b2', nowMs - 5, {}, [span({ durationNs: 5 }), failing]);
  for (const one of [first, second])
    expect(cache.putTrace(one, nowMs)).toEqual({ ok: true, value: undefined });
  expect(cache.trace('jaeger', 'b2', nowMs)).toEqual({
    trace: second.trace,
    source: 'jaeger',
    fetchedAtMs: nowMs,
  });
  expect(cache.trace('', 'a1', nowMs)?.trace).toEqual(first.trace);
  expect(cache.trace('other', 'a1', nowMs)).toBeNull();
  expect(ids(cache)).toEqual(['b2', 'a1']);
  expect(ids(cache, { operation: 'charge' })).toEqual(['b2']);
  expect(ids(cache, { service: 'nobody' })).toEqual([]);
  expect(ids(cache, { source: '', service: '', toMs: nowMs - 6 })).toEqual(['a1']);
  expect(ids(cache, { minDurationNs: 2e6 })).toEqual([]);
  expect(ids(cache, { tags: [{ key: 'error', value: 'true' }] })).toEqual(['b2']);
  const status = { key: 'http.status', value: '500' };
  expect(ids(cache, { tags: [status] })).toEqual(['b2', 'a1']);
  // All tags on one span: here they are on two.
  expect(ids(cache, { tags: [status, { key: 'error', value: 'true' }] })).toEqual([]);
  expect(cache.traceServices('jaeger', nowMs)).toEqual(['cart']);
  expect(cache.traceOperations('jaeger', 'cart', nowMs)).toEqual(['GET /cart', 'charge']);
});

test('kind, status and events are found by the tags that Jaeger has them in', () => {
  const cache = openCache();
  const events = [{ timeNs: nanosecondsOf(nowMs), name: 'retry', attributes: [] }];
  const told = span({ kind: 'client', status: 'error', statusMessage: 'refused', events });
  const error = { key: 'error', type: 'bool' as const, value: 'true' };
  cache.putTrace(kept('a1', nowMs, {}, [told]), nowMs);
  cache.putTrace(kept('b2', nowMs, {}, [span({ status: 'ok' })]), nowMs);
  cache.putTrace(kept('c3', nowMs, {}, [span({ status: 'error', attributes: [error] })]), nowMs);
  const found = (key: string, value: string): string[] => ids(cache, { tags: [{ key, value }] }).toSorted();
  expect(found('span.kind', 'client')).toEqual(['a1']);
  expect(found('span.kind', 'server')).toEqual(['b2', 'c3']);
  expect(found('otel.status_code', 'ERROR')).toEqual(['a1']);
  expect(found('otel.status_code', 'OK')).toEqual(['b2']);
  expect(found('otel.status_description', 'refused')).toEqual(['a1']);
  expect(found('event', 'retry')).toEqual(['a1']);
  expect(found('error', 'true')).toEqual(['a1', 'c3']);
});

test('a trace is the same with and without the zeros before its id', () => {
  const cache = openCache();
  const short = 'abcdef0123456789';
  const long = short.padStart(32, '0');
  const whole = kept(short, nowMs, {}, [span(), span({ spanId: '00000000000000bb' })]);
  cache.putTrace(whole, nowMs);
  expect(cache.trace('jaeger', long, nowMs)?.trace).toEqual(whole.trace);
  // As v3 writes what v1 wrote short: the same trace, which lost a span since.
  cache.putTrace(kept(long, nowMs, { incidentId: 4 }), nowMs);
  expect(ids(cache)).toEqual([short]);
  expect(cache.incidentTraces(4, nowMs).traces).toMatchObject([{ traceId: short, spanCount: 2 }]);
  cache.putTrace(kept(long, nowMs, {}, [span(), span(), span()]), nowMs);
  expect(ids(cache)).toEqual([long]);
  expect(cache.trace('', short, nowMs)?.trace.spans).toHaveLength(3);
  expect(cache.trace('', `1${short}`, nowMs)).toBeNull();
});

test('a page ends where the next one begins', () => {
  const cache = openCache();
  for (let index = 0; index < 7; index++) cache.putTrace(kept(`t${index}`, nowMs - 50), nowMs);
  const found: string[] = [];
  let page = cache.searchTraces(search, 3, null, nowMs);
  for (; page.next !== null; page = cache.searchTraces(search, 3, page.next, nowMs))
    found.push(...page.traces.map(({ traceId }) => traceId));
  found.push(...page.traces.map(({ traceId }) => traceId));
  expect(found).toEqual(['t6', 't5', 't4', 't3', 't2', 't1', 't0']);
});

test('a server that forgot spans does not take them from what is kept', () => {
  const cache = openCache();
  const whole = kept('a1', nowMs, {}, [span(), span({ spanId: '00000000000000bb' })]);
  cache.putTrace(whole, nowMs);
  cache.putTrace(kept('a1', nowMs, { incidentId: 4 }), nowMs);
  expect(cache.trace('jaeger', 'a1', nowMs)?.trace).toEqual(whole.trace);
  expect(cache.incidentTraces(4, nowMs).traces).toMatchObject([{ traceId: 'a1', spanCount: 2 }]);
  cache.forgetIncidentsAfter(3, nowMs);
  expect(cache.incidentTraces(4, nowMs).traces).toEqual([]);
});

test('traces are let go of after three days, except by an incident', () => {
  const cache = openCache();
  cache.putTrace(kept('old', nowMs - 4 * dayMs), nowMs);
  cache.putTrace(kept('held', nowMs - 4 * dayMs, { incidentId: 1 }), nowMs);
  cache.putTrace(kept('recent', nowMs - dayMs), nowMs);
  while (cache.maintain(2 ** 40, nowMs));
  expect(ids(cache)).toEqual(['recent', 'held']);
  while (cache.maintain(0, nowMs));
  expect(ids(cache)).toEqual(['held']);
  expect(notices).toMatchObject([{ id: 'cache-evicted-2026-11-21' }]);
});

test.each([
  ['data', `UPDATE trace SET data = x'0011'`],
  ['checksum', `UPDATE trace SET checksum = 1`],
])('a trace with a damaged %s is not given out: the cache starts over', (_what, damage) => {
  const cache = openCache();
  cache.putTrace(kept('a1', nowMs), nowMs);
  cache.close();
  const file = new Database(join(directory, cacheFile));
  file.exec(damage);
  file.close();
  const again = openCache();
  expect(again.trace('jaeger', 'a1', nowMs)).toBeNull();
  expect(notices).toMatchObject([{ id: 'cache-recreated' }]);
  again.putTrace(kept('a1', nowMs), nowMs);
  expect(again.trace('jaeger', 'a1', nowMs)).not.toBeNull();
});

test('charts of panels are kept by key, the last one of each, and not without end', () => {
  const cache = openCache();
  const timesMs = Float64Array.of(0, 15);
  const chart: Chart = {
    origin: { kind: 'live', source: 'p', atMs: nowMs },
    expression: 'up',
    drawn: 'up',
    threshold: null,
    fromMs: 0,
    toMs: 15,
    stepMs: 15,
    series: [{ labels: {}, timesMs, values: Float64Array.of(1, Number.NaN) }],
    seriesTotal: 1,
  };
  cache.putPanelChart('p\0up', { ...chart, seriesTotal: 7 }, nowMs);
  cache.putPanelChart('p\0up', chart, nowMs + 1);
  expect(cache.panelChart('p\0up', nowMs)).toEqual(chart);
  expect(cache.panelChart('p\0down', nowMs)).toBeNull();
  for (let index = 0; index < 500; index++) cache.putPanelChart(`k${index}`, chart, nowMs + 2);
  expect(cache.panelChart('p\0up', nowMs)).toBeNull();
  expect(cache.panelChart('k0', nowMs)).toEqual(chart);
});
