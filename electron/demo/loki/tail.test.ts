import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { hourMs, minuteMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { serveOnLoopback } from '../http-server.ts';
import { createSimulation } from '../simulation/simulation.ts';
import { createLokiApi } from './api.ts';
import { createLogStore } from './log-store.ts';
import { createTail } from './tail.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const now = Date.UTC(2026, 10, 21, 12);

async function serve(): Promise<{ readonly url: string; pass: (ms: number) => void }> {
  let nowMs = now;
  const simulation = createSimulation({ seed: 1, speed: 1, epochAtMs: 0 });
  const store = createLogStore(1, simulation, 3 * hourMs, () => nowMs);
  const state = { store, nowMs: () => nowMs };
  const server = await serveOnLoopback(0, createLokiApi(state), createTail(store, state.nowMs));
  cleanup.add(() => server.close());
  return {
    url: `${server.url.replace('http', 'ws')}/loki/api/v1/tail?query=`,
    pass(ms) {
      nowMs += ms;
    },
  };
}

interface Frame {
  readonly streams: readonly { readonly stream: object; readonly values: readonly (readonly unknown[])[] }[];
  readonly encodingFlags?: readonly string[];
}

test('sends every new line once, at most a hundred a frame, and pings', async () => {
  const { url, pass } = await serve();
  const headers = { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' };
  const socket = new WebSocket(url + encodeURIComponent('{cluster="demo"}'), { headers });
  const frames: Frame[] = [];
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Frame));
  await once(socket, 'open');
  pass(minuteMs);
  await once(socket, 'ping');
  pass(minuteMs);
  await once(socket, 'ping');
  socket.terminate();
  const counts = frames.map(({ streams }) => streams.flatMap(({ values }) => values).length);
  expect(Math.max(...counts)).toBeLessThanOrEqual(100);
  const entries = frames.flatMap(({ streams }) => streams.flatMap(({ values }) => values));
  expect(entries.length).toBeGreaterThan(200);
  expect(new Set(entries.map((entry) => JSON.stringify(entry))).size).toBe(entries.length);
  expect(entries.every((entry) => entry.length === 3)).toBe(true);
  expect(frames[0]?.encodingFlags).toEqual(['categorize-labels']);
});

test('a metric query is closed, a query with a mistake is not upgraded', async () => {
  const { url } = await serve();
  const metric = new WebSocket(url + encodeURIComponent('rate({cluster="demo"}[1m])'));
  const [code, reason] = (await once(metric, 'close')) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([1011, 'only log selector is supported']);
  const wrong = new WebSocket(`${url}${encodeURIComponent('{cluster=')}`);
  const [error] = (await once(wrong, 'error')) as [Error];
  expect(error.message).toBe('Unexpected server response: 400');
});
