import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';
import { messageOf } from '#shared/result.ts';
import {
  aggregationOperators,
  arithmeticOperators,
  isComparison,
  isSetOperator,
  type Aggregation,
  type AggregationOperator,
  type BinaryOperation,
  type CalculatingOperator,
  type Expression,
  type Grouping,
  type Matching,
  type SetOperator,
  type VectorSelector,
} from './ast.ts';
import { labelMatcher, type LabelMatcher, type MatchOperator } from '../label-matcher.ts';
import { parseDuration, parseNumber, unquote } from './literals.ts';
import { parseError, unsupported } from './query-error.ts';
import { signatures } from './signatures.ts';
import { syntaxError, unexpectedAt } from './syntax-error.ts';
import { checkAggregation, checkBinary, checkCall, typeNames, typeOf } from './type-check.ts';

/**
 * Reads a query with Prometheus' own grammar and turns it into the evaluator's tree, types checked.
 *
 * The grammar was made for an editor and binds three things more loosely than Prometheus: `offset` takes
 * all that stands before it, a sign belongs to the number after it even before `^`, and any expression
 * may stand before `[`. These are put right or refused here.
 * @throws QueryError: `bad_data` in the parser's words, `execution` for what the demo does not evaluate.
 */
export function parseQuery(query: string): Expression {
  const tree = parser.parse(withoutBareDots(query));
  const fault = syntaxError(query, tree);
  if (fault !== undefined) throw fault;
  const root = tree.topNode.getChild('Expr');
  if (root === null) throw parseError(query, query.length, 'no expression found in input');
  return new Reader(query).expression(root);
}

/** @throws QueryError where the text is not one instant selector; the API's `match[]` takes only these. */
export function parseSelector(text: string): VectorSelector {
  const expression = parseQuery(text);
  const node = parser.parse(text).topNode.firstChild;
  if (expression.kind === 'selector' && node?.name === 'VectorSelector') return expression;
  throw unexpectedAt(text, /^\s*(?:[a-zA-Z_:][\w:]*)?\s*/.exec(text)?.[0].length ?? 0);
}

/** The grammar does not know `2.` as a number: the dot becomes a space, so that places stay the same. */
function withoutBareDots(query: string): string {
  return query.replaceAll(
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#.*|(?<![\w:.])\d+\.(?![\w.])/g,
    (text) => (/^\d+\.$/.test(text) ? `${text.slice(0, -1)} ` : text),
  );
}

