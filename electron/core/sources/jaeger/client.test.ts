import { afterEach, expect, test } from 'vitest';
import type { TraceSearch } from '#shared/model/trace.ts';
import { Cleanup } from '#support/cleanup.ts';
import { startFaultyServer } from '#support/faulty-server.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { openSourceHttp } from '../http.ts';
import { JaegerClient } from './client.ts';

const each = new Cleanup();
afterEach(() => each.run());

interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body: unknown;
}

/** What each path answers; any other is answered as that server answers paths that it does not know. */
async function asking(
  replies: Record<string, Reply>,
  unknown: Reply = { status: 404, type: 'text/plain', body: '404 page not found\n' },
): Promise<{ client: JaegerClient; asked: () => URL[]; replies: Record<string, Reply> }> {
  const changeable = { ...replies };
  const server = await startFaultyServer(
    {
      kind: 'prometheus',
      fault: (request, response) => {
        const path = request.url?.split('?')[0] ?? '';
        const { status = 200, type = 'application/json', body } = changeable[path] ?? unknown;
        response
          .writeHead(status, { 'content-type': type })
          .end(typeof body === 'string' ? body : JSON.stringify(body));
      },
    },
    each,
  );
  const http = openSourceHttp(sourceSettings({ kind: 'jaeger', url: server.url, timeoutMs: 20_000 }));
  each.add(() => http.close());
  const asked = (): URL[] => server.requests.map(({ path }) => new URL(path, 'http://server'));
  return { client: new JaegerClient(http), asked, replies: changeable };
}

const page: Reply = { type: 'text/html', body: '<!doctype html><title>Jaeger UI</title>' };
const id = 'ab'.repeat(16);
const v1Trace = (traceID: string, startTime: number): object => ({
  traceID,
  spans: [{ traceID, spanID: '1', operationName: 'op', startTime, duration: 5, processID: 'p', tags: [] }],
  processes: { p: { serviceName: 'shop', tags: [] } },
});
const v1 = (...data: object[]): object => ({ data, total: 0, limit: 0, offset: 0, errors: null });
const v3 = {
  result: { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: id, spanId: '0'.repeat(15) + '1' }] }] }] },
};
const summary = {
  traceId: id,
  rootServiceName: 'shop',
  minStartTimeUnixNano: '1700000000000000001',
  maxEndTimeUnixNano: '1700000000000000124',
  spanCount: 3,
  services: [{ name: 'shop', spanCount: 3 }],
};
/** As the servers write an error: JSON that says it is text. */
const v1Error = (code: number, msg: string): Reply => ({
  status: code,
  type: 'text/plain; charset=utf-8',
  body: `${JSON.stringify({ data: null, errors: [{ code, msg }] })}\n`,
});
const v3NotFound: Reply = {
  status: 404,
  type: 'text/plain; charset=utf-8',
  body: `${JSON.stringify({ error: { httpCode: 404, message: 'No traces found' } })}\n`,
};

const search: TraceSearch = {
  source: '',
  service: 'shop',
  operation: 'GET /',
  tags: [{ key: 'error', value: 'true' }],
  minDurationNs: 1_500_000,
  maxDurationNs: null,
  fromMs: 1_700_000_000_000,
  toMs: 1_700_000_060_000,
  limit: 20,
};

test('a server with summaries is asked for them, and nothing else', async () => {
  const { client, asked } = await asking({ '/api/v3/trace-summaries': { body: { summaries: [summary] } } });
  const found = await client.search(search);
  expect(found).toEqual({
    ok: true,
    value: {
      traces: [],
      summaries: [
        {
          traceId: id,
          source: '',
          rootService: 'shop',
          rootOperation: '',
          startNs: '1700000000000000001',
          durationNs: 123,
          spanCount: 3,
          errorCount: 0,
          orphanCount: 0,
          services: [{ name: 'shop', spans: 3, errors: 0 }],
        },
      ],
    },
  });
  expect(asked().map(({ pathname }) => pathname)).toEqual(['/api/v3/trace-summaries']);
  expect(Object.fromEntries(asked()[0]?.searchParams ?? [])).toEqual({
    'query.service_name': 'shop',
    'query.operation_name': 'GET /',
    'query.attributes': '{"error":"true"}',
    'query.duration_min': '1500000ns',
    'query.start_time_min': '2023-11-14T22:13:20.000Z',
    'query.start_time_max': '2023-11-14T22:14:20.000Z',
    'query.num_traces': '20',
  });
});

