/**
 * Numbers of `le` as Go's ParseFloat reads them: decimal and hexadecimal floats, underscores between digits,
 * `Inf` and `NaN` in any case.
 */
const named = /^([+-]?)(?:(inf|infinity)|nan)$/i;
const decimal = /^[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:e[+-]?\d(?:_?\d)*)?$/i;
const hexadecimal =
  /^([+-]?)0x_?([0-9a-f](?:_?[0-9a-f])*)?\.?([0-9a-f](?:_?[0-9a-f])*)?p([+-]?\d(?:_?\d)*)$/i;

/** Null where the text is no number, or more than a float holds. */
export function parseBound(text: string): number | null {
  const name = named.exec(text);
  if (name !== null) {
    if (name[2] === undefined) return Number.NaN;
    return name[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const value = decimal.test(text) ? Number(text.replaceAll('_', '')) : hexadecimalOf(text);
  return value !== null && Number.isFinite(value) ? value : null;
}

function hexadecimalOf(text: string): number | null {
  const match = hexadecimal.exec(text.replaceAll('_', ''));
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = ''] = match;
  if (whole + fraction === '') return null;
  const mantissa = Number(BigInt(`0x${whole}${fraction}`));
  const value = mantissa * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}
