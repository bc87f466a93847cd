import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { compareNanoseconds, nanosecondsOf } from '#shared/model/log.ts';
import { makeCertificate } from '#support/certificates.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { startLokiDouble, type DoubleEntry, type LokiDouble } from '#support/loki-double.ts';
import { plainTls, sourceSettings } from '#support/source-settings.ts';
import { openSourceHttp } from '../http.ts';
import type { SourceSettings } from '../source-settings.ts';
import { LokiClient } from './client.ts';
import type { TailRequest, TailStatus } from './model.ts';
import { openTail, type TailOptions } from './tail.ts';

const each = new Cleanup();
afterEach(() => each.run());

const quick = { firstRetryMs: 20, longestRetryMs: 100, fillAfterMs: 30, settleMs: 250 };

interface Followed {
  readonly lines: string[];
  readonly states: string[];
  status: TailStatus;
}

function follow(
  double: LokiDouble,
  request: Partial<TailRequest> = {},
  changed: Partial<SourceSettings> = {},
  options: Partial<TailOptions> = {},
): Followed {
  const settings = sourceSettings({ kind: 'loki', url: double.url, timeoutMs: 10_000, ...changed });
  const http = openSourceHttp(settings);
  const streams: string[] = [];
  const status = { state: 'connecting', received: 0, dropped: 0, recovered: 0, failure: null } as const;
  const followed: Followed = { lines: [], states: [], status };
  const tail = openTail(
    new LokiClient(http),
    { query: '{app="web"}', ...request },
    {
      onLines: (batch) => {
        streams.push(...batch.streams.map((labels) => labels['pod'] ?? '?'));
        for (const [index, line] of batch.lines.entries()) {
          const before = batch.lines[index - 1];
          if (before !== undefined && compareNanoseconds(before.timeNs, line.timeNs) > 0)
            throw new Error('a batch out of order');
          followed.lines.push(`${streams[line.stream] ?? '?'} ${line.timeNs} ${line.text}`);
        }
      },
      onStatus: (told) => {
        followed.status = told;
        if (followed.states.at(-1) !== told.state) followed.states.push(told.state);
      },
    },
    { ...quick, ...options },
  );
  each.add(async () => {
    tail.stop();
    await http.close();
  });
  return followed;
}

let written = 0;

/** Lines of seven streams; several share a nanosecond, and none is alike. */
function linesNow(count: number, { agoMs = 0, apartNs = 1 } = {}): DoubleEntry[] {
  const atNs = BigInt(nanosecondsOf(Date.now() - agoMs));
  return Array.from({ length: count }, (_, index) => ({
    stream: { app: 'web', pod: `pod-${index % 7}` },
    timeNs: String(atNs + BigInt(Math.floor(index / 5) * apartNs)),
    text: `line ${++written} ${'x'.repeat(60)}`,
    metadata: { trace_id: String(written) },
  }));
}

function named({ stream, timeNs, text }: DoubleEntry): string {
  return `${stream['pod']} ${timeNs} ${text}`;
}

async function untilAll(followed: Followed, pushed: readonly string[], limitMs = 15_000): Promise<void> {
  const wanted = pushed.length;
  await eventually(
    `all ${wanted} lines`,
    () => (followed.lines.length >= wanted ? true : undefined),
    limitMs,
  ).catch((error: unknown) => {
    throw new Error(`${followed.lines.length} of ${wanted}: ${JSON.stringify(followed.status)}`, {
      cause: error,
    });
  });
  // A line that comes twice would come now.
  await pause(2 * quick.settleMs);
  expect(new Set(followed.lines).size).toBe(followed.lines.length);
  expect(followed.lines.toSorted()).toEqual(pushed.toSorted());
}

const live = async (followed: Followed): Promise<unknown> =>
  eventually('live', () => (followed.status.state === 'live' ? true : undefined));

/** Writes at 2,000 lines a second, twenty times a second. */
async function write(double: LokiDouble, seconds: number, onTick: (tick: number) => void): Promise<string[]> {
  const pushed: string[] = [];
  const startedAtMs = performance.now();
  for (let tick = 0; tick < seconds * 20; tick++) {
    const entries = linesNow(100);
    double.push(entries);
    for (const entry of entries) pushed.push(named(entry));
    onTick(tick);
    await pause(Math.max(0, startedAtMs + (tick + 1) * 50 - performance.now()));
  }
  return pushed;
}

const isFull = process.env['OPSSIGHT_FULL'] === '1';
const writingSeconds = isFull ? 60 : 3;

