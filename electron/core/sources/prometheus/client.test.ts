import { afterEach, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import type { Fault } from '#support/faults.ts';
import { startFaultyServer } from '#support/faulty-server.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { openSourceHttp } from '../http.ts';
import { PrometheusClient } from './client.ts';

const each = new Cleanup();
afterEach(() => each.run());

/** A client of a server that answers every question alike, and the questions that it got. */
async function asking(
  json: unknown,
  status = 200,
): Promise<{ client: PrometheusClient; asked: () => URL[] }> {
  const fault: Fault = (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  };
  const server = await startFaultyServer({ kind: 'prometheus', fault }, each);
  const http = openSourceHttp(sourceSettings({ kind: 'prometheus', url: server.url }));
  each.add(() => http.close());
  const asked = (): URL[] => server.requests.map(({ path }) => new URL(path, 'http://server'));
  return { client: new PrometheusClient(http), asked };
}

const matrix = {
  status: 'success',
  data: { resultType: 'matrix', result: [{ metric: { a: 'b' }, values: [[1, '2']] }] },
};
const names = { status: 'success', data: ['a', 'b'], warnings: ['half'] };

test('times and spans are sent as seconds', async () => {
  const { client, asked } = await asking(matrix);
  const range = { fromMs: 1_500, toMs: 61_500, stepMs: 15_250 };
  expect(await client.queryRange('up', range)).toMatchObject({ ok: true, value: { resultType: 'matrix' } });
  await client.query('up', 1_234);
  await client.query('up', null);
  const [first, second, third] = asked().map(({ pathname, searchParams }) => [
    pathname,
    Object.fromEntries(searchParams),
  ]);
  expect(first).toEqual([
    '/api/v1/query_range',
    { query: 'up', start: '1.5', end: '61.5', step: '15.25', timeout: '2' },
  ]);
  expect(second).toEqual(['/api/v1/query', { query: 'up', time: '1.234', timeout: '2' }]);
  expect(third).toEqual(['/api/v1/query', { query: 'up', timeout: '2' }]);
});

test('raw samples are a selector over a window, and only a matrix will do', async () => {
  const good = await asking(matrix);
  expect(await good.client.rawSamples('up{job="x"}', 300_000, 60_000)).toMatchObject({
    value: { series: [{ labels: { a: 'b' }, timesMs: Float64Array.of(1_000), values: Float64Array.of(2) }] },
  });
  expect(good.asked()[0]?.searchParams.get('query')).toBe('up{job="x"}[300000ms]');
  const vector = await asking({ status: 'success', data: { resultType: 'vector', result: [] } });
  expect(await vector.client.rawSamples('up', 1_000, 1)).toMatchObject({ failure: { code: 'malformed' } });
});

test('series, labels and values, with selectors and range or without', async () => {
  const { client, asked } = await asking(names);
  const range = { fromMs: 0, toMs: 1_000 };
  expect(await client.labels([], null)).toMatchObject({ value: { rows: ['a', 'b'], warnings: ['half'] } });
  await client.labelValues('job', ['up', 'x{a="b"}'], range);
  await client.labelValues('../../admin', [], null);
  const [labels, values, odd] = asked();
  expect(`${labels?.pathname}${labels?.search}`).toBe('/api/v1/labels');
  expect(values?.pathname).toBe('/api/v1/label/job/values');
  expect([...(values?.searchParams ?? [])]).toEqual([
    ['match[]', 'up'],
    ['match[]', 'x{a="b"}'],
    ['start', '0'],
    ['end', '1'],
  ]);
  expect(odd?.pathname).toBe('/api/v1/label/U___2e__2e__2f__2e__2e__2f_admin/values');
});

test('an error in the envelope is told in its own words', async () => {
  const { client } = await asking(
    { status: 'error', errorType: 'bad_data', error: 'parse error at char 3' },
    400,
  );
  expect(await client.query('up{', 0)).toMatchObject({
    failure: {
      code: 'bad-query',
      status: 400,
      message: 'Prometheus says: parse error at char 3 (bad_data).',
    },
  });
});

test.each([
  [503, 'timeout', 'timeout'],
  [503, 'unavailable', 'server-error'],
  [422, 'execution', 'bad-query'],
  [404, 'not_found', 'not-this-api'],
  [403, 'bad_data', 'unauthorised'],
])('%i with %s is %s', async (status, errorType, code) => {
  const { client } = await asking({ status: 'error', errorType, error: 'why' }, status);
  expect(await client.rules()).toMatchObject({ failure: { code } });
});

test('a large answer comes through the parsing thread all the same', async () => {
  const result = Array.from({ length: 3_000 }, (_, row) => ({
    metric: { row: String(row), pad: 'p'.repeat(80) },
    value: [1, String(row)],
  }));
  const { client } = await asking({ status: 'success', data: { resultType: 'vector', result } });
  each.add(() => client.http.reader.close());
  const answer = await client.query('up', 0);
  expect(answer.ok && answer.value.series).toHaveLength(3_000);
  expect(answer.ok && answer.value.series[2_999]?.values).toEqual(Float64Array.of(2_999));
});
