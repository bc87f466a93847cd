import { describe, expect, it } from 'vitest';
import type { FileTable } from '../window-files.ts';
import { answerRequest, consoleSchemes } from './app-protocol.ts';

const page = {
  body: Buffer.from('<meta name="csp-nonce" content="__CSP_NONCE__" />'),
  contentType: 'text/html; charset=utf-8',
  cacheControl: 'no-store',
};
const script = {
  body: Buffer.from('export {};'),
  contentType: 'text/javascript; charset=utf-8',
  cacheControl: 'private',
};
const files: FileTable = new Map([
  ['/', page],
  ['/index.html', page],
  ['/assets/index-1.js', script],
]);

function ask(url: string, method = 'GET'): Response {
  return answerRequest({ method, url }, files);
}

/** The headers of every answer, errors included. */
function checkHeaders(response: Response): string {
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy.split('; ').map((part) => part.replace(/'nonce-[^']+'/u, 'NONCE'))).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' NONCE",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  return /'nonce-([^']+)'/u.exec(policy)?.[1] ?? '';
}

describe('app://opssight/', () => {
  it('answers the page with the nonce of its own policy, another one each time', async () => {
    const nonces = new Set<string>();
    for (const url of ['app://opssight/', 'app://opssight/index.html', 'app://opssight/?a#b']) {
      const response = ask(url);
      const nonce = checkHeaders(response);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toBe(`<meta name="csp-nonce" content="${nonce}" />`);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  it('answers a file as what it is', async () => {
    const response = ask('app://opssight/assets/index-1.js');
    checkHeaders(response);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toBe('export {};');
  });

  it.each([
    'app://opssight/../../etc/passwd',
    'app://opssight/..%2f..%2fetc%2fpasswd',
    'app://opssight/%2e%2e/%2e%2e/etc/passwd',
    'app://opssight/%2e%2e%2f%2e%2e%2fetc/passwd',
    'app://opssight/%252e%252e/etc/passwd',
    'app://opssight/..\\..\\etc\\passwd',
    'app://opssight/%5c..%5c..%5cetc',
    'app://opssight/assets/..%5c..%5cpackage.json',
    'app://opssight/assets/../../package.json',
    'app://opssight/assets/....//....//etc/passwd',
    'app://opssight//etc/passwd',
    'app://opssight///etc/passwd',
    'app://opssight/C:/Windows/win.ini',
    'app://opssight/C%3A%5CWindows',
    'app://opssight/file:///etc/passwd',
    'app://opssight//server/share',
    'app://opssight/%00',
    'app://opssight/index.html%00.png',
    'app://opssight/index.html%20',
    'app://opssight/index.html.',
    'app://opssight/index.html::$DATA',
    'app://opssight/index.html/',
    'app://opssight/INDEX.HTML',
    'app://opssight/Assets/index-1.js',
    'app://opssight/assets',
    'app://opssight/assets/',
    'app://opssight/assets/index-1.js.map',
    'app://opssight/.env',
    'app://opssight/__proto__',
    'app://opssight/constructor',
    'app://opssight/desktop/main.js',
    'app://opssight/%c0%ae%c0%ae/etc/passwd',
    'app://opssight/\u2025/etc/passwd',
    'app://opssight/~root',
    'app://opssight/proc/self/environ',
    'app://opssight.example/',
    'app://evil.example/index.html',
    'app://user@opssight/',
    'app://opssight:80/',
    'app:///index.html',
    'https://opssight/index.html',
    'file:///etc/passwd',
    'not an address',
    '',
  ])('has nothing at %j', async (url) => {
    const response = ask(url);
    checkHeaders(response);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('no such file\n');
  });

  it.each(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'get'])('refuses %s', (method) => {
    const response = ask('app://opssight/', method);
    checkHeaders(response);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET');
  });

  it('is a scheme with an origin, and without any way around a policy', () => {
    expect(consoleSchemes).toEqual([
      {
        scheme: 'app',
        privileges: {
          standard: true,
          secure: true,
          supportFetchAPI: true,
          codeCache: true,
          bypassCSP: false,
          corsEnabled: false,
          allowServiceWorkers: false,
        },
      },
    ]);
  });
});
