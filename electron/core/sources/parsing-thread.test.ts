import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { alertOnWire } from '#support/healthy-answers.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { AnswerReader } from './answer-reader.ts';
import type { FromParser, ToParser } from './parse-protocol.ts';
import { ParsingThread, type ParsingThreadOptions } from './parsing-thread.ts';
import { readAnswer } from './read-answer.ts';

const each = new Cleanup();
afterEach(() => each.run());

function startThread(options: Partial<ParsingThreadOptions> = {}): ParsingThread {
  const thread = new ParsingThread(options);
  each.add(() => thread.close());
  return thread;
}

function bodyOf(json: unknown): { body: Uint8Array<ArrayBuffer>; mediaType: string } {
  return { body: new TextEncoder().encode(JSON.stringify(json)), mediaType: 'application/json' };
}

function manyAlerts(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) =>
    alertOnWire(
      { alertname: 'DiskFull', instance: `host-${index}`, __proto__name: 'x', severity: 'critical' },
      { annotations: { description: 'd'.repeat(300) } },
    ),
  );
}

test('a large answer reads the same on the thread as at once', async () => {
  const alerts = bodyOf(manyAlerts(1_234));
  const atOnce = readAnswer('alertmanager.alerts', alerts.body, alerts.mediaType);
  const reader = new AnswerReader(startThread());
  expect(await reader.read('alertmanager.alerts', alerts)).toEqual(atOnce);
  expect(alerts.body.byteLength).toBe(0);
});

test('columns come whole and in order, short and long ones', async () => {
  const result = Array.from({ length: 700 }, (_, row) => ({
    metric: { row: String(row) },
    values: Array.from({ length: row === 3 ? 5_000 : 3 }, (__, index) => [index, String(row + index)]),
  }));
  const answer = bodyOf({ status: 'success', data: { resultType: 'matrix', result } });
  const read = await startThread().read('prometheus.series', answer.body, answer.mediaType);
  const rows = read.ok ? (read.value.rows as { labels: object; values: Float64Array }[]) : [];
  expect(rows.map(({ labels }) => labels)).toEqual(result.map(({ metric }) => metric));
  expect(rows[3]?.values).toHaveLength(5_000);
  expect(rows[699]?.values).toEqual(Float64Array.of(699, 700, 701));
});

test('what an answer is about is handed over once, with the last of its rows', async () => {
  const result = Array.from({ length: 1_100 }, (_, row) => ({
    stream: { row: String(row) },
    values: [[String(row), 'line']],
  }));
  const { body, mediaType } = bodyOf({ status: 'success', data: { resultType: 'streams', result } });
  const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), { env: {} });
  each.add(() => worker.terminate());
  const heads: unknown[] = [];
  let rows = 0;
  const ended = new Promise<void>((resolve) => {
    worker.on('message', (message: FromParser) => {
      if (message.kind === 'failed') return resolve();
      heads.push(message.head);
      rows += message.rows.length;
      if (message.last) resolve();
      else worker.postMessage({ kind: 'next' } satisfies ToParser);
    });
  });
  worker.postMessage({ kind: 'parse', name: 'loki.forward', body, mediaType } satisfies ToParser);
  await ended;
  expect(rows).toBe(1_100);
  expect(heads).toEqual([null, null, expect.objectContaining({ warnings: [] })]);
});

test('a failure on the thread is the same named failure', async () => {
  const answer = bodyOf([...manyAlerts(2), { labels: { a: 1 } }]);
  expect(await startThread().read('alertmanager.alerts', answer.body, answer.mediaType)).toMatchObject({
    ok: false,
    failure: { code: 'malformed', message: expect.stringContaining('2.labels') },
  });
});

