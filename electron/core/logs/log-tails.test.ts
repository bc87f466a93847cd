import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  applyLogTail,
  isTailCut,
  maxTailLength,
  maxTailLines,
  type LogTail,
  type LogTailPatch,
} from '#shared/model/log.ts';
import { success } from '#shared/result.ts';
import { FakeCache, FakeSource, refusedFailure } from '#support/fake-logs.ts';
import type { SourceLine, TailListener } from './log-source.ts';
import { LogTails } from './log-tails.ts';

const web = { app: 'web' };
let source: FakeSource;
let cache: FakeCache;
let tails: LogTails;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-21T03:00:00Z') });
  source = new FakeSource('loki');
  cache = new FakeCache();
  tails = new LogTails({ sources: () => [source], cache, nowMs: Date.now });
});

afterEach(() => {
  tails.stop();
  vi.useRealTimers();
});

function line(at: number, text = `line ${at}`, stream = 0): SourceLine {
  return { timeNs: String(1_000 + at), stream, text, level: 'info', metadata: {}, parsed: {} };
}

function begin(query = '{app="web"}'): string {
  const opened = tails.open('', query);
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value.id;
}

function listener(index = 0): TailListener {
  const tail = source.tails[index];
  if (tail === undefined) throw new Error('no tail is open');
  return tail.listener;
}

/** Follows as a window does: a snapshot, then patches. */
function follow(id: string): { tail: () => LogTail; patches: LogTailPatch[]; close: () => void } {
  const patches: LogTailPatch[] = [];
  const followed = tails.follow(id, (patch) => patches.push(patch));
  if (followed === undefined) throw new Error('the tail has ended');
  const first = followed.current();
  return { tail: () => patches.reduce(applyLogTail, first), patches, close: followed.close };
}

test('lines go on in batches, in order, and are kept', async () => {
  const window = follow(begin());
  listener().onStanding({ state: 'live', dropped: 0, recovered: 0, failure: null });
  listener().onLines({ streams: [web], lines: [line(3), line(5)] });
  listener().onLines({ streams: [{ app: 'api' }], lines: [line(4, 'late', 1)] });
  expect(window.patches).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(window.patches).toHaveLength(1);
  listener().onLines({ streams: [], lines: [line(1, 'recovered')] });
  listener().onStanding({ state: 'live', dropped: 1, recovered: 1, failure: null });
  vi.advanceTimersByTime(200);
  expect(window.tail()).toMatchObject({
    state: 'live',
    received: 4,
    dropped: 1,
    recovered: 1,
    source: 'loki',
  });
  expect(window.tail().lines.map(({ text }) => text)).toEqual(['recovered', 'line 3', 'late', 'line 5']);
  expect(window.tail().streams).toEqual([web, { app: 'api' }]);
  const kept = cache.puts.map(({ streams }) => streams.map(({ lines }) => lines.length));
  expect(kept).toEqual([[2, 1], [1]]);
  expect(cache.puts[0]).toMatchObject({ scope: { source: 'loki', selector: '{app="web"}' }, coverage: null });
});

test('a cache that is slower than the lines come is given no more than it can write', async () => {
  const written: (() => void)[] = [];
  const given: number[] = [];
  vi.spyOn(cache, 'putLogs').mockImplementation(({ streams }) => {
    given.push(streams.reduce((sum, { lines }) => sum + lines.length, 0));
    return new Promise((resolve) => written.push(() => resolve(success(undefined))));
  });
  const window = follow(begin());
  for (let batch = 0; batch < 20; batch++) {
    const lines = Array.from({ length: 5_000 }, (_, index) => line(batch * 5_000 + index));
    listener().onLines({ streams: batch === 0 ? [web] : [], lines });
    vi.advanceTimersByTime(200);
  }
  expect(given).toEqual([5_000, 5_000, 5_000, 5_000]);
  expect(window.tail().received).toBe(100_000);
  for (const end of written) end();
  await vi.advanceTimersByTimeAsync(200);
  expect(given).toEqual([5_000, 5_000, 5_000, 5_000, 20_000]);
});

test('of long lines fewer are held, and the newest', () => {
  const window = follow(begin());
  for (let batch = 0; batch < 12; batch++) {
    const lines = Array.from({ length: 50 }, (_, index) => line(batch * 50 + index, 'x'.repeat(60_000)));
    listener().onLines({ streams: batch === 0 ? [web] : [], lines });
    vi.advanceTimersByTime(200);
  }
  const { lines, received } = window.tail();
  expect(received).toBe(600);
  expect(lines).toHaveLength(Math.floor(maxTailLength / 60_000));
  expect(lines.at(-1)?.timeNs).toBe('1599');
  expect(isTailCut(window.tail())).toBe(true);
});