test.each([
  ['answers 404', undefined],
  ['answers its web page', page],
])('a server of v1 that %s to later paths is found out once', async (_name, unknown) => {
  const traces = v1(v1Trace('1', 1_000), v1Trace('2', 2_000));
  const { client, asked } = await asking({ '/api/traces': { body: traces } }, unknown);
  const found = await client.search(search);
  await client.search(search);
  expect(asked().map(({ pathname }) => pathname)).toEqual([
    '/api/v3/trace-summaries',
    '/api/traces',
    '/api/traces',
  ]);
  expect(Object.fromEntries(asked()[1]?.searchParams ?? [])).toEqual({
    service: 'shop',
    operation: 'GET /',
    tags: '{"error":"true"}',
    minDuration: '1500000ns',
    start: '1700000000000000',
    end: '1700000060000000',
    limit: '20',
  });
  if (!found.ok) throw new Error(found.failure.message);
  expect(found.value.summaries.map(({ startNs }) => startNs)).toEqual(['2000000', '1000000']);
  expect(found.value.traces).toHaveLength(2);
});

test('a server of v3 alone is searched there, and finding nothing there is no failure', async () => {
  const { client, replies } = await asking({ '/api/v3/traces': { body: v3 } });
  expect(await client.search(search)).toMatchObject({
    value: { summaries: [{ traceId: id }], traces: [{}] },
  });
  replies['/api/v3/traces'] = v3NotFound;
  expect(await client.search(search)).toEqual({ ok: true, value: { summaries: [], traces: [] } });
});

test('a server that was upgraded is asked in its new dialect', async () => {
  const { client, asked, replies } = await asking({ '/api/traces': { body: v1() } });
  await client.search(search);
  delete replies['/api/traces'];
  replies['/api/v3/trace-summaries'] = { body: {} };
  expect(await client.search(search)).toMatchObject({ ok: true });
  await client.search(search);
  expect(asked().at(-1)?.pathname).toBe('/api/v3/trace-summaries');
  expect(asked()).toHaveLength(5);
});

test('what a server refuses in its own words is not taken for another dialect', async () => {
  const { client, asked } = await asking({
    '/api/v3/trace-summaries': v1Error(400, "'maxDuration' should be greater than 'minDuration'"),
  });
  expect(await client.search(search)).toMatchObject({
    failure: { code: 'bad-query', status: 400, message: expect.stringContaining('should be greater') },
  });
  expect(asked()).toHaveLength(1);
  const broken = await asking({ '/api/v3/trace-summaries': v1Error(500, 'storage is gone') });
  expect(await broken.client.search(search)).toMatchObject({
    failure: { code: 'server-error', message: 'Jaeger says: storage is gone.' },
  });
  const nothing = await asking({});
  expect(await nothing.client.search(search)).toMatchObject({ failure: { code: 'not-this-api' } });
});

test('the dialect is told without a search before it, and by what a server refuses in its own words', async () => {
  const first = await asking({ '/api/traces': { body: v1() } });
  expect(await first.client.dialect('shop')).toEqual({ ok: true, value: 'v1' });
  expect(first.asked().at(-1)?.searchParams.get('limit')).toBe('1');
  expect(await first.client.dialect('shop')).toEqual({ ok: true, value: 'v1' });
  expect(first.asked()).toHaveLength(2);
  const refusing = await asking({
    '/api/traces': v1Error(400, "parameter 'service' is required"),
  });
  expect(await refusing.client.dialect('')).toEqual({ ok: true, value: 'v1' });
  const neither = await asking({});
  expect(await neither.client.dialect('shop')).toMatchObject({ failure: { code: 'not-this-api' } });
  const broken = await asking({ '/api/v3/trace-summaries': v1Error(500, 'storage is gone') });
  expect(await broken.client.dialect('shop')).toMatchObject({ failure: { code: 'server-error' } });
});

test('the version is what the page of the server says, which may be nothing', async () => {
  const version = '{"gitCommit":"639eefe","gitVersion":"v2.19.0","buildDate":"2026-07-01"}';
  const { client, replies } = await asking({
    '/': { type: 'text/html', body: `<script>const JAEGER_VERSION = ${version};</script>` },
  });
  expect(await client.version()).toEqual({ ok: true, value: 'v2.19.0' });
  replies['/'] = page;
  expect(await client.version()).toEqual({ ok: true, value: '' });
  delete replies['/'];
  expect(await client.version()).toMatchObject({ failure: { code: 'not-this-api' } });
});

