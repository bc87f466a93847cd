import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SourceWatch } from '#core/sources/watch.ts';
import type { SourceSettings } from '#core/sources/source-settings.ts';
import type { SourceFailureCode } from '#shared/failure.ts';
import { sourceKinds, type SourceHealth } from '#shared/model/source.ts';
import { makeCertificate, pinOf, type KeyPair } from '#support/certificates.ts';
import { Cleanup } from '#support/cleanup.ts';
import * as faults from '#support/faults.ts';
import { startFaultyServer, type FaultyServer } from '#support/faulty-server.ts';
import { freePort } from '#support/free-port.ts';
import { plainTls, sourceSettings } from '#support/source-settings.ts';

/**
 * Every way in which a server can fail, for every kind of source: the failure has its name, in time, and
 * nobody else notices. One healthy source is watched throughout; its period must hold.
 */

const timeoutMs = 500;
/** What a loaded machine needs to notice. */
const graceMs = 1_500;
const credentials = 'Bearer canary-c5f1e0d2';
const healthyPollMs = 250;

interface Told {
  readonly health: SourceHealth;
  readonly afterMs: number;
}

/** Watches until the first poll has ended, then stops. */
async function firstPoll(settings: SourceSettings, cleanup: Cleanup): Promise<Told> {
  const startedAtMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<SourceHealth>();
  const watch = new SourceWatch({
    settings,
    onAlerts: () => undefined,
    onHealth: (health) => {
      if (health.lastAttemptAtMs !== null) resolve(health);
    },
  });
  cleanup.add(() => watch.stop());
  watch.start();
  const health = await promise;
  watch.stop();
  return { health, afterMs: performance.now() - startedAtMs };
}

const suite = new Cleanup();
const each = new Cleanup();
const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
let healthyServer: FaultyServer;

beforeAll(async () => {
  process.on('unhandledRejection', note);
  process.on('uncaughtExceptionMonitor', note);
  healthyServer = await startFaultyServer({ kind: 'alertmanager' }, suite);
  const watch = new SourceWatch({
    settings: sourceSettings({ kind: 'alertmanager', url: healthyServer.url, pollMs: healthyPollMs }),
    onAlerts: () => undefined,
    onHealth: () => undefined,
  });
  suite.add(() => watch.stop());
  watch.start();
});

afterEach(() => each.run());

afterAll(async () => {
  process.off('unhandledRejection', note);
  process.off('uncaughtExceptionMonitor', note);
  await suite.run();
});

interface Row {
  readonly fault: faults.Fault;
  readonly code: SourceFailureCode;
  readonly says: RegExp;
  readonly retryAfterMs?: number;
  /** Where the work itself takes a while on a busy machine. */
  readonly timeoutMs?: number;
}

const soon = (): string => new Date(Date.now() + 9_000).toUTCString();

