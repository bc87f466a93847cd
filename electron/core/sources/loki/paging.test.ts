import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { Labels } from '#shared/model/labels.ts';
import { compareNanoseconds } from '#shared/model/log.ts';
import { failed, success } from '#shared/result.ts';
import { Cleanup } from '#support/cleanup.ts';
import { startLokiDouble, type DoubleEntry } from '#support/loki-double.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { openSourceHttp } from '../http.ts';
import { sourceFailure } from '../source-failure.ts';
import { LokiClient } from './client.ts';
import { StreamTable } from './lines-answer.ts';
import type { LinesAnswer, LinesPage, LinesRequest } from './model.ts';
import { queryLines, type AskPage } from './paging.ts';

const each = new Cleanup();
afterEach(() => each.run());

const base = 1_795_246_173_000_000_000n;
const whole = { query: '{app="web"}', fromNs: `${base}`, toNs: `${base + 10_000_000_000n}` } as const;

function at(offset: number): string {
  return String(base + BigInt(offset));
}

function textsOf(answer: LinesAnswer): string[] {
  return answer.lines.map(
    ({ timeNs, stream, text }) => `${timeNs} ${answer.streams[stream]?.['pod'] ?? '?'} ${text}`,
  );
}

function orderOf(answer: LinesAnswer): boolean {
  return answer.lines.every((line, index) => {
    const before = answer.lines[index - 1];
    return before === undefined || compareNanoseconds(before.timeNs, line.timeNs) <= 0;
  });
}

/** 23,000 lines of 7 streams, some 30 of each nanosecond. */
function manyEntries(): DoubleEntry[] {
  return Array.from({ length: 23_000 }, (_, index) => ({
    stream: { app: 'web', pod: `pod-${(index * 31) % 7}` },
    timeNs: at(Math.floor(index / 30) * 7),
    text: `line ${index}`,
    metadata: { detected_level: index % 5 === 0 ? 'error' : 'info', trace_id: String(index) },
  }));
}

test.each(['backward', 'forward'] as const)(
  '23,000 lines past the limit of the server come once each and in order, asked %s',
  async (direction) => {
    const double = await startLokiDouble(each);
    const http = openSourceHttp(sourceSettings({ kind: 'loki', url: double.url, timeoutMs: 10_000 }));
    each.add(() => http.close());
    const entries = manyEntries();
    double.push(entries);
    const answer = await new LokiClient(http).queryLines({ ...whole, limit: 100_000, direction });
    if (!answer.ok) throw new Error(answer.failure.message);
    expect(answer.value).toMatchObject({ isMore: false, isIncomplete: false, warnings: [] });
    expect(answer.value.streams).toHaveLength(7);
    expect(orderOf(answer.value)).toBe(true);
    const wanted = entries.map(({ timeNs, stream, text }) => `${timeNs} ${stream['pod']} ${text}`);
    expect(textsOf(answer.value).toSorted()).toEqual(wanted.toSorted());
    expect(answer.value.lines.filter(({ level }) => level === 'error')).toHaveLength(4_600);
    expect(double.asked).toHaveLength(5);
    expect(double.asked.every(({ flags }) => flags === 'categorize-labels')).toBe(true);
  },
);

test('a server with a smaller limit is asked within its limit', async () => {
  const double = await startLokiDouble(each);
  double.maxEntries = 700;
  const http = openSourceHttp(sourceSettings({ kind: 'loki', url: double.url }));
  each.add(() => http.close());
  double.push(manyEntries().slice(0, 2_000));
  const answer = await new LokiClient(http).queryLines({ ...whole, limit: 5_000, direction: 'backward' });
  expect(answer).toMatchObject({ ok: true, value: { isMore: false } });
  expect(answer.ok && new Set(textsOf(answer.value)).size).toBe(2_000);
  expect(double.asked.map(({ parameters }) => parameters.get('limit')).slice(0, 2)).toEqual(['5000', '700']);
});

/** A server over a list, without the network. */
function pagesOf(entries: readonly DoubleEntry[], maxEntries: number): { ask: AskPage; asked: () => number } {
  const sorted = entries.toSorted((left, right) => compareNanoseconds(left.timeNs, right.timeNs));
  let asked = 0;
  const ask = async (request: LinesRequest) => {
    if (++asked > 1_000) throw new Error('it never ends');
    if (request.limit > maxEntries) {
      const says = `Loki says: max entries limit per query exceeded, limit > x (${request.limit} > ${maxEntries}).`;
      return Promise.resolve(failed(sourceFailure('too-large', says, 'Less.', { status: 400 })));
    }
    const inRange = sorted.filter(
      ({ timeNs }) =>
        compareNanoseconds(timeNs, request.fromNs) >= 0 && compareNanoseconds(timeNs, request.toNs) < 0,
    );
    const { direction, limit } = request;
    const taken = direction === 'backward' ? inRange.slice(-limit) : inRange.slice(0, limit);
    return Promise.resolve(success(pageOf(taken)));
  };
  return { ask, asked: () => asked };
}

