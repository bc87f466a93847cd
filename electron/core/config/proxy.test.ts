import { describe, expect, it, test } from 'vitest';
import { failed, success } from '#shared/result.ts';
import { proxyMistake, proxyOfEnvironment, proxyOfList, resolveProxy } from './proxy.ts';
import type { SecretPlaces } from './secrets.ts';

test.each<readonly [string, RegExp | null]>([
  ['system', null],
  ['none', null],
  ['http://proxy.example:3128', null],
  ['https://proxy.example', null],
  ['http://[::1]:3128/', null],
  ['${env:PROXY}', null],
  ['http://${env:USER}:${keychain:proxy}@proxy.example:3128', null],
  ['http://me:${env:PASSWORD}@proxy.example:3128', null],
  ['http://me:c4n4ry@proxy.example:3128', /password in the address/],
  ['http://me:c4n4ry${env:X}@proxy.example', /password in the address/],
  ['http://:c4n4ry@proxy.example', /password in the address/],
  ['http://@proxy.example', /no user/],
  ['socks5://proxy.example:1080', /SOCKS/],
  ['proxy.example:3128', /something else/],
  ['http://proxy.example/path', /path/],
  ['http://proxy.example/?a', /path/],
  ['${vault:x}', /found \$\{vault:x\}/],
  ['nonsense', /something else/],
  ['', /something else/],
])('%o as a proxy', (value, mistake) => {
  const found = proxyMistake(value);
  if (mistake === null) expect(found).toBeNull();
  else expect(found).toMatch(mistake);
  expect(found ?? '').not.toContain('c4n4ry');
});

test.each<readonly [string, string | null | RegExp]>([
  ['DIRECT', null],
  ['', null],
  ['PROXY proxy.example:3128', 'http://proxy.example:3128/'],
  ['PROXY a:1; PROXY b:2; DIRECT', 'http://a:1/'],
  ['HTTPS proxy.example:443', 'https://proxy.example/'],
  ['SOCKS5 s:1080; PROXY p:8', 'http://p:8/'],
  ['SOCKS5 s:1080; DIRECT', null],
  ['SOCKS s:1080', /SOCKS/],
  ['QUIC q:1', /not supported/],
  ['PROXY', /something else/],
  ['PROXY not a host', 'http://not/'],
])('the system says %o', (list, wanted) => {
  const found = proxyOfList(list);
  if (wanted instanceof RegExp)
    expect(found).toMatchObject({ failure: { message: expect.stringMatching(wanted) } });
  else expect(found).toEqual(success(wanted));
});

const proxied = 'http://p:1/';

test.each<readonly [string, Record<string, string>, string | null]>([
  ['https://a.example', {}, null],
  ['https://a.example', { HTTPS_PROXY: 'http://p:1' }, proxied],
  ['https://a.example', { https_proxy: 'p:1', HTTPS_PROXY: 'http://other' }, proxied],
  ['https://a.example', { HTTP_PROXY: 'http://p:1' }, null],
  ['http://a.example', { HTTP_PROXY: 'http://p:1' }, proxied],
  ['http://a.example', { ALL_PROXY: 'http://p:1' }, proxied],
  ['http://a.example', { HTTP_PROXY: 'http://p:1', NO_PROXY: '*' }, null],
  ['http://a.example', { HTTP_PROXY: 'http://p:1', NO_PROXY: 'b.example, example' }, null],
  ['http://a.example', { HTTP_PROXY: 'http://p:1', no_proxy: '.example' }, null],
  ['http://a.example', { HTTP_PROXY: 'http://p:1', no_proxy: 'ample' }, proxied],
  ['http://a.example:90', { HTTP_PROXY: 'http://p:1', no_proxy: 'a.example:91' }, proxied],
  ['http://a.example:90', { HTTP_PROXY: 'http://p:1', no_proxy: 'a.example:90' }, null],
  ['http://10.1.2.3', { HTTP_PROXY: 'http://p:1', no_proxy: '10.0.0.0/8' }, null],
  ['http://11.1.2.3', { HTTP_PROXY: 'http://p:1', no_proxy: '10.0.0.0/8,10.0.0.0/99,x/8' }, proxied],
  ['http://[fd00::1]', { HTTP_PROXY: 'http://p:1', no_proxy: 'fd00::/8' }, null],
  ['http://[fd00::1]', { HTTP_PROXY: 'http://p:1', no_proxy: 'fd00::1' }, null],
])('%s with %o goes through %o', (url, environment, wanted) => {
  expect(proxyOfEnvironment(url, environment)).toEqual(success(wanted));
});

describe('a source', () => {
  const asked: string[] = [];
  const places = (answer: string | null): SecretPlaces => ({
    environment: { HTTPS_PROXY: 'http://env:1', PASSWORD: 'p@s/s', PROXY: 'http://u:x@whole:3' },
    folder: '/',
    home: '/',
    host: {
      secret: () => Promise.resolve(success({ reveal: () => 'k#y' })),
      systemProxy: (url) => {
        asked.push(url);
        return Promise.resolve(
          answer === 'late' ? failed({ message: 'is late', accepted: '' }) : success(answer),
        );
      },
      onChanged: () => undefined,
    },
  });
  const url = 'https://a.example/prom';

  it.each<readonly [string, string, string | null, string | null]>([
    ['system', url, 'PROXY p:1', proxied],
    ['system', url, 'DIRECT', null],
    ['system', url, null, 'http://env:1/'],
    ['none', url, 'PROXY p:1', null],
    ['http://named:2', url, 'PROXY p:1', 'http://named:2/'],
    ['${env:PROXY}', url, null, 'http://u:x@whole:3/'],
    ['http://u:${env:PASSWORD}@p:1', url, null, 'http://u:p%40s%2Fs@p:1/'],
    ['http://u:${keychain:p}@p:1', url, null, 'http://u:k%23y@p:1/'],
    ['http://named:2', 'http://127.0.0.1:9090', 'PROXY p:1', null],
    ['system', 'http://localhost', 'PROXY p:1', null],
    ['system', 'http://[::1]:1', 'PROXY p:1', null],
    ['system', 'http://x.localhost.', 'PROXY p:1', null],
  ])('with proxy %o at %s, where the system says %o', async (wanted, at, answer, proxy) => {
    expect(await resolveProxy(wanted, at, places(answer))).toEqual(success(proxy));
  });

  it('says what is missing, and never a credential', async () => {
    expect(await resolveProxy('system', url, places('late'))).toMatchObject({
      failure: { message: 'the system’s proxy is late' },
    });
    expect(await resolveProxy('${env:GONE}', url, places(null))).toMatchObject({
      failure: { message: '${env:GONE} is not set' },
    });
  });

  it('does not ask the system for what is none of its business', async () => {
    asked.length = 0;
    await resolveProxy('none', url, places(null));
    await resolveProxy('system', 'http://127.9.9.9', places(null));
    expect(asked).toEqual([]);
  });
});
