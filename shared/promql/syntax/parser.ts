import type { BinaryOperator, Binary, Expression, NumberLiteral, VectorMatching } from './ast.ts';
import { parseAggregation, parseCall } from './parse-call.ts';
import { parseNumber } from './parse-duration.ts';
import { parseModifiers } from './parse-matching.ts';
import { parseSuffixes } from './parse-suffix.ts';
import { parseNamedSelector, parseSelector, readString } from './parse-selector.ts';
import { ParseError } from './parse-problem.ts';
import type { TokenStream } from './token-stream.ts';

/**
 * The expressions of PromQL by precedence climbing: an operand with what is written behind it, then operators
 * as long as they bind tighter than the one before.
 */

const precedences: ReadonlyMap<string, number> = new Map<BinaryOperator, number>([
  ['or', 1],
  ['and', 2],
  ['unless', 2],
  ['==', 3],
  ['!=', 3],
  ['<', 3],
  ['<=', 3],
  ['>', 3],
  ['>=', 3],
  ['</', 3],
  ['>/', 3],
  ['+', 4],
  ['-', 4],
  ['*', 5],
  ['/', 5],
  ['%', 5],
  ['atan2', 5],
  ['^', 6],
]);
/** `-a * b` is `(-a) * b`, and `-a ^ b` is `-(a ^ b)`. */
const tighterThanSign = 6;

/** A whole query. @throws ParseError, QueryError */
export function parseWhole(stream: TokenStream): Expression {
  const first = stream.peek();
  if (first.kind === 'end') throw new ParseError('no expression found in input', 0, 0);
  const expression = parseOperand(stream);
  if (stream.peek().kind !== 'end') return stream.unexpected();
  return expression;
}

function parseOperand(stream: TokenStream): Expression {
  return parseOperators(stream, 0);
}

function parseOperators(stream: TokenStream, least: number): Expression {
  return stream.nested(() => {
    let left = parseSigned(stream);
    for (;;) {
      const next = stream.peek();
      const precedence = next.kind === 'operator' ? precedences.get(next.name) : undefined;
      if (precedence === undefined || precedence < least) return left;
      stream.take();
      const { bool, matching } = parseModifiers(stream);
      const right = parseOperators(stream, next.name === '^' ? precedence : precedence + 1);
      left = binary(stream, next.name as BinaryOperator, bool, matching, left, right);
    }
  });
}

function binary(
  stream: TokenStream,
  operator: BinaryOperator,
  bool: boolean,
  matching: VectorMatching,
  left: Expression,
  right: Expression,
): Binary {
  const span = { start: left.span.start, end: right.span.end };
  const isFilled = matching.fill.left !== null || matching.fill.right !== null;
  if (isFilled && !stream.experimental)
    throw new ParseError('binop fill modifiers are experimental and not enabled', span.start, span.end);
  return { kind: 'binary', span, operator, bool, matching, left, right };
}

function parseSigned(stream: TokenStream): Expression {
  const sign = stream.takeIf('-') ?? stream.takeIf('+');
  if (sign === null) return parseSuffixes(stream, parsePrimary(stream));
  const operand = parseOperators(stream, tighterThanSign);
  const span = { start: sign.start, end: operand.span.end };
  if (operand.kind === 'number') return signedNumber(operand, sign.name, span);
  return { kind: 'unary', span, operator: sign.name === '-' ? '-' : '+', operand };
}

/** A sign is read into its number. */
function signedNumber(number: NumberLiteral, sign: string, span: NumberLiteral['span']): NumberLiteral {
  return { ...number, span, value: sign === '-' ? -number.value : number.value };
}

function parsePrimary(stream: TokenStream): Expression {
  const token = stream.peek();
  switch (token.kind) {
    case 'number':
    case 'duration':
      return parseNumber(stream);
    case 'string': {
      stream.take();
      return { kind: 'string', span: { start: token.start, end: token.end }, value: readString(token) };
    }
    case 'punctuation': {
      if (token.text !== '(') return parseSelector(stream);
      stream.take();
      const operand = parseOperand(stream);
      return { kind: 'parentheses', span: { start: token.start, end: stream.expect(')').end }, operand };
    }
    case 'aggregation':
      stream.take();
      return stream.isNext('(') || stream.isNext('by') || stream.isNext('without')
        ? parseAggregation(stream, token, parseOperand)
        : parseNamedSelector(stream, token);
    case 'identifier':
    case 'preprocessor':
      stream.take();
      return stream.isNext('(') ? parseCall(stream, token, parseOperand) : parseNamedSelector(stream, token);
    case 'metric identifier':
    case 'keyword':
    case 'operator':
    case 'end':
      return parseSelector(stream);
  }
}