test(
  `2,000 lines a second for ${writingSeconds} s, of which the server drops many: none missing, none doubled`,
  { timeout: (writingSeconds + 30) * 1_000 },
  async () => {
    const double = await startLokiDouble(each);
    double.dropEvery = 6;
    double.reportAtMost = 3;
    double.queueLines = 220;
    const followed = follow(double);
    await live(followed);
    // Bursts on top, as a queue that runs over has them.
    const extra: string[] = [];
    const pushed = await write(double, writingSeconds, (tick) => {
      if (tick % 20 !== 10) return;
      const burst = linesNow(600);
      double.push(burst);
      extra.push(...burst.map(named));
    });
    await untilAll(followed, [...pushed, ...extra], 30_000);
    expect(double.droppedLines).toBeGreaterThan(pushed.length / 8);
    expect(followed.status.received).toBe(pushed.length + extra.length);
    // The look at what was there before the tail opened may bring some of the first.
    expect(followed.status.recovered).toBeGreaterThan(double.droppedLines * 0.9);
    expect(followed.status.dropped).toBeGreaterThanOrEqual(followed.status.recovered);
    expect(followed.states).toContain('recovering');
  },
);

test('lines that come while the connection is lost, and when the hour is over, are fetched', async () => {
  const double = await startLokiDouble(each);
  const followed = follow(double, {}, { url: `${double.url}/behind/a/proxy` });
  await live(followed);
  const all: DoubleEntry[] = [];
  const push = (count: number): void => {
    const entries = linesNow(count);
    all.push(...entries);
    double.push(entries);
  };
  push(50);
  await eventually('the first', () => (followed.lines.length === 50 ? true : undefined));
  double.breakTails();
  push(300);
  await eventually('the gap', () => (followed.lines.length === 350 ? true : undefined));
  double.closeTails(1011, 'reached tail max duration limit');
  push(40);
  await untilAll(followed, all.map(named));
  expect(followed.states).toContain('waiting');
  expect(followed.status).toMatchObject({ state: 'live', failure: null, received: 390 });
  expect(double.tails).toBe(1);
});

test('lines that come after the connection was opened and before the server sends any are fetched', async () => {
  const double = await startLokiDouble(each);
  double.registerAfterMs = 200;
  const followed = follow(double);
  await eventually('the first look', () => (double.asked.length > 0 ? true : undefined));
  const unheard = linesNow(300);
  double.push(unheard);
  await pause(300);
  const heard = linesNow(40);
  double.push(heard);
  await untilAll(followed, [...unheard, ...heard].map(named));
});

test('a long outage is filled once, however many lines come while it is', { timeout: 40_000 }, async () => {
  const double = await startLokiDouble(each);
  double.queueLines = 100_000;
  const followed = follow(
    double,
    { fromNs: nanosecondsOf(Date.now() - 30_000) },
    {},
    { mostRemembered: 2_000 },
  );
  await live(followed);
  const before = linesNow(50, { agoMs: 29_000 });
  double.push(before);
  await eventually('the first', () => (followed.lines.length === 50 ? true : undefined));
  double.breakTails();
  // 20 s of them, so that they are fetched in three pieces, and none of the last seconds.
  const missed = linesNow(25_000, { agoMs: 25_000, apartNs: 4_000_000 });
  double.push(missed);
  double.answerAfterMs = 150;
  await eventually('a connection', () => (double.tails === 1 ? true : undefined));
  const meanwhile: DoubleEntry[] = [];
  for (let turn = 0; turn < 6; turn++) {
    const entries = linesNow(900);
    double.push(entries);
    meanwhile.push(...entries);
    await pause(250);
  }
  await untilAll(followed, [...before, ...missed, ...meanwhile].map(named), 30_000);
});

test('lines that a query makes alike are as many as it found, also over a gap', async () => {
  const double = await startLokiDouble(each);
  const followed = follow(double, { query: '{app="web"} | line_format "retrying"' });
  await live(followed);
  const alike = (count: number): void => {
    const timeNs = nanosecondsOf(Date.now());
    const one = { stream: { app: 'web', pod: 'pod-1' }, timeNs, text: 'retrying' };
    double.push(Array.from({ length: count }, () => one));
  };
  alike(150);
  await eventually('both frames', () => (followed.lines.length >= 150 ? true : undefined));
  double.breakTails();
  await pause(5);
  alike(4);
  await eventually('the gap', () => (followed.lines.length >= 154 ? true : undefined));
  await pause(2 * quick.settleMs);
  expect(followed.lines).toHaveLength(154);
});

