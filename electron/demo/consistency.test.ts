import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time.ts';
import { createFleet, readResources, retentionMs } from './fleet.ts';
import { createTraceStore } from './jaeger/trace-store.ts';
import { createLogStore } from './loki/log-store.ts';
import { queryInstant } from '#shared/promql/engine.ts';
import { bucketMs } from './simulation/requests.ts';

const epoch = Date.UTC(2026, 10, 21, 5);
const million = 1_000_000n;

async function platformAt(nowOf: (faultStartMs: number) => number) {
  const resources = await readResources(new URL('../../resources/demo/', import.meta.url));
  const options = { resources, seed: 1, speed: 1, epochAtMs: 0, prometheusUrl: () => 'http://127.0.0.1:9' };
  const probe = createFleet({ ...options, startAtMs: epoch });
  const fault = probe.schedule.faultsOf('pool-exhaustion', epoch, epoch + hourMs)[0];
  if (fault === undefined) throw new Error('no fault of that kind within an hour');
  const now = nowOf(fault.startsAtMs);
  const fleet = createFleet({ ...options, startAtMs: now });
  fleet.advanceTo(now);
  const nowMs = (): number => now;
  return {
    now,
    fleet,
    logs: createLogStore(1, fleet.simulation, retentionMs, nowMs),
    traces: createTraceStore(fleet.simulation.requests, retentionMs, nowMs),
  };
}

type Platform = Awaited<ReturnType<typeof platformAt>>;

function poolErrors({ logs, now }: Platform) {
  const range = { fromNs: BigInt(now - 2 * minuteMs) * million, toNs: BigInt(now) * million };
  return [...logs.entries(range, 'forward')].filter(({ line }) => line.includes('QueuePool limit'));
}

function errorTraces({ traces, now }: Platform) {
  return traces.search({
    service: 'backend',
    operation: '',
    tags: { error: 'true' },
    fromMs: now - 2 * minuteMs,
    toMs: now,
    leastMicros: 0,
    mostMicros: Infinity,
    limit: 1_000,
  });
}

function errorRate({ fleet, now }: Platform): number {
  const query = 'sum(rate(opssight_requests_total{status=~"5..",service="backend"}[2m]))';
  const answer = queryInstant(fleet.store, query, now);
  if (!answer.ok || answer.value.value.kind !== 'vector') throw new Error('no error rate');
  return answer.value.value.samples[0]?.value ?? 0;
}

test('while the pool is used up, metrics, alerts, log lines and traces all show it, with the same ids', async () => {
  const during = await platformAt((startMs) => startMs + 5 * minuteMs);
  expect(errorRate(during)).toBeGreaterThan(2);
  const alerts = during.fleet.alerts.list(during.now).map(({ alert }) => alert.labels['alertname']);
  expect(alerts).toContain('HighErrorRate');
  const lines = poolErrors(during);
  expect(lines.length).toBeGreaterThan(60);
  const traces = errorTraces(during);
  expect(traces.length).toBeGreaterThan(60);
  for (const { metadata } of lines.slice(0, 20)) {
    const trace = during.traces.find(metadata['trace_id'] ?? '');
    expect(trace?.spans.some(({ isError, operation }) => isError && operation === 'db.acquire')).toBe(true);
    expect(trace?.spans.map(({ spanId }) => spanId)).toContain(metadata['span_id']);
  }
});

test('before it none does', async () => {
  const before = await platformAt((startMs) => startMs - 30_000);
  expect(errorRate(before)).toBeLessThan(0.3);
  expect(poolErrors(before)).toEqual([]);
  expect(errorTraces(before).length).toBeLessThan(8);
});

test('the same range has the same lines and traces, whoever asks and in whatever order', async () => {
  const [one, other] = [
    await platformAt((ms) => ms + 6 * minuteMs),
    await platformAt((ms) => ms + 6 * minuteMs),
  ];
  const range = {
    fromNs: BigInt(one.now - 3 * minuteMs) * million,
    toNs: BigInt(one.now - minuteMs) * million,
  };
  const forward = [...one.logs.entries(range, 'forward')];
  expect(forward.length).toBeGreaterThan(500);
  expect([...other.logs.entries(range, 'backward')].reverse()).toEqual(forward);
  const order = forward.map(({ atMs, nano }) => BigInt(atMs) * million + BigInt(nano));
  expect(order).toEqual(order.toSorted((left, right) => (left < right ? -1 : 1)));
});

test('every line that names a trace names one that can be read, and every span one above it', async () => {
  const platform = await platformAt((ms) => ms + 4 * minuteMs);
  const range = {
    fromNs: BigInt(platform.now - 2 * minuteMs) * million,
    toNs: BigInt(platform.now - 2 * bucketMs) * million,
  };
  const lines = [...platform.logs.entries(range, 'forward')].filter(({ metadata }) => 'trace_id' in metadata);
  expect(lines.length).toBeGreaterThan(200);
  for (const { metadata } of lines) {
    const trace = platform.traces.find(metadata['trace_id'] ?? '');
    const ids = new Set(trace?.spans.map(({ spanId }) => spanId));
    expect(ids.has(metadata['span_id'] ?? '')).toBe(true);
    for (const span of trace?.spans ?? []) expect(span.parentId === '' || ids.has(span.parentId)).toBe(true);
  }
});
