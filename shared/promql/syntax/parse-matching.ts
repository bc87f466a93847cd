import type { MatchCardinality, VectorMatching } from './ast.ts';
import { parseNumber } from './parse-duration.ts';
import { ParseError } from './parse-problem.ts';
import { readString } from './parse-selector.ts';
import { goQuoted } from './strings.ts';
import { canNameLabel, canNameMetric } from './token.ts';
import type { Place, TokenStream } from './token-stream.ts';

/** Lists of labels in parentheses, and how the series of two sides find each other. */

const opening: Place = { name: 'grouping opts', expected: '"("' };
const labelName: Place = { name: 'grouping opts', expected: 'label' };
const separator: Place = { name: 'grouping opts', expected: '"," or ")"' };

export interface LabelList {
  readonly labels: readonly string[];
  /** Behind the closing parenthesis. */
  readonly end: number;
}

export function parseLabels(stream: TokenStream): LabelList {
  stream.expect('(', opening);
  const labels: string[] = [];
  for (;;) {
    const closing = stream.takeIf(')');
    if (closing !== null) return { labels, end: closing.end };
    labels.push(parseLabel(stream));
    if (!stream.isNext(')')) stream.expect(',', separator);
  }
}

function parseLabel(stream: TokenStream): string {
  const token = stream.peek();
  if (token.kind !== 'string' && !canNameLabel(token)) return stream.unexpected(labelName);
  stream.take();
  const label = token.kind === 'string' ? readString(token) : token.text;
  if (label === '' || !label.isWellFormed())
    throw new ParseError(`invalid label name for grouping: ${goQuoted(label)}`, token.start, token.end);
  return label;
}

/** What stands between an operator and its right side. */
export interface BinaryModifiers {
  readonly bool: boolean;
  readonly matching: VectorMatching;
}

const unmodified: BinaryModifiers = {
  bool: false,
  matching: {
    cardinality: 'one-to-one',
    on: false,
    labels: [],
    include: [],
    fill: { left: null, right: null },
  },
};

export function parseModifiers(stream: TokenStream): BinaryModifiers {
  if (stream.peek().kind !== 'keyword') return unmodified;
  const bool = stream.takeIf('bool') !== null;
  const selection = stream.takeIf('on') ?? stream.takeIf('ignoring');
  const labels = selection === null ? [] : parseLabels(stream).labels;
  const group = selection === null ? null : (stream.takeIf('group_left') ?? stream.takeIf('group_right'));
  const include = group === null ? [] : parseIncluded(stream);
  const cardinality: MatchCardinality =
    group === null ? 'one-to-one' : group.name === 'group_left' ? 'many-to-one' : 'one-to-many';
  const fill = parseFill(stream);
  return { bool, matching: { cardinality, on: selection?.name === 'on', labels, include, fill } };
}

/** The list may be left out, if then comes what can only be the right side. */
function parseIncluded(stream: TokenStream): readonly string[] {
  const isLeftOut = !stream.isNext('(') && (canBegin(stream) || isFill(stream));
  return isLeftOut ? [] : parseLabels(stream).labels;
}

/** Whether an expression can begin with the next token. */
export function canBegin(stream: TokenStream): boolean {
  const token = stream.peek();
  switch (token.kind) {
    case 'number':
    case 'duration':
    case 'string':
      return true;
    case 'punctuation':
      return token.text === '(' || token.text === '{';
    case 'operator':
      return token.name === '+' || token.name === '-' || canNameMetric(token);
    case 'identifier':
    case 'metric identifier':
    case 'aggregation':
    case 'keyword':
    case 'preprocessor':
    case 'end':
      return canNameMetric(token);
  }
}

function isFill(stream: TokenStream): boolean {
  return stream.isNext('fill') || stream.isNext('fill_left') || stream.isNext('fill_right');
}

/** `fill (1)` for both sides, or one or both of `fill_left` and `fill_right`. */
function parseFill(stream: TokenStream): VectorMatching['fill'] {
  const first = stream.takeIf('fill') ?? stream.takeIf('fill_left') ?? stream.takeIf('fill_right');
  if (first === null) return unmodified.matching.fill;
  const value = parseFillValue(stream);
  if (first.name === 'fill') return { left: value, right: value };
  const isLeft = first.name === 'fill_left';
  const other = stream.takeIf(isLeft ? 'fill_right' : 'fill_left');
  const otherValue = other === null ? null : parseFillValue(stream);
  return isLeft ? { left: value, right: otherValue } : { left: otherValue, right: value };
}

function parseFillValue(stream: TokenStream): number {
  stream.expect('(');
  const isNegative = stream.isNext('-');
  if (isNegative || stream.isNext('+')) stream.take();
  const { kind } = stream.peek();
  if (kind !== 'number' && kind !== 'duration') return stream.unexpected();
  const { value } = parseNumber(stream);
  stream.expect(')');
  return isNegative ? -value : value;
}
