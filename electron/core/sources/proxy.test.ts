import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { makeCertificate, pinOf, type KeyPair } from '#support/certificates.ts';
import { Cleanup } from '#support/cleanup.ts';
import { healthy } from '#support/faults.ts';
import { startFaultyServer } from '#support/faulty-server.ts';
import { freePort } from '#support/free-port.ts';
import { startProxy, type ProxyOptions } from '#support/proxy-server.ts';
import { plainTls, sourceSettings } from '#support/source-settings.ts';
import { openSourceHttp } from './http.ts';
import { testConnection } from './probe.ts';
import type { SourceSettings } from './source-settings.ts';

const each = new Cleanup();
afterEach(() => each.run());

let authority: KeyPair;
let signed: KeyPair;

beforeAll(async () => {
  authority = await makeCertificate({ name: 'proxy test authority', authority: true });
  signed = await makeCertificate({ signedBy: authority });
});

const path = '/api/v1/status/buildinfo';

async function askThrough(
  proxy: string,
  secure: boolean,
  changes: Partial<SourceSettings> = {},
): Promise<{ answer: unknown; requests: readonly { headers: unknown }[]; url: string }> {
  const server = await startFaultyServer(
    { kind: 'prometheus', fault: healthy, ...(secure ? { tls: signed } : {}) },
    each,
  );
  const http = openSourceHttp(
    sourceSettings({
      kind: 'prometheus',
      url: server.url,
      headers: { Authorization: 'Bearer source-canary' },
      tls: plainTls({ ca: authority.certificate }),
      proxy,
      ...changes,
    }),
  );
  each.add(() => http.close());
  return { answer: await http.request({ path }), requests: server.requests, url: server.url };
}

test.each([
  ['http', 'http', false, false],
  ['https', 'http', true, false],
  ['http', 'https', false, true],
  ['https', 'https', true, true],
])('a source of %s is asked through a proxy of %s', async (_server, _proxy, secure, secureProxy) => {
  const options = { credentials: 'me:p@ss/word' };
  const proxy = await startProxy(secureProxy ? { ...options, certificate: signed } : options, each);
  const address = proxy.url.replace('//', `//me:${encodeURIComponent('p@ss/word')}@`);
  const { answer, requests, url } = await askThrough(address, secure);
  expect(answer).toMatchObject({ ok: true, value: { status: 200 } });
  expect(proxy.asked).toEqual([secure ? `CONNECT ${new URL(url).host}` : `GET ${url}${path}`]);
  expect(requests).toHaveLength(1);
  expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer source-canary' });
  expect(JSON.stringify(requests[0]?.headers)).not.toContain('proxy-auth');
});

test('a tunnel outlives the time in which it had to be made, and a pin holds through it', async () => {
  const proxy = await startProxy({}, each);
  const server = await startFaultyServer({ kind: 'prometheus', fault: healthy, tls: signed }, each);
  const settings = sourceSettings({ kind: 'prometheus', url: server.url, proxy: proxy.url, timeoutMs: 500 });
  const http = openSourceHttp({ ...settings, tls: plainTls({ pinnedSha256: pinOf(signed) }) });
  each.add(() => http.close());
  expect(await http.request({ path })).toMatchObject({ ok: true });
  await sleep(700);
  expect(await http.request({ path })).toMatchObject({ ok: true });
  expect(proxy.asked).toHaveLength(1);
  const other = openSourceHttp({ ...settings, tls: plainTls({ pinnedSha256: '0'.repeat(64) }) });
  each.add(() => other.close());
  expect(await other.request({ path })).toMatchObject({ failure: { code: 'tls' } });
});

test.each<readonly [string, ProxyOptions, string, RegExp]>([
  ['wants credentials', { credentials: 'me:right' }, 'unauthorised', /wants credentials/],
  ['does not allow it', { status: 403 }, 'refused', /refuses the connection with status 403/],
  ['cannot reach the server', { status: 502 }, 'refused', /status 502/],
  ['is no proxy', { says: 'SSH-2.0-OpenSSH_9.6\r\n' }, 'not-this-api', /does not speak as a proxy/],
  [
    'answers in the server’s place',
    { says: 'HTTP/1.1 200 OK\r\n\r\nhello' },
    'not-this-api',
    /in the place of a tunnel/,
  ],
  ['hangs up', { says: '' }, 'refused', /cannot be reached/],
])('a proxy that %s is named', async (_what, options, code, words) => {
  const proxy = await startProxy(options, each);
  const { answer } = await askThrough(proxy.url.replace('//', '//me:c4n4ry@'), true);
  expect(answer).toMatchObject({ failure: { code, message: expect.stringMatching(words) } });
  expect(JSON.stringify(answer)).toContain(proxy.host);
  expect(JSON.stringify(answer)).not.toMatch(/c4n4ry/);
});

test('a proxy that wants credentials for plain http is named as well', async () => {
  const proxy = await startProxy({ credentials: 'me:right' }, each);
  const steps = await testConnection(
    sourceSettings({ kind: 'prometheus', url: 'http://nowhere.example', proxy: proxy.url }),
    AbortSignal.timeout(5_000),
  );
  expect(steps[0]).toMatchObject({ failure: null, detail: `through the proxy ${proxy.host}` });
  expect(steps.at(-1)?.failure).toMatchObject({
    code: 'unauthorised',
    message: expect.stringContaining('The proxy wants credentials'),
  });
});

test.each([true, false])('a proxy that is not there is named, secure: %s', async (secure) => {
  const { answer } = await askThrough(`http://me:c4n4ry@127.0.0.1:${await freePort()}`, secure);
  expect(answer).toMatchObject({
    failure: {
      code: 'refused',
      message: expect.stringMatching(/the proxy 127\.0\.0\.1:\d+ cannot be reached/),
    },
  });
  expect(JSON.stringify(answer)).not.toContain('c4n4ry');
});

test('a proxy whose certificate nobody vouches for is not spoken to', async () => {
  const proxy = await startProxy({ certificate: await makeCertificate() }, each);
  const { answer } = await askThrough(proxy.url, true);
  expect(answer).toMatchObject({
    failure: { code: 'tls', message: expect.stringContaining('cannot be trusted') },
  });
  expect(proxy.asked).toEqual([]);
});

test('a source that is closed gives up its tunnel', async () => {
  const proxy = await startProxy({ silent: true }, each);
  const http = openSourceHttp(
    sourceSettings({ kind: 'prometheus', url: 'https://server.example', proxy: proxy.url, timeoutMs: 5_000 }),
  );
  const asked = http.request({ path });
  await sleep(50);
  await http.close();
  expect(await asked).toMatchObject({ failure: { code: 'cancelled' } });
});
