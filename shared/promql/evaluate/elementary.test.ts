import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  angleOf,
  arctangent,
  exponential,
  hyperbolicCosine,
  hyperbolicSine,
  logarithm,
  power,
} from './elementary.ts';

/** Go's results may differ in the last digits, and a power's error grows with its exponent. */
function expectClose(actual: number, expected: number, relative: number): void {
  if (Number.isNaN(expected)) expect(actual).toBeNaN();
  else if (!Number.isFinite(expected) || expected === 0) expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * relative);
}

const normal = fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((value) => Math.abs(value) > 1e-6);

describe('powers', () => {
  test('are what they are, but for the last digits', () => {
    fc.assert(
      fc.property(normal, fc.double({ min: -50, max: 50, noNaN: true }), (base, exponent) => {
        const expected = base ** exponent;
        if (expected === 0 || Math.abs(expected) > 1e300 || Math.abs(expected) < 1e-300) return;
        expectClose(power(base, exponent), expected, 1e-13);
      }),
    );
    fc.assert(
      fc.property(normal, fc.integer({ min: -40, max: 40 }), (base, exponent) => {
        expectClose(power(base, exponent), base ** exponent, 1e-13);
      }),
    );
  });

  test.each([
    [1, Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY, 1],
    [-1, Number.NEGATIVE_INFINITY, 1],
    [Number.NaN, 0, 1],
    [-8, 1 / 3, Number.NaN],
    [-2, 3, -8],
    [-2, -2, 0.25],
    [0, -1, Number.POSITIVE_INFINITY],
    [-0, -3, Number.NEGATIVE_INFINITY],
    [2, 1024, Number.POSITIVE_INFINITY],
    [2, 1023, 2 ** 1023],
    [2, -1074, 5e-324],
    [2, -1080, 0],
    [5e-324, 1, 5e-324],
    [5e-324, 0.5, Math.sqrt(5e-324)],
    [5e-324, -1, Number.POSITIVE_INFINITY],
    [1e300, 1e300, Number.POSITIVE_INFINITY],
    [0.5, 1e300, 0],
    [Number.NEGATIVE_INFINITY, 3, Number.NEGATIVE_INFINITY],
    [10, 15, 1e15],
  ])('%s ^ %s = %s', (base, exponent, expected) => {
    expect(power(base, exponent)).toBe(expected);
  });
});

describe('angles', () => {
  test('are what they are, but for the last digits', () => {
    fc.assert(
      fc.property(normal, normal, (y, x) => {
        expectClose(arctangent(y), Math.atan(y), 1e-15);
        expectClose(angleOf(y, x), Math.atan2(y, x), 1e-15);
      }),
    );
  });

  test.each([
    [0, -1, Math.PI],
    [-0, -1, -Math.PI],
    [1, 0, Math.PI / 2],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, (3 * Math.PI) / 4],
    [1, Number.NaN, Number.NaN],
  ])('%s atan2 %s', (y, x, expected) => {
    expect(angleOf(y, x)).toBe(expected);
  });
});

describe('at the ends of what a float can say', () => {
  test('an exponential that rounds to too great an exponent is infinite, as servers answer', () => {
    // prometheus 2.42 and 3.5: exp(709.49) is +Inf, though e to that is 1.34e308.
    expect(exponential(709.49)).toBe(Number.POSITIVE_INFINITY);
    expect(exponential(709.4)).toBe(Math.exp(709.4));
    expect(exponential(Number.NaN)).toBeNaN();
    expect(exponential(Number.NEGATIVE_INFINITY)).toBe(0);
  });

  test('so are hyperbolic functions, whose exponential it is', () => {
    expect(hyperbolicCosine(-709.49)).toBe(Number.POSITIVE_INFINITY);
    expect(hyperbolicSine(-709.49)).toBe(Number.NEGATIVE_INFINITY);
    expect(hyperbolicSine(Number.NaN)).toBeNaN();
    for (const value of [-20, -1e-3, 0, 3, 22, 100]) {
      expectClose(hyperbolicSine(value), Math.sinh(value), 1e-14);
      expectClose(hyperbolicCosine(value), Math.cosh(value), 1e-14);
    }
  });

  test('the logarithm of a subnormal number is that of a number with a full fraction', () => {
    // prometheus 3.5: log10(5e-324) is -307.9536855642528.
    expectClose(logarithm(5e-324) / Math.LN10, -307.9536855642528, 1e-15);
    expect(logarithm(2 ** -1022)).toBe(Math.log(2 ** -1022));
    expect(logarithm(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(logarithm(-1)).toBeNaN();
  });
});
