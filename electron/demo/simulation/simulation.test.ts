import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '#shared/time.ts';
import { createConditions } from './conditions.ts';
import { faultPlans } from './faults.ts';
import { wave } from './flow.ts';
import { pods } from './platform.ts';
import { createSchedule, midnightBefore } from './schedule.ts';
import { createSimulation } from './simulation.ts';
import type { Target } from './target.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const options = { seed: 7, epochAtMs: 0, speed: 1 };

function rowOf(target: Target, atMs: number): Float64Array {
  const row = new Float64Array(target.series.length);
  target.collect(atMs, row);
  return row;
}

describe('simulated platform', () => {
  test('shows the same numbers to processes that came up at different times', () => {
    const early = createSimulation(options);
    for (const target of early.targets)
      for (let at = noon - hourMs; at < noon; at += minuteMs) rowOf(target, at);
    const late = createSimulation(options);
    early.targets.forEach((target, index) => {
      const other = late.targets[index];
      expect(other?.series).toEqual(target.series);
      expect(other && rowOf(other, noon)).toEqual(rowOf(target, noon));
    });
  });

  test('counters of a process never fall between its starts', () => {
    const { targets } = createSimulation(options);
    for (const target of targets) {
      const counters = target.series.flatMap((labels, index) =>
        /_(?:total|bucket|sum)$/.test(labels['__name__'] ?? '') ? [index] : [],
      );
      const startIndex = target.series.findIndex(
        (labels) => labels['__name__'] === 'process_start_time_seconds',
      );
      let before = rowOf(target, noon);
      for (let at = noon + target.intervalMs; at < noon + hourMs; at += target.intervalMs) {
        const row = rowOf(target, at);
        const restarted = startIndex !== -1 && row[startIndex] !== before[startIndex];
        // An exporter on a node that was down starts anew with it.
        const gone = row[0] === 0 || before[0] === 0;
        for (const index of restarted || gone ? [] : counters) {
          expect(row[index], JSON.stringify(target.series[index])).toBeGreaterThanOrEqual(before[index] ?? 0);
        }
        before = row;
      }
    }
  });

  test('every value is a finite number, except of series that are not there', () => {
    const { targets } = createSimulation(options);
    for (const target of targets) {
      for (let at = noon; at < noon + hourMs; at += 97_000) {
        const row = rowOf(target, at);
        target.series.forEach((labels, index) => {
          const value = row[index] ?? 0;
          if (labels['__name__'] === 'opssight_build_info' || row[0] === 0) return;
          expect(Number.isFinite(value) && value >= 0, `${JSON.stringify(labels)} is ${value}`).toBe(true);
        });
      }
    }
  });

  test('a node that is down takes its pods with it, and both come back', () => {
    const { schedule, targets } = createSimulation(options);
    const [fault] = schedule.faultsOf('node-down', noon, noon + hourMs);
    const lost = pods.filter((pod) => pod.node === fault?.target).map((pod) => pod.name);
    expect(lost.length).toBeGreaterThan(0);
    for (const name of lost) {
      const target = targets.find((one) => one.labels['pod'] === name);
      expect(target?.isUp((fault?.startsAtMs ?? 0) + minuteMs)).toBe(false);
      expect(target?.isUp((fault?.endsAtMs ?? 0) + 1)).toBe(true);
    }
  });

  test('a deploy restarts the pods that it reached and changes their version', () => {
    const { schedule, targets } = createSimulation(options);
    const [fault] = schedule.faultsOf('pool-exhaustion', noon, noon + hourMs);
    const [restart] = faultPlans['pool-exhaustion'].restarts;
    const target = targets.find((one) => one.labels['pod'] === restart?.of[0]);
    if (fault === undefined || target === undefined) throw new Error('no deploy in an hour');
    const running = (atMs: number): string | undefined => {
      const row = rowOf(target, atMs);
      return target.series.find(
        (labels, index) => labels['__name__'] === 'opssight_build_info' && row[index] === 1,
      )?.['version'];
    };
    expect([fault.startsAtMs - 1, fault.plateauAtMs, fault.endsAtMs].map(running)).toEqual([
      'v2.30.4',
      'v2.31.0',
      'v2.30.4',
    ]);
  });
});

describe('flows', () => {
  const within = fc.integer({ min: 0, max: dayMs - hourMs });

  test('the area of a wave is the integral of its level, and the level stays near its base', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), within, (seed, offsetMs) => {
        const flow = wave(seed, 'test', 10, 0.5);
        const startMs = midnightBefore(noon) + offsetMs;
        let area = 0;
        for (let at = startMs + 500; at < startMs + 10 * minuteMs; at += 1_000) {
          expect(Math.abs(flow.levelAt(at) - 10)).toBeLessThanOrEqual(5);
          area += flow.levelAt(at);
        }
        expect(flow.areaTo(startMs + 10 * minuteMs) - flow.areaTo(startMs)).toBeCloseTo(area, 1);
      }),
      { numRuns: 20 },
    );
  });

  test('the area of a fault’s effect is the integral of its level, over faults and between them', () => {
    const conditions = createConditions(createSchedule(options));
    const errors = conditions.signal('backend.errors', pods[0]?.name ?? '');
    let area = 0;
    const startMs = noon - hourMs;
    for (let at = startMs + 500; at < noon; at += 1_000) area += errors.levelAt(at);
    expect(area).toBeGreaterThan(0);
    expect((errors.areaTo(noon) - errors.areaTo(startMs)) / area).toBeCloseTo(1, 2);
  });

  test('the levels of every effect stay within their amounts', () => {
    const schedule = createSchedule(options);
    for (const plan of Object.values(faultPlans)) {
      for (const { signal, reach } of plan.effects) {
        const all = Object.values(faultPlans).flatMap((other) => other.effects);
        const most = all
          .filter((other) => other.signal === signal)
          .reduce((sum, other) => sum + other.amount, 0);
        const subject = Array.isArray(reach) ? (reach[0] as string) : (plan.targets[0] ?? '');
        const felt = createConditions(schedule).signal(signal, subject);
        for (let at = noon; at < noon + hourMs; at += 31_000) {
          expect(felt.levelAt(at)).toBeGreaterThanOrEqual(0);
          expect(felt.levelAt(at)).toBeLessThanOrEqual(most * 1.04);
        }
      }
    }
  });
});
