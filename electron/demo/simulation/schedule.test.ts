import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayMs, minuteMs } from '#shared/time.ts';
import { faultKinds, faultPlans } from './faults.ts';
import { createSchedule, intensityAreaTo, intensityAt, type Fault } from './schedule.ts';

const options = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  epochAtMs: fc.integer({ min: 0, max: 2e12 }),
  speed: fc.constantFrom(0.5, 1, 4),
});
const time = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2030, 0) });

function begun(schedule: ReturnType<typeof createSchedule>, fromMs: number, toMs: number): readonly Fault[] {
  return faultKinds
    .flatMap((kind) => schedule.faultsOf(kind, fromMs, toMs))
    .filter((fault) => fault.startsAtMs >= fromMs)
    .sort((left, right) => left.startsAtMs - right.startsAtMs);
}

describe('schedule of faults', () => {
  test('is the same for the same seed, epoch and time', () => {
    fc.assert(
      fc.property(options, time, (given, atMs) => {
        expect(createSchedule(given).activeAt(atMs)).toEqual(createSchedule(given).activeAt(atMs));
      }),
    );
  });

  test('differs between seeds', () => {
    const at = Date.UTC(2026, 10, 21);
    const of = (seed: number): readonly Fault[] =>
      begun(createSchedule({ seed, epochAtMs: 0, speed: 1 }), at, at + dayMs / 12);
    expect(of(1).map((fault) => fault.startsAtMs)).not.toEqual(of(2).map((fault) => fault.startsAtMs));
  });

  test('begins a fault at least every five minutes, and every kind in each cycle', () => {
    fc.assert(
      fc.property(options, time, (given, atMs) => {
        const schedule = createSchedule(given);
        expect(schedule.longestQuietMs * given.speed).toBeLessThanOrEqual(5 * minuteMs);
        const spanMs = (2 * 8 * 4 * minuteMs) / given.speed;
        const faults = begun(schedule, atMs, atMs + spanMs);
        const starts = faults.map((fault) => fault.startsAtMs);
        for (const [index, start] of [...starts, atMs + spanMs].entries()) {
          expect(start - (starts[index - 1] ?? atMs)).toBeLessThanOrEqual(schedule.longestQuietMs);
        }
        expect(new Set(faults.map((fault) => fault.kind))).toEqual(new Set(faultKinds));
      }),
    );
  });

  test('faults of one kind never overlap, rise and end, and have a target where their kind has', () => {
    fc.assert(
      fc.property(options, time, fc.constantFrom(...faultKinds), (given, atMs, kind) => {
        const faults = createSchedule(given).faultsOf(kind, atMs, atMs + dayMs / 4);
        for (const [index, fault] of faults.entries()) {
          expect(fault.startsAtMs).toBeLessThan(fault.plateauAtMs);
          expect(fault.plateauAtMs).toBeLessThan(fault.recoversAtMs);
          expect(fault.recoversAtMs).toBeLessThan(fault.endsAtMs);
          expect(fault.startsAtMs).toBeGreaterThan(faults[index - 1]?.endsAtMs ?? 0);
          expect(faultPlans[kind].targets.includes(fault.target)).toBe(faultPlans[kind].targets.length > 0);
        }
      }),
    );
  });

  test('intensity stays between 0 and 1, and its area is its integral', () => {
    fc.assert(
      fc.property(options, time, fc.constantFrom(...faultKinds), (given, atMs, kind) => {
        const [fault] = createSchedule(given).faultsOf(kind, atMs, atMs + dayMs);
        if (fault === undefined) throw new Error('no fault in a day');
        const steps = 400;
        const stepMs = (fault.endsAtMs - fault.startsAtMs) / steps;
        let area = 0;
        for (let step = 0; step < steps; step++) {
          const intensity = intensityAt(fault, fault.startsAtMs + (step + 0.5) * stepMs);
          expect(intensity).toBeGreaterThanOrEqual(0);
          expect(intensity).toBeLessThanOrEqual(1);
          area += (intensity * stepMs) / 1_000;
        }
        expect(intensityAreaTo(fault, fault.endsAtMs + 1) / area).toBeCloseTo(1, 2);
      }),
      { numRuns: 30 },
    );
  });
});
