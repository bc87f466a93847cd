import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeenLines } from './seen-lines.ts';

test('a line is known again by its stream, its nanosecond and its text', () => {
  const seen = new SeenLines(100);
  const long = 'x'.repeat(500);
  expect(seen.add(0, '1795246173000000005', long)).toBe(true);
  expect(seen.add(0, '1795246173000000005', long)).toBe(false);
  expect(seen.add(1, '1795246173000000005', long)).toBe(true);
  expect(seen.add(0, '1795246173000000006', long)).toBe(true);
  expect(seen.add(0, '1795246173000000005', `${long}y`)).toBe(true);
  expect(seen.add(0, '5', 'short')).toBe(true);
  expect(seen.add(0, '5', 'short')).toBe(false);
});

test('a second that never ends is forgotten too, and said by the floor', () => {
  const seen = new SeenLines(50);
  for (let at = 0; at < 100; at++) seen.add(0, String(3_000_000_000 + at), 'x');
  expect(seen.floorNs).toBe('0');
  expect(seen.add(0, '3000000000', 'x')).toBe(false);
  seen.add(0, '3000000100', 'x');
  expect(seen.floorNs).toBe('4000000000');
  expect(seen.add(0, '3000000000', 'x')).toBe(true);
});

const anyLine = fc.record({
  second: fc.integer({ min: 0, max: 30 }),
  nano: fc.nat(3),
  stream: fc.nat(1),
});

test('whatever comes in whatever order, nothing after the floor is forgotten, and little is held', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 200 }), (lines) => {
      const seen = new SeenLines(20);
      const given = new Set<string>();
      for (const { second, nano, stream } of lines) {
        const timeNs = String(BigInt(second) * 1_000_000_000n + BigInt(nano));
        const key = `${stream} ${timeNs}`;
        const isKnown = BigInt(timeNs) >= BigInt(seen.floorNs);
        const isNew = seen.add(stream, timeNs, 'x');
        if (isKnown) expect(isNew).toBe(!given.has(key));
        given.add(key);
      }
    }),
  );
});
