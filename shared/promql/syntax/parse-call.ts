import { type Aggregation, type AggregationOperator, type Call, type Expression } from './ast.ts';
import { functionSignature, isFunctionOf } from './function-signatures.ts';
import { canBegin, parseLabels } from './parse-matching.ts';
import { ParseError } from './parse-problem.ts';
import { goQuoted } from './strings.ts';
import type { Token } from './token.ts';
import type { Place, TokenStream } from './token-stream.ts';

/** Calls of functions, and aggregations, whose labels may stand before or behind their arguments. */

export type ParseOperand = (stream: TokenStream) => Expression;

/** @param name taken; the next token opens the arguments. */
export function parseCall(stream: TokenStream, name: Token, parseOperand: ParseOperand): Call {
  const { operands, end } = parseArguments(stream, parseOperand);
  const signature = functionSignature(name.text);
  if (signature === undefined || !isFunctionOf(stream.semantics, name.text))
    throw new ParseError(`unknown function with name ${goQuoted(name.text)}`, name.start, name.end);
  if (signature.isExperimental && !stream.experimental)
    throw new ParseError(`function ${goQuoted(name.text)} is not enabled`, name.start, name.end);
  return { kind: 'call', span: { start: name.start, end }, name: name.text, arguments: operands };
}

const aggregation: Place = { name: 'aggregation', expected: '' };

/** @param name taken; the next token opens the arguments, or is `by` or `without`. */
export function parseAggregation(stream: TokenStream, name: Token, parseOperand: ParseOperand): Aggregation {
  return stream.within(aggregation, () => {
    const before = parseGrouping(stream);
    const { operands, end } = parseArguments(stream, parseOperand);
    const grouping = before ?? parseGrouping(stream);
    const span = { start: name.start, end: before === null ? (grouping?.end ?? end) : end };
    return {
      kind: 'aggregation',
      span,
      ...checkedOperands(stream, name, operands, span.end),
      without: grouping?.without ?? false,
      grouping: grouping?.labels ?? [],
    };
  });
}

interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
  readonly end: number;
}

function parseGrouping(stream: TokenStream): Grouping | null {
  const keyword = stream.takeIf('by') ?? stream.takeIf('without');
  if (keyword === null) return null;
  const { labels, end } = parseLabels(stream);
  return { without: keyword.name === 'without', labels, end };
}

const withParameter: ReadonlySet<AggregationOperator> = new Set([
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
]);

function checkedOperands(
  stream: TokenStream,
  name: Token,
  operands: readonly Expression[],
  end: number,
): Pick<Aggregation, 'operator' | 'parameter' | 'operand'> {
  const refusal = (message: string): ParseError => new ParseError(message, name.start, end);
  const operator = name.name as AggregationOperator;
  const hasParameter = withParameter.has(operator);
  if (isLimiting(operator) && stream.semantics === 'v2')
    throw new ParseError(`unknown function with name ${goQuoted(operator)}`, name.start, name.end);
  if (operands.length === 0) throw refusal('no arguments for aggregate expression provided');
  if (isLimiting(operator) && !stream.experimental)
    throw refusal(
      `${operator}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`,
    );
  const [first, second] = operands;
  const operand = hasParameter ? second : first;
  const count = hasParameter ? 2 : 1;
  if (operand === undefined || first === undefined || operands.length !== count)
    throw refusal(
      `wrong number of arguments for aggregate expression provided, expected ${count}, got ${operands.length}`,
    );
  return { operator, parameter: hasParameter ? first : null, operand };
}

/** To Prometheus 2.42 these are names like any other. */
function isLimiting(operator: AggregationOperator): boolean {
  return operator === 'limitk' || operator === 'limit_ratio';
}

function parseArguments(
  stream: TokenStream,
  parseOperand: ParseOperand,
): { readonly operands: readonly Expression[]; readonly end: number } {
  stream.expect('(');
  const operands: Expression[] = [];
  for (;;) {
    const closing = operands.length === 0 ? stream.takeIf(')') : null;
    if (closing !== null) return { operands, end: closing.end };
    operands.push(parseOperand(stream));
    const next = stream.takeIf(')');
    if (next !== null) return { operands, end: next.end };
    const comma = stream.expect(',');
    if (!canBegin(stream))
      throw new ParseError('trailing commas not allowed in function call args', comma.start, comma.end);
  }
}
