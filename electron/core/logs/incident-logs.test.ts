import { beforeEach, expect, test } from 'vitest';
import { commandFailure } from '#shared/failure.ts';
import { failed } from '#shared/result.ts';
import { FakeCache, FakeSource, refusedFailure } from '#support/fake-logs.ts';
import { LogsService } from './logs-service.ts';

const startsAtMs = Date.parse('2026-11-21T03:00:00Z');
const ns = (seconds: number): string => String(BigInt(startsAtMs + seconds * 1_000) * 1_000_000n);
const { signal } = new AbortController();
const subject = { incidentId: 7, labels: { alertname: 'Slow', service: 'checkout' }, startsAtMs };

let source: FakeSource;
let cache: FakeCache;
let logs: LogsService;

beforeEach(() => {
  source = new FakeSource('loki');
  cache = new FakeCache();
  logs = new LogsService({ sources: () => [source], cache, nowMs: () => startsAtMs + 3_600_000 });
  const labels = { app: 'checkout', pod: 'p1' };
  source.lines = [
    { labels: { app: 'web' }, timeNs: ns(1), text: 'of another service' },
    { labels, timeNs: ns(-301), text: 'too early' },
    { labels, timeNs: ns(-10), text: 'before', level: 'info' },
    { labels, timeNs: ns(5), text: 'after', level: 'error' },
    { labels, timeNs: ns(301), text: 'too late' },
  ];
});

test('the lines of the service around the start are pinned', async () => {
  expect((await logs.captureLogs(subject, signal)).pinned).toEqual({
    lines: 2,
    selector: '{app="checkout"}',
    source: 'loki',
  });
  expect(cache.puts).toMatchObject([
    { incidentId: 7, scope: { selector: '{app="checkout"}' }, coverage: { fromNs: ns(-300), toNs: ns(300) } },
  ]);
});

test.each([
  [{ service: 'checkout' }, [{ service_name: 'checkout', app: 'checkout' }], '{service_name="checkout"}'],
  [{ job: 'checkout' }, [{ service: 'other' }, { job: 'checkout' }], '{job="checkout"}'],
  [{ service: 'x"y' }, [{ container: 'x"y' }], '{container="x\\"y"}'],
  [{ namespace: 'shop', pod: 'p1' }, [{ namespace: 'shop', pod: 'p1' }], '{namespace="shop", pod="p1"}'],
  [{ namespace: 'shop' }, [{ namespace: 'shop', pod: 'p1' }], undefined],
  [{ service: 'nobody' }, [{ app: 'checkout' }], undefined],
  [{}, [{ app: 'checkout' }], undefined],
])('an alert of %o finds %o by %s', async (labels, streams, selector) => {
  source.lines = streams.map((one) => ({ labels: one, timeNs: ns(1), text: 'x' }));
  const captured = await logs.captureLogs({ ...subject, labels }, signal);
  expect(captured.pinned?.selector).toBe(selector);
});

test('of too many, errors come first and the rest from both sides of the start', async () => {
  const labels = { app: 'checkout' };
  source.lines = Array.from({ length: 4_000 }, (_, index) => {
    const isError = index < 1_000 && index % 5 === 0;
    return {
      labels,
      timeNs: ns((index - 2_000) / 8),
      text: `line ${index}`,
      level: isError ? 'error' : 'info',
    } as const;
  });
  const captured = await logs.captureLogs(subject, signal);
  const answer = await logs.incidentLogs(subject, signal);
  expect(captured.pinned?.lines).toBe(1_200);
  expect(answer.lines).toHaveLength(1_200);
  expect(answer.lines.filter(({ level }) => level === 'error')).toHaveLength(200);
  expect(answer.lines.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['line 1500', 'line 1999', 'line 2000', 'line 2499']),
  );
  expect(answer).toMatchObject({ isMore: true, origin: { kind: 'live' }, query: '{app="checkout"}' });
  expect(cache.puts.every(({ incidentId }) => incidentId === 7)).toBe(true);
  expect(cache.puts[0]?.coverage).toBeNull();
});

test('without the source the pinned lines are there, with their age', async () => {
  await logs.captureLogs(subject, signal);
  source.failure = refusedFailure;
  const answer = await logs.incidentLogs(subject, signal);
  expect(answer.origin).toEqual({
    kind: 'cache',
    source: 'loki',
    atMs: startsAtMs + 3_600_000,
    reason: 'loki: connection refused',
  });
  expect(answer.lines.map(({ text }) => text)).toEqual(['before', 'after']);
  expect(answer.query).toBe('{app="checkout"}');
});

test('a source that lost its lines does not hide those that are pinned', async () => {
  await logs.captureLogs(subject, signal);
  source.lines = source.lines.filter(({ text }) => text.startsWith('too'));
  const answer = await logs.incidentLogs(subject, signal);
  expect(answer.origin).toMatchObject({ kind: 'cache', reason: 'loki has no lines of then' });
  expect(answer.lines).toHaveLength(2);
});

test('with neither it is unknown, and why', async () => {
  source.fresh = false;
  expect((await logs.captureLogs(subject, signal)).pinned).toBeNull();
  expect((await logs.incidentLogs(subject, signal)).origin).toEqual({
    kind: 'unknown',
    reason: 'loki does not answer',
  });
  source.fresh = true;
  const other = { ...subject, labels: { service: 'nobody' } };
  expect((await logs.incidentLogs(other, signal)).origin).toEqual({
    kind: 'unknown',
    reason: 'loki has no streams of this service',
  });
});

test.each<[string, () => void, string]>([
  ['has lines', () => undefined, 'answered'],
  ['has none', () => (source.lines = []), 'answered'],
  ['is out of sight', () => (source.fresh = false), 'away'],
  ['fails', () => (source.failure = refusedFailure), 'failed'],
  ['cannot answer it', () => (source.failure = { ...refusedFailure, code: 'too-large' }), 'answered'],
])('whether there is more to be had of a source that %s', async (_how, become, outcome) => {
  become();
  expect((await logs.captureLogs(subject, signal)).outcome).toBe(outcome);
});

test('lines that could not be put into the cache are not taken for captured', async () => {
  cache.putLogs = async () => failed(commandFailure('unavailable', 'disk full', 'Make room.'));
  expect(await logs.captureLogs(subject, signal)).toEqual({ outcome: 'failed', pinned: null });
});

test('one source that has none says nothing of another that is away', async () => {
  const other = new FakeSource('loki-b');
  const both = new LogsService({ sources: () => [source, other], cache, nowMs: () => startsAtMs });
  source.fresh = false;
  expect((await both.captureLogs(subject, signal)).outcome).toBe('failed');
});

test('that one source has no lines says nothing of one that does not answer', async () => {
  const other = new FakeSource('loki-b');
  source.lines = [{ labels: { app: 'checkout' }, timeNs: ns(-3_000), text: 'too early, and of the service' }];
  logs = new LogsService({ sources: () => [source, other], cache, nowMs: () => startsAtMs + 3_600_000 });
  const whole = await logs.incidentLogs(subject, signal);
  expect(whole).toMatchObject({ origin: { kind: 'live', source: 'loki' }, lines: [], warnings: [] });
  other.fresh = false;
  const part = await logs.incidentLogs(subject, signal);
  expect(part).toMatchObject({ lines: [], warnings: ['loki-b does not answer'] });
});
