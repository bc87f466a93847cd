import type { Duration, DurationExpression, NumberLiteral, TextSpan } from './ast.ts';
import { readDuration } from './durations.ts';
import { readNumber, roundedAwayFromZero } from './numbers.ts';
import { ParseError } from './parse-problem.ts';
import type { Token } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/**
 * Lengths of time in selectors: numbers of seconds, durations, and what is computed from them, from `step()`
 * and from `range()`. Signs of a number are read into it, as Prometheus does.
 */

/** What Go's time.Duration can hold, in seconds. */
const longestSeconds = 2 ** 63 / 1e9;

const precedences: ReadonlyMap<string, number> = new Map([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['/', 2],
  ['%', 2],
  ['^', 3],
]);
const ofSigns = 2;

/** A range or a step, between brackets. */
export function parseRange(stream: TokenStream): Duration {
  const expression = parseCalculation(stream, 0);
  if (expression.kind === 'number' && !(expression.value > 0))
    throw refusal('duration must be greater than 0', expression.span);
  return duration(expression);
}

/**
 * What follows `offset`. A sign goes with what stands right behind it, and a calculation begins with a
 * parenthesis: in `a offset 5m * 2` it is the values that are doubled.
 */
export function parseOffset(stream: TokenStream): Duration {
  if (stream.isNext('(')) return duration(parseCalculation(stream, 0));
  if (!isSign(stream)) return duration(parsePrimary(stream));
  const sign = stream.take();
  if (!isSign(stream)) return duration(signed(sign, parsePrimary(stream)));
  return duration(continued(stream, signed(sign, parseCalculation(stream, ofSigns + 1)), 0));
}

function duration(expression: DurationExpression): Duration {
  if (expression.kind !== 'number') return { kind: 'computed', expression };
  const nanoseconds = roundedAwayFromZero(expression.value * 1e9);
  return { kind: 'fixed', ms: Math.trunc(nanoseconds / 1e6) + 0 };
}

function parseCalculation(stream: TokenStream, least: number): DurationExpression {
  return stream.nested(() => {
    const first = isSign(stream) ? parseSigned(stream) : parsePrimary(stream);
    return continued(stream, first, least);
  });
}

function parseSigned(stream: TokenStream): DurationExpression {
  const sign = stream.take();
  return signed(sign, parseCalculation(stream, ofSigns + 1));
}

function continued(stream: TokenStream, first: DurationExpression, least: number): DurationExpression {
  let left = first;
  for (;;) {
    const next = stream.peek();
    const precedence = next.kind === 'operator' ? precedences.get(next.name) : undefined;
    if (precedence === undefined || precedence < least) return left;
    stream.countCalculation();
    const operator = stream.take();
    // Only powers bind to the right.
    const right = parseCalculation(stream, operator.name === '^' ? precedence : precedence + 1);
    if (right.kind === 'number' && right.value === 0 && (operator.name === '/' || operator.name === '%'))
      throw refusal(operator.name === '/' ? 'division by zero' : 'modulo by zero', operator);
    left = {
      kind: 'calculation',
      span: { start: left.span.start, end: right.span.end },
      operator: operator.name as '+' | '-' | '*' | '/' | '%' | '^',
      left,
      right,
    };
  }
}

function parsePrimary(stream: TokenStream): DurationExpression {
  const token = stream.peek();
  if (token.kind === 'number' || token.kind === 'duration') return inRange(parseNumber(stream));
  if (stream.isNext('(')) return parseParenthesised(stream);
  const name = token.text.toLowerCase();
  if (token.kind === 'preprocessor' && (name === 'step' || name === 'range')) {
    stream.take();
    stream.expect('(');
    return { kind: name, span: { start: token.start, end: stream.expect(')').end } };
  }
  if (token.kind === 'identifier' && (name === 'min_of' || name === 'max_of')) {
    stream.take();
    stream.expect('(');
    const left = parseCalculation(stream, 0);
    stream.expect(',');
    const right = parseCalculation(stream, 0);
    const span = { start: token.start, end: stream.expect(')').end };
    return { kind: 'calculation', span, operator: name, left, right };
  }
  return stream.unexpected();
}

/** Parentheses around a number, and second ones, are nothing that is kept. */
function parseParenthesised(stream: TokenStream): DurationExpression {
  const { start } = stream.take();
  const operand = parseCalculation(stream, 0);
  const { end } = stream.expect(')');
  if (operand.kind === 'number' || operand.kind === 'parenthesised') return operand;
  return { kind: 'parenthesised', span: { start, end }, operand };
}

function signed(sign: Token, operand: DurationExpression): DurationExpression {
  const span = { start: sign.start, end: operand.span.end };
  if (operand.kind === 'number')
    return { ...operand, span, value: sign.name === '-' ? -operand.value : operand.value };
  return sign.name === '-' ? { kind: 'negated', span, operand } : operand;
}

function isSign(stream: TokenStream): boolean {
  const token = stream.peek();
  return token.kind === 'operator' && (token.name === '-' || token.name === '+');
}

function inRange(number: NumberLiteral): NumberLiteral {
  // NaN is not in range either, though Prometheus lets it pass.
  if (!(Math.abs(number.value) <= longestSeconds)) throw refusal('duration out of range', number.span);
  return number;
}

/** A number or a duration, whose value is in seconds. The next token has to be one. */
export function parseNumber(stream: TokenStream): NumberLiteral {
  const token = stream.take();
  const isDuration = token.kind === 'duration';
  const read = isDuration ? readDuration(token.text) : readNumber(token.text);
  if (!read.ok) throw refusal(read.failure, token);
  const span = { start: token.start, end: token.end };
  return { kind: 'number', span, value: isDuration ? read.value / 1000 : read.value, isDuration };
}

function refusal(message: string, { start, end }: TextSpan): ParseError {
  return new ParseError(message, start, end);
}
