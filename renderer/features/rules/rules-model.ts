import type { RuleGroupView, RulesView, RuleView } from '#shared/model/rule.ts';

/** The rules as one list with a cursor. Pure. */

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

export function ruleUnderCursor(items: readonly RuleItem[], cursor: string | null): RuleItem | undefined {
  return items.find(({ key }) => key === cursor) ?? items[0];
}

/** What a rule is in, in one word. */
export function wordOf({ health, state }: RuleView): string {
  if (health === 'unsupported') return 'not evaluated';
  if (health === 'error') return 'failing';
  return health === 'unknown' ? 'not yet asked' : state;
}
