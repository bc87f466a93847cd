import { expect, test } from 'vitest';
import { dayMs, hourMs, secondMs } from '#shared/time.ts';
import { GapDetector, type Gap } from './gap-detector.ts';

class HandClock {
  wallMs = 1_000_000;
  runningMs = 0;
  callback: (() => void) | null = null;
  nowMs = (): number => this.wallMs;
  monotonicMs = (): number => this.runningMs;
  after = (_delayMs: number, callback: () => void): (() => void) => {
    this.callback = callback;
    return () => (this.callback = null);
  };

  fires(wallMs: number, runningMs: number): void {
    this.wallMs += wallMs;
    this.runningMs += runningMs;
    this.callback?.();
  }
}

function detector(): { readonly clock: HandClock; readonly gaps: Gap[]; readonly made: GapDetector } {
  const clock = new HandClock();
  const gaps: Gap[] = [];
  const made = new GapDetector({ clock, onGap: (gap) => gaps.push(gap) });
  made.start();
  return { clock, gaps, made };
}

const waited = 5 * secondMs;

test.each([
  ['an hour of sleep with a running clock that stands still', hourMs, waited],
  ['an hour of sleep that both clocks know', hourMs, hourMs],
  ['a clock set ahead by thirty days', 30 * dayMs, waited],
  ['a clock set back by an hour', -hourMs, waited],
  ['a running clock that went on while the wall clock did not', waited, hourMs],
])('%s is a gap', (_what, wallMs, runningMs) => {
  const { clock, gaps } = detector();
  clock.fires(wallMs, runningMs);
  expect(gaps).toEqual([{ wallMs, runningMs }]);
  clock.fires(waited, waited);
  expect(gaps).toHaveLength(1);
});

test.each([
  ['time as waited', waited, waited],
  ['a timer that is a little late', 12 * secondMs, 12 * secondMs],
  ['a clock that is slewed', waited + 900, waited],
])('%s is none', (_what, wallMs, runningMs) => {
  const { clock, gaps } = detector();
  for (let count = 0; count < 5; count++) clock.fires(wallMs, runningMs);
  expect(gaps).toEqual([]);
});

test('a stopped one looks no more', () => {
  const { clock, made } = detector();
  made.stop();
  expect(clock.callback).toBeNull();
});
