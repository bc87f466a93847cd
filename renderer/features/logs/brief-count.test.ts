import { expect, it } from 'vitest';
import { briefBytes, briefCount } from './brief-count.ts';

it.each([
  [0, '0', '0 B'],
  [812, '812', '812 B'],
  [15_700, '15.7k', '15.7 kB'],
  [196_000, '196k', '196 kB'],
  [999_700, '1.0M', '1.0 MB'],
  [2_100_000_000_000, '2.1T', '2.1 TB'],
])('%i', (value, count, bytes) => {
  expect(briefCount(value)).toBe(count);
  expect(briefBytes(value)).toBe(bytes);
});
