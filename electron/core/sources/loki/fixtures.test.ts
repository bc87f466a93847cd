import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import type { SourceFailure } from '#shared/failure.ts';
import type { Result } from '#shared/result.ts';
import { Cleanup } from '#support/cleanup.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { openSourceHttp } from '../http.ts';
import { LokiClient } from './client.ts';
import { failureOfLoki } from './failure.ts';

/** Exchanges recorded from a real Loki 3.4.6, each asked for through the method of its path. */
const folder = new URL('../../../../../shared/fixtures/loki/', import.meta.url);
const isThere = existsSync(folder);
const title = 'exchanges recorded from Loki 3.4.6 (needs ../shared/fixtures/loki)';

const exchangeSchema = v.object({
  request: v.object({
    method: v.string(),
    path: v.string(),
    params: v.nullable(v.record(v.string(), v.unknown())),
  }),
  response: v.object({ status: v.number(), contentType: v.nullable(v.string()), body: v.string() }),
});
type Exchange = v.InferOutput<typeof exchangeSchema>;

const each = new Cleanup();
afterEach(() => each.run());

function exchangeOf(name: string): Exchange {
  return v.parse(exchangeSchema, JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
}

/** A client of a server that gives one recorded answer, and how it was asked. */
async function replaying(name: string) {
  const { response } = exchangeOf(name);
  const paths: string[] = [];
  const flags: unknown[] = [];
  const server = createServer((request, answer) => {
    paths.push(new URL(request.url ?? '/', 'http://loki').pathname);
    flags.push(request.headers['x-loki-response-encoding-flags']);
    const type = response.contentType;
    answer.writeHead(response.status, type === null ? {} : { 'content-type': type }).end(response.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = openSourceHttp(
    sourceSettings({ kind: 'loki', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
  );
  each.add(async () => {
    await http.close();
    server.closeAllConnections();
    server.close();
  });
  return { client: new LokiClient(http), paths, flags };
}

const fromNs = '1795246172000000000';
const toNs = '1795246273000000000';
const range = { fromMs: 1_795_246_172_000, toMs: 1_795_246_273_000 };
const web = '{app="web"}';
const volume = { ...range, query: '{app=~".+"}' };
type Ask = (client: LokiClient) => Promise<Result<unknown, SourceFailure>>;

const backward: Ask = (client) =>
  client.linesPage({ query: web, fromNs, toNs, limit: 100, direction: 'backward' });
const forward: Ask = (client) =>
  client.linesPage({ query: web, fromNs, toNs, limit: 100, direction: 'forward' });
const counted: Ask = (client) => client.queryRange('rate({app="web"}[1m])', { ...range, stepMs: 30_000 });
const instant: Ask = (client) => client.query('1+1', null);

const line = { text: expect.any(String) as unknown, timeNs: expect.stringMatching(/^\d{19}$/) as unknown };

/** What the answer must contain, or the failure and what its next step must say. */
const understood: readonly (readonly [name: string, ask: Ask, contains: unknown])[] = [
  ['buildinfo', (client) => client.buildInfo(), { version: '3.4.6' }],
  ['detected_field_values', (client) => client.detectedFieldValues('method', web, range), ['GET']],
  [
    'detected_fields',
    (client) => client.detectedFields(web, range),
    expect.arrayContaining([
      { name: 'method', type: 'string', cardinality: 1, parsers: ['logfmt'] },
      { name: 'detected_level', type: 'string', cardinality: 2, parsers: [] },
    ]),
  ],
  [
    'detected_fields_json',
    (client) => client.detectedFields(web, range),
    expect.arrayContaining([{ name: 'req_id', type: 'int', cardinality: 30, parsers: ['json'] }]),
  ],
  [
    'detected_labels',
    (client) => client.detectedLabels(null, range),
    expect.arrayContaining([{ name: 'app', cardinality: 3 }]),
  ],
  [
    'iq_scalar',
    instant,
    {
      resultType: 'scalar',
      series: [{ timesMs: Float64Array.of(1_795_247_974_318), values: Float64Array.of(2) }],
    },
  ],
  [
    'iq_vector',
    instant,
    {
      resultType: 'vector',
      series: [{ labels: { app: 'api' }, values: Float64Array.of(30) }, { labels: { app: 'web' } }],
    },
  ],
  ['iq_vectorfn', instant, { series: [{ labels: {}, timesMs: Float64Array.of(1_795_247_974_321) }] }],
  ['label_values', (client) => client.labelValues('app', null, range), ['api', 'raw', 'web']],
  ['label_values_none', (client) => client.labelValues('zzz', null, range), []],
  ['label_values_q', (client) => client.labelValues('app', '{env="dev"}', range), ['raw']],
  ['labels', (client) => client.labels(null, range), ['app', 'env', 'service_name']],
  ['labels_empty', (client) => client.labels(null, null), []],
  [
    'patterns',
    (client) => client.patterns(web, range),
    [{ pattern: expect.stringContaining('level=info ts=<_>') as unknown, count: 48 }],
  ],
  ['qr_empty', backward, { streams: [], lines: [] }],
  [
    'qr_json_error',
    backward,
    { lines: [{ ...line, level: 'info', parsed: { __error__: 'JSONParserErr' }, metadata: { user: 'u1' } }] },
  ],
  ['qr_json_nested', backward, { streams: [{ req_id: '29', level: 'info' }], lines: [{ level: 'info' }] }],
  [
    'qr_matrix',
    counted,
    { resultType: 'matrix', series: [{ labels: { level: 'error' }, values: Float64Array.of(1, 1) }, {}] },
  ],
  ['qr_post', backward, { streams: [{ app: 'web' }], lines: [line] }],
  [
    'qr_same_ts',
    forward,
    { streams: [{ app: 'raw' }], lines: expect.arrayContaining([expect.objectContaining(line)]) },
  ],
  ['qr_streams', backward, { streams: [{ app: 'web' }, { app: 'web' }], lines: [line, line] }],
  [
    'qr_streams_categorized',
    backward,
    {
      streams: [{ app: 'web', env: 'prod', service_name: 'web' }],
      lines: [{ stream: 0, parsed: {} }, { stream: 0 }],
    },
  ],
  [
    'qr_streams_categorized_logfmt',
    forward,
    { lines: [{ level: 'error', parsed: { status: '500', msg: 'hello 0' }, metadata: { user: 'u0' } }] },
  ],
  ['qr_streams_logfmt', forward, { streams: [{ status: '500' }], lines: [{ level: 'error' }] }],
  [
    'series',
    (client) => client.series([web, '{app="api"}'], range),
    [{ app: 'api' }, { app: 'web', env: 'prod', service_name: 'web' }],
  ],
  ['series_nomatch', (client) => client.series([], range), [{}, { service_name: 'unknown_service' }, {}, {}]],
  ['series_none', (client) => client.series(['{app="q"}'], range), []],
  [
    'stats',
    (client) => client.indexStats(volume.query, range),
    { streams: 0, chunks: 0, bytes: 0, entries: 0 },
  ],
  ['stats_none', (client) => client.indexStats('{app="q"}', range), { streams: 0, bytes: 0 }],
  [
    'volume',
    (client) => client.volume(volume),
    [
      { labels: { app: 'web' }, values: Float64Array.of(8_656) },
      { labels: { app: 'api' } },
      { labels: { app: 'raw' } },
    ],
  ],
  [
    'volume_labels',
    (client) => client.volume({ ...volume, aggregateBy: 'labels' }),
    expect.arrayContaining([
      expect.objectContaining({ labels: { env: '' }, values: Float64Array.of(11_422) }),
    ]),
  ],
  [
    'volume_range',
    (client) => client.volumeRange({ ...volume, stepMs: 60_000 }),
    expect.arrayContaining([
      {
        labels: { app: 'web' },
        timesMs: Float64Array.of(1_795_246_199_999, 1_795_246_259_999, 1_795_246_273_000),
        values: Float64Array.of(2_313, 5_056, 1_114),
      },
    ]),
  ],
  [
    'volume_target',
    (client) => client.volume({ ...volume, targetLabels: ['env'] }),
    [{ labels: { env: 'prod' } }, { labels: { env: 'dev' } }],
  ],
];

const refused: readonly (readonly [name: string, ask: Ask, code: string, nextStep: string])[] = [
  ['err_11000', counted, 'too-large', 'coarser step'],
  ['err_bad_start', backward, 'bad-query', 'Correct'],
  ['err_dir', backward, 'bad-query', 'Correct'],
  ['err_empty_compat', backward, 'bad-query', 'app=~".+"'],
  ['err_empty_matcher', backward, 'bad-query', 'app=~".+"'],
  ['err_end_before_start', backward, 'bad-query', 'an end after the start'],
  ['err_limit', backward, 'too-large', 'at most 5000 lines'],
  ['err_limit0', backward, 'bad-query', 'Correct'],
  ['err_noquery', backward, 'bad-query', 'at least a selector'],
  ['err_parse', backward, 'bad-query', 'line 1, column 11'],
  ['err_parse2', backward, 'bad-query', 'line 1, column 16'],
  ['err_pipeline', counted, 'bad-query', '| __error__=""'],
  ['err_regex', backward, 'bad-query', 'missing closing )'],
  ['err_step', counted, 'bad-query', 'Correct'],
  ['err_too_long', backward, 'too-large', 'at most 30d1h'],
  ['err_unknown_fn', counted, 'bad-query', 'line 1, column 1'],
  ['err_unwrap', counted, 'bad-query', '__error__="SampleExtractionErr"'],
  ['iq_log', instant, 'bad-query', 'count_over_time'],
];

/** Asked by nobody here; their refusals have a name all the same. Null for an answer that is no failure. */
const named: readonly (readonly [name: string, code: string | null])[] = [
  ['drilldown_limits', 'not-this-api'],
  ['format_query', null],
  ['format_query_err', 'bad-query'],
  ['notfound', 'not-this-api'],
  ['prom_alerts', null],
  ['prom_rules', null],
  ['push_badjson', 'bad-query'],
  ['push_empty_labels', null],
  ['push_future', 'bad-query'],
  ['push_long_line', 'bad-query'],
  ['push_nested_sm', 'bad-query'],
  ['push_no_streams', 'bad-query'],
  ['push_ok', null],
  ['push_ts_number', 'bad-query'],
  ['ready', null],
  ['tail_delay', 'bad-query'],
  ['tail_nonws', 'not-this-api'],
];

describe.skipIf(!isThere)(title, () => {
  test('every one of them is in a table', () => {
    const recorded = readdirSync(folder).flatMap((file) =>
      file.endsWith('.json') ? [file.slice(0, -5)] : [],
    );
    const listed = [...understood, ...refused, ...named].map(([name]) => name);
    expect(listed.toSorted()).toEqual(recorded.toSorted());
  });

  test.for(understood)('%s is understood', async ([name, ask, contains]) => {
    const { client, paths, flags } = await replaying(name);
    const answer = await ask(client);
    if (!answer.ok) throw new Error(answer.failure.message);
    expect(answer.value).toMatchObject(contains as object);
    expect(paths).toEqual([exchangeOf(name).request.path]);
    expect(flags).toEqual(['categorize-labels']);
  });

  test.for(refused)('%s is refused as what it is', async ([name, ask, code, nextStep]) => {
    const { client, paths } = await replaying(name);
    const answer = await ask(client);
    expect(answer).toMatchObject({ ok: false, failure: { code, status: exchangeOf(name).response.status } });
    if (answer.ok) return;
    expect(answer.failure.nextStep).toContain(nextStep);
    expect(paths).toEqual([exchangeOf(name).request.path]);
    // The server's own words are there, as far as a sentence holds them.
    expect(answer.failure.message).toContain(exchangeOf(name).response.body.slice(0, 60));
  });

  test.for(named)('%s is named', ([name, code]) => {
    const { status, contentType, body } = exchangeOf(name).response;
    const failure = failureOfLoki({
      status,
      mediaType: contentType?.split(';')[0] ?? '',
      retryAfterMs: null,
      redirectOrigin: null,
      body: new TextEncoder().encode(body),
    });
    expect(failure?.code ?? null).toBe(code);
    if (failure !== null) expect(failure.nextStep).toMatch(/\.$/);
  });

  test('lines are asked as numbers and numbers as lines: each says what to do', async () => {
    const lines = await replaying('qr_streams');
    expect(await counted(lines.client)).toMatchObject({ failure: { code: 'bad-query' } });
    const numbers = await replaying('qr_matrix');
    expect(await backward(numbers.client)).toMatchObject({ failure: { code: 'bad-query' } });
  });

  test('an older server without a part is told as that', async () => {
    const { client } = await replaying('notfound');
    const answer = await client.patterns(web, range);
    expect(answer).toMatchObject({
      failure: { code: 'not-this-api', message: 'This Loki does not offer patterns.' },
    });
  });
});
