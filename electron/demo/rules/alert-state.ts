import type { Labels } from '#shared/model/labels.ts';
import { signatureOf } from '../label-sets.ts';
import type { AlertingRule } from './rule-file.ts';

/**
 * One alerting rule's memory: which of its alerts are pending or firing since when. Follows Prometheus'
 * rules/alerting.go evaluation by evaluation.
 */
export interface ActiveAlert {
  readonly labels: Labels;
  annotations: Labels;
  state: 'pending' | 'firing' | 'inactive';
  value: number;
  readonly activeAtMs: number;
  firedAtMs: number;
  resolvedAtMs: number;
  lastSentAtMs: number;
}

/** How long a resolved alert is remembered, to be sent again. */
const resolvedRetentionMs = 15 * 60_000;
const resendDelayMs = 60_000;

export interface RuleSample {
  readonly labels: Labels;
  readonly value: number;
}

export class AlertState {
  readonly #rule: AlertingRule;
  readonly #alerts = new Map<string, ActiveAlert>();
  /** Evaluations that are made up together hand in the same label sets again and again. */
  readonly #identities = new WeakMap<Labels, Identity>();

  constructor(rule: AlertingRule) {
    this.#rule = rule;
  }

  /** @param samples what the rule's expression gave at that time. */
  evaluate(atMs: number, samples: readonly RuleSample[]): void {
    const seen = new Set<string>();
    for (const sample of samples) seen.add(this.#update(atMs, sample));
    for (const [signature, alert] of this.#alerts) {
      if (!seen.has(signature)) this.#leave(signature, alert, atMs);
      else if (alert.state === 'pending' && atMs - alert.activeAtMs >= this.#rule.forMs) {
        alert.state = 'firing';
        alert.firedAtMs = atMs;
      }
    }
  }

  /** Pending and firing alerts. */
  active(): readonly ActiveAlert[] {
    return [...this.#alerts.values()].filter((alert) => alert.state !== 'inactive');
  }

  /** The alerts that Alertmanager must be told of now; marks them as told. */
  takeForSending(atMs: number): readonly ActiveAlert[] {
    const due = [...this.#alerts.values()].filter(
      (alert) =>
        alert.state !== 'pending' &&
        (alert.resolvedAtMs > alert.lastSentAtMs || alert.lastSentAtMs + resendDelayMs < atMs),
    );
    for (const alert of due) alert.lastSentAtMs = atMs;
    return due;
  }

  #update(atMs: number, { labels, value }: RuleSample): string {
    const { labels: identity, signature } = this.#identityOf(labels);
    const annotations = Object.fromEntries(
      this.#rule.annotations.map(({ name, template }) => [name, template(labels, value)]),
    );
    const known = this.#alerts.get(signature);
    if (known !== undefined && known.state !== 'inactive') {
      known.value = value;
      known.annotations = annotations;
      return signature;
    }
    this.#alerts.set(signature, {
      labels: identity,
      annotations,
      state: 'pending',
      value,
      activeAtMs: atMs,
      firedAtMs: 0,
      resolvedAtMs: 0,
      lastSentAtMs: 0,
    });
    return signature;
  }

  #identityOf(given: Labels): Identity {
    const known = this.#identities.get(given);
    if (known !== undefined) return known;
    const nameless = Object.entries(given).filter(([name]) => name !== '__name__');
    const labels = {
      ...Object.fromEntries(nameless),
      ...this.#rule.labels,
      alertname: this.#rule.name,
    };
    const made = { labels, signature: signatureOf(labels) };
    this.#identities.set(given, made);
    return made;
  }

  #leave(signature: string, alert: ActiveAlert, atMs: number): void {
    const forgotten = alert.resolvedAtMs > 0 && atMs - alert.resolvedAtMs > resolvedRetentionMs;
    if (alert.state === 'pending' || forgotten) this.#alerts.delete(signature);
    else if (alert.state === 'firing') {
      alert.state = 'inactive';
      alert.resolvedAtMs = atMs;
    }
  }
}

interface Identity {
  readonly labels: Labels;
  readonly signature: string;
}
