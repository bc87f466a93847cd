import { labelOf, type Labels } from '#shared/model/labels.ts';

/**
 * The part of Go's templates that the demo's annotations use: `{{ $value }}`, `{{ $labels.name }}`, the
 * humanize functions and `printf`. Anything else is a mistake in our own rules and throws when read.
 */
export type Template = (labels: Labels, value: number) => string;

type Operand = (labels: Labels, value: number) => number | string;

export function parseTemplate(text: string): Template {
  const parts = text
    .split(/\{\{-?\s*(.*?)\s*-?\}\}/)
    .map((part, index) => (index % 2 === 0 ? part : pipeline(part)));
  return (labels, value) =>
    parts
      .map((part) => {
        const result = typeof part === 'string' ? part : part(labels, value);
        return typeof result === 'number' ? formatGo(result) : result;
      })
      .join('');
}

function pipeline(text: string): Operand {
  const [first = '', ...stages] = text.split(/\s*\|\s*/);
  return stages.reduce((input, stage) => apply(stage, input), stageOf(first));
}

function stageOf(text: string): Operand {
  const call = /^(\w+)\s+(.*)$/.exec(text);
  if (text.startsWith('printf ')) {
    const match = /^printf\s+"([^"]*)"\s+(\S+)$/.exec(text);
    return format(match?.[1] ?? '', operand(match?.[2] ?? text));
  }
  return call === null ? operand(text) : apply(call[1] ?? '', operand(call[2] ?? ''));
}

function operand(text: string): Operand {
  if (text === '$value') return (_labels, value) => value;
  const name = /^\$labels\.(\w+)$/.exec(text)?.[1];
  if (name === undefined) throw new Error(`not a template expression that the demo knows: ${text}`);
  return (labels) => labelOf(labels, name);
}

function apply(stage: string, input: Operand): Operand {
  const printf = /^printf\s+"([^"]*)"$/.exec(stage);
  if (printf !== null) return format(printf[1] ?? '', input);
  const known = functions.get(stage);
  if (known === undefined) throw new Error(`not a template function that the demo knows: ${stage}`);
  return (labels, value) => known(Number(input(labels, value)));
}

/** Go's `printf` with one verb: `%.2f` and its like, or `%s`. */
function format(pattern: string, input: Operand): Operand {
  const verb = /^([^%]*)%(?:\.(\d+)f|s)([^%]*)$/.exec(pattern);
  if (verb === null) throw new Error(`not a format that the demo knows: ${pattern}`);
  const [, before = '', digits, after = ''] = verb;
  return (labels, value) => {
    const given = input(labels, value);
    const text =
      digits === undefined || typeof given === 'string' ? String(given) : given.toFixed(Number(digits));
    return `${before}${text}${after}`;
  };
}

const functions: ReadonlyMap<string, (value: number) => string> = new Map([
  ['humanize', humanize],
  ['humanizePercentage', (value: number) => `${fourDigits(value * 100)}%`],
  ['humanizeDuration', humanizeDuration],
]);

function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return fourDigits(value);
  const [factor, prefixes] =
    Math.abs(value) >= 1
      ? ([1 / 1_000, ['k', 'M', 'G', 'T', 'P']] as const)
      : ([1_000, ['m', 'u', 'n', 'p']] as const);
  let scaled = value;
  let prefix = '';
  for (const next of prefixes) {
    if (factor < 1 ? Math.abs(scaled) < 1_000 : Math.abs(scaled) >= 1) break;
    scaled *= factor;
    prefix = next;
  }
  return `${fourDigits(scaled)}${prefix}`;
}

function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return fourDigits(value);
  if (value === 0) return '0s';
  if (Math.abs(value) < 1) return `${humanize(value)}s`;
  if (Math.abs(value) < 60) return `${fourDigits(value)}s`;
  const total = Math.trunc(Math.abs(value));
  const parts = [
    Math.floor(total / 86_400),
    Math.floor(total / 3_600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  const units = ['d', 'h', 'm', 's'];
  const first = parts.findIndex((part) => part > 0);
  const text = parts.map((part, index) => `${part}${units[index] ?? ''}`).slice(first);
  return `${value < 0 ? '-' : ''}${text.join(' ')}`;
}

/** Go's `%.4g`: four significant digits, no trailing zeros, exponent form outside 1e-4 to 1e4. */
function fourDigits(value: number): string {
  if (!Number.isFinite(value) || value === 0) return formatGo(value);
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(4)))));
  if (exponent >= -4 && exponent < 4) return String(Number(value.toPrecision(4)));
  return goExponent(Number(value.toPrecision(4)).toExponential());
}

/** Go’s `%v` of a float as templates print it: shortest digits, exponent form below 1e-4 and from 1e6. */
function formatGo(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const magnitude = Math.abs(value);
  if (value !== 0 && (magnitude < 1e-4 || magnitude >= 1e6)) return goExponent(value.toExponential());
  return String(value);
}

/** JavaScript's exponent in Go's form, with two digits at least: `7.79e+0` is `7.79e+00`. */
export function goExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
