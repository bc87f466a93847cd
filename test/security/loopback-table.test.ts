import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLoopback, assetTarget } from './loopback-fixture.ts';
import { exchange, frame, protocolHeader, requestText, upgrade, upgradeHeaders } from './raw-client.ts';

/**
 * The truth table of the loopback door: every Host with every Origin, fetch metadata and kind of request,
 * over HTTP and WebSocket, against the real server. What passes is written down by hand below; anything
 * else that passes fails the test, and so does anything there that does not.
 */

let loopback: Awaited<ReturnType<typeof startLoopback>>;
let session: ReturnType<typeof loopback.newSession>;
beforeAll(async () => {
  loopback = await startLoopback();
  session = loopback.newSession();
});
afterAll(() => loopback.close());

const hosts: Record<string, () => string[]> = {
  exact: () => [`Host: ${loopback.authority}`],
  localhost: () => [`Host: localhost:${loopback.port}`],
  'no port': () => ['Host: 127.0.0.1'],
  'other port': () => [`Host: 127.0.0.1:${loopback.port + 1}`],
  rebound: () => [`Host: rebound.example:${loopback.port}`],
  absent: () => [],
  twice: () => [`Host: ${loopback.authority}`, 'Host: rebound.example'],
};
const origins: Record<string, () => string[]> = {
  absent: () => [],
  exact: () => [`Origin: http://${loopback.authority}`],
  null: () => ['Origin: null'],
  localhost: () => [`Origin: http://localhost:${loopback.port}`],
  'other scheme': () => [`Origin: https://${loopback.authority}`],
  foreign: () => ['Origin: http://foreign.example'],
};
const sites: Record<string, string[]> = {
  absent: [],
  none: ['Sec-Fetch-Site: none'],
  'same-origin': ['Sec-Fetch-Site: same-origin'],
  'same-site': ['Sec-Fetch-Site: same-site'],
  'cross-site': ['Sec-Fetch-Site: cross-site'],
};

const json = 'Content-Type: application/json';
const badCookie = (): string => `Cookie: opssight-${loopback.port}=${'A'.repeat(43)}`;
const token = (): string => JSON.stringify({ token: loopback.sessions.launchToken });
const wrongToken = JSON.stringify({ token: 'A'.repeat(43) });

/** Kinds of HTTP request: method, target, further headers, body. */
const requests: Record<string, () => [string, string, string[], string?]> = {
  'page, no cookie': () => ['GET', '/', []],
  'page, session': () => ['GET', '/', [session.cookie]],
  'page, session, in a frame': () => ['GET', '/', [session.cookie, 'Sec-Fetch-Dest: iframe']],
  'asset, no cookie': () => ['GET', assetTarget, []],
  'asset, wrong cookie': () => ['GET', assetTarget, [badCookie()]],
  'asset, session': () => ['GET', assetTarget, [session.cookie]],
  'asset, session, HEAD': () => ['HEAD', assetTarget, [session.cookie]],
  'asset, session, POST': () => ['POST', assetTarget, [session.cookie, json], '{}'],
  'page, session, OPTIONS': () => ['OPTIONS', '/', [session.cookie]],
  'page, session, PUT': () => ['PUT', '/', [session.cookie], 'x'],
  'session, right token': () => ['POST', '/session', [json], token()],
  'session, wrong token': () => ['POST', '/session', [json], wrongToken],
  'session, right token as a form': () => ['POST', '/session', ['Content-Type: text/plain'], token()],
  'session, right token by GET': () => ['GET', `/session?token=${loopback.sessions.launchToken}`, [json]],
  'link token, no cookie': () => ['POST', '/session', [json], '{}'],
  'link token, wrong cookie': () => ['POST', '/session', [json, badCookie()], '{}'],
  'link token, session': () => ['POST', '/session', [json, session.cookie], '{}'],
  'link path without upgrade': () => ['GET', '/link', [session.cookie]],
};

