import { quotedText, readQuoted } from '#shared/filter/quoting.ts';
import type { Labels } from '#shared/model/labels.ts';

/** The labels of an alert as one line: `alertname=DiskFull severity="critical"`, commas and braces allowed. Pure. */

export type ReadLabelLine =
  | { readonly ok: true; readonly labels: Labels }
  | { readonly ok: false; readonly fault: LabelFault };

export interface LabelFault {
  /** UTF-16 units from the start of the line. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

const between = /[\s,{}]*/y;
const bareName = /[^\s,{}"=!~<>]+/y;
const bareValue = /[^\s,{}"]*/y;
const plainName = /^[\p{L}_:][\p{L}\p{N}_:.-]*$/u;

export function readLabelLine(line: string): ReadLabelLine {
  const labels: [name: string, value: string][] = [];
  let at = after(between, line, 0);
  while (at < line.length) {
    const name = readPart(line, at, bareName);
    if (name === undefined) return fault(at, line.length, 'The quote is not closed.');
    const operator = /^(?:=~|!=|!~|=|[<>!~])?/.exec(line.slice(name.to))?.[0] ?? '';
    if (name.text === '') return fault(at, at + 1, 'A label begins with its name: severity=critical.');
    if (operator === '')
      return fault(at, name.to, `Write the value of ${name.text} behind it: ${name.text}=value.`);
    if (operator !== '=')
      return fault(
        name.to,
        name.to + operator.length,
        'An alert has labels, no conditions: write name=value.',
      );
    const value = readPart(line, name.to + 1, bareValue);
    if (value === undefined) return fault(name.to + 1, line.length, 'The quote is not closed.');
    labels.push([name.text, value.text]);
    at = after(between, line, value.to);
  }
  return { ok: true, labels: Object.fromEntries(labels) };
}

/** A name or value, quoted or bare; undefined where its quote is not closed. */
function readPart(line: string, from: number, bare: RegExp): { text: string; to: number } | undefined {
  if (line[from] === '"') return readQuoted(line, from);
  const to = after(bare, line, from);
  return { text: line.slice(from, to), to };
}

function after(pattern: RegExp, line: string, from: number): number {
  pattern.lastIndex = from;
  return from + (pattern.exec(line)?.[0].length ?? 0);
}

function fault(from: number, to: number, message: string): ReadLabelLine {
  return { ok: false, fault: { from, to: Math.max(to, from + 1), message } };
}

export function writeLabelLine(labels: Labels): string {
  return Object.entries(labels)
    .toSorted(([left], [right]) => rankOf(left) - rankOf(right) || (left < right ? -1 : 1))
    .map(([name, value]) => `${writtenName(name)}=${writtenValue(value)}`)
    .join(' ');
}

/** What tells an alert apart stands first. */
function rankOf(name: string): number {
  const place = ['alertname', 'severity', 'service'].indexOf(name);
  return place === -1 ? 3 : place;
}

export function writtenName(name: string): string {
  return plainName.test(name) ? name : quotedText(name);
}

export function writtenValue(value: string): string {
  return /^[\p{L}\p{N}_:./@-]+$/u.test(value) ? value : quotedText(value);
}
