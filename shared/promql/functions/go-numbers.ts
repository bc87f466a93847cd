/**
 * Functions of numbers where Go's standard library, whose results are Prometheus', differs from JavaScript.
 */

/**
 * Go computes the logarithm of the mantissa and adds the exponent, which costs digits next to 1: a better
 * result would differ from Prometheus'. Source: measured with promtool, to the last digit.
 */
export function log2(value: number): number {
  if (!(value > 0) || value === Number.POSITIVE_INFINITY) return Math.log(value);
  const { fraction, exponent } = parts(value);
  return fraction === 0.5 ? exponent - 1 : exponent + Math.log(fraction) * (1 / Math.LN2);
}

const bits = new DataView(new ArrayBuffer(8));

/** `value = fraction * 2 ** exponent` with the fraction from 0.5 up to 1; of positive finite numbers. */
function parts(value: number): { readonly fraction: number; readonly exponent: number } {
  const isSubnormal = value < 2 ** -1022;
  bits.setFloat64(0, isSubnormal ? value * 2 ** 52 : value);
  const high = bits.getUint32(0);
  bits.setUint32(0, (high & 0x800fffff) | 0x3fe00000);
  return { fraction: bits.getFloat64(0), exponent: ((high >>> 20) & 0x7ff) - 1022 - (isSubnormal ? 52 : 0) };
}

/** Unlike JavaScript's, an infinity wins over a NaN. */
export function max(left: number, right: number): number {
  const hasInfinity = left === Number.POSITIVE_INFINITY || right === Number.POSITIVE_INFINITY;
  return hasInfinity ? Number.POSITIVE_INFINITY : Math.max(left, right);
}

export function min(left: number, right: number): number {
  const hasInfinity = left === Number.NEGATIVE_INFINITY || right === Number.NEGATIVE_INFINITY;
  return hasInfinity ? Number.NEGATIVE_INFINITY : Math.min(left, right);
}