test('a tail from an earlier time begins with the lines since then', async () => {
  const double = await startLokiDouble(each);
  const early = linesNow(7_000);
  double.push(early);
  const followed = follow(double, { fromNs: nanosecondsOf(Date.now() - 60_000), delayForSeconds: 2 });
  await untilAll(followed, early.map(named));
  expect(followed.status).toMatchObject({ received: 7_000, dropped: 0, recovered: 0 });
});

test.each([
  [400, 'parse error at line 1, col 11: syntax error: unexpected $end', 'bad-query'],
  [400, "delay_for can't be greater than 5", 'bad-query'],
  [400, 'multiple org IDs present', 'bad-query'],
  [401, 'no org id\n', 'unauthorised'],
  [404, '404 page not found\n', 'not-this-api'],
  [400, 'Bad Request\n', 'not-this-api'],
])('a tail that is answered %i %s has ended: %s', async (status, text, code) => {
  const double = await startLokiDouble(each);
  double.refusal = { status, text };
  const followed = follow(double);
  await eventually('the end', () => (followed.status.state === 'ended' ? true : undefined));
  expect(followed.status.failure).toMatchObject({ code, status });
  expect(followed.states).toEqual(['connecting', 'ended']);
});

test.each([
  [429, 'too many outstanding requests'],
  [400, 'max concurrent tail requests limit exceeded, count > limit (11 > 10)'],
  [503, 'Ingester not ready: waiting for 15s after being ready'],
])('a tail that is answered %i %s is tried again', async (status, text) => {
  const double = await startLokiDouble(each);
  double.refusal = { status, text };
  const followed = follow(double);
  await eventually('a pause', () => (followed.status.state === 'waiting' ? true : undefined));
  expect(followed.status.failure?.message).toContain(text);
  double.refusal = null;
  await live(followed);
  expect(followed.status.failure).toBeNull();
});

test('a query that makes numbers is refused after the upgrade, and that is the end', async () => {
  const double = await startLokiDouble(each);
  const followed = follow(double);
  await eventually('a tail', () => (double.tails === 1 ? true : undefined));
  double.closeTails(1011, 'only log selector is supported');
  await eventually('the end', () => (followed.status.state === 'ended' ? true : undefined));
  expect(followed.status.failure).toMatchObject({ code: 'bad-query' });
  expect(followed.status.failure?.message).toContain('only log selector is supported');
});

test('a server that is not there is tried again, and nothing comes after the stop', async () => {
  const double = await startLokiDouble(each);
  const { url } = double;
  const http = openSourceHttp(sourceSettings({ kind: 'loki', url: url.replace(/:\d+$/, ':1') }));
  each.add(() => http.close());
  const told: TailStatus[] = [];
  const tail = openTail(
    new LokiClient(http),
    { query: '{app="web"}' },
    { onLines: () => undefined, onStatus: (status) => void told.push(status) },
    quick,
  );
  await eventually('two tries', () =>
    told.filter(({ state }) => state === 'waiting').length > 1 ? true : undefined,
  );
  expect(told.at(-1)?.failure).toMatchObject({ code: 'refused' });
  tail.stop();
  const count = told.length;
  await pause(150);
  expect(told).toHaveLength(count);
});

test('a tail is opened with the headers, the authority and the pin of its source, and with no other', async () => {
  const authority = await makeCertificate({ authority: true, name: 'authority' });
  const double = await startLokiDouble(each, await makeCertificate({ signedBy: authority }));
  const headers = { 'X-Scope-OrgID': 'payments', Authorization: 'Bearer a-long-secret' };
  const good = follow(double, {}, { headers, tls: plainTls({ ca: authority.certificate }) });
  await live(good);
  expect(double.tailHeaders).toMatchObject({
    'x-scope-orgid': 'payments',
    authorization: 'Bearer a-long-secret',
    'x-loki-response-encoding-flags': 'categorize-labels',
  });
  for (const tls of [plainTls(), plainTls({ pinnedSha256: '0'.repeat(64) })]) {
    const bad = follow(double, {}, { tls });
    await eventually('a refusal', () => (bad.status.state === 'waiting' ? true : undefined));
    expect(bad.status.failure).toMatchObject({ code: 'tls' });
  }
  expect(double.tails).toBe(1);
});

test('a credential that the server echoes in its refusal is not told', async () => {
  const double = await startLokiDouble(each);
  double.refusal = { status: 400, text: 'bad header Bearer a-long-secret' };
  const followed = follow(double, {}, { headers: { Authorization: 'Bearer a-long-secret' } });
  await eventually('the end', () => (followed.status.state === 'ended' ? true : undefined));
  expect(followed.status.failure?.message).not.toContain('a-long-secret');
});