/** Kinds of upgrade: method, target, further headers, greeting. */
const upgrades: Record<string, () => [string, string, string[], string]> = {
  'link, session': () => ['GET', '/link', [protocolHeader, session.cookie], session.greeting],
  'link, no cookie': () => ['GET', '/link', [protocolHeader], session.greeting],
  'link, wrong cookie': () => ['GET', '/link', [protocolHeader, badCookie()], session.greeting],
  'link, wrong greeting': () => ['GET', '/link', [protocolHeader, session.cookie], `t${'A'.repeat(43)}`],
  'link, no protocol': () => ['GET', '/link', [session.cookie], session.greeting],
  'link, other path': () => ['GET', '/', [protocolHeader, session.cookie], session.greeting],
  'link, not opened as one': () => [
    'GET',
    '/link',
    [protocolHeader, session.cookie, 'Sec-Fetch-Mode: cors'],
    session.greeting,
  ],
};

const fileOrigins = ['absent', 'exact'];
const reading = pairs(fileOrigins, ['absent', 'none', 'same-origin']);
const posting = pairs(fileOrigins, ['absent', 'same-origin']);
const linking = pairs(['exact'], ['absent', 'same-origin']);

/** What is meant to pass, by origin and site, each with the exact host. Nothing else is. */
const intended: Record<string, readonly string[]> = {
  'page, no cookie': reading,
  'page, session': reading,
  'asset, session': reading,
  'asset, session, HEAD': reading,
  'session, right token': posting,
  'link token, session': posting,
  'link, session': linking,
};

function pairs(first: readonly string[], second: readonly string[]): string[] {
  return first.flatMap((origin) => second.map((site) => `${origin}/${site}`));
}

interface Combination {
  readonly name: string;
  readonly kind: string;
  readonly headers: string[];
}

function combinations(kinds: readonly string[]): Combination[] {
  return kinds.flatMap((kind) =>
    Object.entries(hosts).flatMap(([host, hostLines]) =>
      Object.entries(origins).flatMap(([origin, originLines]) =>
        Object.entries(sites).map(([site, siteLines]) => ({
          name: `${kind}: ${host}: ${origin}/${site}`,
          kind,
          headers: [...hostLines(), ...originLines(), ...siteLines],
        })),
      ),
    ),
  );
}

function intendedNames(kinds: readonly string[]): string[] {
  return kinds.flatMap((kind) => (intended[kind] ?? []).map((pair) => `${kind}: exact: ${pair}`));
}

describe('loopback door', () => {
  it('lets only the intended HTTP requests in', async () => {
    const kinds = Object.keys(requests);
    const all = combinations(kinds);
    const passed: string[] = [];
    for (const { name, kind, headers } of all) {
      const [method, target, further, body] = requests[kind]!();
      const { status } = await exchange(
        loopback.port,
        requestText(method, target, [...headers, ...further], body),
      );
      if (status === 200) passed.push(name);
      else expect([400, 403, 404, 405, 415], name).toContain(status);
    }
    expect(all).toHaveLength(18 * 7 * 6 * 5);
    expect(passed.sort()).toEqual(intendedNames(kinds).sort());
    expect(passed).toHaveLength(32);
  }, 30_000);

  it('lets only the intended WebSocket upgrades in', async () => {
    const kinds = Object.keys(upgrades);
    const all = combinations(kinds);
    const passed: string[] = [];
    for (const { name, kind, headers } of all) {
      const [method, target, further, greeting] = upgrades[kind]!();
      const text = requestText(method, target, [...upgradeHeaders, ...headers, ...further]);
      if (await opensLink(text.replace('Connection: close\r\n', ''), greeting)) passed.push(name);
    }
    expect(all).toHaveLength(7 * 7 * 6 * 5);
    expect(passed.sort()).toEqual(intendedNames(kinds).sort());
    expect(passed).toHaveLength(2);
  }, 30_000);
});

/** Whether the upgrade is accepted and the greeting after it makes a link. */
async function opensLink(text: string, greeting: string): Promise<boolean> {
  const { status, link } = await upgrade(loopback.port, text);
  if (link === undefined) {
    expect([400, 403]).toContain(status);
    return false;
  }
  link.socket.write(frame(1, greeting));
  // The host answers in order: by the time it closes for what comes after, it has judged the greeting.
  link.socket.write(frame(1, Buffer.from([0xff])));
  const code = await link.closeCode;
  link.socket.destroy();
  expect([1007, 1008]).toContain(code);
  return code === 1007;
}
