import { afterEach, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import type { Fault } from '#support/faults.ts';
import { startFaultyServer } from '#support/faulty-server.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { describeSource } from '../describe.ts';
import { openSourceHttp } from '../http.ts';
import { LokiClient } from './client.ts';

const each = new Cleanup();
afterEach(() => each.run());

/** A client of a server that answers by path, and the questions that it got. */
async function asking(answers: Readonly<Record<string, unknown>>) {
  const fault: Fault = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://server');
    const answer = answers[pathname.slice('/loki/api/v1/'.length)];
    if (answer === undefined) response.writeHead(404).end('404 page not found\n');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
  const server = await startFaultyServer({ kind: 'prometheus', fault }, each);
  const http = openSourceHttp(sourceSettings({ kind: 'loki', url: server.url }));
  each.add(() => http.close());
  const asked = () =>
    server.requests.map(({ path }) => Object.fromEntries(new URL(path, 'http://server').searchParams));
  return { client: new LokiClient(http), asked };
}

const matrix = { status: 'success', data: { resultType: 'matrix', result: [] }, warnings: ['half'] };

test('times go out as decimal nanoseconds, to the last digit, and spans as seconds', async () => {
  const { client, asked } = await asking({ query_range: matrix, query: matrix });
  const range = { fromMs: 1_795_246_172_123, toMs: 1_795_246_273_000, stepMs: 15_250 };
  const answer = await client.queryRange('rate({a="b"}[1m])', range);
  expect(answer).toMatchObject({ ok: true, value: { warnings: ['half'], series: [] } });
  await client.linesPage({
    query: '{a="b"}',
    fromNs: '1795246172123456789',
    toNs: '1795246273000000001',
    limit: 7,
    direction: 'forward',
  });
  await client.query('1', 1_795_246_172_123);
  expect(asked()).toEqual([
    { query: 'rate({a="b"}[1m])', start: '1795246172123000000', end: '1795246273000000000', step: '15.25' },
    {
      query: '{a="b"}',
      start: '1795246172123456789',
      end: '1795246273000000001',
      limit: '7',
      direction: 'forward',
    },
    { query: '1', time: '1795246172123000000' },
  ]);
});

test.each([
  [{ status: 'success', data: { resultType: 'streams', result: [{ stream: {}, values: [[1, 'x']] }] } }],
  [{ status: 'success', data: { resultType: 'streams', result: [{ stream: {}, values: [['1e3', 'x']] }] } }],
  [
    {
      status: 'success',
      data: { resultType: 'streams', result: [{ stream: {}, values: [['1', 'x', { parsed: { a: 1 } }]] }] },
    },
  ],
  [{ status: 'success', data: { resultType: 'streams', result: [{ stream: { a: 1 }, values: [] }] } }],
  [{ status: 'error' }],
])('an answer that is not as promised is damaged, never a guess: %j', async (answer) => {
  const { client } = await asking({ query_range: answer });
  const request = { query: '{a="b"}', fromNs: '1', toNs: '9', limit: 5, direction: 'forward' } as const;
  expect(await client.queryLines(request)).toMatchObject({ ok: false, failure: { code: 'malformed' } });
});

test('a Loki tells who it is and which labels it has, each on its own', async () => {
  const whole = await asking({
    'status/buildinfo': { version: '3.4.6' },
    labels: { status: 'success', data: ['app', 'env'] },
  });
  const signal = AbortSignal.timeout(5_000);
  expect(await describeSource(whole.client, signal)).toMatchObject({
    value: [
      { label: 'Version', value: '3.4.6' },
      { label: 'Labels in the last hour', value: 'app, env' },
    ],
  });
  const half = await asking({ 'status/buildinfo': { version: '3.4.6' } });
  expect(await describeSource(half.client, signal)).toMatchObject({
    value: [{ value: '3.4.6' }, { value: expect.stringContaining('not told') as unknown }],
  });
});
