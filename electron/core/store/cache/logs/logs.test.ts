import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compileLineFilters, type LineFilter } from '#shared/logql/matching.ts';
import type { Notice } from '#shared/model/console.ts';
import { nanosecondsOf } from '#shared/model/log.ts';
import { dayMs, hourMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { cacheFile } from '../../files.ts';
import { openStore, type Store } from '../../store.ts';
import { Cache } from '../cache.ts';
import type { KeptLine, LogsToKeep } from '../log-records.ts';

const nowMs = Date.UTC(2026, 10, 21, 3, 12);
const scope = { source: 'loki', selector: '{app="api"}', filters: '' };
const question = { scope, matchers: [], filters: [], fromNs: '0', toNs: nanosecondsOf(nowMs + dayMs) };
let cleanup: Cleanup;
let directory: string;
let notices: Notice[];

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
  notices = [];
});

afterEach(() => cleanup.run());

function openCache(): Cache {
  const cache = new Cache(
    { directory, isLeftAlone: false, onNotice: (notice) => notices.push(notice) },
    nowMs,
  );
  cleanup.add(() => cache.close());
  return cache;
}

async function open(): Promise<Store> {
  const opened = await openStore({
    dataDirectory: directory,
    safeMode: false,
    onNotice: (notice) => notices.push(notice),
    nowMs: () => nowMs,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  cleanup.add(() => opened.value.close());
  return opened.value;
}

function line(timeNs: string, text: string, part: Partial<KeptLine> = {}): KeptLine {
  return { timeNs, text, level: 'info', metadata: {}, ...part };
}

function logs(lines: readonly KeptLine[], part: Partial<LogsToKeep> = {}): LogsToKeep {
  return {
    scope,
    fetchedAtMs: nowMs,
    incidentId: null,
    streams: [{ labels: { app: 'api' }, lines }],
    coverage: null,
    ...part,
  };
}

async function texts(store: Store, filters: readonly LineFilter[], limit = 1_000): Promise<string[]> {
  const found = await store.logs({ ...question, filters, limit, direction: 'backward' });
  return found.lines.map(({ text }) => text);
}

const done = { ok: true, value: undefined };

describe('log lines', () => {
  test('come back to the nanosecond, each once, with what is around them', async () => {
    const store = await open();
    const lines = [
      line('1795230000000000001', 'first\0"quoted" \u{1F525}', {
        level: 'error',
        metadata: { ['__proto__']: 'x', trace_id: 'a' },
      }),
      line('1795230000000000002', 'second'),
      line('1795230000000000002', 'second again'),
    ];
    const coverage = { fromNs: '1795230000000000000', toNs: '1795230001000000000' };
    expect(await store.putLogs(logs(lines, { coverage }))).toEqual(done);
    expect(await store.putLogs(logs(lines.toReversed(), { fetchedAtMs: nowMs + 1 }))).toEqual(done);
    const other = [{ labels: { app: 'web', pod: 'b' }, lines: [line('1795230000000000002', 'second')] }];
    expect(await store.putLogs(logs([], { streams: other }))).toEqual(done);
    const found = await store.logs({ ...question, limit: 10, direction: 'forward' });
    expect(found).toEqual({
      streams: [{ app: 'api' }, { app: 'web', pod: 'b' }],
      lines: [
        { ...lines[0], stream: 0 },
        { ...lines[1], stream: 0 },
        { ...lines[2], stream: 0 },
        { ...lines[1], stream: 1 },
      ],
      isMore: false,
      coverage: [{ fromMs: 1_795_230_000_000, toMs: 1_795_230_000_999 }],
      fetchedAtMs: nowMs,
    });
    const newest = await store.logs({ ...question, limit: 2, direction: 'backward' });
    expect(newest).toMatchObject({ isMore: true, lines: [{ text: 'second again' }, { text: 'second' }] });
    const web = [{ name: 'app', operator: '=~', value: 'we.' }] as const;
    expect(
      (await store.logs({ ...question, matchers: web, limit: 9, direction: 'forward' })).lines,
    ).toHaveLength(1);
    expect(await store.logLabels('loki')).toEqual([
      { name: 'app', values: ['api', 'web'] },
      { name: 'pod', values: ['b'] },
    ]);
    expect(await store.logLabels('other')).toEqual([]);
  });

  test('beyond one page and one call are found in order, in both directions, and counted', async () => {
    const store = await open();
    const many = Array.from({ length: 11_500 }, (_, index) =>
      line(`${1_795_230_000_000 + index}000000`, `request ${index} took ${index % 7}ms`, {
        level: index % 10 === 0 ? 'error' : 'info',
      }),
    );
    expect(await store.putLogs(logs(many))).toEqual(done);
    const regex = { operator: '|~', values: ['took [3]ms$'] } as const;
    const expected = many.map(({ text }) => text).filter((text) => text.endsWith('took 3ms'));
    expect(await texts(store, [regex], 20_000)).toEqual(expected);
    const oldest = { ...question, filters: [regex], limit: 1_600, direction: 'forward' } as const;
    const forward = await store.logs(oldest);
    expect(forward.lines.map(({ text }) => text)).toEqual(expected.slice(0, 1_600));
    expect(forward.isMore).toBe(true);
    const range = { ...question, fromNs: '1795230000000000000', stepMs: 1_000, steps: 12 };
    for (const filters of [[], [regex], [{ operator: '|=', values: ['took 3ms'] } as const]]) {
      const { levels } = await store.logVolume({ ...range, filters });
      const sum = levels.flatMap(({ counts }) => [...counts]).reduce((left, right) => left + right, 0);
      expect(sum).toBe(filters.length === 0 ? 11_500 : expected.length);
      if (filters.length === 0)
        expect(levels[0]).toMatchObject({ level: 'error', counts: { 0: 100, 11: 50 } });
    }
  });

  test('are searched as the filters say, whatever the index makes of them', () => {
    const cache = openCache();
    const alphabet = fc.constantFrom('a', 'A', 'b', '"', ' ', '%', '\0', 'é', '\u{1F525}', '*');
    const words = fc.array(alphabet, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
    const filter = fc.record<LineFilter>({
      operator: fc.constantFrom('|=', '!='),
      values: fc.array(words, { minLength: 1, maxLength: 2 }),
    });
    let round = 0;
    const check = (lines: readonly string[], filters: readonly LineFilter[]): void => {
      const own = { source: `loki-${round++}`, selector: '{}', filters: '' };
      const put = lines.map((text, index) => line(String(index), text));
      cache.putLogs(logs(put, { scope: own }), nowMs);
      const passes = compileLineFilters(filters);
      if (!passes.ok) throw new Error(passes.failure);
      for (const isScan of [true, false]) {
        const query = { ...question, scope: own, filters, limit: 99, direction: 'forward', isScan } as const;
        const found = cache.logPage(query, nowMs)?.lines.map(({ text }) => text);
        expect(found).toEqual(lines.filter(passes.value));
      }
    };
    fc.assert(fc.property(fc.array(words, { maxLength: 20 }), fc.array(filter, { maxLength: 3 }), check), {
      numRuns: 60,
    });
    expect(notices).toEqual([]);
  });

  test('that cannot be kept or asked for are refused by name', async () => {
    const store = await open();
    const late = logs([line('99999999999999999999', 'x')]);
    expect(await store.putLogs(late)).toMatchObject({ ok: false, failure: { code: 'invalid-input' } });
    await store.putLogs(logs([line('5', 'x')]));
    expect(await texts(store, [{ operator: '|~', values: ['('] }])).toEqual([]);
    expect(await texts(store, [])).toEqual(['x']);
  });

  test('are complete where a question without filters was, joined over what touches', async () => {
    const store = await open();
    const cover = (filters: string, fromMs: number, toMs: number) =>
      store.putLogs(
        logs([], {
          scope: { ...scope, filters },
          coverage: { fromNs: nanosecondsOf(fromMs), toNs: nanosecondsOf(toMs) },
        }),
      );
    await cover('', 100, 200);
    await cover('', 200, 300);
    await cover('|= "x"', 250, 400);
    await cover('|= "y"', 0, 900);
    const covered = async (filters: string) =>
      (await store.logs({ ...question, scope: { ...scope, filters }, limit: 1, direction: 'forward' }))
        .coverage;
    expect(await covered('')).toEqual([{ fromMs: 100, toMs: 299 }]);
    expect(await covered('|= "x"')).toEqual([{ fromMs: 100, toMs: 399 }]);
  });
});

describe('what is let go of', () => {
  const oldMs = nowMs - 8 * dayMs;
  const at = (ms: number, text: string): KeptLine => line(nanosecondsOf(ms), text);
  const find = (cache: Cache, text: string): number =>
    cache.logPage(
      {
        ...question,
        filters: [{ operator: '|=', values: [text] }],
        limit: 99_999,
        direction: 'backward',
        isScan: false,
      },
      nowMs,
    )?.lines.length ?? -1;

  test('past its retention: lines, their index and what they covered; never what an incident holds', () => {
    const cache = openCache();
    const coverage = { fromNs: nanosecondsOf(oldMs), toNs: nanosecondsOf(nowMs) };
    const many = Array.from({ length: 4_100 }, (_, index) => at(oldMs + index, `ordinary ${index}`));
    cache.putLogs(logs([...many, at(nowMs - hourMs, 'ordinary recent')], { coverage }), nowMs);
    cache.putLogs(
      logs([at(oldMs + 7, 'ordinary 7'), at(oldMs + 9, 'evidence')], { incidentId: 3, coverage }),
      nowMs,
    );
    while (cache.maintain(2 ** 40, nowMs));
    expect(find(cache, 'ordinary')).toBe(2);
    expect(cache.logCoverage(question, nowMs).coverage).toEqual([
      { fromMs: nowMs - 7 * dayMs, toMs: nowMs - 1 },
    ]);
    expect(cache.incidentLogs(3, nowMs)).toMatchObject({
      scope,
      lines: [{ text: 'ordinary 7' }, { text: 'evidence' }],
      coverage: [{ fromMs: oldMs, toMs: nowMs - 1 }],
      fetchedAtMs: nowMs,
      isMore: false,
    });
    cache.forgetIncidentsAfter(2, nowMs);
    expect(cache.incidentLogs(3, nowMs)).toBeNull();
    expect(notices).toEqual([]);
    cache.close();
    const file = new Database(join(directory, cacheFile), { readonly: true });
    cleanup.add(() => file.close());
    expect(file.prepare('SELECT count(*) FROM log_text').pluck().get()).toBe(3);
  });

  test('over its size: the oldest first, until it fits, and it says so', () => {
    const cache = openCache();
    const fill = (startMs: number, incidentId: number | null): void => {
      const lines = Array.from({ length: 3_000 }, (_, index) =>
        at(startMs + index, `message ${index} ${Math.sin(startMs + index)} ${Math.cos(index)}`),
      );
      cache.putLogs(logs(lines, { incidentId }), nowMs);
    };
    fill(nowMs - 3 * dayMs, null);
    fill(nowMs - 2 * dayMs, 1);
    fill(nowMs - dayMs, null);
    cache.maintain(2 ** 40, nowMs);
    const cap = cache.size().usedBytes - 300_000;
    let steps = 0;
    while (cache.maintain(cap, nowMs) && steps < 200) steps++;
    expect(cache.size().usedBytes).toBeLessThanOrEqual(cap);
    expect(notices).toMatchObject([{ id: 'cache-evicted-2026-11-21' }]);
    const kept = find(cache, 'message');
    expect(kept).toBeGreaterThan(5_000);
    expect(kept).toBeLessThan(9_000);
    while (cache.maintain(0, nowMs));
    expect(find(cache, 'message')).toBe(3_000);
  });
});

describe('a damaged cache', () => {
  test.each([
    ['a line', `UPDATE log_line SET text = 'some text!'`],
    ['labels', `UPDATE log_stream SET labels = '['`],
    ['the index', `UPDATE log_text_data SET block = x'00000000FFFFFFFFFFFFFFFFFF' WHERE id = 10`],
    ['a table', `DROP TABLE log_line`],
  ])('in %s starts over, and takes lines again', (_what, damage) => {
    const cache = openCache();
    cache.putLogs(logs([line('5', 'some text')]), nowMs);
    cache.close();
    const file = new Database(join(directory, cacheFile));
    file.unsafeMode(true);
    file.exec(damage);
    file.close();
    const again = openCache();
    const filters = [{ operator: '|=', values: ['e te'] }] as const;
    const query = { ...question, filters, limit: 9, direction: 'backward', isScan: false } as const;
    again.logPage(query, nowMs);
    expect(notices).toMatchObject([{ id: 'cache-recreated' }]);
    expect(again.putLogs(logs([line('5', 'some text')]), nowMs)).toEqual(done);
    expect(again.logPage(query, nowMs)?.lines).toHaveLength(1);
  });
});
