import { failed, success, type Result } from '#shared/result.ts';
import { QueryError, type QueryProblem } from '../problem.ts';
import type { Expression, LabelMatcher } from './ast.ts';
import { depthOf } from './inspect.ts';
import { located, ParseError } from './parse-problem.ts';
import { parseWhole } from './parser.ts';
import { parseSelector } from './parse-selector.ts';
import { checkDepth, TokenStream } from './token-stream.ts';
import { checkTypes } from './type-check.ts';

/**
 * The way from a text to a query. What Prometheus refuses is refused in its words; a text or a tree beyond
 * all measure is refused in ours.
 */

export interface ParseOptions {
  /** Whether what a server knows only behind feature flags is understood. Without it, its refusal is given. */
  readonly experimental?: boolean;
  /** The generation of Prometheus whose functions are known; `v3` unless told. */
  readonly semantics?: 'v2' | 'v3';
}

/** UTF-16 units; the longest of 3,263 real rules has 6,000. */
export const maximumLength = 128 * 1024;

export function parseExpression(
  text: string,
  { experimental = false, semantics = 'v3' }: ParseOptions = {},
): Result<Expression, QueryProblem> {
  return parsed(text, () => {
    const expression = parseWhole(new TokenStream(text, experimental, semantics));
    checkDepth(depthOf(expression));
    return checkTypes(expression, text);
  });
}

/** The matchers of a selector as APIs take it (`match[]`): without a range, and it may select everything. */
export function parseMetricSelector(text: string): Result<readonly LabelMatcher[], QueryProblem> {
  return parsed(text, () => {
    const stream = new TokenStream(text, false);
    const { matchers } = parseSelector(stream);
    return stream.peek().kind === 'end' ? matchers : stream.unexpected();
  });
}

function parsed<Value>(text: string, parse: () => Value): Result<Value, QueryProblem> {
  if (text.length > maximumLength)
    return failed({
      kind: 'limit',
      message: `the query has more than ${maximumLength} characters`,
      span: null,
    });
  try {
    return success(parse());
  } catch (error) {
    if (error instanceof ParseError) return failed(located(error, text).problem);
    if (error instanceof QueryError) return failed(error.problem);
    throw error;
  }
}
