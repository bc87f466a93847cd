import { alignedSteps } from './evaluate/aligned-steps.ts';
import { offsetMs, positiveMs, subqueryStepMs } from './evaluate/durations.ts';
import type { QueryOptions } from './evaluate/options.ts';

import type { QueryRange } from './evaluate/run.ts';
import { infoRequest } from './functions/info/info-request.ts';
import { infoSelector } from './functions/info/info-selector.ts';
import type {
  Expression,
  LabelMatcher,
  MatrixSelector,
  Subquery,
  TextSpan,
  TimeModifiers,
  VectorSelector,
} from './syntax/ast.ts';
import { childrenOf } from './syntax/inspect.ts';

/**
 * Which samples an answer depends on, read off the expression alone: what is missing of them makes the
 * answer unknown, however it would come out without them. A sample that is not there is told from one that
 * is not known only by whoever asked for all of these.
 */
export interface NeededSamples {
  readonly matchers: readonly LabelMatcher[];
  /** Unix milliseconds, both included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Of the selector. */
  readonly span: TextSpan;
}

export type NeedOptions = Pick<QueryOptions, 'semantics' | 'lookbackMs' | 'subqueryStepMs'>;

/** First and last of the moments at which an expression is evaluated. */
export interface Moments {
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * One window for each selector of the expression, in the order of the text: from the first sample that its
 * first moment looks back to, up to its last moment. Between two far steps it asks for more than they see.
 * @param moments those of the range that the answer is wanted at; all of them unless told.
 * @throws QueryError where a computed duration is none.
 */
export function neededSamples(
  expression: Expression,
  bounds: QueryRange,
  options: NeedOptions,
  moments: Moments = { firstMs: bounds.startMs, lastMs: lastStepMs(bounds) },
): readonly NeededSamples[] {
  const needs: NeededSamples[] = [];
  const walk = (node: Expression, at: Moments): void => {
    switch (node.kind) {
      case 'selector':
        needs.push(ofSelector(node, options.lookbackMs, at));
        return;
      case 'matrix':
        needs.push(ofSelector(node.selector, rangeOf(node), at));
        return;
      case 'subquery': {
        const inner = ofSubquery(node, at);
        if (inner !== null) walk(node.operand, inner);
        return;
      }
      default:
        for (const child of readBy(node, bounds, options)) walk(child, at);
    }
  };

  const rangeOf = ({ range }: MatrixSelector | Subquery): number => positiveMs(range, bounds);

  const ofSelector = (selector: VectorSelector, reachMs: number, at: Moments): NeededSamples => {
    const { firstMs, lastMs } = shifted(selector, at, bounds);
    // Prometheus 3 leaves out a sample at the very beginning of a range.
    const fromMs = firstMs - reachMs + (options.semantics === 'v2' ? 0 : 1);
    // An extended range also sees the samples next to its ends, as far as an instant selector looks.
    const beforeMs = selector.extension === null ? 0 : options.lookbackMs;
    const afterMs = selector.extension === 'smoothed' ? options.lookbackMs : 0;
    const { matchers, span } = selector;
    return { matchers, span, fromMs: fromMs - beforeMs, toMs: lastMs + afterMs };
  };

  const ofSubquery = (subquery: Subquery, at: Moments): Moments | null => {
    const { firstMs, lastMs } = shifted(subquery, at, bounds);
    const stepMs = subqueryStepMs(subquery, bounds, options);
    const steps = alignedSteps(firstMs - rangeOf(subquery), lastMs, stepMs, options.semantics === 'v2');
    if (steps === null) return null;
    return { firstMs: steps.startMs, lastMs: steps.startMs + (steps.count - 1) * steps.stepMs };
  };

  walk(expression, moments);
  return needs;
}

/** With `offset` and `@` applied. */
function shifted(modifiers: TimeModifiers, { firstMs, lastMs }: Moments, bounds: QueryRange): Moments {
  const offset = offsetMs(modifiers.offset, bounds);
  const { at } = modifiers;
  if (at === null) return { firstMs: firstMs - offset, lastMs: lastMs - offset };
  const fixedMs = at.kind === 'time' ? at.ms : at.kind === 'start' ? bounds.startMs : bounds.endMs;
  return { firstMs: fixedMs - offset, lastMs: fixedMs - offset };
}

/** The end of a range is a moment only where a step falls on it. */
function lastStepMs({ startMs, endMs, stepMs }: QueryRange): number {
  if (stepMs <= 0) return startMs;
  return startMs + Math.floor((endMs - startMs) / stepMs) * stepMs;
}

/** The second argument of `info` is no selector of its own, and without one it reads series all the same. */
function readBy(node: Expression, bounds: QueryRange, { semantics }: NeedOptions): readonly Expression[] {
  if (node.kind !== 'call' || node.name !== 'info') return childrenOf(node);
  return [...node.arguments.slice(0, 1), infoSelector(node, infoRequest(node, semantics), bounds)];
}
