import type { Labels } from '#shared/model/labels.ts';
import { labelOf } from '#shared/model/labels.ts';
import { minuteMs } from '#shared/time.ts';
import type { PrometheusRule } from './model.ts';

/**
 * Which expression raised an alert: the list of alerts does not tell it, the list of rules does. That list is
 * long and changes seldom, so it is asked for where an alert of no known rule fires, and again now and then.
 */
type Raising = Pick<PrometheusRule, 'kind' | 'name' | 'query' | 'labels'>;

const keptMs = 10 * minuteMs;
const retryMs = minuteMs;

export class RuleExpressions {
  readonly #rules = new Map<string, Raising[]>();
  #learnedAtMs: number | null = null;
  #triedAtMs: number | null = null;

  /** @param alertNames of the alerts that fire now. */
  isDue(alertNames: Iterable<string>, nowMs: number): boolean {
    if (this.#triedAtMs !== null && nowMs - this.#triedAtMs < retryMs) return false;
    const isOld = this.#learnedAtMs === null || nowMs - this.#learnedAtMs >= keptMs;
    for (const name of alertNames) if (isOld || !this.#rules.has(name)) return true;
    return false;
  }

  /** @param rules null where the server did not tell them: what was known is kept. */
  learn(rules: readonly Raising[] | null, nowMs: number): void {
    this.#triedAtMs = nowMs;
    if (rules === null) return;
    this.#learnedAtMs = nowMs;
    this.#rules.clear();
    for (const { kind, name, query, labels } of rules) {
      if (kind !== 'alerting') continue;
      const same = this.#rules.get(name);
      if (same === undefined) this.#rules.set(name, [{ kind, name, query, labels }]);
      else same.push({ kind, name, query, labels });
    }
  }

  /** Empty where it is not known, and where rules of one name and the same labels leave it open. */
  of(labels: Labels): string {
    const named = this.#rules.get(labelOf(labels, 'alertname')) ?? [];
    const raising = new Set(named.filter((rule) => mayRaise(rule, labels)).map(({ query }) => query));
    const [query = ''] = raising;
    return raising.size === 1 ? query : '';
  }
}

/** A label that is a template may come to anything. */
function mayRaise(rule: Raising, labels: Labels): boolean {
  return Object.entries(rule.labels).every(
    ([name, value]) => value.includes('{{') || labelOf(labels, name) === value,
  );
}
