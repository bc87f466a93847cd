import { afterEach, expect, test } from 'vitest';
import { LokiClient } from '#core/sources/loki/client.ts';
import { openSourceHttp } from '#core/sources/http.ts';
import { applyLogTail, nanosecondsOf, tailBackMs, type LogTail } from '#shared/model/log.ts';
import { nanosecondsAfter } from '#shared/model/trace.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { FakeCache } from '#support/fake-logs.ts';
import { startLokiDouble, type LokiDouble } from '#support/loki-double.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { LogsService } from './logs-service.ts';
import { lokiSourceOf } from './loki-source.ts';

const each = new Cleanup();
afterEach(() => each.run());

async function serve(): Promise<{ double: LokiDouble; logs: LogsService; cache: FakeCache }> {
  const double = await startLokiDouble(each);
  const http = openSourceHttp(sourceSettings({ kind: 'loki', url: double.url }));
  const cache = new FakeCache();
  const source = lokiSourceOf('loki', new LokiClient(http), () => true);
  const logs = new LogsService({ sources: () => [source], cache, nowMs: Date.now });
  each.add(async () => {
    logs.tails.stop();
    await http.close();
  });
  return { double, logs, cache };
}

test('lines of a Loki past its own limit, kept with what they cover', async () => {
  const { double, logs, cache } = await serve();
  double.maxEntries = 10;
  const fromNs = nanosecondsOf(Date.now() - 60_000);
  const stream = { app: 'web' };
  double.push(
    Array.from({ length: 35 }, (_, at) => ({
      stream,
      timeNs: nanosecondsAfter(fromNs, at >> 1),
      text: `${at}`,
    })),
  );
  const toNs = nanosecondsAfter(fromNs, 1_000);
  const query = {
    source: 'loki',
    query: '{app="web"}',
    fromNs,
    toNs,
    limit: 100,
    direction: 'backward',
  } as const;
  const answer = await logs.query(query, new AbortController().signal);
  expect(answer).toMatchObject({
    ok: true,
    value: { origin: { kind: 'live' }, streams: [stream], isMore: false },
  });
  expect(answer.ok && new Set(answer.value.lines.map(({ text }) => text)).size).toBe(35);
  expect(cache.puts[0]?.coverage).toEqual({ fromNs, toNs });
});

test('a tail of a Loki as a window follows it', async () => {
  const { double, logs, cache } = await serve();
  const opened = logs.tails.open('', '{app="web"}');
  let tail: LogTail | undefined;
  const followed = logs.tails.follow(opened.ok ? opened.value.id : '', (patch) => {
    if (tail !== undefined) tail = applyLogTail(tail, patch);
  });
  tail = followed?.current();
  await eventually('the tail is live', () => tail?.state === 'live' || undefined);
  double.push([{ stream: { app: 'web' }, timeNs: nanosecondsOf(Date.now()), text: 'hello' }]);
  await eventually('the line came', () => tail?.lines[0]?.text === 'hello' || undefined);
  expect(tail?.streams).toEqual([{ app: 'web' }]);
  expect(cache.puts[0]?.streams[0]?.lines[0]?.text).toBe('hello');
});

test('a tail begins a little before it was asked for, so that nothing lies between it and an answer', async () => {
  const { double, logs } = await serve();
  const stream = { app: 'web' };
  const at = (agoMs: number, text: string) => ({ stream, timeNs: nanosecondsOf(Date.now() - agoMs), text });
  double.push([at(60_000, 'long ago'), at(tailBackMs - 1_500, 'just before')]);
  const opened = logs.tails.open('', '{app="web"}');
  const followed = logs.tails.follow(opened.ok ? opened.value.id : '', () => undefined);
  await eventually('the line came', () => (followed?.current().lines.length ?? 0) > 0 || undefined);
  expect(followed?.current().lines.map(({ text }) => text)).toEqual(['just before']);
});
