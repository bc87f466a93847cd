import { labelOf, type Labels } from '#shared/model/labels.ts';
import { matchesAll } from './matchers/label-matcher.ts';
import type { InhibitRule } from './model.ts';

/** An alert that keeps another quiet, and by which rule: its place among the configuration's. */
export interface Inhibition<Alert> {
  readonly by: Alert;
  readonly rule: InhibitRule;
  readonly ruleIndex: number;
}

/**
 * Every alert that keeps one with these labels quiet; servers name the first only. An alert that is itself
 * both source and target of a rule is kept quiet only by sources that are no targets of it: of two that
 * could silence each other neither does. Source: prometheus/alertmanager inhibit/inhibit.go.
 * @param firing the alerts that fire, the asked one among them or not.
 */
export function inhibitedBy<Alert extends { readonly labels: Labels }>(
  rules: readonly InhibitRule[],
  labels: Labels,
  firing: readonly Alert[],
): readonly Inhibition<Alert>[] {
  return rules.flatMap((rule, ruleIndex) => {
    if (rule.unreadable || !matchesAll(rule.target, labels)) return [];
    const isSourceToo = matchesAll(rule.source, labels);
    const equal = rule.equal.map((name) => [name, labelOf(labels, name)] as const);
    const inhibits = (source: Labels): boolean =>
      equal.every(([name, value]) => labelOf(source, name) === value) &&
      matchesAll(rule.source, source) &&
      !(isSourceToo && matchesAll(rule.target, source));
    return firing.filter((alert) => inhibits(alert.labels)).map((by) => ({ by, rule, ruleIndex }));
  });
}
