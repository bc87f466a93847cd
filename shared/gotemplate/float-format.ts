/** Floats as Go's strconv.FormatFloat writes them, with the exponent of at least two digits. */

/**
 * @param precision digits after the point for `e` and `f`, all digits for `g`; null for as few as tell the
 * number exactly.
 */
export function formatFloat(value: number, verb: 'e' | 'f' | 'g', precision: number | null): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + unsigned(Math.abs(value), verb, precision);
}

function unsigned(value: number, verb: 'e' | 'f' | 'g', precision: number | null): string {
  switch (verb) {
    case 'e':
      return exponential(digitsOf(value, precision === null ? null : precision + 1), precision);
    case 'f':
      return fixed(value, precision);
    case 'g': {
      // Go takes a precision of 0 for 1.
      const digits = digitsOf(value, precision === null ? null : Math.max(1, precision));
      const shortened = { ...digits, digits: digits.digits.replace(/(?<=.)0+$/, '') };
      const threshold = thresholdOf(precision, shortened);
      const takesExponent = shortened.exponent < -4 || shortened.exponent >= threshold;
      return takesExponent ? exponential(shortened, null) : positional(shortened);
    }
  }
}

function thresholdOf(precision: number | null, { digits, exponent }: Digits): number {
  if (precision === null) return shortestThreshold;
  const wanted = Math.max(1, precision);
  return wanted > digits.length && digits.length >= exponent + 1 ? digits.length : wanted;
}

/** `%v` writes 1e+06 and not 1000000, but 123456 as it is. Source: strconv/ftoa.go, measured with promtool. */
const shortestThreshold = 6;

/** The most that JavaScript writes; far more than any rounding depends on. */
const mostDigits = 100;

interface Digits {
  /** Without a point; the first is not 0 unless the number is. */
  readonly digits: string;
  /** Power of ten of the first digit. */
  readonly exponent: number;
}

/** @param count how many digits, null for as few as tell the number exactly. */
function digitsOf(value: number, count: number | null): Digits {
  if (count === null) return partsOf(value.toExponential());
  const kept = Math.min(101, count);
  return tieToEven(value, kept) ?? partsOf(value.toExponential(kept - 1));
}

/**
 * The digits where exactly half a unit is left over and the last digit is even: JavaScript rounds that up,
 * Go rounds it to the even digit. Null in every other case.
 */
function tieToEven(value: number, count: number): Digits | null {
  const exact = partsOf(value.toExponential(mostDigits));
  if (!/^50*$/.test(exact.digits.slice(count))) return null;
  const digits = exact.digits.slice(0, count);
  return count === 0 || Number(digits.at(-1)) % 2 === 0 ? { digits, exponent: exact.exponent } : null;
}

function partsOf(written: string): Digits {
  const [mantissa = '', exponent = ''] = written.split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function exponential({ digits, exponent }: Digits, precision: number | null): string {
  const fraction = precision === null ? digits.slice(1) : digits.slice(1).padEnd(precision, '0');
  const sign = exponent < 0 ? '-' : '+';
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits.charAt(0)}${fraction === '' ? '' : `.${fraction}`}e${sign}${power}`;
}

function positional({ digits, exponent }: Digits): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function fixed(value: number, precision: number | null): string {
  if (precision === null) return positional(digitsOf(value, null));
  if (value >= 1e21) {
    // toFixed gives up here; a float this large is a whole number.
    const whole = BigInt(value).toString();
    return precision === 0 ? whole : `${whole}.${'0'.repeat(precision)}`;
  }
  const decimals = Math.min(100, precision);
  const count = partsOf(value.toExponential(mostDigits)).exponent + 1 + decimals;
  const even = count < 0 ? null : tieToEven(value, count);
  if (even === null) return value.toFixed(decimals);
  const [whole = '0', fraction = ''] = (even.digits === '' ? '0' : positional(even)).split('.');
  return decimals === 0 ? whole : `${whole}.${fraction.padEnd(decimals, '0')}`;
}
