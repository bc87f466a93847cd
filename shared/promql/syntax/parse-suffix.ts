import type {
  AtModifier,
  Duration,
  Expression,
  MatrixSelector,
  Subquery,
  TextSpan,
  TimeModifiers,
  VectorSelector,
} from './ast.ts';
import { roundedAwayFromZero } from './numbers.ts';
import { parseNumber, parseOffset, parseRange } from './parse-duration.ts';
import { ParseError } from './parse-problem.ts';
import type { Place, TokenStream } from './token-stream.ts';

/** What is written behind an operand: a range, `offset`, `@`, `anchored`, `smoothed`. */
export function parseSuffixes(stream: TokenStream, operand: Expression): Expression {
  let expression = operand;
  for (;;) {
    const { kind, name } = stream.peek();
    if (kind === 'punctuation' && name === '[') expression = parseBrackets(stream, expression);
    else if (kind === 'operator' && name === '@') expression = parseAt(stream, expression);
    else if (kind !== 'keyword') return expression;
    else if (name === 'offset') expression = parseShift(stream, expression);
    else if (name === 'anchored' || name === 'smoothed')
      expression = parseExtension(stream, expression, name);
    else return expression;
  }
}

const lengths = 'number, duration, step(), or range()';
const range: Place = { name: 'subquery or range selector', expected: lengths };
const step: Place = {
  name: 'subquery selector',
  expected: 'number, duration, step(), range(), or "]"',
};
const afterRange: Place = { name: 'subquery or range', expected: '":" or "]"' };
const afterStep: Place = { name: 'subquery selector', expected: '"]"' };
const offset: Place = { name: 'offset', expected: lengths };
const timestamp: Place = { name: '@', expected: 'timestamp' };

function parseBrackets(stream: TokenStream, operand: Expression): MatrixSelector | Subquery {
  const opening = stream.take();
  const length = stream.within(range, () => parseRange(stream));
  if (stream.takeIf(':') !== null) return parseSubquery(stream, operand, length);
  const { end } = stream.expect(']', afterRange);
  const refuse = (message: string): ParseError => new ParseError(message, opening.start, end);
  if (operand.kind !== 'selector') throw refuse('ranges only allowed for vector selectors');
  if (operand.offset?.kind === 'fixed') throw refuse('no offset modifiers allowed before range');
  if (operand.at?.kind === 'time') throw refuse('no @ modifiers allowed before range');
  return { kind: 'matrix', span: { start: operand.span.start, end }, selector: operand, range: length };
}

function parseSubquery(stream: TokenStream, operand: Expression, length: Duration): Subquery {
  const isStepless = stream.isNext(']');
  const interval = isStepless ? null : stream.within(step, () => parseRange(stream));
  const { end } = stream.expect(']', afterStep);
  return {
    kind: 'subquery',
    span: { start: operand.span.start, end },
    operand,
    range: length,
    step: interval,
    offset: null,
    at: null,
  };
}

type Selecting = VectorSelector | MatrixSelector | Subquery;

function isSelecting(expression: Expression): expression is Selecting {
  return expression.kind === 'selector' || expression.kind === 'matrix' || expression.kind === 'subquery';
}

function modifiersOf(expression: Selecting): TimeModifiers {
  return expression.kind === 'matrix' ? expression.selector : expression;
}

/** A range's modifiers are those of its selector. */
function modified(
  expression: Selecting,
  modifiers: Partial<Pick<VectorSelector, 'offset' | 'at' | 'extension'>>,
  end: number,
): Expression {
  const span: TextSpan = { start: expression.span.start, end };
  return expression.kind === 'matrix'
    ? { ...expression, span, selector: { ...expression.selector, ...modifiers } }
    : { ...expression, span, ...modifiers };
}

function refusal(message: string, { span }: Expression): ParseError {
  return new ParseError(message, span.start, span.end);
}

function parseShift(stream: TokenStream, expression: Expression): Expression {
  stream.take();
  const shift = stream.within(offset, () => parseOffset(stream));
  if (!isSelecting(expression))
    throw refusal(
      'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
      expression,
    );
  if (modifiersOf(expression).offset !== null)
    throw refusal('offset may not be set multiple times', expression);
  const isNone = shift.kind === 'fixed' && shift.ms === 0;
  return modified(expression, { offset: isNone ? null : shift }, stream.lastEnd);
}

/** A time in 64 bits of seconds. */
const latestSeconds = 2 ** 63;

function parseAt(stream: TokenStream, expression: Expression): Expression {
  stream.take();
  const at = stream.within(timestamp, () => parseMoment(stream, expression));
  if (!isSelecting(expression))
    throw refusal(
      '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery',
      expression,
    );
  if (modifiersOf(expression).at !== null)
    throw refusal('@ <timestamp> may not be set multiple times', expression);
  return modified(expression, { at }, stream.lastEnd);
}

function parseMoment(stream: TokenStream, expression: Expression): AtModifier {
  const { kind, name } = stream.peek();
  if (kind === 'preprocessor' && (name === 'start' || name === 'end')) {
    stream.take();
    stream.expect('(');
    stream.expect(')');
    return { kind: name };
  }
  const sign = stream.takeIf('-') ?? stream.takeIf('+');
  const next = stream.peek().kind;
  if (next !== 'number' && next !== 'duration') return stream.unexpected();
  const { value } = parseNumber(stream);
  const seconds = sign?.name === '-' ? -value : value;
  if (!(Math.abs(seconds) < latestSeconds))
    throw refusal(`timestamp out of bounds for @ modifier: ${decimal(seconds)}`, expression);
  return { kind: 'time', ms: roundedAwayFromZero(seconds * 1000) + 0 };
}

/** Only for what is beyond all bounds, which are whole numbers. */
function decimal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return `${BigInt(value)}.000000`;
}

function parseExtension(
  stream: TokenStream,
  expression: Expression,
  extension: 'anchored' | 'smoothed',
): Expression {
  const { end } = stream.take();
  if (!stream.experimental)
    throw refusal(`${extension} modifier is experimental and not enabled`, expression);
  if (expression.kind === 'subquery')
    throw refusal(`${extension} modifier is not supported for subqueries`, expression);
  if (!isSelecting(expression)) throw refusal(`${extension} modifier not implemented`, expression);
  const present = expression.kind === 'matrix' ? expression.selector.extension : expression.extension;
  if (present !== null && present !== extension)
    throw refusal('anchored and smoothed modifiers cannot be used together', expression);
  return modified(expression, { extension }, end);
}
