import { labelOf, type Labels } from '#shared/model/labels.ts';
import { minuteMs } from '#shared/time.ts';
import type { PrometheusRule } from './model.ts';

/**
 * Which expression raised an alert, and whether its rule has spoken: the list of alerts does not tell it, the
 * list of rules does. That list is long and changes seldom, so it is asked for where an alert of no known rule
 * fires, and again now and then.
 */
type Raising = Pick<PrometheusRule, 'kind' | 'name' | 'query' | 'labels' | 'health' | 'lastEvaluationAtMs'>;

const keptMs = 10 * minuteMs;
const retryMs = minuteMs;

export class RaisingRules {
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
    for (const { kind, name, query, labels, health, lastEvaluationAtMs } of rules) {
      if (kind !== 'alerting') continue;
      const rule = { kind, name, query, labels, health, lastEvaluationAtMs };
      const same = this.#rules.get(name);
      if (same === undefined) this.#rules.set(name, [rule]);
      else same.push(rule);
    }
  }

  /** Empty where it is not known, and where rules of one name and the same labels leave it open. */
  expressionOf(labels: Labels): string {
    const raising = new Set(this.#raising(labels).map(({ query }) => query));
    const [query = ''] = raising;
    return raising.size === 1 ? query : '';
  }

  /** Whether all that may have raised an alert is there, and was evaluated with success since the server began. */
  areEvaluated(labels: Labels): boolean {
    const raising = this.#raising(labels);
    // Never is told as the first moment of the first year.
    const isEvaluated = ({ health, lastEvaluationAtMs }: Raising): boolean =>
      health === 'ok' && lastEvaluationAtMs !== null && lastEvaluationAtMs > 0;
    return raising.length > 0 && raising.every(isEvaluated);
  }

  #raising(labels: Labels): readonly Raising[] {
    return (this.#rules.get(labelOf(labels, 'alertname')) ?? []).filter((rule) => mayRaise(rule, labels));
  }
}

/** A label that is a template may come to anything. */
function mayRaise(rule: Raising, labels: Labels): boolean {
  return Object.entries(rule.labels).every(
    ([name, value]) => value.includes('{{') || labelOf(labels, name) === value,
  );
}
