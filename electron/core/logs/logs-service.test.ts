import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LogAnswer, LogQuery } from '#shared/model/log.ts';
import { success, type Result } from '#shared/result.ts';
import type { CommandFailure } from '#shared/failure.ts';
import { answerOf, FakeCache, FakeSource, refusedFailure, type FakeLine } from '#support/fake-logs.ts';
import { LogsService } from './logs-service.ts';
import { maxLineLength } from './shown-lines.ts';

const nowMs = Date.parse('2026-11-21T03:00:00Z');
const ns = (seconds: number, rest = 0): string =>
  String(BigInt(nowMs - 600_000 + seconds * 1_000) * 1_000_000n + BigInt(rest));
const web = { app: 'web' };
const api = { app: 'api' };
const { signal } = new AbortController();
const whole: LogQuery = {
  source: '',
  query: '{app=~".+"}',
  fromNs: ns(0),
  toNs: ns(300),
  limit: 100,
  direction: 'backward',
};

let source: FakeSource;
let cache: FakeCache;
let service: LogsService;

beforeEach(() => {
  source = new FakeSource('loki');
  cache = new FakeCache();
  service = new LogsService({ sources: () => [source], cache, nowMs: () => nowMs });
  source.lines = [
    { labels: web, timeNs: ns(10), text: 'start', level: 'info' },
    { labels: api, timeNs: ns(20), text: 'boom', level: 'error' },
    { labels: web, timeNs: ns(20, 1), text: 'boom too', level: 'error' },
  ];
});

async function ask(change: Partial<LogQuery> = {}): Promise<LogAnswer> {
  return valueOf(await service.query({ ...whole, ...change }, signal));
}

function valueOf<Value>(result: Result<Value, CommandFailure>): Value {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

function texts(answer: LogAnswer): string[] {
  return answer.lines.map(({ text }) => text);
}

describe('live', () => {
  test('lines come with their streams, and are kept with what they cover', async () => {
    const answer = await ask();
    expect(answer.origin).toEqual({ kind: 'live', source: 'loki', atMs: nowMs });
    expect(texts(answer)).toEqual(['start', 'boom', 'boom too']);
    expect(answer.lines.map(({ stream }) => answer.streams[stream])).toEqual([web, api, web]);
    expect(cache.puts).toMatchObject([
      {
        scope: { source: 'loki', selector: '{app=~".+"}', filters: '' },
        coverage: { fromNs: ns(0), toNs: ns(300) },
      },
    ]);
  });

  test.each([
    ['backward', { fromNs: ns(20, 1), toNs: ns(300) }],
    ['forward', { fromNs: ns(0), toNs: ns(20) }],
  ] as const)('a limit %s covers up to the nanosecond it cut', async (direction, coverage) => {
    expect((await ask({ limit: 2, direction })).isMore).toBe(true);
    expect(cache.puts[0]?.coverage).toEqual(coverage);
  });

  test('the newest seconds are not taken as whole', async () => {
    await ask({ toNs: ns(900) });
    expect(cache.puts[0]?.coverage?.toNs).toBe(ns(590));
  });

  test('a warning or a label filter covers nothing; rewritten lines are not kept', async () => {
    source.warnings = ['partial'];
    expect((await ask()).warnings).toEqual(['partial']);
    source.warnings = [];
    await ask({ query: '{app=~".+"} | json | x="y"' });
    expect(cache.puts.map(({ coverage }) => coverage)).toEqual([null, null]);
    await ask({ query: '{app=~".+"} | line_format "x"' });
    await ask({ query: '{app=~".+"} | drop app' });
    expect(cache.puts).toHaveLength(2);
  });

  test('a very long line is cut for the window and kept whole', async () => {
    const text = `${'x'.repeat(maxLineLength - 1)}😀${'y'.repeat(1_000_000)}`;
    source.lines = [{ labels: web, timeNs: ns(1), text }];
    const [line] = (await ask()).lines;
    expect(line?.text).toBe('x'.repeat(maxLineLength - 1));
    expect(line?.cutFrom).toBe(text.length);
    expect(cache.puts[0]?.streams[0]?.lines[0]?.text).toBe(text);
  });

  test('a query that the server refuses, and one nobody waits for, are failures', async () => {
    source.failure = { ...refusedFailure, code: 'bad-query', message: 'parse error' };
    expect(await service.query(whole, signal)).toMatchObject({
      ok: false,
      failure: { code: 'source-failed', source: { message: 'parse error' } },
    });
    source.failure = { ...refusedFailure, code: 'cancelled' };
    expect(await service.query(whole, signal)).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(await service.query({ ...whole, toNs: ns(0) }, signal)).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input' },
    });
    expect(await service.query({ ...whole, query: 'rate({a="b"}[5m])' }, signal)).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input' },
    });
  });
});

