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
  return remembered({
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
  });
}

/** Remembers the last answer of each kind: the series of one scrape ask for the same moment again and again. */
export function remembered(flow: Flow): Flow {
  const level = lastAnswer((atMs) => flow.levelAt(atMs));
  const area = lastAnswer((atMs) => flow.areaTo(atMs));
  return { levelAt: level, areaTo: area };
}

function lastAnswer(answer: (atMs: number) => number): (atMs: number) => number {
  let askedAtMs = Number.NaN;
  let last = 0;
  return (atMs) => {
    if (atMs !== askedAtMs) {
      last = answer(atMs);
      askedAtMs = atMs;
    }
    return last;
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

/** The integral between a process's start and a time, for a counter of that process. */
export function sinceStart(flow: Flow): (startedAtMs: number, atMs: number) => number {
  const startArea = lastAnswer((atMs) => flow.areaTo(atMs));
  const endArea = lastAnswer((atMs) => flow.areaTo(atMs));
  return (startedAtMs, atMs) => endArea(atMs) - startArea(startedAtMs);
}
