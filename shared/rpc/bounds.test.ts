import { describe, expect, it } from 'vitest';
import { withinBounds } from './bounds.ts';

function nested(depth: number): unknown {
  return depth === 0 ? null : [nested(depth - 1)];
}

describe('withinBounds', () => {
  it.each([
    ['a frame', { frame: 'call', id: 1, input: { ids: [1, 2] } }],
    ['32 levels', nested(32)],
    ['a megabyte of text', 'x'.repeat(1_048_576)],
    ['a column', new Float64Array(131_072)],
    ['an object without a prototype', Object.create(null) as unknown],
  ])('takes %s', (_name, message) => {
    expect(withinBounds(message)).toBeNull();
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  it.each([
    ['33 levels', nested(33)],
    ['more than a megabyte of text', ['x'.repeat(1_048_576), 'x']],
    ['more than a megabyte of names', { ['x'.repeat(1_048_577)]: 1 }],
    ['more than a megabyte of columns', new Float64Array(131_073)],
    ['more than 100,000 values', Array(100_000).fill(1)],
    ['a cycle', cycle],
    ['a number of any length', { id: 10n ** 1_000n }],
    ['a map, whose content is not measured', new Map([['x'.repeat(2_000_000), 1]])],
    ['a buffer', new ArrayBuffer(8)],
    ['bytes', new Uint8Array(8)],
    ['a date', new Date()],
  ])('refuses %s', (_name, message) => {
    expect(withinBounds(message)).toMatchObject({ code: 'invalid-input' });
  });
});