const table: Record<string, Row> = {
  'hangs before the answer': {
    fault: faults.hangsBeforeAnswer,
    code: 'timeout',
    says: /no answer came within 500 ms/,
  },
  'hangs inside the body': { fault: faults.hangsInBody, code: 'timeout', says: /did not end within 500 ms/ },
  'drips the body': { fault: faults.dripsBody, code: 'timeout', says: /did not end within 500 ms/ },
  'resets before the answer': {
    fault: faults.resetsBeforeAnswer,
    code: 'server-error',
    says: /broke the connection off/,
  },
  'resets inside the body': {
    fault: faults.resetsInBody,
    code: 'server-error',
    says: /broke the connection off/,
  },
  'answers 401': { fault: faults.unauthorised, code: 'unauthorised', says: /401: Unauthorized/ },
  'answers 403': { fault: faults.forbidden, code: 'unauthorised', says: /403: no access for this tenant/ },
  'answers 429 with seconds': {
    fault: faults.answers(429, { 'retry-after': '7' }, 'slow down'),
    code: 'rate-limited',
    says: /429: slow down/,
    retryAfterMs: 7_000,
  },
  'answers 429 with a date': {
    fault: (request, response, kind) =>
      faults.answers(429, { 'retry-after': soon() }, 'slow down')(request, response, kind),
    code: 'rate-limited',
    says: /429/,
    retryAfterMs: 9_000,
  },
  'answers 500': { fault: faults.failsInside, code: 'server-error', says: /500: "?boom/ },
  'answers a 503 page': {
    fault: faults.unavailablePage,
    code: 'server-error',
    says: /503 with a web page, “503 Service Temporarily Unavailable”/,
    retryAfterMs: 2_000,
  },
  'answers 404': {
    fault: faults.answers(404, {}, '404 page not found'),
    code: 'not-this-api',
    says: /404: 404 page/,
  },
  'answers 410': { fault: faults.answers(410, {}, 'gone'), code: 'not-this-api', says: /410: gone/ },
  'wants https': {
    fault: faults.answers(
      400,
      { 'content-type': 'text/plain' },
      'Client sent an HTTP request to an HTTPS server.',
    ),
    code: 'not-this-api',
    says: /the port speaks https, not http/,
  },
  'shows a login page': {
    fault: faults.showsLoginPage,
    code: 'not-this-api',
    says: /“Sign in · Example SSO”/,
  },
  'speaks another API': {
    fault: faults.speaksAnotherApi,
    code: 'malformed',
    says: /at (status|version|hello|its root): /,
  },
  'speaks another protocol': {
    fault: faults.speaksAnotherProtocol,
    code: 'not-this-api',
    says: /does not speak HTTP/,
  },
  'sends endless headers': {
    fault: faults.sendsEndlessHeaders,
    code: 'not-this-api',
    says: /does not speak HTTP/,
  },
  'answers nothing': { fault: faults.answersEmpty, code: 'malformed', says: /not whole JSON/ },
  'truncates its JSON': { fault: faults.truncatesJson, code: 'malformed', says: /not whole JSON/ },
  'truncates its gzip': { fault: faults.truncatesGzip, code: 'malformed', says: /does not decompress/ },
  'encodes unasked': { fault: faults.encodesUnasked, code: 'malformed', says: /encoded as br/ },
  'sends bad UTF-8': { fault: faults.sendsBadUtf8, code: 'malformed', says: /not valid UTF-8/ },
  'breaks the schema': {
    fault: faults.breaksSchema,
    code: 'malformed',
    says: /at (data\.version|uptime|version|services|its root): /,
  },
  'never ends': {
    fault: faults.neverEnds,
    code: 'too-large',
    says: /larger than (24|96) MiB/,
    timeoutMs: 10_000,
  },
  'sends a gzip bomb': {
    fault: faults.sendsGzipBomb,
    code: 'too-large',
    says: /larger than (24|96) MiB/,
    timeoutMs: 10_000,
  },
};

describe.each(sourceKinds)('a %s that', (kind) => {
  test.each(Object.entries(table))('%s', async (_name, row) => {
    const server = await startFaultyServer({ kind, fault: row.fault }, each);
    const headers = { authorization: credentials };
    const { health, afterMs } = await firstPoll(
      sourceSettings({ kind, url: server.url, headers, timeoutMs: row.timeoutMs ?? timeoutMs }),
      each,
    );
    expect(health.failure).toMatchObject({ code: row.code, message: expect.stringMatching(row.says) });
    expect(health.failure?.nextStep).toMatch(/\.$/);
    expect(JSON.stringify(health)).not.toContain('canary');
    expect(afterMs).toBeLessThan((row.timeoutMs ?? timeoutMs) + graceMs);
    const wait = health.failure?.retryAfterMs ?? 0;
    expect(Math.abs(wait - (row.retryAfterMs ?? 0))).toBeLessThanOrEqual(1_500);
    if (row.retryAfterMs !== undefined) {
      expect(health.nextAttemptAtMs).toBeGreaterThanOrEqual((health.lastAttemptAtMs ?? 0) + wait);
    }
  });

  test('is not there', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { health, afterMs } = await firstPoll(sourceSettings({ kind, url, timeoutMs }), each);
    expect(health.failure).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(afterMs).toBeLessThan(timeoutMs + graceMs);
  });

  test('has a name that nobody knows', async () => {
    const settings = sourceSettings({ kind, url: 'http://no-such-host.invalid:9090', timeoutMs: 5_000 });
    const { health } = await firstPoll(settings, each);
    expect(health.failure).toMatchObject({
      code: 'unknown-host',
      message: expect.stringContaining('no-such-host'),
    });
  });

  test.each([301, 302, 307, 308])(
    'redirects to another origin with %i: nothing is sent there',
    async (status) => {
      const other = await startFaultyServer({ kind }, each);
      const location = `${other.url}/api?token=s3cret`;
      const server = await startFaultyServer({ kind, fault: faults.answers(status, { location }, '') }, each);
      const headers = { authorization: credentials };
      const { health } = await firstPoll(sourceSettings({ kind, url: server.url, headers, timeoutMs }), each);
      expect(health.failure).toMatchObject({
        code: 'not-this-api',
        message: expect.stringContaining(other.url),
      });
      expect(health.failure?.message).not.toContain('s3cret');
      expect(server.requests[0]?.headers.authorization).toBe(credentials);
      expect(other.connections).toBe(0);
    },
  );

  test('echoes our credentials: they are blotted out', async () => {
    const echo: faults.Fault = (request, response) => {
      const body = `bad token ${request.headers.authorization?.slice(7) ?? ''}\u202e\u0007`;
      response.writeHead(403, { 'content-type': 'text/plain' }).end(body);
    };
    const server = await startFaultyServer({ kind, fault: echo }, each);
    const headers = { authorization: credentials };
    const { health } = await firstPoll(sourceSettings({ kind, url: server.url, headers, timeoutMs }), each);
    expect(health.failure?.message).toBe('The server answered 403: bad token •••.');
  });
});