function pageOf(entries: readonly DoubleEntry[]): LinesPage {
  const table = new StreamTable();
  const none: Labels = {};
  const lines = entries.map(({ timeNs, stream, text }) => {
    const number = table.indexOf(stream);
    return { timeNs, stream: number, text, metadata: none, parsed: none, level: 'unknown' as const };
  });
  return { streams: table.streams, lines, warnings: [] };
}

const anyEntries = fc.array(
  fc.record({ offset: fc.nat(12), pod: fc.constantFrom('a', 'b', 'c'), text: fc.constantFrom('x', 'y') }),
  { maxLength: 40 },
);

test('any lines come once each, in order, cut at the asked end, or it is said that some cannot be had', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyEntries,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom('backward' as const, 'forward' as const),
      async (drawn, maxEntries, limit, direction) => {
        const entries = drawn.map(({ offset, pod, text }) => ({
          stream: { app: 'web', pod },
          timeNs: at(offset),
          text,
        }));
        const { ask } = pagesOf(entries, maxEntries);
        const answer = await queryLines(ask, { ...whole, limit, direction });
        if (!answer.ok) throw new Error(answer.failure.message);
        const { value } = answer;
        expect(orderOf(value)).toBe(true);
        expect(value.lines.length).toBeLessThanOrEqual(limit);
        const left = entries.map(({ timeNs, stream, text }) => `${timeNs} ${stream.pod} ${text}`);
        for (const text of textsOf(value)) {
          const place = left.indexOf(text);
          expect(place, `${text} came once too often`).toBeGreaterThanOrEqual(0);
          left.splice(place, 1);
        }
        const crowds = Map.groupBy(entries, ({ timeNs }) => timeNs).values();
        const crowd = Math.max(0, ...[...crowds].map((one) => one.length));
        if (crowd < maxEntries) expect(value.isIncomplete).toBe(false);
        if (value.isIncomplete) {
          expect(value.warnings.join(' ')).toContain('Incomplete');
          return;
        }
        expect(value.lines).toHaveLength(Math.min(limit, entries.length));
        expect(value.isMore).toBe(entries.length > limit);
        const edges = left.map((text) => text.split(' ')[0] ?? '');
        const kept = value.lines.map(({ timeNs }) => timeNs);
        for (const edge of edges) {
          const nearest = direction === 'backward' ? kept[0] : kept.at(-1);
          const order = compareNanoseconds(edge, nearest ?? edge);
          expect(direction === 'backward' ? order <= 0 : order >= 0).toBe(true);
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('a nanosecond that holds more than the server gives is passed by and said', async () => {
  const crowd = Array.from({ length: 30 }, (_, index) => ({
    stream: { app: 'web', pod: 'a' },
    timeNs: at(5),
    text: `crowd ${index}`,
  }));
  const around = [4, 6].map((offset) => ({
    stream: { app: 'web', pod: 'a' },
    timeNs: at(offset),
    text: 'one',
  }));
  for (const direction of ['backward', 'forward'] as const) {
    const { ask, asked } = pagesOf([...crowd, ...around], 10);
    const answer = await queryLines(ask, { ...whole, limit: 1_000, direction });
    expect(answer).toMatchObject({ value: { isIncomplete: true } });
    const texts = answer.ok ? textsOf(answer.value) : [];
    expect(texts).toContain(`${at(4)} a one`);
    expect(texts).toContain(`${at(6)} a one`);
    expect(new Set(texts).size).toBe(texts.length);
    expect(asked()).toBeLessThan(8);
  }
});

test('an answer that is too large to hold is asked for in smaller parts', async () => {
  const { ask } = pagesOf(
    Array.from({ length: 50 }, (_, index) => ({ stream: { pod: 'a' }, timeNs: at(index), text: 'x' })),
    5_000,
  );
  const limits: number[] = [];
  const heavy: AskPage = async (request) => {
    limits.push(request.limit);
    if (request.limit > 20) return failed(sourceFailure('too-large', 'The answer was stopped.', 'Less.'));
    return ask(request);
  };
  const answer = await queryLines(heavy, { ...whole, limit: 200, direction: 'forward' });
  expect(answer).toMatchObject({ ok: true, value: { isMore: false } });
  expect(answer.ok && answer.value.lines).toHaveLength(50);
  expect(limits.slice(0, 3)).toEqual([201, 50, 12]);
});
