import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore, type Store } from '#core/store/store.ts';
import { nanosecondsOf, type LogAnswer, type LogQuery } from '#shared/model/log.ts';
import { Cleanup } from '#support/cleanup.ts';
import { FakeSource, type FakeLine } from '#support/fake-logs.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { LogsService } from './logs-service.ts';

/** The logs service over the real store: what was asked while the source answered, asked again without it. */
const startMs = Date.parse('2026-11-21T03:00:00Z');
const { signal } = new AbortController();
const cleanup = new Cleanup();
const askedAtMs = startMs + 3_600_000;
let data: string;
let store: Store;
/** Each test has a source of its own name, and so a part of the one store for itself. */
let source: FakeSource;
let sources = 0;
let logs: LogsService;
let nowMs = askedAtMs;

beforeAll(async () => {
  data = temporaryFolder(cleanup);
  await start();
});

beforeEach(() => {
  nowMs = askedAtMs;
  source = new FakeSource(`loki-${++sources}`);
  serve();
});

afterAll(async () => {
  await store.close();
  await cleanup.run();
});

async function start(): Promise<void> {
  const opened = await openStore({
    dataDirectory: data,
    safeMode: false,
    onNotice: ({ message }) => expect.unreachable(message),
    nowMs: () => nowMs,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  store = opened.value;
}

function serve(): void {
  logs = new LogsService({ sources: () => [source], cache: store, nowMs: () => nowMs });
}

function ns(index: number): string {
  return String(BigInt(startMs) * 1_000_000n + BigInt(index));
}

const whole: LogQuery = {
  source: '',
  query: '{app=~".+"}',
  fromNs: ns(0),
  toNs: nanosecondsOf(startMs + 600_000),
  limit: 5_000,
  direction: 'forward',
};

async function ask(change: Partial<LogQuery> = {}): Promise<LogAnswer> {
  const answer = await logs.query({ ...whole, ...change }, signal);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}

/** Lines as they are compared: with the labels of their stream, not its place in the answer. */
function linesOf({ lines, streams }: LogAnswer) {
  return lines.map(({ timeNs, text, level, stream }) => ({ timeNs, text, level, labels: streams[stream] }));
}

/** Seven streams, several lines a nanosecond, some of them the same text. */
function manyLines(count: number): FakeLine[] {
  const levels = ['info', 'error', 'warn'] as const;
  return Array.from({ length: count }, (_none, index) => ({
    labels: { app: `app-${index % 7}`, zone: index % 2 === 0 ? 'a' : 'b' },
    timeNs: ns(Math.floor(index / 9)),
    text: index % 5 === 0 ? 'GET /health 200' : `order ${index} “paid” für 12.50€ [${index % 13}]`,
    level: levels[index % levels.length] ?? 'info',
  }));
}

describe('asked again without the source', () => {
  test('a query is answered from what was kept, to the nanosecond, with age and why', async () => {
    source.lines = manyLines(1_000);
    const live = await ask();
    await store.stats();
    source.fresh = false;
    nowMs += 600_000;
    const kept = await ask();
    expect(kept.origin).toEqual({
      kind: 'cache',
      source: source.name,
      atMs: askedAtMs,
      reason: `${source.name} does not answer`,
    });
    const inOrder = (answer: LogAnswer) => linesOf(answer).map(({ timeNs }) => timeNs);
    expect(inOrder(kept)).toEqual(inOrder(live));
    // Of one nanosecond the order between streams is nobody's; every line is there exactly once.
    const sorted = (answer: LogAnswer) =>
      linesOf(answer)
        .map((line) => JSON.stringify(line))
        .sort();
    expect(sorted(kept)).toEqual(sorted(live));
    expect(kept.coverage).toEqual([{ fromMs: startMs, toMs: startMs + 599_999 }]);
  });

  test('also by the next core', async () => {
    source.lines = manyLines(50);
    await ask();
    await store.close();
    source.fresh = false;
    await start();
    serve();
    expect(await ask()).toMatchObject({ origin: { kind: 'cache' }, lines: { length: 50 } });
  });

  test('pages that overlap keep each line once', async () => {
    source.lines = manyLines(2_000);
    const fetched: string[] = [];
    let { fromNs } = whole;
    for (let isMore = true; isMore;) {
      const page = await ask({ fromNs, limit: 300 });
      fetched.push(...page.lines.map(({ timeNs }) => timeNs));
      isMore = page.isMore;
      // From the nanosecond that the limit cut: its lines come twice.
      fromNs = page.lines.at(-1)?.timeNs ?? whole.toNs;
    }
    expect(fetched.length).toBeGreaterThan(2_000);
    await store.stats();
    source.fresh = false;
    const kept = await ask();
    expect(kept.lines).toHaveLength(2_000);
    expect(kept.lines.map(({ timeNs }) => timeNs)).toEqual(
      source.lines.map(({ timeNs }) => timeNs).toSorted(),
    );
    expect((await ask({ limit: 100, direction: 'backward' })).lines).toHaveLength(100);
    expect((await ask({ limit: 100 })).isMore).toBe(true);
  });
});

describe('of one kept answer', () => {
  test.each([
    ['{app="app-3"}'],
    ['{app=~"app-[12]", zone!="a"}'],
    ['{app=~".+"} |= "paid"'],
    ['{app=~".+"} |= "12.50€ [7]"'],
    ['{app=~".+"} |= "“p"'],
    ['{app=~".+"} != "health" |= "order 1"'],
    ['{app=~".+"} |~ "order \\\\d{2} "'],
    ['{app=~".+"} !~ "order|GET /x"'],
    ['{app=~".+"} |= "[1]" or "[2]"'],
    ['{app=~".+"} |~ "(?i)get /HEALTH"'],
    ['{app="nobody"}'],
  ])('%s finds the same lines with the source and without it', async (query) => {
    source.lines = manyLines(400);
    await ask();
    await store.stats();
    const live = await ask({ query });
    source.fresh = false;
    const kept = await ask({ query });
    const texts = (answer: LogAnswer) =>
      linesOf(answer)
        .map((line) => JSON.stringify(line))
        .sort();
    expect(texts(kept)).toEqual(texts(live));
    expect(kept.origin.kind).toBe('cache');
  });

  test('levels are kept: of each line, and counted', async () => {
    source.lines = manyLines(300);
    await ask();
    await store.stats();
    source.fresh = false;
    const range = { fromMs: startMs, toMs: startMs + 60_000, steps: 1 };
    const volume = await logs.volume({ source: '', query: whole.query, ...range }, signal);
    const counts = volume.ok ? volume.value.levels.map(({ level, counts: of }) => [level, of[0]]) : [];
    expect(Object.fromEntries(counts)).toEqual({ error: 100, warn: 100, info: 100 });
    expect((await ask()).lines.filter(({ level }) => level === 'error')).toHaveLength(100);
  });

  test.each([
    ['{app=~".+"} | json | status >= 500', 'kept lines cannot answer: status >= 500'],
    ['{app=~".+"} | detected_level="error"', 'kept lines cannot answer: detected_level="error"'],
  ])('%s cannot be answered, and it says what', async (query, said) => {
    source.lines = manyLines(10);
    await ask();
    source.fresh = false;
    const answer = await ask({ query });
    expect(answer.origin).toEqual({ kind: 'unknown', reason: expect.stringContaining(said) });
    expect(answer.lines).toEqual([]);
  });

  test('a stage that only changes how lines look is left out, and it says so', async () => {
    source.lines = manyLines(10);
    await ask();
    await store.stats();
    source.fresh = false;
    const answer = await ask({ query: '{app=~".+"} | line_format "{{.app}}"' });
    expect(answer.warnings).toEqual([expect.stringContaining('not done on kept lines')]);
    expect(answer.lines).toHaveLength(10);
  });

  test('outside of what was asked nothing is known', async () => {
    source.lines = manyLines(10);
    await ask();
    source.fresh = false;
    const before = { fromNs: nanosecondsOf(startMs - 10_000), toNs: nanosecondsOf(startMs - 1) };
    expect((await ask(before)).origin.kind).toBe('unknown');
    expect((await ask({ source: 'other' })).origin.kind).toBe('unknown');
  });
});

describe('lines that an incident holds', () => {
  let subject = { incidentId: 0, labels: { service: 'checkout' }, startsAtMs: startMs + 60_000 };

  beforeEach(async () => {
    subject = { ...subject, incidentId: sources };
    source.lines = Array.from({ length: 30 }, (_none, index) => ({
      labels: { service_name: 'checkout', namespace: 'shop', pod: `p${index % 3}` },
      timeNs: nanosecondsOf(startMs + index * 1_000),
      text: `line ${index}`,
    }));
    expect(await logs.captureLogs(subject, signal)).toMatchObject({
      outcome: 'answered',
      pinned: { lines: 30 },
    });
    source.fresh = false;
  });

  test('are found by the incident, by the query that found them, and by any label that they have', async () => {
    const pinned = await logs.incidentLogs(subject, signal);
    expect(pinned).toMatchObject({ origin: { kind: 'cache' }, query: '{service_name="checkout"}' });
    expect(pinned.lines).toHaveLength(30);
    for (const query of [pinned.query, '{pod=~"p.", namespace="shop"}', '{namespace="shop"} |= "line"'])
      expect((await ask({ query })).lines).toHaveLength(30);
    expect((await ask({ query: '{service="checkout"}' })).lines).toEqual([]);
  });

  test('keep their age when the source comes back without them', async () => {
    const fetchedAtMs = nowMs;
    source.fresh = true;
    source.lines = [
      {
        labels: { service_name: 'checkout' },
        timeNs: nanosecondsOf(startMs - 3_600_000),
        text: 'of another time',
      },
    ];
    nowMs += 60_000;
    const answer = await logs.incidentLogs(subject, signal);
    expect(answer).toMatchObject({ origin: { kind: 'cache', atMs: fetchedAtMs }, lines: { length: 30 } });
    await store.stats();
    source.fresh = false;
    expect((await logs.incidentLogs(subject, signal)).origin).toMatchObject({ atMs: fetchedAtMs });
  });
});
