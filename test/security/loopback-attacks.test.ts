import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { assetTarget, pageBody, startLoopback } from './loopback-fixture.ts';
import {
  exchange,
  frame,
  protocolHeader,
  requestText,
  upgrade,
  upgradeHeaders,
  type RawLink,
} from './raw-client.ts';

/** What a hostile client or site tries against the real server, one attack a test. */

type Loopback = Awaited<ReturnType<typeof startLoopback>>;
const running: Loopback[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((loopback) => loopback.close()));
});

async function loopbackHost(options: Parameters<typeof startLoopback>[0] = {}): Promise<Loopback> {
  const loopback = await startLoopback(options);
  running.push(loopback);
  return loopback;
}

const json = 'Content-Type: application/json';

function get(loopback: Loopback, target: string, headers: string[] = []) {
  return exchange(loopback.port, requestText('GET', target, [`Host: ${loopback.authority}`, ...headers]));
}

function post(loopback: Loopback, body: string, headers: string[] = []) {
  return exchange(
    loopback.port,
    requestText('POST', '/session', [`Host: ${loopback.authority}`, json, ...headers], body),
  );
}

function upgradeTo(loopback: Loopback, cookie: string): ReturnType<typeof upgrade> {
  const lines = [
    `GET /link HTTP/1.1`,
    `Host: ${loopback.authority}`,
    `Origin: http://${loopback.authority}`,
    ...upgradeHeaders,
    protocolHeader,
    cookie,
  ];
  return upgrade(loopback.port, `${lines.join('\r\n')}\r\n\r\n`);
}

async function openLink(loopback: Loopback): Promise<RawLink> {
  const { cookie, greeting } = loopback.newSession();
  const { link } = await upgradeTo(loopback, cookie);
  link!.socket.write(frame(1, greeting));
  await vi.waitFor(() => expect(loopback.opened.length).toBeGreaterThan(0));
  return link!;
}

describe('answers', () => {
  const policy =
    /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-([A-Za-z0-9+/=]{24})'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws:\/\/127\.0\.0\.1:\d+; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'$/u;

  it('carry every security header, a fresh nonce and no CORS header, whatever the answer is', async () => {
    const loopback = await loopbackHost();
    const { cookie } = loopback.newSession();
    const upgradeAnswer = requestText('GET', '/nowhere', [`Host: ${loopback.authority}`, ...upgradeHeaders]);
    const answers = [
      await get(loopback, '/'),
      await get(loopback, '/', [cookie]),
      await get(loopback, assetTarget, [cookie]),
      await get(loopback, '/nowhere', [cookie]),
      await get(loopback, '/', ['Origin: http://foreign.example']),
      await post(loopback, '{}', [cookie]),
      await post(loopback, '{}'),
      await exchange(loopback.port, 'NONSENSE\r\n\r\n'),
      await exchange(loopback.port, upgradeAnswer.replace('Connection: close\r\n', '')),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 403, 200, 403, 400, 400]);
    const nonces = answers.map(
      ({ headers }) => policy.exec(headers.get('content-security-policy') ?? '')?.[1],
    );
    expect(nonces).not.toContain(undefined);
    expect(new Set(nonces).size).toBe(answers.length);
    for (const { headers } of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
    expect(answers[1]!.body).toBe(pageBody.replace('__CSP_NONCE__', nonces[1]!));
  });

  it('set a cookie that scripts cannot read and other sites cannot send', async () => {
    const loopback = await loopbackHost();
    const answer = await post(loopback, JSON.stringify({ token: loopback.sessions.launchToken }));
    expect(answer.headers.get('set-cookie')).toMatch(
      new RegExp(`^opssight-${loopback.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`, 'u'),
    );
  });
});

