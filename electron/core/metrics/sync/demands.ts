import { selectorOf, type Selector } from '#core/store/cache/samples/selector.ts';
import { neededSamples, type NeedOptions } from '#shared/promql/needed-samples.ts';
import { QueryError } from '#shared/promql/problem.ts';
import type { Expression, LabelMatcher } from '#shared/promql/syntax/ast.ts';
import { parseExpression } from '#shared/promql/syntax/parse.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { dayMs, hourMs, secondMs } from '#shared/time.ts';
import { clipSpans, joinSpans, withoutSpans, type Span } from './spans.ts';
import { WiderSelectors } from './wider-selectors.ts';

/**
 * From expressions that somebody watches to selectors with the time over which their samples are wanted.
 * What a selector needs is read off the expression by the same walk by which an answer is called unknown.
 */
export type WatchPriority = 'incident' | 'shown' | 'rule';

export interface WatchedExpression {
  readonly source: string;
  readonly expression: string;
  /** Over how long before now it is to be answered from what is kept; its own reach comes on top. */
  readonly keepMs: number;
  readonly priority: WatchPriority;
}

export interface Demand {
  readonly selector: Selector;
  /** In order of time, none touching the next; the last may end after now. */
  readonly wanted: readonly Span[];
  readonly priority: WatchPriority;
}

export interface Demands {
  readonly demands: readonly Demand[];
  readonly unfollowed: readonly { readonly expression: string; readonly why: string }[];
}

/** Windows move in steps of this, so that one that moves with now is not fetched millisecond by millisecond. */
const stepMs = 30 * secondMs;
/** The cache keeps samples for seven days and drops them by blocks: what is older would be fetched for ever. */
const longestMs = 7 * dayMs - 3 * hourMs;
const maxSelectors = 1_000;
const maxExpressions = 2_000;
const priorities: readonly WatchPriority[] = ['rule', 'shown', 'incident'];

export class DemandReader {
  readonly #parsed = new Map<string, Result<Expression, string>>();
  /** By the matchers as they stand in a parsed expression. */
  readonly #selectors = new WeakMap<readonly LabelMatcher[], Selector>();

  /**
   * @param watched of one source.
   * @param isFollowed whether a selector can be followed: one that cannot covers nobody else.
   */
  read(
    watched: readonly WatchedExpression[],
    nowMs: number,
    options: Omit<NeedOptions, 'semantics'>,
    isFollowed: (selector: string) => boolean,
  ): Demands {
    const bySelector = new Map<string, { selector: Selector; wanted: Span[]; priority: WatchPriority }>();
    const unfollowed = new Map<string, string>();
    for (const { expression, keepMs, priority } of watched) {
      const needs = this.#needs(expression, nowMs, keepMs, options);
      if (!needs.ok) {
        unfollowed.set(expression, needs.failure);
        continue;
      }
      for (const { selector, span } of needs.value) {
        const known = bySelector.get(selector.text);
        if (known === undefined && bySelector.size >= maxSelectors) {
          unfollowed.set(expression, `more than ${maxSelectors} selectors are watched`);
          continue;
        }
        const [wanted] = clipSpans([span], nowMs - longestMs, Number.POSITIVE_INFINITY);
        if (wanted === undefined || wanted.fromMs > span.fromMs)
          unfollowed.set(expression, 'it looks further back than samples are kept');
        if (wanted === undefined) continue;
        const demand = known ?? { selector, wanted: [], priority };
        demand.wanted.push(wanted);
        if (priorities.indexOf(priority) > priorities.indexOf(demand.priority)) demand.priority = priority;
        bySelector.set(selector.text, demand);
      }
    }
    const joined = [...bySelector.values()].map((one) => ({ ...one, wanted: joinSpans(one.wanted) }));
    return {
      demands: withoutSubsumed(joined, isFollowed),
      unfollowed: [...unfollowed].map(([expression, why]) => ({ expression, why })),
    };
  }

  #needs(
    text: string,
    nowMs: number,
    keepMs: number,
    options: Omit<NeedOptions, 'semantics'>,
  ): Result<readonly { readonly selector: Selector; readonly span: Span }[], string> {
    const expression = this.#parse(text);
    if (!expression.ok) return expression;
    try {
      // A step of one millisecond has a moment at both ends; closed windows hold for both generations.
      const bounds = { startMs: nowMs - keepMs, endMs: nowMs, stepMs: 1 };
      const needs = neededSamples(expression.value, bounds, { ...options, semantics: 'v2' });
      return success(
        needs.map(({ matchers, fromMs, toMs }) => ({
          selector: this.#selectorOf(matchers),
          span: { fromMs: Math.floor(fromMs / stepMs) * stepMs, toMs: Math.ceil(toMs / stepMs) * stepMs },
        })),
      );
    } catch (error) {
      if (error instanceof QueryError) return failed(error.problem.message);
      throw error;
    }
  }

  #selectorOf(matchers: readonly LabelMatcher[]): Selector {
    const selector = this.#selectors.get(matchers) ?? selectorOf(matchers);
    this.#selectors.set(matchers, selector);
    return selector;
  }

  #parse(text: string): Result<Expression, string> {
    const known = this.#parsed.get(text);
    if (known !== undefined) return known;
    if (this.#parsed.size >= maxExpressions) this.#parsed.clear();
    const parsed = parseExpression(text, { experimental: true });
    const result = parsed.ok ? parsed : failed(parsed.failure.message);
    this.#parsed.set(text, result);
    return result;
  }
}

/** What a wider selector wants as well need not be fetched twice. */
function withoutSubsumed(demands: readonly Demand[], isFollowed: (selector: string) => boolean): Demand[] {
  const followed = new WiderSelectors(demands.filter(({ selector }) => isFollowed(selector.text)));
  return demands.flatMap((demand) => {
    const wider = followed.of(demand.selector);
    const wanted = withoutSpans(
      demand.wanted,
      wider.flatMap((one) => one.wanted),
    );
    return wanted.length === 0 ? [] : [{ ...demand, wanted }];
  });
}
