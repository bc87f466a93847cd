import type { Alert } from '#shared/model/alert.ts';
import { labelOf } from '#shared/model/labels.ts';
import { localRulesSource, type RuleGroupView, type RulesView, type RuleView } from '#shared/model/rule.ts';

/** The local rules as one list, and the one of them that an alert is from. Pure. */

export interface RuleItem {
  readonly key: string;
  readonly group: RuleGroupView;
  readonly rule: RuleView;
}

/** In the order of the files; the key is the place, since names may repeat. */
export function ruleItems(rules: RulesView | null): readonly RuleItem[] {
  return (rules?.groups ?? []).flatMap((group) =>
    group.rules.map((rule, index) => ({ key: JSON.stringify([group.file, group.name, index]), group, rule })),
  );
}

/** How many rules cannot be evaluated now. */
export function failingRules(rules: RulesView | null): number {
  const counts = (rules?.groups ?? []).map(
    (group) => group.rules.filter(({ health }) => health === 'error').length,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** `backend.yml:12`, as an editor takes it. */
export function placeOf({ group, rule }: RuleItem): string {
  return `${group.file}:${rule.line}`;
}

/**
 * @returns the rule, as its file is now, that made the first alert which local rules reported; undefined
 * where no rule of today could have.
 */
export function ruleBehind(rules: RulesView | null, alerts: readonly Alert[]): RuleItem | undefined {
  const alert = alerts.find(({ sources }) => sources.includes(localRulesSource)) ?? alerts[0];
  if (alert === undefined) return undefined;
  const able = ruleItems(rules).filter(({ rule }) => couldMake(rule, alert));
  return (
    able.find(({ rule }) => rule.alerts.some(({ labels }) => sameLabels(labels, alert.labels))) ?? able[0]
  );
}

function couldMake({ kind, name, labels }: RuleView, alert: Alert): boolean {
  return (
    kind === 'alerting' &&
    name === labelOf(alert.labels, 'alertname') &&
    Object.entries(labels).every(
      ([label, text]) =>
        label === 'alertname' || text.includes('{{') || text === labelOf(alert.labels, label),
    )
  );
}

function sameLabels(left: Alert['labels'], right: Alert['labels']): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => labelOf(left, name) === labelOf(right, name))
  );
}