describe.each(sourceKinds)('a %s whose TLS', (kind) => {
  let authority: KeyPair;
  let good: KeyPair;

  beforeAll(async () => {
    authority = await makeCertificate({ name: 'test authority', hosts: ['authority'], authority: true });
    good = await makeCertificate({ signedBy: authority });
  });

  async function poll(
    server: FaultyServer,
    tls: Partial<SourceSettings['tls']>,
    url?: string,
  ): Promise<Told> {
    const headers = { authorization: credentials };
    return firstPoll(
      sourceSettings({ kind, url: url ?? server.url, headers, timeoutMs: 2_000, tls: plainTls(tls) }),
      each,
    );
  }

  /** Refused as `tls` in these words, and not one request reached the server. */
  async function refuses(
    server: FaultyServer,
    tls: Partial<SourceSettings['tls']>,
    says: RegExp,
  ): Promise<void> {
    const { health } = await poll(server, tls);
    expect(health.failure).toMatchObject({ code: 'tls', message: expect.stringMatching(says) });
    expect(server.requests).toEqual([]);
  }

  test('is of a given authority is accepted', async () => {
    const server = await startFaultyServer({ kind, tls: good }, each);
    const { health } = await poll(server, { ca: authority.certificate });
    expect(health).toMatchObject({ state: 'fresh', failure: null });
  });

  test('is of an unknown authority', async () => {
    await refuses(await startFaultyServer({ kind, tls: good }, each), {}, /from an unknown authority/);
  });

  test('is self-signed', async () => {
    const tls = await makeCertificate();
    await refuses(await startFaultyServer({ kind, tls }, each), {}, /is self-signed/);
  });

  test('has expired', async () => {
    const tls = await makeCertificate({ signedBy: authority, notAfter: new Date(Date.now() - 1_000) });
    const server = await startFaultyServer({ kind, tls }, each);
    await refuses(server, { ca: authority.certificate }, /has expired/);
  });

  test('is for another host', async () => {
    const tls = await makeCertificate({ signedBy: authority, hosts: ['other.example'] });
    const server = await startFaultyServer({ kind, tls }, each);
    await refuses(server, { ca: authority.certificate }, /is for another host/);
    const named = await poll(server, { ca: authority.certificate, serverName: 'other.example' });
    expect(named.health.failure).toBeNull();
  });

  test('is self-signed and pinned is accepted, and refused once it changes', async () => {
    const first = await makeCertificate({ hosts: ['anything.example'] });
    const pinnedSha256 = pinOf(first);
    const before = await startFaultyServer({ kind, tls: first }, each);
    expect((await poll(before, { pinnedSha256 })).health.failure).toBeNull();
    const changed = await makeCertificate({ hosts: ['anything.example'] });
    await refuses(
      await startFaultyServer({ kind, tls: changed }, each),
      { pinnedSha256 },
      /not the pinned one/,
    );
  });

  test('is of a given authority but not the pinned one', async () => {
    const server = await startFaultyServer({ kind, tls: good }, each);
    await refuses(server, { ca: authority.certificate, pinnedSha256: 'a'.repeat(64) }, /not the pinned one/);
  });

  test('asks for a client certificate', async () => {
    const tls = { ...good, clientAuthority: authority.certificate };
    const server = await startFaultyServer({ kind, tls }, each);
    await refuses(
      server,
      { ca: authority.certificate },
      /refused the client certificate, or the lack of one/,
    );
    const client = await makeCertificate({ name: 'console', signedBy: authority });
    const shown = { ca: authority.certificate, certificate: client.certificate, key: client.key };
    expect((await poll(server, shown)).health.failure).toBeNull();
  });

  test('is not there: https to a plain port, and http to a TLS port', async () => {
    const plain = await startFaultyServer({ kind }, each);
    const onPlain = await poll(plain, {}, plain.url.replace('http:', 'https:'));
    expect(onPlain.health.failure).toMatchObject({
      code: 'tls',
      message: expect.stringMatching(/does not speak TLS/),
    });
    const secure = await startFaultyServer({ kind, tls: good }, each);
    const onSecure = await poll(secure, {}, secure.url.replace('https:', 'http:'));
    expect(['server-error', 'not-this-api']).toContain(onSecure.health.failure?.code);
  });

  test('has files that are no PEM', async () => {
    const server = await startFaultyServer({ kind, tls: good }, each);
    await refuses(server, { certificate: 'no PEM', key: 'no PEM' }, /cannot be used/);
  });
});

describe('whoever else is watched', () => {
  test('keeps its period while others fail, and nothing is left unhandled', () => {
    const polls = healthyServer.requests
      .filter(({ path }) => path === '/api/v2/alerts')
      .map(({ atMs }) => atMs);
    const periods = polls.slice(1).map((atMs, index) => atMs - (polls[index] ?? 0));
    // The middle one: a busy machine stops this process now and then, servers and all.
    const median = periods.toSorted((left, right) => left - right)[Math.floor(periods.length / 2)] ?? 0;
    expect(periods.length).toBeGreaterThan(10);
    expect(Math.abs(median - healthyPollMs)).toBeLessThan(healthyPollMs * 0.1);
    expect(unhandled).toEqual([]);
  });
});