test('20,000 alerts do not hold the core up', async () => {
  const thread = startThread();
  const longestStopsMs: number[] = [];
  // The best of three: a busy machine stops every process now and then, this code would stop it each time.
  for (let attempt = 0; attempt < 3; attempt++) {
    const { body, mediaType } = bodyOf(manyAlerts(20_000));
    expect(body.byteLength).toBeGreaterThan(10_000_000);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const read = await thread.read('alertmanager.alerts', body, mediaType);
    // What was last is measured by the turn after it.
    await pause(5);
    delay.disable();
    expect(read.ok && read.value.rows).toHaveLength(20_000);
    longestStopsMs.push(delay.max / 1e6);
  }
  // Some 12 ms; 80 ms if all came in one piece, 300 ms if it were read in the core.
  expect(Math.min(...longestStopsMs)).toBeLessThan(40);
});

test('answers wait their turn, a cancelled one leaves the others alone', async () => {
  const thread = startThread();
  const cancel = new AbortController();
  const read = (count: number, signal?: AbortSignal): ReturnType<ParsingThread['read']> => {
    const { body, mediaType } = bodyOf(manyAlerts(count));
    return thread.read('alertmanager.alerts', body, mediaType, signal);
  };
  const answers = [read(900), read(5_000, cancel.signal), read(5_000, cancel.signal), read(700)];
  cancel.abort();
  expect(await Promise.all(answers)).toMatchObject([
    { value: { rows: { length: 900 } } },
    { failure: { code: 'cancelled' } },
    { failure: { code: 'cancelled' } },
    { value: { rows: { length: 700 } } },
  ]);
});

test('what waits is bounded', async () => {
  const { body, mediaType } = bodyOf(manyAlerts(10));
  const thread = startThread({ maxWaitingBytes: body.byteLength - 1 });
  expect(await thread.read('alertmanager.alerts', body, mediaType)).toMatchObject({
    failure: { code: 'too-large' },
  });
});

test('the thread ends when nothing comes, and starts again when something does', async () => {
  const thread = startThread({ idleMs: 50 });
  const read = async (): Promise<boolean> => {
    const { body, mediaType } = bodyOf(manyAlerts(3));
    return (await thread.read('alertmanager.alerts', body, mediaType)).ok;
  };
  expect(await read()).toBe(true);
  expect(thread.running).toBe(true);
  await eventually('the idle thread is gone', () => (thread.running ? undefined : true));
  expect(await read()).toBe(true);
});

function scriptOf(text: string): URL {
  const folder = mkdtempSync(join(tmpdir(), 'opssight-parse-'));
  each.add(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'worker.mjs');
  writeFileSync(path, `import { parentPort } from 'node:worker_threads';\n${text}`);
  return pathToFileURL(path);
}

test.each([
  [
    'throws',
    10_000,
    `parentPort.on('message', () => { throw new Error('boom'); });`,
    'malformed',
    /broke down \(boom\)/,
  ],
  ['ends', 10_000, `parentPort.on('message', () => process.exit(3));`, 'malformed', /broke down/],
  [
    'hangs',
    300,
    `parentPort.on('message', () => { for (;;); });`,
    'timeout',
    /could not be read within 300 ms/,
  ],
])(
  'a thread that %s fails its answer by name; the next has a thread of its own',
  async (_name, longestJobMs, text, code, says) => {
    const thread = startThread({ script: scriptOf(text), longestJobMs });
    const { body, mediaType } = bodyOf(manyAlerts(1));
    const both = [thread.read('alertmanager.alerts', body, mediaType)];
    const next = bodyOf(manyAlerts(1));
    both.push(thread.read('alertmanager.alerts', next.body, next.mediaType));
    for (const answer of await Promise.all(both)) {
      expect(answer).toMatchObject({ failure: { code, message: expect.stringMatching(says) } });
    }
  },
);

test('closing fails what is under way as cancelled', async () => {
  const thread = startThread();
  const { body, mediaType } = bodyOf(manyAlerts(2_000));
  const read = thread.read('alertmanager.alerts', body, mediaType);
  await thread.close();
  expect(await read).toMatchObject({ failure: { code: 'cancelled' } });
  expect(thread.running).toBe(false);
});
