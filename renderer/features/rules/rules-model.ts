import type { RuleView } from '#shared/model/rule.ts';
import type { RuleItem } from '../../parts/rule-items.ts';

/** The cursor of the rules, and their words. Pure. */

export function ruleUnderCursor(items: readonly RuleItem[], cursor: string | null): RuleItem | undefined {
  return items.find(({ key }) => key === cursor) ?? items[0];
}

/** What a rule is in, in one word. */
export function wordOf({ health, state }: RuleView): string {
  if (health === 'unsupported') return 'not evaluated';
  if (health === 'error') return 'failing';
  return health === 'unknown' ? 'not yet asked' : state;
}
