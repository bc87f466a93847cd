import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CaptureRounds } from './capture-rounds.ts';

const minuteMs = 60_000;

beforeEach(() => void vi.useFakeTimers({ now: 100 * minuteMs }));
afterEach(() => void vi.useRealTimers());

function rounds(capture: (id: number, signal: AbortSignal) => Promise<void>) {
  return new CaptureRounds({
    nowMs: Date.now,
    capture: ({ incidentId }, signal) => capture(incidentId, signal),
  });
}

it('fetches a new incident at once and until the time after its start has passed', async () => {
  const atMs: number[] = [];
  const began = Date.now();
  const started = rounds(async () => void atMs.push(Date.now() - began));
  started.begin([{ incidentId: 1, startsAtMs: began }]);
  await vi.advanceTimersByTimeAsync(20 * minuteMs);
  expect(atMs).toEqual([0, 15_000, minuteMs, 3 * minuteMs, 5.5 * minuteMs]);
});

it('looks once at an incident that began long ago', async () => {
  let count = 0;
  const started = rounds(async () => void count++);
  started.begin([{ incidentId: 1, startsAtMs: Date.now() - 60 * minuteMs }]);
  await vi.advanceTimersByTimeAsync(20 * minuteMs);
  expect(count).toBe(1);
});

it('has one capture under way at a time, and bounds how many wait in a storm', async () => {
  let underWay = 0;
  let most = 0;
  const captured = new Set<number>();
  const started = rounds(async (id) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 10));
    underWay--;
    captured.add(id);
  });
  const startsAtMs = Date.now();
  started.begin(Array.from({ length: 500 }, (_none, incidentId) => ({ incidentId, startsAtMs })));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(most).toBe(1);
  expect(captured.size).toBe(50);
});

it('ends with the core: what waits is left, what is under way is aborted', async () => {
  const signals: AbortSignal[] = [];
  const started = rounds((_id, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  started.begin([
    { incidentId: 1, startsAtMs: Date.now() },
    { incidentId: 2, startsAtMs: Date.now() },
  ]);
  started.stop();
  await vi.advanceTimersByTimeAsync(20 * minuteMs);
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
});
