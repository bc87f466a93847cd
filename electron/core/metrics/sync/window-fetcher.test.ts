import { beforeEach, expect, test } from 'vitest';
import type { SeriesToKeep } from '#core/store/cache/samples/sample-writer.ts';
import { readSelector } from '#core/store/cache/samples/selector.ts';
import { syncedSourceDouble, type SyncedSourceDouble } from '#support/synced-source-double.ts';
import type { FetchedWindow, FetchProblem } from './synced-source.ts';
import { WindowFetcher } from './window-fetcher.ts';

const never = new AbortController().signal;
const minuteMs = 60_000;
const stale = 0x7ff0_0000_0000_0002n;

let nowMs: number;
let source: SyncedSourceDouble;
let fetcher: WindowFetcher;

beforeEach(() => {
  nowMs = 100 * minuteMs;
  source = syncedSourceDouble();
  fetcher = new WindowFetcher(source, () => nowMs);
});

function series(labels: Record<string, string>, ...timesMs: number[]): SeriesToKeep {
  return { labels, timesMs: Float64Array.from(timesMs), values: new Float64Array(timesMs.length).fill(1) };
}

async function fetched(text: string, fromMs = 1_000, toMs = 60_000): Promise<FetchedWindow | FetchProblem> {
  const selector = readSelector(text);
  if (!selector.ok) throw new Error(selector.failure);
  const answer = await fetcher.fetch({ selector: selector.value, span: { fromMs, toMs } }, never);
  if (answer.ok) answer.value.onKept();
  return answer.ok ? answer.value : answer.failure;
}

/** Labels with the times of samples; a stale marker as its time below zero. */
function told(answer: FetchedWindow | FetchProblem): Record<string, number[]> {
  if ('kind' in answer) throw new Error(answer.kind);
  return Object.fromEntries(
    answer.series.map(({ labels, timesMs, values }) => {
      const bits = new BigUint64Array(values.buffer, values.byteOffset, values.length);
      return [
        JSON.stringify(labels),
        [...timesMs].map((timeMs, at) => (bits[at] === stale ? -timeMs : timeMs)),
      ];
    }),
  );
}

test('remote read is used where it is offered, and the external labels are taken off', async () => {
  source.external = { cluster: 'c1' };
  source.series = [series({ job: 'a', cluster: 'c1' }, 5_000)];
  expect(await fetched('m')).toMatchObject({ way: 'remote-read', samples: 1 });
  expect(told(await fetched('m'))).toEqual({ '{"job":"a"}': [5_000] });
  expect(source.asked).toEqual([
    'external labels',
    'names',
    'remote read 1000-60000',
    'remote read 1000-60000',
  ]);
});

test.each<[string, string, () => void]>([
  ['a series has an external label itself', 'm', () => (source.names = ['__name__', 'cluster'])],
  ['the selector asks for an external label', 'm{cluster="c1"}', () => undefined],
  ['nobody tells the external labels', 'm', () => (source.external = null)],
  ['the answer has not the external labels', 'm', () => (source.series = [series({ job: 'a' }, 5_000)])],
])('a query is asked where %s', async (_why, selector, given) => {
  source.external = { cluster: 'c1' };
  given();
  source.series = source.series.length > 0 ? source.series : [series({ job: 'a', cluster: 'c1' }, 5_000)];
  source.presentNow = source.series.map(({ labels }) => labels);
  const answer = await fetched(selector);
  expect(answer).toMatchObject({ way: 'query' });
  expect(told(answer)).toEqual({ [JSON.stringify(source.series[0]?.labels)]: [5_000] });
});

test('a label that a server begins to add is not taken for the series’ own', async () => {
  source.external = { cluster: 'c1' };
  source.series = [series({ job: 'a', cluster: 'c1' }, 5_000)];
  await fetched('m');
  nowMs += 5 * minuteMs;
  source.external = { cluster: 'c1', zone: 'z' };
  source.series = [series({ job: 'a', cluster: 'c1', zone: 'z' }, 5_000)];
  expect(told(await fetched('m'))).toEqual({ '{"job":"a"}': [5_000] });
});

test('a server without remote read is not asked for it for an hour', async () => {
  source.failing = { 'remote read': 'not-this-api' };
  const count = (): number => source.asked.filter((what) => what.startsWith('remote read')).length;
  await fetched('m');
  await fetched('m');
  expect(count()).toBe(1);
  nowMs += 61 * minuteMs;
  await fetched('m');
  expect(count()).toBe(2);
  // What fails otherwise is no reason to ask for the same another way.
  source.failing = { 'remote read': 'timeout' };
  nowMs += 61 * minuteMs;
  expect(await fetched('m')).toMatchObject({ kind: 'source', failure: { code: 'timeout' } });
});

test('a query is for the millisecond before as well, and native histograms that it cannot hand over are no samples', async () => {
  source.external = null;
  await fetched('m', 1_000, 60_000);
  expect(source.asked.at(-1)).toBe('query m[59001] at 60000');
  source.histograms = 1;
  expect(await fetched('m')).toMatchObject({ kind: 'refused' });
});

test('a series that is gone at the end of a window has ended there, once', async () => {
  source.external = null;
  const labels = [{ job: 'here' }, { job: 'gone' }, { job: 'long gone' }];
  source.series = [
    series({ job: 'here' }, 590_000),
    series({ job: 'gone' }, 400_000, 585_000),
    series({ job: 'long gone' }, 290_000),
    series({ job: 'at the end' }, 600_000),
  ];
  source.presentNow = labels.slice(0, 1);
  expect(told(await fetched('m', 1_000, 600_000))).toEqual({
    '{"job":"here"}': [590_000],
    '{"job":"gone"}': [400_000, 585_000, -600_000],
    '{"job":"long gone"}': [290_000],
    '{"job":"at the end"}': [600_000],
  });
  // The next window overlaps; and one whose last sample was in the window before ends in this one.
  source.series = [series({ job: 'gone' }, 585_000), series({ job: 'at the end' }, 600_000)];
  source.presentNow = [];
  expect(told(await fetched('m', 570_000, 630_000))).toEqual({
    '{"job":"gone"}': [585_000],
    '{"job":"at the end"}': [600_000, -630_000],
    '{"job":"here"}': [-630_000],
  });
  // One that is back and ends again is marked again.
  source.series = [series({ job: 'gone' }, 640_000)];
  expect(told(await fetched('m', 600_000, 660_000))).toEqual({ '{"job":"gone"}': [640_000, -660_000] });
});
