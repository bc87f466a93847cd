import { formatFloat } from './float-format.ts';
import { goQuote } from './quoting.ts';
import { printValue, typeNameOf, type Value } from './value.ts';

/**
 * Go's Printf for the values of a template. Mistakes print as Go prints them (`%!d(float64=1)`); what Go can
 * and this cannot throws an Error that says so. Source: https://pkg.go.dev/fmt.
 */

interface Directive {
  readonly verb: string;
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
}

const directivePattern = /%([-+# 0]*)(\*|\d{1,9})?(?:\.(\*|\d{0,9}))?(\[)?([^])?/gu;
const maxWidth = 1_000;

export function printf(format: string, args: readonly Value[]): string {
  let used = 0;
  const text = format.replaceAll(
    directivePattern,
    (written, flags: string, width?: string, precision?: string, index?: string, verb?: string) => {
      if (index !== undefined) throw new Error('printf with argument indexes is not supported here');
      if (width === '*' || precision === '*') throw new Error('printf with * is not supported here');
      if (verb === undefined) return '%!(NOVERB)';
      if (verb === '%') return '%';
      if (Number(width ?? 0) > maxWidth || Number(precision ?? 0) > maxWidth)
        throw new Error(`printf wider than ${maxWidth} is not supported here: ${written}`);
      const value = args[used];
      used += 1;
      if (value === undefined) return `%!${verb}(MISSING)`;
      const directive = {
        verb,
        flags,
        width: Number(width ?? 0),
        precision: precision === undefined ? null : Number(precision),
      };
      return padded(directive, formatted(directive, value), isNumber(value));
    },
  );
  const extra = args.slice(used).map(describe);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

function formatted(directive: Directive, value: Value): string {
  const { verb, precision } = directive;
  if ('UOp'.includes(verb)) throw new Error(`printf with %${verb} is not supported here`);
  if (verb === 'v' && precision === null && typeof value !== 'number' && typeof value !== 'bigint')
    return value === null ? '<nil>' : printValue(value);
  if (verb === 'T') return typeNameOf(value);
  if (typeof value === 'number') return formattedFloat(directive, value);
  if (typeof value === 'bigint') return formattedInteger(directive, value);
  if (typeof value === 'string') return formattedText(directive, value);
  if (typeof value === 'boolean' && verb === 't') return String(value);
  if (typeof value === 'object' && value !== null && 'vs'.includes(verb)) return printValue(value);
  if (typeof value === 'object' && value !== null && verb === 'q')
    throw new Error(`printf with %${verb} of labels is not supported here`);
  return wrong(verb, value);
}

function formattedFloat({ verb, flags, precision }: Directive, value: number): string {
  if (flags.includes('#')) throw new Error(`printf with %#${verb} of a float is not supported here`);
  const signed = (text: string): string => withSign(text, flags);
  switch (verb) {
    case 'v':
    case 'g':
      return signed(formatFloat(value, 'g', precision));
    case 'G':
      return signed(formatFloat(value, 'g', precision).replace('e', 'E'));
    case 'e':
      return signed(formatFloat(value, 'e', precision ?? 6));
    case 'E':
      return signed(formatFloat(value, 'e', precision ?? 6).replace('e', 'E'));
    case 'f':
    case 'F':
      return signed(formatFloat(value, 'f', precision ?? 6));
    case 'x':
    case 'X':
    case 'b':
      throw new Error(`printf with %${verb} of a float is not supported here`);
    default:
      return wrong(verb, value);
  }
}

const radixes: Readonly<Record<string, readonly [radix: number, prefix: string]>> = {
  d: [10, ''],
  v: [10, ''],
  x: [16, '0x'],
  X: [16, '0x'],
  o: [8, '0'],
  b: [2, '0b'],
};

function formattedInteger({ verb, flags, precision }: Directive, value: bigint): string {
  if (verb === 'c' || verb === 'q') {
    const character = String.fromCodePoint(Number(BigInt.asUintN(20, value)));
    return verb === 'c' ? character : `'${goQuote(character).slice(1, -1)}'`;
  }
  const radix = radixes[verb];
  if (radix === undefined) return wrong(verb, value);
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString(radix[0]).padStart(precision ?? 0, '0');
  const text = sign + (flags.includes('#') ? radix[1] : '') + digits;
  return withSign(verb === 'X' ? text.toUpperCase() : text, flags);
}

function formattedText({ verb, flags, precision }: Directive, value: string): string {
  const text = precision === null ? value : Array.from(value).slice(0, precision).join('');
  switch (verb) {
    case 's':
    case 'v':
      return text;
    case 'q':
      return flags.includes('#') && !text.includes('`') ? `\`${text}\`` : goQuote(text);
    case 'x':
    case 'X': {
      const bytes = [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0'));
      const written = bytes.join(flags.includes(' ') ? ' ' : '');
      return verb === 'X' ? written.toUpperCase() : written;
    }
    default:
      return wrong(verb, value);
  }
}

function withSign(text: string, flags: string): string {
  if (text.startsWith('-') || text.startsWith('+'))
    return text === '+Inf' && flags.includes('+') ? text : text;
  if (flags.includes('+')) return `+${text}`;
  return flags.includes(' ') ? ` ${text}` : text;
}

function padded({ flags, width }: Directive, text: string, isNumeric: boolean): string {
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  const isFinite = !/Inf|NaN/.test(text);
  if (!flags.includes('0') || (isNumeric && !isFinite)) return ' '.repeat(missing) + text;
  const [sign = ''] = (isNumeric && /^[-+ ]/.exec(text)) || [];
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function isNumber(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function wrong(verb: string, value: Value): string {
  return value === null ? `%!${verb}(<nil>)` : `%!${verb}(${describe(value)})`;
}

function describe(value: Value): string {
  return value === null ? '<nil>' : `${typeNameOf(value)}=${printValue(value)}`;
}
