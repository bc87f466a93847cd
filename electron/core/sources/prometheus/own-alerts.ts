import type { SourceFailure } from '#shared/failure.ts';
import { graphLinkOf } from '#shared/model/graph-link.ts';
import { labelOf } from '#shared/model/labels.ts';
import { success, type Result } from '#shared/result.ts';
import type { AskOptions } from '../http-message.ts';
import type { ReportedAlert } from '../source-settings.ts';
import type { PrometheusClient } from './client.ts';
import type { PrometheusAlert } from './model.ts';
import { RuleExpressions } from './rule-expressions.ts';

/**
 * The alerts that a Prometheus raised itself, as a source of alerts tells them. Those that are pending make
 * nothing, as those of local rules. What only an Alertmanager knows, silences, inhibitions and receivers, is
 * not told; nor are the labels that the server adds where it sends alerts (`external_labels`), so that the
 * same alert of two replicas is one.
 */
export class OwnAlerts {
  readonly #client: PrometheusClient;
  readonly #monotonicMs: () => number;
  readonly #expressions = new RuleExpressions();

  constructor(client: PrometheusClient, monotonicMs: () => number) {
    this.#client = client;
    this.#monotonicMs = monotonicMs;
  }

  /** Null from a server that has no alerts to tell, as those that only keep metrics. */
  async firing(options: AskOptions): Promise<Result<readonly PrometheusAlert[] | null, SourceFailure>> {
    const alerts = await this.#client.alerts(options);
    if (alerts.ok) return success(alerts.value.filter(({ state }) => state === 'firing'));
    return alerts.failure.code === 'not-this-api' ? success(null) : alerts;
  }

  /** With the expressions behind them; a server that does not tell its rules leaves those unknown. */
  async reported(
    firing: readonly PrometheusAlert[],
    options: () => AskOptions,
  ): Promise<readonly ReportedAlert[]> {
    const names = new Set(firing.map(({ labels }) => labelOf(labels, 'alertname')));
    if (this.#expressions.isDue(names, this.#monotonicMs())) {
      const rules = await this.#client.rules(options());
      this.#expressions.learn(rules.ok ? rules.value : null, this.#monotonicMs());
    }
    return united(firing.map((alert) => this.#reported(alert)));
  }

  #reported({ fingerprint, labels, annotations, activeAtMs }: PrometheusAlert): ReportedAlert {
    const expression = this.#expressions.of(labels);
    return {
      fingerprint,
      labels,
      annotations,
      startsAtMs: activeAtMs,
      generatorUrl: expression === '' ? '' : graphLinkOf(this.#client.http.settings.url, expression),
      state: 'firing',
      silencedBy: [],
      inhibitedBy: [],
      receivers: null,
    };
  }
}

/** Two rules may raise alerts of the same labels: one alert, as an Alertmanager has it, since the first of them. */
function united(alerts: readonly ReportedAlert[]): readonly ReportedAlert[] {
  const byFingerprint = new Map<string, ReportedAlert>();
  for (const alert of alerts) {
    const known = byFingerprint.get(alert.fingerprint);
    if (known === undefined || alert.startsAtMs < known.startsAtMs)
      byFingerprint.set(alert.fingerprint, alert);
  }
  return [...byFingerprint.values()];
}