class Reader {
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  expression(node: SyntaxNode): Expression {
    switch (node.name) {
      case 'ParenExpr':
        return this.expression(this.#child(node, 'Expr'));
      case 'NumberDurationLiteral':
        return { kind: 'number', value: this.#number(node) };
      case 'StringLiteral':
        return { kind: 'string', value: this.#string(node) };
      case 'VectorSelector':
        return this.#selector(node);
      case 'MatrixSelector':
        return this.#matrix(node);
      case 'OffsetExpr':
        return this.#offset(node);
      case 'UnaryExpr':
        return this.#unary(node);
      case 'FunctionCall':
        return this.#call(node);
      case 'AggregateExpr':
        return this.#aggregation(node);
      case 'BinaryExpr':
        return this.#binary(node);
      case 'SubqueryExpr':
        throw unsupported('a subquery');
      case 'StepInvariantExpr':
        throw unsupported('the @ modifier');
      default:
        throw unsupported(node.name);
    }
  }

  #text(node: SyntaxNode): string {
    return this.#query.slice(node.from, node.to);
  }

  #child(node: SyntaxNode, name: string): SyntaxNode {
    const child = node.getChild(name);
    if (child === null) throw parseError(this.#query, node.from, `unexpected ${node.name}`);
    return child;
  }

  #number(node: SyntaxNode): number {
    const value = parseNumber(this.#text(node));
    if (value !== undefined) return value;
    throw parseError(
      this.#query,
      node.from,
      `bad number or duration syntax: ${JSON.stringify(this.#text(node))}`,
    );
  }

  #string(node: SyntaxNode): string {
    const value = unquote(this.#text(node));
    if (value !== undefined) return value;
    const text = this.#text(node);
    const closed = text.length > 1 && text.endsWith(text.slice(0, 1));
    throw parseError(
      this.#query,
      node.from,
      closed ? 'illegal character in escape sequence' : 'unterminated quoted string',
    );
  }

  #durationMs(node: SyntaxNode): number {
    const child = node.firstChild;
    if (child?.name === 'UnaryOp') {
      const value = this.#durationMs(this.#child(node, node.name));
      return this.#text(child) === '-' ? -value : value;
    }
    const text = this.#text(node);
    const ms = parseDuration(text) ?? (parseNumber(text) ?? Number.NaN) * 1_000;
    if (
      child?.name !== 'NumberDurationLiteralInDurationContext' ||
      child.to !== node.to ||
      Number.isNaN(ms)
    ) {
      throw unsupported('arithmetic in a duration');
    }
    return ms;
  }

  #selector(node: SyntaxNode): VectorSelector {
    const name = node.getChild('Identifier');
    const matchers: LabelMatcher[] = name === null ? [] : [labelMatcher('__name__', '=', this.#text(name))];
    for (let part = node.getChild('LabelMatchers')?.firstChild ?? null; part; part = part.nextSibling) {
      const matcher = this.#matcher(part);
      if (matcher === undefined) continue;
      const named = matchers.find((other) => other.name === '__name__' && other.operator === '=');
      if (named !== undefined && matcher.name === '__name__' && matcher.operator === '=') {
        const names = `${JSON.stringify(named.value)} or ${JSON.stringify(matcher.value)}`;
        throw parseError(this.#query, node.from, `metric name must not be set twice: ${names}`);
      }
      matchers.push(matcher);
    }
    if (matchers.every((matcher) => matcher.matches(''))) {
      throw parseError(this.#query, node.from, 'vector selector must contain at least one non-empty matcher');
    }
    return { kind: 'selector', matchers, offsetMs: 0 };
  }

  #matcher(node: SyntaxNode): LabelMatcher | undefined {
    if (node.name === 'QuotedLabelName') {
      return labelMatcher('__name__', '=', this.#string(this.#child(node, 'StringLiteral')));
    }
    const quoted = node.getChild('QuotedLabelName');
    const plain = node.getChild('LabelName');
    if (quoted === null && plain === null) return undefined;
    const name =
      plain === null ? this.#string(this.#child(quoted ?? node, 'StringLiteral')) : this.#text(plain);
    const operator = this.#text(this.#child(node, 'MatchOp')) as MatchOperator;
    const value = this.#string(this.#child(node, 'StringLiteral'));
    try {
      return labelMatcher(name, operator, value);
    } catch (error) {
      throw parseError(this.#query, node.from, messageOf(error));
    }
  }

  #matrix(node: SyntaxNode): Expression {
    const operand = this.#child(node, 'Expr');
    const selector = this.expression(operand);
    const duration = this.#child(node, 'DurationExpr');
    const rangeMs = this.#durationMs(duration);
    if (selector.kind !== 'selector' || node.firstChild?.name === 'ParenExpr') {
      throw parseError(this.#query, operand.to, 'ranges only allowed for vector selectors');
    }
    if (node.firstChild?.name === 'OffsetExpr') {
      throw parseError(this.#query, operand.to, 'no offset modifiers allowed before range');
    }
    if (rangeMs <= 0) throw parseError(this.#query, duration.from, 'duration must be greater than 0');
    return { kind: 'matrix', selector, rangeMs };
  }

  #offset(node: SyntaxNode): Expression {
    const offsetMs = this.#durationMs(this.#child(node, 'OffsetDurationExpr'));
    const operand = this.#child(node, 'Expr');
    return this.#shift(this.expression(operand), operand, offsetMs);
  }

  /** Gives the offset to the selector that stands before it, which is the last leaf of the operand. */
  #shift(expression: Expression, node: SyntaxNode, offsetMs: number): Expression {
    const last = node.lastChild;
    if (expression.kind === 'binary' && node.name === 'BinaryExpr' && last !== null) {
      return { ...expression, right: this.#shift(expression.right, last, offsetMs) };
    }
    if (expression.kind === 'negate' && node.name === 'UnaryExpr' && last !== null) {
      return { ...expression, operand: this.#shift(expression.operand, last, offsetMs) };
    }
    const selector = expression.kind === 'matrix' ? expression.selector : expression;
    if (node.name === 'ParenExpr' || selector.kind !== 'selector') {
      const message =
        'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery';
      throw parseError(this.#query, node.from, message);
    }
    if (node.name === 'OffsetExpr') {
      throw parseError(this.#query, node.from, 'offset may not be set multiple times');
    }
    const shifted: VectorSelector = { ...selector, offsetMs };
    return expression.kind === 'matrix' ? { ...expression, selector: shifted } : shifted;
  }

  #unary(node: SyntaxNode): Expression {
    const operandNode = this.#child(node, 'Expr');
    const operand = this.expression(operandNode);
    const type = typeOf(operand);
    if (type !== 'scalar' && type !== 'vector') {
      const message = `unary expression only allowed on expressions of type scalar or instant vector, got ${JSON.stringify(typeNames[type])}`;
      throw parseError(this.#query, node.from, message);
    }
    return this.#text(this.#child(node, 'UnaryOp')) === '-' ? { kind: 'negate', operand } : operand;
  }

  #call(node: SyntaxNode): Expression {
    const name = this.#text(this.#child(node, 'FunctionIdentifier'));
    const parts = this.#child(node, 'FunctionCallBody').getChildren('Expr');
    const known = signatures.get(name);
    if (known === undefined) throw unsupported(`the function ${name}`);
    const given = parts.map((part) => this.expression(part));
    checkCall(this.#query, name, known, parts, given);
    return { kind: 'call', name, arguments: given };
  }

  #aggregation(node: SyntaxNode): Aggregation {
    const operator = this.#text(this.#child(node, 'AggregateOp')).toLowerCase() as AggregationOperator;
    if (!aggregationOperators.includes(operator)) throw unsupported(`the aggregation ${operator}`);
    const parts = this.#child(node, 'FunctionCallBody').getChildren('Expr');
    const given = parts.map((part) => this.expression(part));
    checkAggregation(this.#query, operator, node, parts, given);
    const operand = given.at(-1);
    if (operand === undefined)
      throw parseError(this.#query, node.from, 'no arguments for aggregate expression provided');
    const parameter = given.length > 1 ? (given[0] ?? null) : null;
    return { kind: 'aggregation', operator, grouping: this.#grouping(node), parameter, operand };
  }

  #grouping(node: SyntaxNode): Grouping {
    const modifier = node.getChild('AggregateModifier');
    if (modifier === null) return { without: false, labels: [] };
    return { without: modifier.getChild('Without') !== null, labels: this.#labelNames(modifier)[0] ?? [] };
  }

  /** The names of each list in parentheses under a node. */
  #labelNames(node: SyntaxNode): readonly (readonly string[])[] {
    return node.getChildren('GroupingLabels').map((list) => {
      const names: string[] = [];
      for (let part = list.firstChild; part !== null; part = part.nextSibling) {
        if (part.name === 'LabelName') names.push(this.#text(part));
        if (part.name === 'QuotedLabelName') names.push(this.#string(this.#child(part, 'StringLiteral')));
      }
      return names;
    });
  }

  #binary(node: SyntaxNode): Expression {
    const [leftNode, rightNode] = node.getChildren('Expr');
    if (leftNode === undefined || rightNode === undefined || node.getChild('FillModifier') !== null) {
      throw unsupported('a fill modifier');
    }
    const operator = this.#operator(leftNode);
    const right = this.expression(rightNode);
    const left = this.expression(leftNode);
    const bool = node.getChild('BoolModifier') !== null;
    const matching = this.#matching(node.getChild('MatchingModifierClause'));
    // `-1 ^ 2` is -(1 ^ 2): the sign binds less tightly than the power.
    if (operator === '^' && left.kind === 'number' && /^[+-]/.test(this.#text(leftNode))) {
      const positive: Expression = { kind: 'number', value: Math.abs(left.value) };
      const power: BinaryOperation = { kind: 'binary', operator, bool, matching, left: positive, right };
      checkBinary(this.#query, node, leftNode.nextSibling ?? node, power);
      return this.#text(leftNode).startsWith('-') ? { kind: 'negate', operand: power } : power;
    }
    const operation: BinaryOperation = { kind: 'binary', operator, bool, matching, left, right };
    checkBinary(this.#query, node, leftNode.nextSibling ?? node, operation);
    return operation;
  }

  #operator(left: SyntaxNode): CalculatingOperator | SetOperator {
    const node = left.nextSibling;
    const text = node === null ? '' : this.#text(node).toLowerCase();
    if (isComparison(text) || isSetOperator(text)) return text;
    const arithmetic = arithmeticOperators.find((operator) => operator === text);
    if (arithmetic === undefined) throw unsupported(`the operator ${text}`);
    return arithmetic;
  }

  #matching(node: SyntaxNode | null): Matching {
    if (node === null) return { on: false, labels: [], many: null, include: [] };
    const many =
      node.getChild('GroupLeft') === null ? (node.getChild('GroupRight') === null ? null : 'right') : 'left';
    const [labels = [], include = []] = this.#labelNames(node);
    return { on: node.getChild('On') !== null, labels, many, include };
  }
}