describe('tokens', () => {
  it('lock the door after twenty wrong ones of a thousand, also for the right one, for a minute', async () => {
    let nowMs = 1_000_000;
    const loopback = await loopbackHost({ nowMs: () => nowMs });
    const { cookie } = loopback.newSession();
    const statuses = new Map<number, number>();
    for (let index = 0; index < 1_000; index++) {
      const wrong = index.toString(36).padStart(43, 'A');
      const { status } = await post(loopback, JSON.stringify({ token: wrong }));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(Object.fromEntries(statuses)).toEqual({ 403: 20, 429: 980 });
    const right = JSON.stringify({ token: loopback.sessions.launchToken });
    const locked = await post(loopback, right);
    expect([locked.status, locked.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await get(loopback, assetTarget, [cookie])).status).toBe(200);
    nowMs += 60_000;
    expect((await post(loopback, right)).status).toBe(200);
  }, 20_000);

  it('end with their session after twelve idle hours', async () => {
    let nowMs = 1_000_000;
    const loopback = await loopbackHost({ nowMs: () => nowMs });
    const { cookie } = loopback.newSession();
    nowMs += 12 * 3_600_000;
    expect((await get(loopback, assetTarget, [cookie])).status).toBe(200);
    nowMs += 12 * 3_600_000 + 1;
    expect((await get(loopback, assetTarget, [cookie])).status).toBe(403);
  });

  it('are refused in any shape but text', async () => {
    const loopback = await loopbackHost();
    const bodies = [
      '',
      'null',
      '[]',
      '{"token":1}',
      '{"token":null}',
      '{"token":["a"]}',
      '{',
      '\u0000',
      'x'.repeat(5_000),
    ];
    const statuses = [];
    for (const body of bodies) statuses.push((await post(loopback, body)).status);
    // An array has no token either: it is a request for a link token, which needs a session.
    expect(statuses).toEqual(bodies.map((body) => (body === '[]' ? 403 : 400)));
  });
});

describe('requests', () => {
  it('that never end are ended, and others are answered meanwhile', async () => {
    const loopback = await loopbackHost({ timeouts: { headersMs: 300, requestMs: 400, checkMs: 50 } });
    const startedAtMs = performance.now();
    const slow = Array.from({ length: 20 }, async () => {
      const socket = connect(loopback.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(`GET / HTTP/1.1\r\nHost: ${loopback.authority}\r\n`);
      const drip = setInterval(() => socket.write('X-a: b\r\n'), 50);
      await new Promise((resolve) => socket.on('close', resolve));
      clearInterval(drip);
    });
    const slowBody = connect(loopback.port, '127.0.0.1');
    slowBody.resume();
    slowBody.write(
      `POST /session HTTP/1.1\r\nHost: ${loopback.authority}\r\n${json}\r\nContent-Length: 500\r\n\r\n{`,
    );
    const bodyEnded = new Promise((resolve) => slowBody.on('close', resolve));
    expect((await get(loopback, '/')).status).toBe(200);
    await Promise.all([...slow, bodyEnded]);
    expect(performance.now() - startedAtMs).toBeLessThan(3_000);
  });

  it('with headers beyond all measure are refused', async () => {
    const loopback = await loopbackHost();
    expect((await get(loopback, '/', [`X-Large: ${'x'.repeat(20_000)}`])).status).toBe(431);
    expect((await get(loopback, `/${'x'.repeat(3_000)}`)).status).toBe(400);
  });

  it('cannot smuggle: bare line feeds, two lengths, length with chunks, obsolete folding', async () => {
    const loopback = await loopbackHost();
    const { cookie } = loopback.newSession();
    const host = `Host: ${loopback.authority}`;
    const texts = [
      `GET / HTTP/1.1\n${host}\n\n`,
      requestText('POST', '/session', [host, json, cookie, 'Content-Length: 2', 'Content-Length: 3'], '{}'),
      requestText('POST', '/session', [host, json, cookie, 'Transfer-Encoding: chunked'], '{}'),
      requestText('GET', '/', [host, 'X-A: a\r\n folded: b', 'Host : evil']),
      requestText('GET', '/', [host, 'X-A: a\rHost: evil']),
      requestText('GET', '/', [host, 'X-A: a\u0000b']),
    ];
    const statuses = [];
    for (const text of texts) statuses.push((await exchange(loopback.port, text)).status);
    expect(new Set(statuses)).toEqual(new Set([400]));
  });

  it('cannot put headers into an answer', async () => {
    const loopback = await loopbackHost();
    const { cookie } = loopback.newSession();
    for (const target of ['/%0d%0aSet-Cookie:%20a=b', '/?%0d%0aX-Injected:%20a', '/\u00e4%0aX-Injected: a']) {
      const answer = await get(loopback, target, [cookie]);
      expect([...answer.headers.keys()]).not.toContain('x-injected');
      expect(answer.headers.get('set-cookie')).toBeUndefined();
    }
  });

  it('reach no file but those of the table', async () => {
    const loopback = await loopbackHost();
    const { cookie } = loopback.newSession();
    const targets = String.raw`
      /../package.json /assets/../../package.json /..%2fpackage.json /%2e%2e/package.json /%252e%252e/package.json
      /..\package.json /..%5cpackage.json /....//package.json //etc/passwd /etc/passwd /C:/Windows/win.ini
      /file:///etc/passwd /%00 /index.html%00.js /ASSETS/main-Ab12Cd34.js ${assetTarget}/ ${assetTarget}.map
      /.${assetTarget} /${assetTarget} /__proto__ /constructor /toString /open.html /%c0%ae%c0%ae/package.json
    `
      .trim()
      .split(/\s+/u);
    const statuses = [];
    for (const target of targets) statuses.push((await get(loopback, target, [cookie])).status);
    expect(statuses).toEqual(Array<number>(24).fill(404));
    for (const target of ['http://evil.example/', `http://${loopback.authority}/`, '*', 'etc/passwd']) {
      expect((await get(loopback, target, [cookie])).status, target).toBe(400);
    }
  });
});

describe('links', () => {
  it('end on a frame beyond two megabytes, on bad UTF-8, and on frames against the protocol', async () => {
    const loopback = await loopbackHost();
    const attacks: [Buffer, number][] = [
      [frame(2, Buffer.alloc(2 * 1_048_576 + 1)), 1009],
      [frame(1, Buffer.from([0x63, 0xc3, 0x28])), 1007],
      [frame(3, 'x'), 1002],
      [frame(9, Buffer.alloc(126)), 1002],
      [Buffer.from([0x81, 0x01, 0x63]), 1002],
      [frame(0, 'x'), 1002],
    ];
    for (const [bytes, code] of attacks) {
      const link = await openLink(loopback);
      link.socket.write(bytes);
      expect(await link.closeCode).toBe(code);
      link.socket.destroy();
      await vi.waitFor(() => expect(loopback.opened).toHaveLength(0));
    }
    expect(loopback.frames).toEqual([]);
  });

  it('need their greeting in time and first', async () => {
    const loopback = await loopbackHost({ limits: { greetingMs: 100 } });
    const { cookie, greeting } = loopback.newSession();
    const silent = (await upgradeTo(loopback, cookie)).link!;
    expect(await silent.closeCode).toBe(1008);
    for (const first of [
      frame(1, 'c{"frame":"cancel","id":1}'),
      frame(2, greeting),
      frame(1, `${greeting}x`),
    ]) {
      const link = (await upgradeTo(loopback, cookie)).link!;
      link.socket.write(Buffer.concat([first, frame(1, greeting), frame(1, 'c1')]));
      expect(await link.closeCode).toBe(1008);
      link.socket.destroy();
    }
    expect([loopback.opened, loopback.frames]).toEqual([[], []]);
  });

  it('do not open with the link token of another session', async () => {
    const loopback = await loopbackHost();
    const { greeting } = loopback.newSession();
    const { link } = await upgradeTo(loopback, loopback.newSession().cookie);
    link!.socket.write(frame(1, greeting));
    expect(await link!.closeCode).toBe(1008);
    link!.socket.destroy();
  });

  it('are at most sixteen', async () => {
    const loopback = await loopbackHost();
    const { cookie } = loopback.newSession();
    const upgrades = [];
    for (let index = 0; index < 18; index++) upgrades.push(await upgradeTo(loopback, cookie));
    expect(upgrades.map(({ status }) => status)).toEqual([...Array<number>(16).fill(101), 503, 503]);
    upgrades[0]!.link!.socket.destroy();
    await vi.waitFor(async () => expect((await upgradeTo(loopback, cookie)).status).toBe(101));
  });

  it('end when the window does not read, before the host runs out of memory', async () => {
    const loopback = await loopbackHost({ limits: { tickMs: 20, behindBytes: 1_048_576, behindMs: 100 } });
    const link = await openLink(loopback);
    link.socket.pause();
    for (let index = 0; index < 16; index++) loopback.opened[0]!.send('c'.repeat(1_048_576));
    expect(loopback.opened).toHaveLength(1);
    await vi.waitFor(() => expect(loopback.opened).toHaveLength(0));
    link.socket.destroy();
  });

  it('end at once when far too much waits for the window', async () => {
    const loopback = await loopbackHost({ limits: { mostBytes: 4 * 1_048_576 } });
    const link = await openLink(loopback);
    link.socket.pause();
    for (let index = 0; index < 16; index++) loopback.opened[0]?.send('c'.repeat(1_048_576));
    await vi.waitFor(() => expect(loopback.opened).toHaveLength(0));
    link.socket.destroy();
  });

  it('end when nobody answers a ping', async () => {
    const loopback = await loopbackHost({ limits: { tickMs: 10, pingMs: 50 } });
    const link = await openLink(loopback);
    await vi.waitFor(() => expect(loopback.opened).toHaveLength(0));
    expect(await link.closeCode).toBe(1006);
  });
});