describe('without the source', () => {
  test('what was fetched is there, with its age and the reason', async () => {
    await ask();
    source.failure = refusedFailure;
    const answer = await ask({ query: '{app=~`.+`} |= "boom" | json' });
    expect(answer.origin).toEqual({
      kind: 'cache',
      source: 'loki',
      atMs: nowMs,
      reason: 'loki: connection refused',
    });
    expect(texts(answer)).toEqual(['boom', 'boom too']);
    expect(answer.coverage).toHaveLength(1);
    expect(answer.warnings).toEqual(['not done on kept lines: json']);
  });

  test('a source out of sight is not asked', async () => {
    await ask();
    source.fresh = false;
    source.asked = [];
    expect((await ask()).origin).toMatchObject({ kind: 'cache', reason: 'loki does not answer' });
    expect(source.asked).toEqual([]);
  });

  test('stages that decide what belongs to the answer are unknown, by name', async () => {
    await ask();
    source.fresh = false;
    const answer = await ask({ query: '{app=~".+"} | json | level="error" |> "<_> x"' });
    expect(answer.origin).toEqual({
      kind: 'unknown',
      reason: 'loki does not answer; kept lines cannot answer: level="error"; |> "<_> x"',
    });
    expect(answer.lines).toEqual([]);
  });

  test('nothing kept is unknown; kept as empty is empty', async () => {
    source.fresh = false;
    expect((await ask()).origin).toEqual({
      kind: 'unknown',
      reason: 'loki does not answer; nothing of it is kept',
    });
    source.fresh = true;
    source.lines = [];
    await ask();
    source.fresh = false;
    expect(await ask()).toMatchObject({ origin: { kind: 'cache' }, lines: [] });
  });

  test('no source, another source, no LogQL', async () => {
    await ask();
    source.fresh = false;
    expect((await ask({ source: 'other' })).origin).toMatchObject({ kind: 'unknown' });
    expect(await service.query({ ...whole, query: '{app=' }, signal)).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input', message: 'the query is not finished (column 6)' },
    });
    const none = new LogsService({ sources: () => [], cache, nowMs: () => nowMs });
    expect(valueOf(await none.query(whole, signal)).origin).toEqual({
      kind: 'unknown',
      reason: 'no Loki is configured',
    });
    expect(valueOf(await none.query({ ...whole, source: 'loki' }, signal)).origin).toMatchObject({
      kind: 'cache',
    });
  });

  test('the answer is that of the source, in any range within what is covered', async () => {
    const line = fc.record({
      labels: fc.constantFrom(web, api),
      timeNs: fc
        .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2 }))
        .map(([at, rest]) => ns(at, rest)),
      text: fc.constantFrom('a', 'b', 'ab', 'c'),
    });
    const query = fc.constantFrom(
      '{app=~".+"}',
      '{app=~".+"} |= "a"',
      '{app=~".+"} != "a" |~ "^."',
      '{app=~".+"} | logfmt |= "b"',
    );
    const range = fc.tuple(
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: 16, max: 40 }),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom('forward', 'backward'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(line, { maxLength: 20, selector: (one) => JSON.stringify(one) }),
        query,
        range,
        async (lines, text, [from, to, limit, direction]) => {
          const [loki, kept] = [new FakeSource('loki'), new FakeCache()];
          const both = new LogsService({ sources: () => [loki], cache: kept, nowMs: () => nowMs });
          loki.lines = lines;
          await both.query({ ...whole, fromNs: ns(0), toNs: ns(60) }, signal);
          const asked: LogQuery = {
            source: 'loki',
            query: text,
            fromNs: ns(from),
            toNs: ns(to),
            limit,
            direction,
          };
          const live = valueOf(await both.query(asked, signal));
          loki.fresh = false;
          const offline = valueOf(await both.query(asked, signal));
          expect(offline.origin.kind).toBe('cache');
          const said = (answer: LogAnswer) =>
            answer.lines
              .map((one) => `${one.timeNs} ${JSON.stringify(answer.streams[one.stream])} ${one.text}`)
              .sort();
          const isTied =
            new Set(live.lines.map(({ timeNs }) => timeNs)).size < live.lines.length || live.isMore;
          if (isTied) expect(offline.lines).toHaveLength(live.lines.length);
          else expect(said(offline)).toEqual(said(live));
          expect(offline.isMore).toBe(live.isMore);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('volume', () => {
  const request = {
    source: '',
    query: '{app="web"} | json # note',
    fromMs: nowMs - 605_000,
    toMs: nowMs - 301_000,
    steps: 10,
  };

  test('counts steps that end at the times of the answer', async () => {
    const stepMs = 31_000;
    const fromMs = Math.floor(request.fromMs / stepMs) * stepMs;
    source.counts = success([
      {
        labels: { detected_level: 'error' },
        timesMs: Float64Array.of(fromMs + stepMs, fromMs + 3 * stepMs),
        values: Float64Array.of(4, 2),
      },
      {
        labels: { detected_level: 'fatal' },
        timesMs: Float64Array.of(fromMs + stepMs),
        values: Float64Array.of(1),
      },
      { labels: {}, timesMs: Float64Array.of(fromMs), values: Float64Array.of(9) },
    ]);
    const volume = valueOf(await service.volume(request, signal));
    expect(volume).toMatchObject({ origin: { kind: 'live' }, fromMs, stepMs });
    expect(volume.levels.map(({ level, counts }) => [level, ...counts.slice(0, 3)])).toEqual([
      ['critical', 1, 0, 0],
      ['error', 4, 0, 2],
      ['unknown', 0, 0, 0],
    ]);
    expect(source.asked).toEqual([
      `sum by (detected_level) (count_over_time(\n{app="web"} | json # note\n| drop __error__, __error_details__\n[31s])) ${fromMs + stepMs} ${volume.toMs} ${stepMs}`,
    ]);
    expect((volume.toMs - volume.fromMs) / stepMs).toBe(volume.levels[0]?.counts.length);
  });

  test('is counted of what is kept, else unknown', async () => {
    await ask();
    source.fresh = false;
    const kept = valueOf(await service.volume({ ...request, query: '{app=~".+"}' }, signal));
    expect(kept.origin).toMatchObject({ kind: 'cache', reason: 'loki does not answer' });
    expect(
      kept.levels.map(({ level, counts }) => [level, counts.reduce((sum, count) => sum + count, 0)]),
    ).toEqual([
      ['info', 1],
      ['error', 2],
    ]);
    const unknown = valueOf(await service.volume({ ...request, query: '{app="web"} | x > 5' }, signal));
    expect(unknown).toMatchObject({
      origin: { kind: 'unknown', reason: expect.stringContaining('x > 5') },
      levels: [],
    });
    expect(await service.volume({ ...request, toMs: request.fromMs }, signal)).toMatchObject({ ok: false });
  });
});

describe('context', () => {
  const burst = Array.from({ length: 40 }, (_, index): FakeLine => ({
    labels: web,
    timeNs: ns(100),
    text: `burst ${index}`,
  }));

  test('takes lines of one stream around one of a burst', async () => {
    const other = { app: 'web', pod: 'p1' };
    source.lines = [
      ...[1, 2, 3, 4, 5].flatMap((at) => [
        { labels: web, timeNs: ns(90 + at), text: `before ${at}` },
        { labels: other, timeNs: ns(95 + at), text: 'of another stream' },
        { labels: web, timeNs: ns(100 + at), text: `after ${at}` },
      ]),
      ...burst,
    ];
    const around = async (text: string, before: number, after: number): Promise<string[]> =>
      texts(
        valueOf(
          await service.context({ source: '', stream: web, timeNs: ns(100), text, before, after }, signal),
        ),
      );
    expect(await around('burst 1', 3, 2)).toEqual([
      'before 4',
      'before 5',
      'burst 0',
      'burst 1',
      'burst 2',
      'burst 3',
    ]);
    expect(await around('burst 20', 1, 1)).toEqual(['burst 19', 'burst 20', 'burst 21']);
    expect(await around('burst 39', 0, 3)).toEqual(['burst 39', 'after 1', 'after 2', 'after 3']);
    expect((await around('burst 0', 1_000, 0)).slice(0, 2)).toEqual(['before 1', 'before 2']);
    source.fresh = false;
    expect(await around('burst 39', 1, 2)).toEqual(['burst 38', 'burst 39', 'after 1', 'after 2']);
  });

  test('of nothing is unknown', async () => {
    source.fresh = false;
    const answer = valueOf(
      await service.context(
        { source: '', stream: web, timeNs: ns(1), text: 'x', before: 5, after: 5 },
        signal,
      ),
    );
    expect(answer.origin.kind).toBe('unknown');
  });
});

describe('names', () => {
  const scope = { source: '', query: '{app="web"} |= "x"', fromMs: nowMs - 600_000, toMs: nowMs };

  test('are of the source, else of kept streams, else unknown', async () => {
    expect(valueOf(await service.labels(scope, signal)).names).toEqual(['app']);
    expect(valueOf(await service.labelValues({ ...scope, label: 'app' }, signal)).names).toEqual([
      'api',
      'web',
    ]);
    source.failure = refusedFailure;
    expect(valueOf(await service.labels(scope, signal))).toEqual({
      origin: { kind: 'unknown', reason: 'loki: connection refused' },
      names: [],
    });
    source.failure = null;
    await ask();
    source.failure = refusedFailure;
    expect(valueOf(await service.labelValues({ ...scope, label: 'app' }, signal))).toMatchObject({
      origin: { kind: 'cache', atMs: nowMs },
      names: ['api', 'web'],
    });
  });

  test('patterns and size are asked of the selector; without the source they are not known', async () => {
    expect(valueOf(await service.patterns(scope, signal)).patterns).toEqual([
      { pattern: '{app="web"}', count: 1 },
    ]);
    expect(valueOf(await service.size(scope, signal)).entries).toBe(4);
    source.fresh = false;
    expect(valueOf(await service.patterns(scope, signal)).origin.kind).toBe('unknown');
    expect(valueOf(await service.fields(scope, signal)).origin.kind).toBe('unknown');
    expect(await service.size(scope, signal)).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  });
});

test('the source of these tests answers as one does', () => {
  const range = { fromNs: ns(10), toNs: ns(20), limit: 5, direction: 'forward' } as const;
  expect(answerOf(source.lines, range).lines.map(({ text }) => text)).toEqual(['start']);
});
