import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync, deflateSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { hangsBeforeAnswer, healthy, resetsBeforeAnswer, type Fault } from '#support/faults.ts';
import { startFaultyServer, type FaultyServer } from '#support/faulty-server.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { openSourceHttp, type SourceHttp } from './http.ts';
import type { SourceSettings } from './source-settings.ts';

const each = new Cleanup();
afterEach(() => each.run());

async function opened(
  fault: Fault,
  settings: Partial<SourceSettings> = {},
): Promise<{ server: FaultyServer; http: SourceHttp }> {
  const server = await startFaultyServer({ kind: 'prometheus', fault }, each);
  const { url = '', ...rest } = settings;
  const http = openSourceHttp(sourceSettings({ kind: 'prometheus', url: `${server.url}${url}`, ...rest }));
  each.add(() => http.close());
  return { server, http };
}

const ok: Fault = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end('"fine"');
};

test.each(['', '/', '/prom/', '/a/b///'])('a path is appended to the base path %o', async (basePath) => {
  const { server, http } = await opened(ok, { url: basePath });
  await http.request({ path: '/api/v1/query', parameters: new URLSearchParams({ query: 'a&b=c #?' }) });
  const base = basePath.replace(/\/+$/, '');
  expect(server.requests[0]?.path).toBe(`${base}/api/v1/query?query=a%26b%3Dc+%23%3F`);
});

test('headers are sent as configured, with ours beside them', async () => {
  const headers = { Authorization: 'Bearer t', 'X-Scope-OrgID': 'team', 'User-Agent': 'mine' };
  const { server, http } = await opened(ok, { headers });
  const answer = await http.request({ path: '/x' });
  expect(answer).toMatchObject({ ok: true, value: { status: 200, mediaType: 'application/json' } });
  expect(server.requests[0]?.headers).toMatchObject({
    authorization: 'Bearer t',
    'x-scope-orgid': 'team',
    'user-agent': 'mine',
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate',
  });
});

test('a long question is sent as a form where the API takes one, a short one in the address', async () => {
  let form = '';
  const { server, http } = await opened((request, response, kind) => {
    request.on('data', (chunk: Buffer) => (form += chunk.toString()));
    request.on('end', () => ok(request, response, kind));
  });
  const long = new URLSearchParams({ query: 'x'.repeat(3_000) });
  await http.request({ path: '/q', parameters: new URLSearchParams({ query: 'up' }), form: true });
  await http.request({ path: '/q', parameters: long });
  await http.request({ path: '/q', parameters: long, form: true });
  expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
  expect(server.requests[2]).toMatchObject({
    path: '/q',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(form).toBe(long.toString());
});

test('what was asked before the connections were renewed is asked once more, unless it was given up', async () => {
  const { server, http } = await opened(hangsBeforeAnswer);
  const wanted = http.request({ path: '/wanted' });
  const given = new AbortController();
  const givenUp = http.request({ path: '/given-up' }, { signal: given.signal });
  await eventually('both are asked', () => (server.requests.length === 2 ? true : undefined));
  server.fault = ok;
  given.abort();
  http.renew();
  expect(await wanted).toMatchObject({ ok: true, value: { status: 200 } });
  expect(await givenUp).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  expect(server.requests.map(({ path }) => path).toSorted()).toEqual(['/given-up', '/wanted', '/wanted']);
  await eventually('the old connections are gone', async () =>
    (await server.openConnections()) === 1 ? true : undefined,
  );
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['identity', (text: string) => Buffer.from(text)],
])('a body encoded as %s is read', async (encoding, encode) => {
  const { http } = await opened((_request, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(encode('{"a":1}'));
  });
  const answer = await http.request({ path: '/x' });
  expect(answer.ok && new TextDecoder().decode(answer.value.body)).toBe('{"a":1}');
});

test('four questions run at once, and polls pass them by', async () => {
  const { server, http } = await opened(hangsBeforeAnswer);
  const asked = Array.from({ length: 6 }, () => http.request({ path: '/slow' }));
  await eventually('four are under way', () => (server.requests.length === 4 ? true : undefined));
  server.fault = healthy;
  const poll = await http.request({ path: '/api/v1/status/buildinfo' }, { lane: 'poll' });
  expect(poll).toMatchObject({ ok: true, value: { status: 200 } });
  expect(server.requests.map(({ path }) => path).slice(4)).toEqual(['/api/v1/status/buildinfo']);
  await http.close();
  expect((await Promise.all(asked)).map((answer) => !answer.ok && answer.failure.code)).toEqual(
    Array.from({ length: 6 }, () => 'cancelled'),
  );
});

test('a question that cannot wait any more says what it waited for', async () => {
  const { server, http } = await opened(hangsBeforeAnswer, { timeoutMs: 2_000 });
  const running = Array.from({ length: 4 }, () => http.request({ path: '/slow' }));
  await eventually('four are under way', () => (server.requests.length === 4 ? true : undefined));
  const waited = await http.request({ path: '/next' }, { timeoutMs: 100 });
  expect(waited).toMatchObject({
    failure: { code: 'timeout', message: expect.stringContaining('earlier requests') },
  });
  const queue = Array.from({ length: 64 }, () => http.request({ path: '/next' }));
  expect(await http.request({ path: '/one-too-many' })).toMatchObject({ failure: { code: 'rate-limited' } });
  await http.close();
  await Promise.all([...running, ...queue]);
});

test('connections are kept, and one that the server closed meanwhile costs nothing', async () => {
  const { server, http } = await opened(ok);
  await http.request({ path: '/1' });
  await nextTurn();
  await http.request({ path: '/2' });
  await nextTurn();
  expect(server.connections).toBe(1);
  // Ends the kept connection just as it is used again, as a server does whose patience ran out.
  server.fault = (request, response, kind) => {
    server.fault = ok;
    resetsBeforeAnswer(request, response, kind);
  };
  expect(await http.request({ path: '/3' })).toMatchObject({ ok: true });
  expect(server.connections).toBe(2);
});

test('a server that breaks off new connections is asked once only', async () => {
  const { server, http } = await opened(resetsBeforeAnswer);
  expect(await http.request({ path: '/1' })).toMatchObject({ failure: { code: 'server-error' } });
  expect(server.requests).toHaveLength(1);
});

test('a closed source asks nothing more', async () => {
  const { server, http } = await opened(ok);
  await http.close();
  expect(await http.request({ path: '/1' })).toMatchObject({ failure: { code: 'cancelled' } });
  expect(await http.request({ path: '/1' }, { signal: AbortSignal.abort() })).toMatchObject({ ok: false });
  expect(server.connections).toBe(0);
});

test('the clock of the server is told from its Date header', async () => {
  const { server, http } = await opened((_request, response) => {
    response.writeHead(200, { date: new Date(Date.now() + 60_000).toUTCString() }).end('1');
  });
  expect(http.clockSkewMs).toBeNull();
  await http.request({ path: '/1' });
  expect(Math.abs((http.clockSkewMs ?? 0) - 60_000)).toBeLessThan(1_000);
  server.fault = (_request, response) => {
    response.sendDate = false;
    response.end('1');
  };
  await http.request({ path: '/1' });
  expect(http.clockSkewMs).toBeNull();
});

test('headers that cannot be sent are a named failure without their value', async () => {
  const { http } = await opened(ok, { headers: { authorization: 'Bearer line\nbreak-canary' } });
  const answer = await http.request({ path: '/1' });
  expect(answer).toMatchObject({ failure: { code: 'unauthorised' } });
  expect(JSON.stringify(answer)).not.toContain('canary');
});