test('labels without end are the end of the tail', () => {
  const window = follow(begin());
  for (let at = 0; at < 20; at++)
    listener().onLines({ streams: [{ app: `${at}${'x'.repeat(1_000_000)}` }], lines: [line(at, 'l', at)] });
  vi.advanceTimersByTime(200);
  expect(window.tail()).toMatchObject({ state: 'ended', failure: { code: 'too-large' } });
});

test('one who follows later has the same tail', () => {
  const id = begin();
  const first = follow(id);
  listener().onLines({ streams: [web], lines: [line(1)] });
  vi.advanceTimersByTime(200);
  const second = follow(id);
  listener().onLines({ streams: [], lines: [line(2)] });
  vi.advanceTimersByTime(200);
  expect(second.tail()).toEqual(first.tail());
  expect(second.tail().lines).toHaveLength(2);
});

test('a storm keeps the newest and counts all; the rate falls when it is over', () => {
  const window = follow(begin());
  for (let batch = 0; batch < 30; batch++) {
    const lines = Array.from({ length: 1_000 }, (_, index) => line(batch * 1_000 + index));
    listener().onLines({ streams: batch === 0 ? [web] : [], lines });
  }
  vi.advanceTimersByTime(1_000);
  expect(window.tail()).toMatchObject({ received: 30_000, linesPerSecond: 30_000 });
  expect(window.tail().lines).toHaveLength(maxTailLines);
  expect(window.tail().lines.at(-1)?.text).toBe('line 29999');
  expect(window.tail().lines[0]?.text).toBe('line 25000');
  vi.advanceTimersByTime(6_000);
  expect(window.tail().linesPerSecond).toBe(0);
  const patches = window.patches.length;
  vi.advanceTimersByTime(60_000);
  expect(window.patches).toHaveLength(patches);
});

test('it ends some seconds after the last follower, not while one is there', () => {
  const id = begin();
  const first = follow(id);
  vi.advanceTimersByTime(600_000);
  first.close();
  vi.advanceTimersByTime(3_000);
  const second = follow(id);
  vi.advanceTimersByTime(60_000);
  expect(source.tails[0]?.isOpen).toBe(true);
  second.close();
  second.close();
  vi.advanceTimersByTime(6_000);
  expect(source.tails[0]?.isOpen).toBe(false);
  expect(tails.follow(id, () => undefined)).toBeUndefined();
});

test('one that nobody follows ends too', () => {
  begin();
  vi.advanceTimersByTime(16_000);
  expect(source.tails[0]?.isOpen).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test('that the source ended it is told and stays', () => {
  const window = follow(begin());
  listener().onStanding({ state: 'ended', dropped: 0, recovered: 0, failure: refusedFailure });
  listener().onStanding({ state: 'live', dropped: 0, recovered: 0, failure: null });
  vi.advanceTimersByTime(200);
  expect(window.tail()).toMatchObject({ state: 'ended', failure: refusedFailure });
});

test('too many streams end it, with the reason', () => {
  const window = follow(begin());
  const streams = Array.from({ length: 5_001 }, (_, index) => ({ pod: String(index) }));
  listener().onLines({ streams, lines: [line(1)] });
  vi.advanceTimersByTime(200);
  expect(window.tail()).toMatchObject({ state: 'ended', failure: { code: 'too-large' } });
  expect(source.tails[0]?.isOpen).toBe(false);
});

test('a source that is gone ends its tails; followers are told', () => {
  const window = follow(begin());
  tails.endOf(['other']);
  expect(source.tails[0]?.isOpen).toBe(true);
  tails.endOf(['loki']);
  expect(window.tail().state).toBe('ended');
  expect(source.tails[0]?.isOpen).toBe(false);
  window.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('bounded in number, and refused where it cannot be', () => {
  for (let index = 0; index < 6; index++) begin();
  expect(tails.open('', '{app="web"}')).toMatchObject({ ok: false, failure: { code: 'overloaded' } });
  expect(tails.open('', '{app=')).toMatchObject({ ok: false, failure: { code: 'invalid-input' } });
  expect(tails.open('', 'rate({a="b"}[1m])')).toMatchObject({
    ok: false,
    failure: { code: 'invalid-input' },
  });
  expect(tails.open('other', '{app="web"}')).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  source.fresh = false;
  expect(tails.open('', '{app="web"}')).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  tails.stop();
  source.fresh = true;
  begin();
  expect(source.tails.filter(({ isOpen }) => isOpen)).toHaveLength(1);
});
