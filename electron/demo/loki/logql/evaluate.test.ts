import { describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time.ts';
import { createSimulation } from '../../simulation/simulation.ts';
import { logStreams, type LogEntry } from '../log-entry.ts';
import { createLogStore } from '../log-store.ts';
import { evaluateMetric } from './metric.ts';
import { parseLogql } from './parse.ts';
import { select } from './select.ts';
import type { LogqlQuery, MetricQuery } from './syntax.ts';

const simulation = createSimulation({ seed: 1, speed: 1, epochAtMs: 0 });
const epoch = Date.UTC(2026, 10, 21, 5);
const fault = simulation.schedule.faultsOf('pool-exhaustion', epoch, epoch + hourMs)[0];
const nowMs = (fault?.startsAtMs ?? epoch) + 5 * minuteMs;
const store = createLogStore(1, simulation, 3 * hourMs, () => nowMs);
const range = { fromNs: BigInt(nowMs - 5 * minuteMs) * 1_000_000n, toNs: BigInt(nowMs) * 1_000_000n };
const all = [...store.entries(range, 'forward')];

interface Written {
  readonly level?: string;
  readonly context?: { readonly endpoint?: string };
  readonly metadata?: { readonly status?: number; readonly duration_ms?: number };
}

function written({ line }: LogEntry): Written {
  return line.startsWith('{') ? (JSON.parse(line) as Written) : {};
}
const isOf = (service: string) => (entry: LogEntry) => logStreams[entry.stream]?.['service'] === service;

function parsed(query: string): LogqlQuery {
  const result = parseLogql(query);
  if (!result.ok) throw result.failure;
  return result.value;
}

function chosen(query: string): readonly string[] {
  const selection = parsed(query);
  if (selection.kind !== 'log') throw new Error('a metric query');
  return [...select(store, selection, range, 'forward')].map(({ entry }) => entry.line);
}

describe('log queries choose the lines that a plain look at them chooses', () => {
  const backend = all.filter(isOf('backend'));
  test.each<[string, readonly LogEntry[]]>([
    ['{service="backend"}', backend],
    [
      '{service=~"back.*", pod!~".*9pvl2"} |= "QueuePool"',
      backend.filter(({ line }) => line.includes('QueuePool')),
    ],
    [
      '{service="backend"} != "healthz" |~ `in \\d{4} ms`',
      backend.filter(({ line }) => !line.includes('healthz') && /in \d{4} ms/.test(line)),
    ],
    [
      '{service="backend"} | json | level="error"',
      backend.filter((entry) => written(entry).level === 'error'),
    ],
    [
      '{service="backend"} | detected_level=~"error|warn"',
      backend.filter((entry) => /^(?:error|warn)$/.test(written(entry).level ?? '')),
    ],
    [
      '{service="backend"} | json | metadata_duration_ms > 1000 and metadata_status >= 500',
      backend.filter((entry) => {
        const { duration_ms: took = 0, status = 0 } = written(entry).metadata ?? {};
        return took > 1_000 && status >= 500;
      }),
    ],
    [
      '{cluster="demo"} |= "auth_failed" or "FATAL"',
      all.filter(({ line }) => line.includes('auth_failed') || line.includes('FATAL')),
    ],
  ])('%s', (query, expected) => {
    expect(expected.length).toBeGreaterThan(0);
    expect(chosen(query)).toEqual(expected.map(({ line }) => line));
  });

  test.each([
    '{job="automation-orchestrator"} | json | status="500"',
    '{job="automation-orchestrator"} | json | duration > 1000',
    '{job="automation-orchestrator"} | json | message="auth_failed"',
    '{job="automation-orchestrator"} | json | db_duration > 5000',
  ])('%s is understood and finds no stream', (query) => {
    expect(chosen(query)).toEqual([]);
  });
});

describe('metric queries', () => {
  const at = (query: string): Record<string, number> => {
    const result = evaluateMetric(store, parsed(query) as MetricQuery, [nowMs - 1]);
    if (result.kind === 'scalar') return { '': result.value };
    return Object.fromEntries(
      result.series.map(({ labels, values }) => [Object.values(labels).join(' '), values[0] ?? Number.NaN]),
    );
  };
  const lately = all.filter(
    ({ atMs, nano }) => atMs + nano / 1e6 > nowMs - 1 - minuteMs && atMs + nano / 1e6 <= nowMs - 1,
  );
  const errors = lately.filter(isOf('backend')).filter((entry) => written(entry).level === 'error');

  test('count, rate and share by label', () => {
    expect(errors.length).toBeGreaterThan(20);
    expect(at('sum(count_over_time({service="backend"} | json | level="error" [1m]))')).toEqual({
      '': errors.length,
    });
    const byPod = at('sum by (pod) (rate({service="backend"} | detected_level="error" [1m]))');
    const total = Object.values(byPod).reduce((sum, one) => sum + one, 0);
    expect(total).toBeCloseTo(errors.length / 60, 9);
    const backend = lately.filter(isOf('backend')).length;
    const share = at(
      '100 * sum(rate({service="backend"} | detected_level="error" [1m])) / sum(rate({service="backend"}[1m]))',
    );
    expect(share['']).toBeCloseTo((100 * errors.length) / backend, 9);
    expect(Object.keys(at('topk(1, sum by (service) (count_over_time({cluster="demo"}[1m])))'))).toEqual([
      'backend',
    ]);
  });

  test('unwrapped values', () => {
    const took = lately
      .filter(isOf('backend'))
      .map((entry) => written(entry).metadata?.duration_ms)
      .filter((value) => value !== undefined);
    const query = '{service="backend"} | json | unwrap metadata_duration_ms [1m]';
    expect(at(`max_over_time(${query}) by (service)`)).toEqual({ backend: Math.max(...took) });
  });

  test.each([
    ['{cluster="demo"} | line_format "x"', "the stage line_format is not supported by the demo's Loki"],
    ['sum(rate({cluster="demo"}[1m])) or vector(0)', "the operator or is not supported by the demo's Loki"],
    ['absent_over_time({cluster="demo"}[1m])', "absent_over_time is not supported by the demo's Loki"],
  ])('%s says that it is not supported', (query, message) => {
    const result = parseLogql(query);
    expect(result).toMatchObject({ ok: false, failure: { status: 501, message } });
  });
});
