/**
 * Powers and arctangents as the mathematics library of Go computes them, step by step: its last digits
 * differ from JavaScript's, and a deviation of nearly equal values shows nothing but last digits. Sources:
 * Go's package math; its arctangent is that of the Cephes library.
 */

/** Of any two numbers: 1 to any power is 1, and so is -1 to an infinite one, unlike in JavaScript. */
export function power(base: number, exponent: number): number {
  if (exponent === 0 || base === 1) return 1;
  if (exponent === 1) return base;
  if (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) return 1;
  if (!Number.isFinite(base) || !Number.isFinite(exponent) || base === 0) return base ** exponent;
  if (exponent === 0.5) return Math.sqrt(base);
  if (exponent === -0.5) return 1 / Math.sqrt(base);
  return finitePower(base, exponent);
}

const smallestNormal = 2 ** -1022;

/**
 * The natural logarithm as Go's assembly for x86-64 has it, which takes a subnormal number for one with a
 * full fraction. Seen in 2.42 and 3.5.
 */
export function logarithm(value: number): number {
  if (value <= 0 || value >= smallestNormal) return Math.log(value);
  return Math.log(1 + value / smallestNormal) - 1023 * Math.LN2;
}

/** Rounds the exponent of two before it looks whether there is one that great: seen as above. */
export function exponential(value: number): number {
  return value >= 1023.5 * Math.LN2 ? Number.POSITIVE_INFINITY : Math.exp(value);
}

/** Beyond it a hyperbolic function is half an exponential, to the last digit. */
const farFromZero = 21;

export function hyperbolicSine(value: number): number {
  if (Math.abs(value) <= farFromZero) return Math.sinh(value);
  return Math.sign(value) * exponential(Math.abs(value)) * 0.5;
}

export function hyperbolicCosine(value: number): number {
  if (Math.abs(value) <= farFromZero) return Math.cosh(value);
  return exponential(Math.abs(value)) * 0.5;
}

/** Beyond it a float has no odd integers, and repeated squaring overflows long before. */
const greatestExponent = 2 ** 63;

function finitePower(base: number, exponent: number): number {
  let whole = Math.trunc(Math.abs(exponent));
  let rest = Math.abs(exponent) - whole;
  if (rest !== 0 && base < 0) return Number.NaN;
  if (whole >= greatestExponent) return base ** exponent;
  let result = 1;
  if (rest !== 0) {
    if (rest > 0.5) {
      rest -= 1;
      whole += 1;
    }
    result = exponential(rest * logarithm(base));
  }
  return raised(base, whole, { result, isInverse: exponent < 0 });
}

/** Squares the fraction and doubles the exponent apart, so that nothing overflows on the way. */
function raised(
  base: number,
  whole: number,
  { result, isInverse }: { readonly result: number; readonly isInverse: boolean },
): number {
  let product = result;
  let productExponent = 0;
  let [fraction, exponent] = fractionAndExponent(base);
  for (let bits = whole; bits !== 0; bits = Math.floor(bits / 2)) {
    if (Math.abs(exponent) > 1 << 12) {
      productExponent += exponent;
      break;
    }
    if (bits % 2 === 1) {
      product *= fraction;
      productExponent += exponent;
    }
    fraction *= fraction;
    exponent *= 2;
    if (fraction < 0.5) {
      fraction += fraction;
      exponent -= 1;
    }
  }
  return isInverse ? scaled(1 / product, -productExponent) : scaled(product, productExponent);
}

const bytes = new DataView(new ArrayBuffer(8));

/** The fraction is at least a half and below one in size; of a finite number that is not zero. */
function fractionAndExponent(value: number): [fraction: number, exponent: number] {
  const isSubnormal = Math.abs(value) < smallestNormal;
  bytes.setFloat64(0, isSubnormal ? value * 2 ** 52 : value);
  const head = bytes.getUint32(0);
  bytes.setUint32(0, ((head & 0x800f_ffff) | (1022 << 20)) >>> 0);
  return [bytes.getFloat64(0), ((head >>> 20) & 0x7ff) - 1022 - (isSubnormal ? 52 : 0)];
}

/** In two steps where one power of two would be no float; the first of them is exact. */
function scaled(value: number, exponent: number): number {
  if (exponent > 1023) return value * 2 ** 1023 * 2 ** Math.min(exponent - 1023, 1023);
  if (exponent < -1022) return value * 2 ** -1022 * 2 ** Math.max(exponent + 1022, -1074);
  return value * 2 ** exponent;
}

export function arctangent(value: number): number {
  if (value === 0) return value;
  return value > 0 ? positiveArctangent(value) : -positiveArctangent(-value);
}

/** What a right angle has beyond the digits of a float. */
const moreOfRightAngle = 6.123233995736766e-17;
const tangentOfThreeEighths = 2.414213562373095;

function positiveArctangent(value: number): number {
  if (value <= 0.66) return smallArctangent(value);
  if (value > tangentOfThreeEighths) return Math.PI / 2 - smallArctangent(1 / value) + moreOfRightAngle;
  return Math.PI / 4 + smallArctangent((value - 1) / (value + 1)) + 0.5 * moreOfRightAngle;
}

const numerator = [
  -0.8750608600031904, -16.157537187333652, -75.00855792314705, -122.88666844901361, -64.85021904942025,
];
const denominator = [
  1, 24.858464901423062, 165.02700983169885, 432.88106049129027, 485.3903996359137, 194.5506571482614,
];

/** A quotient of polynomials, good from 0 to 0.66. */
function smallArctangent(value: number): number {
  const square = value * value;
  const quotient = (square * polynomial(numerator, square)) / polynomial(denominator, square);
  return value * quotient + value;
}

function polynomial(coefficients: readonly number[], value: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * value + coefficient;
  return sum;
}

/** The angle of a point, as IEEE 754 has it where a coordinate is zero, infinite or not a number. */
export function angleOf(y: number, x: number): number {
  if (x === 0 || y === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return Math.atan2(y, x);
  const angle = arctangent(y / x);
  if (x > 0) return angle;
  return angle <= 0 ? angle + Math.PI : angle - Math.PI;
}
