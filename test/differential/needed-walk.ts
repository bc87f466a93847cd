import type { Expression, LabelMatcher, TimeModifiers } from '#shared/promql/syntax/ast.ts';
import { parseExpression } from '#shared/promql/syntax/parse.ts';

/**
 * What a query needs, found the slow way: by going through every moment at which each part of it is
 * evaluated. It shares nothing with the engine but the tree, and only durations that are written out.
 */
export interface WalkedNeed {
  readonly matchers: readonly LabelMatcher[];
  readonly fromMs: number;
  readonly toMs: number;
}

export interface WalkedQuery {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly semantics: 'v2' | 'v3';
}

const lookbackMs = 300_000;
const subqueryStepMs = 60_000;

export function walkedNeeds(query: string, setting: WalkedQuery): readonly WalkedNeed[] {
  const { startMs, endMs, stepMs, semantics } = setting;
  const parsed = parseExpression(query, { experimental: true, semantics });
  // What is no query is refused, whatever is kept.
  if (!parsed.ok) return [];
  const moments: number[] = [startMs];
  if (stepMs > 0) for (let at = startMs + stepMs; at <= endMs; at += stepMs) moments.push(at);
  const needs: WalkedNeed[] = [];
  visit(parsed.value, moments, setting, needs);
  return needs;
}

function visit(
  expression: Expression,
  moments: readonly number[],
  setting: WalkedQuery,
  needs: WalkedNeed[],
): void {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return;
    case 'selector':
      needs.push(need(expression.matchers, referred(expression, moments, setting), lookbackMs, setting));
      return;
    case 'matrix': {
      const until = referred(expression.selector, moments, setting);
      needs.push(need(expression.selector.matchers, until, fixed(expression.range), setting));
      return;
    }
    case 'subquery': {
      const step = expression.step === null ? subqueryStepMs : fixed(expression.step);
      const range = fixed(expression.range);
      const until = referred(expression, moments, setting);
      // A server evaluates it once, also at steps that no moment sees: these can fail and be remarked on.
      const from = until.reduce((least, at) => Math.min(least, at), Infinity) - range;
      const last = until.reduce((most, at) => Math.max(most, at), -Infinity);
      const inner: number[] = [];
      for (let at = Math.ceil(from / step) * step; at <= last; at += step)
        if (at > from || setting.semantics === 'v2') inner.push(at);
      if (inner.length > 0) visit(expression.operand, inner, setting, needs);
      return;
    }
    case 'unary':
    case 'parentheses':
      return visit(expression.operand, moments, setting, needs);
    case 'binary':
      visit(expression.left, moments, setting, needs);
      return visit(expression.right, moments, setting, needs);
    case 'aggregation':
      if (expression.parameter !== null) visit(expression.parameter, moments, setting, needs);
      return visit(expression.operand, moments, setting, needs);
    case 'call':
      for (const argument of expression.arguments) visit(argument, moments, setting, needs);
  }
}

function need(
  matchers: readonly LabelMatcher[],
  until: readonly number[],
  reachMs: number,
  { semantics }: WalkedQuery,
): WalkedNeed {
  const first = until.reduce((least, at) => Math.min(least, at), Infinity);
  const last = until.reduce((most, at) => Math.max(most, at), -Infinity);
  return { matchers, fromMs: first - reachMs + (semantics === 'v2' ? 0 : 1), toMs: last };
}

function referred(
  { offset, at }: TimeModifiers,
  moments: readonly number[],
  { startMs, endMs }: WalkedQuery,
): readonly number[] {
  const shift = offset === null ? 0 : fixed(offset);
  if (at === null) return moments.map((moment) => moment - shift);
  return [(at.kind === 'time' ? at.ms : at.kind === 'start' ? startMs : endMs) - shift];
}

function fixed(duration: { readonly kind: string; readonly ms?: number }): number {
  if (duration.ms === undefined) throw new Error('a computed duration is not walked');
  return duration.ms;
}
