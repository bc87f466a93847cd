import { unescapedGo } from '#shared/go-strings.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { metricNameLabel } from '../model/label-set.ts';

/**
 * The metric at the start of a line of the series notation: `name`, `name{label="value"}`, `{"name"}`. It is
 * that of PromQL with `=` alone, and without a space between name and brace.
 */
export interface MetricText {
  /** The name is among them, as `__name__`; a value may be empty. */
  readonly labels: ReadonlyMap<string, string>;
  /** Where the metric ends in the text. */
  readonly end: number;
}

const bareName = /[a-zA-Z_:][\w:]*/y;
const spaces = /\s*/y;
const quoted = /"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)'|`([^`]*)`/y;

/** @returns a sentence without a place about what is wrong. */
export function readMetric(text: string): Result<MetricText, string> {
  const labels = new Map<string, string>();
  const name = matchAt(bareName, text, 0)?.[0] ?? '';
  if (name !== '') labels.set(metricNameLabel, name);
  if (text[name.length] !== '{') {
    return name === '' ? failed('a metric is missing') : success({ labels, end: name.length });
  }
  return readLabels(text, name.length + 1, labels);
}

function readLabels(text: string, start: number, labels: Map<string, string>): Result<MetricText, string> {
  let at = afterSpaces(text, start);
  while (text[at] !== '}') {
    const item = readLabel(text, at);
    if (!item.ok) return item;
    const { name, value, end } = item.value;
    if (labels.has(name)) return failed(`the label "${name}" is given twice`);
    labels.set(name, value);
    at = afterSpaces(text, end);
    if (text[at] === ',') at = afterSpaces(text, at + 1);
    else if (text[at] !== '}') return failed('the labels do not end with a brace');
  }
  return success({ labels, end: at + 1 });
}

interface LabelText {
  readonly name: string;
  readonly value: string;
  readonly end: number;
}

function readLabel(text: string, start: number): Result<LabelText, string> {
  const bare = matchAt(bareName, text, start)?.[0];
  const name =
    bare === undefined ? readQuoted(text, start) : success({ value: bare, end: start + bare.length });
  if (!name.ok) return name;
  const equals = afterSpaces(text, name.value.end);
  if (text[equals] !== '=') {
    // A quoted text alone is the metric's name, for names that cannot stand bare.
    return bare === undefined
      ? success({ name: metricNameLabel, ...name.value })
      : failed(`the label ${bare} has no value`);
  }
  const value = readQuoted(text, afterSpaces(text, equals + 1));
  return value.ok ? success({ name: name.value.value, ...value.value }) : value;
}

/** A text in any of PromQL's quotes. */
export function readQuoted(text: string, start: number): Result<{ value: string; end: number }, string> {
  const match = matchAt(quoted, text, start);
  if (match === null) return failed('a quoted text is missing');
  const end = start + match[0].length;
  const [, double, single, raw] = match;
  if (raw !== undefined) return success({ value: raw, end });
  const body = unescapedGo(double ?? single ?? '', { apostrophe: single !== undefined, utf8: true });
  return body.ok ? success({ value: body.value, end }) : failed(`the escape ${body.failure} cannot be read`);
}

function afterSpaces(text: string, start: number): number {
  return start + (matchAt(spaces, text, start)?.[0].length ?? 0);
}

function matchAt(pattern: RegExp, text: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(text);
}
