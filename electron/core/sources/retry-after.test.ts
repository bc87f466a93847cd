import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const nowMs = Date.parse('2026-11-21T03:12:00Z');

test.each([
  [null, null],
  ['', null],
  ['0', 0],
  ['7', 7_000],
  [' 7 ', 7_000],
  ['86400', 900_000],
  ['Sat, 21 Nov 2026 03:12:09 GMT', 9_000],
  ['Sat, 21 Nov 2026 03:11:00 GMT', 0],
  ['Sun, 22 Nov 2026 03:12:00 GMT', 900_000],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['Soon, very', null],
  ['2026', 900_000],
])('%o is %o', (header, expected) => {
  expect(retryAfterMs(header, nowMs)).toBe(expected);
});
