import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import { isQuietEnough, quietSince, type QuietLook } from './quiet.ts';

function look(part: Partial<QuietLook>): QuietLook {
  return { nowMs: 100_000, lastLookMs: 90_000, wasSeen: true, isMatched: false, ...part };
}

test('quiet begins with the look before, and goes on', () => {
  expect(quietSince(null, look({}))).toBe(90_000);
  expect(quietSince(50_000, look({}))).toBe(50_000);
});

test('something that matches ends it', () => {
  expect(quietSince(50_000, look({ isMatched: true }))).toBeNull();
});

test('what nobody saw is put on top', () => {
  expect(quietSince(50_000, look({ wasSeen: false }))).toBe(60_000);
  expect(quietSince(null, look({ wasSeen: false }))).toBe(100_000);
  expect(quietSince(50_000, look({ nowMs: 90_000 + hourMs }))).toBe(50_000 + hourMs);
});

test('a clock that is set back counts nothing', () => {
  expect(quietSince(50_000, look({ nowMs: 40_000 }))).toBe(40_000);
});

const looks = fc.array(
  fc.record({
    passedMs: fc.constantFrom(secondMs, 10 * secondMs, 59 * secondMs, 2 * minuteMs, hourMs),
    wasSeen: fc.boolean(),
    isMatched: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  }),
);

test('over any looks: what is quiet is what was seen since the last match, and no more', () => {
  fc.assert(
    fc.property(looks, (story) => {
      let nowMs = 1_000_000;
      let sinceMs: number | null = null;
      let seenMs = 0;
      for (const { passedMs, wasSeen, isMatched } of story) {
        const lastLookMs = nowMs;
        nowMs += passedMs;
        sinceMs = quietSince(sinceMs, { nowMs, lastLookMs, wasSeen, isMatched });
        if (isMatched) seenMs = 0;
        else if (wasSeen && passedMs <= minuteMs) seenMs += passedMs;
        expect(sinceMs === null ? 0 : nowMs - sinceMs).toBe(seenMs);
        expect(isQuietEnough(sinceMs, 5 * minuteMs, nowMs)).toBe(!isMatched && seenMs >= 5 * minuteMs);
      }
    }),
  );
});