test('a trace is read over v1, over v3 where that is all there is, and null where nobody has it', async () => {
  const first = await asking({ [`/api/traces/${id}`]: { body: v1(v1Trace(id, 7)) } });
  expect(await first.client.trace(id)).toMatchObject({
    value: { traceId: id, spans: [{ startNs: '7000' }] },
  });
  const second = await asking({ [`/api/v3/traces/${id}`]: { body: v3 } });
  expect(await second.client.trace(id)).toMatchObject({ value: { traceId: id } });
  const missing = await asking({ [`/api/traces/${id}`]: v1Error(404, 'trace not found') });
  expect(await missing.client.trace(id)).toEqual({ ok: true, value: null });
  expect(missing.asked()).toHaveLength(1);
  const neither = await asking({});
  expect(await neither.client.trace(id)).toMatchObject({ failure: { code: 'not-this-api', status: 404 } });
  const damaged = await asking({ [`/api/traces/${id}`]: { body: v1({ traceID: 'no', spans: [] }) } });
  expect(await damaged.client.trace(id)).toMatchObject({ failure: { code: 'malformed' } });
});

test('services and operations in either dialect, each once and sorted', async () => {
  const later = await asking({
    '/api/v3/services': { body: { services: ['shop', 'cart'] } },
    '/api/v3/operations': {
      body: { operations: [{ name: 'b', spanKind: 'server' }, { name: 'a' }, { name: 'b' }] },
    },
  });
  expect(await later.client.services()).toEqual({ ok: true, value: ['cart', 'shop'] });
  expect(await later.client.operations('a/b')).toEqual({ ok: true, value: ['a', 'b'] });
  expect(later.asked()[1]?.searchParams.get('service')).toBe('a/b');
  const earlier = await asking({
    '/api/services': { body: { data: ['shop'] } },
    '/api/operations': { body: { data: [{ name: 'x', spanKind: '' }] } },
  });
  expect(await earlier.client.services()).toEqual({ ok: true, value: ['shop'] });
  expect(await earlier.client.operations('shop')).toEqual({ ok: true, value: ['x'] });
  const none = await asking({
    '/api/v3/services': { body: {} },
    '/api/dependencies': { body: { data: null } },
  });
  expect(await none.client.services()).toEqual({ ok: true, value: [] });
  expect(await none.client.dependencies(0, 1_000)).toEqual({ ok: true, value: [] });
});

test('dependencies of a range', async () => {
  const data = [{ parent: 'shop', child: 'cart', callCount: 7 }];
  const { client, asked } = await asking({ '/api/dependencies': { body: v1(...data) } });
  expect(await client.dependencies(1_000, 61_000)).toEqual({ ok: true, value: data });
  expect(asked()[0]?.search).toBe('?endTs=61000&lookback=60000');
});

test('a trace of 50,000 spans, larger than any other answer may be, comes whole and exact', async () => {
  const spans = Array.from({ length: 50_000 }, (_, index) => ({
    traceID: id,
    spanID: (index + 1).toString(16),
    operationName: 'x'.repeat(400),
    references: index === 0 ? [] : [{ refType: 'CHILD_OF', traceID: id, spanID: index.toString(16) }],
    startTime: 1_700_000_000_000_000 + index,
    duration: 10,
    processID: 'p',
    tags: [{ key: 'n', type: 'int64', value: index }],
  }));
  const body = JSON.stringify(v1({ traceID: id, spans, processes: {} })).replace(
    '"value":49999}',
    '"value":"9223372036854775807"}',
  );
  expect(body.length).toBeGreaterThan(24 * 1_048_576);
  const { client } = await asking({ [`/api/traces/${id}`]: { body } });
  const answer = await client.trace(id);
  if (!answer.ok || answer.value === null) throw new Error('no trace');
  expect(answer.value.spans).toHaveLength(50_000);
  expect(answer.value.spans[49_999]).toMatchObject({
    startNs: '1700000000049999000',
    parentSpanId: (49_999).toString(16).padStart(16, '0'),
    attributes: [{ value: '9223372036854775807' }],
  });
}, 20_000);
