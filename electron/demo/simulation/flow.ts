import { dayMs, minuteMs, secondMs } from '#shared/time.ts';
import { between } from './random.ts';
import { midnightBefore } from './schedule.ts';

/**
 * A quantity over time that knows its own integral. Counters are integrals, so any moment's counter is
 * computed directly, and a restarted demo goes on with the same numbers. Metrics are built of these.
 */
export interface Flow {
  levelAt(atMs: number): number;
  /** The integral since the UTC midnight before `atMs`, in units times seconds. */
  areaTo(atMs: number): number;
}

/** Rough lengths of the waves; each is bent to a whole number a day, so that midnight shows no step. */
const wavelengthsMs = [41 * minuteMs, 7 * minuteMs, 97 * secondMs, 37 * secondMs] as const;
const shares = [0.4, 0.25, 0.2, 0.15] as const;

/**
 * A level that never rests: a base with waves of several lengths.
 * @param restlessness how far the level swings from the base, as a share of it; below 1.
 * @param key makes this wave differ from others of the same seed.
 */
export function wave(seed: number, key: string, base: number, restlessness: number): Flow {
  const terms = wavelengthsMs.map((wavelengthMs, index) => {
    const turns = Math.round((dayMs / wavelengthMs) * between(0.85, 1.15, seed, key, index));
    return {
      amplitude: base * restlessness * (shares[index] ?? 0),
      radiansPerSecond: (2 * Math.PI * turns * secondMs) / dayMs,
      phase: between(0, 2 * Math.PI, seed, key, index, 'phase'),
    };
  });
  return {
    levelAt(atMs) {
      const seconds = (atMs - midnightBefore(atMs)) / secondMs;
      let level = base;
      for (const { amplitude, radiansPerSecond, phase } of terms) {
        level += amplitude * Math.sin(radiansPerSecond * seconds + phase);
      }
      return level;
    },
    areaTo(atMs) {
      const seconds = (atMs - midnightBefore(atMs)) / secondMs;
      let area = base * seconds;
      for (const { amplitude, radiansPerSecond, phase } of terms) {
        const turned = Math.cos(phase) - Math.cos(radiansPerSecond * seconds + phase);
        area += (amplitude / radiansPerSecond) * turned;
      }
      return area;
    },
  };
}

export function scaled(flow: Flow, factor: number): Flow {
  return {
    levelAt: (atMs) => flow.levelAt(atMs) * factor,
    areaTo: (atMs) => flow.areaTo(atMs) * factor,
  };
}

export function sum(...flows: readonly Flow[]): Flow {
  return {
    levelAt: (atMs) => flows.reduce((level, flow) => level + flow.levelAt(atMs), 0),
    areaTo: (atMs) => flows.reduce((area, flow) => area + flow.areaTo(atMs), 0),
  };
}

/**
 * The integral between a process's start and a time, for a counter of that process. Remembers the last
 * of both ends: the buckets of one histogram ask for the same moment again and again.
 */
export function sinceStart(flow: Flow): (startedAtMs: number, atMs: number) => number {
  let start = Number.NaN;
  let startArea = 0;
  let end = Number.NaN;
  let endArea = 0;
  return (startedAtMs, atMs) => {
    if (startedAtMs !== start) [start, startArea] = [startedAtMs, flow.areaTo(startedAtMs)];
    if (atMs !== end) [end, endArea] = [atMs, flow.areaTo(atMs)];
    return endArea - startArea;
  };
}
