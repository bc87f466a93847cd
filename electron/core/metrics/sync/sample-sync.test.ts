import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SamplesToKeep } from '#core/store/cache/samples/sample-writer.ts';
import { commandFailure } from '#shared/failure.ts';
import { failed, success } from '#shared/result.ts';
import { syncedSourceDouble, type SyncedSourceDouble } from '#support/synced-source-double.ts';
import { systemClock } from '#core/clock/clock.ts';
import type { WatchedExpression } from './demands.ts';
import { SampleSync } from './sample-sync.ts';
import { joinSpans, type Span } from './spans.ts';

const minuteMs = 60_000;
const startMs = 1_795_226_400_000;

let sources: SyncedSourceDouble[];
let kept: SamplesToKeep[];
let storeFails: boolean;
let watched: WatchedExpression[];
let sync: SampleSync;
let underWay: Map<string, number>;
let most: { perSource: number; all: number };

beforeEach(() => {
  vi.useFakeTimers({ now: startMs });
  kept = [];
  storeFails = false;
  underWay = new Map();
  most = { perSource: 0, all: 0 };
  sources = ['p', 'q', 'r'].map((name) => {
    const source = syncedSourceDouble(name);
    source.series = [];
    source.before = async () => {
      underWay.set(name, (underWay.get(name) ?? 0) + 1);
      most.perSource = Math.max(most.perSource, ...underWay.values());
      most.all = Math.max(
        most.all,
        [...underWay.values()].reduce((sum, one) => sum + one, 0),
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay.set(name, (underWay.get(name) ?? 0) - 1);
    };
    return source;
  });
  watched = sources.flatMap(({ name }) =>
    ['rate(a[5m])', 'b > 1'].map((expression) => ({
      source: name,
      expression,
      keepMs: 60 * minuteMs,
      priority: 'rule' as const,
    })),
  );
  sync = new SampleSync({
    sources: () => sources,
    store: {
      putSamples: async (samples) => {
        if (storeFails) return failed(commandFailure('unavailable', 'the disk is full', ''));
        kept.push(samples);
        return success(undefined);
      },
      coverage: async () => [],
    },
    clock: systemClock,
  });
  sync.watch(() => watched);
});

afterEach(async () => {
  const stopped = sync.stop();
  await vi.advanceTimersByTimeAsync(100);
  await stopped;
  vi.useRealTimers();
});

function covered(source: string, selector: string): Span[] {
  return joinSpans(kept.filter((one) => one.source === source && one.selector === selector));
}

test('what is watched is covered from its first need to ten seconds ago, and goes on to be', async () => {
  sync.start();
  await vi.advanceTimersByTimeAsync(5 * minuteMs);
  for (const { name } of sources) {
    const [a, ...more] = covered(name, 'a');
    expect(more).toEqual([]);
    expect(a?.fromMs).toBeLessThanOrEqual(startMs - 60 * minuteMs);
    expect(a?.toMs).toBeLessThanOrEqual(Date.now() - 10_000);
    expect(a?.toMs).toBeGreaterThan(Date.now() - 50_000);
  }
  expect(most).toEqual({ perSource: 1, all: 2 });
  const [state] = sync.state();
  expect(state).toMatchObject({ source: 'p', paused: '', pausedUntilMs: null, unfollowed: [] });
  expect(state?.selectors).toMatchObject([
    { selector: 'a', way: 'remote-read', refusal: '' },
    { selector: 'b', way: 'remote-read', refusal: '' },
  ]);
});

test('nothing younger is claimed than the clock of the source allows', async () => {
  for (const source of sources) source.skewMs = -60_000;
  sync.start();
  await vi.advanceTimersByTimeAsync(2 * minuteMs);
  expect(Math.max(...kept.map(({ toMs, fetchedAtMs }) => toMs - fetchedAtMs))).toBeLessThanOrEqual(-70_000);
});

test('a source out of sight is not asked; once it is back it is at once', async () => {
  let fresh = false;
  for (const source of sources) source.isFresh = () => fresh;
  sync.start();
  await vi.advanceTimersByTimeAsync(minuteMs);
  expect(sources.flatMap(({ asked }) => asked)).toEqual([]);
  expect(sync.state()[0]?.paused).toBe('it does not answer');
  fresh = true;
  sync.resume();
  await vi.advanceTimersByTimeAsync(100);
  expect(sources[0]?.asked.length).toBeGreaterThan(0);
});

test('what the cache does not take is not asked for over and over', async () => {
  storeFails = true;
  sync.start();
  await vi.advanceTimersByTimeAsync(5 * minuteMs);
  expect(sync.state()[0]?.paused).toBe('the disk is full');
  expect(sources[0]?.asked.filter((what) => what.startsWith('remote read')).length).toBeLessThan(8);
});

test('evidence comes before what is only due, whole, in windows, held by its incident', async () => {
  sync.start();
  await vi.advanceTimersByTimeAsync(5);
  const request = {
    source: 'p',
    selector: 'c{job="x"}',
    fromMs: startMs - 120 * minuteMs,
    toMs: startMs + minuteMs,
    incidentId: 7,
  };
  const done = sync.keep(request, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(500);
  const answer = await done;
  expect(answer.ok && answer.value.toMs).toBeGreaterThan(startMs - 10_000 - 1);
  const own = kept.filter(({ incidentId }) => incidentId === 7);
  expect(joinSpans(own)).toMatchObject([{ fromMs: request.fromMs, toMs: answer.ok && answer.value.toMs }]);
  expect(most.perSource).toBe(1);
  expect(await sync.keep({ ...request, source: 'nobody' }, new AbortController().signal)).toEqual(
    failed('there is no source nobody'),
  );
});

test('another client under the name starts from what the cache has, and what is no longer watched is forgotten', async () => {
  sync.start();
  await vi.advanceTimersByTimeAsync(minuteMs);
  const [first, ...rest] = sources;
  const next = syncedSourceDouble('p');
  sources = [next, ...rest];
  const before = first?.asked.length ?? 0;
  watched = watched.filter(({ expression }) => expression === 'b > 1');
  sync.lookAgain();
  await vi.advanceTimersByTimeAsync(minuteMs);
  expect(first?.asked).toHaveLength(before);
  expect(next.asked).toContain('count');
  expect(sync.state().every(({ selectors }) => selectors.length === 1)).toBe(true);
});
