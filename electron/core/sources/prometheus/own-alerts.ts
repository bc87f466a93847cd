import type { SourceFailure } from '#shared/failure.ts';
import { graphLinkOf } from '#shared/model/graph-link.ts';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { success, type Result } from '#shared/result.ts';
import type { AskOptions } from '../http-message.ts';
import type { ReportedAlert } from '../source-settings.ts';
import type { PrometheusClient } from './client.ts';
import type { PrometheusAlert, RuntimeInfo } from './model.ts';
import { RaisingRules } from './raising-rules.ts';

type KnownSince = Pick<RuntimeInfo, 'startedAtMs' | 'configuredAtMs'>;
type Break = 'none' | 'reload' | 'start';

/**
 * The alerts that a Prometheus raised itself, as a source of alerts tells them. Those that are pending make
 * nothing, as those of local rules. What only an Alertmanager knows, silences, inhibitions and receivers, is
 * not told; nor are the labels that the server adds where it sends alerts (`external_labels`), so that the
 * same alert of two replicas is one.
 */
export class OwnAlerts {
  readonly #client: PrometheusClient;
  readonly #monotonicMs: () => number;
  readonly #rules = new RaisingRules();
  /** What fired at the poll before, by fingerprint. */
  #fired: ReadonlyMap<string, Labels> = new Map();
  #known: KnownSince | null = null;
  /** What the poll before found to have happened: its alerts may have been of before it. */
  #before: Break = 'none';

  constructor(client: PrometheusClient, monotonicMs: () => number) {
    this.#client = client;
    this.#monotonicMs = monotonicMs;
  }

  /** Null from a server that has no alerts to tell, as those that only keep metrics. */
  async active(options: AskOptions): Promise<Result<readonly PrometheusAlert[] | null, SourceFailure>> {
    const alerts = await this.#client.alerts(options);
    return !alerts.ok && alerts.failure.code === 'not-this-api' ? success(null) : alerts;
  }

  /**
   * What fires, with the expressions behind it; a server that does not tell its rules leaves those unknown.
   * @param known null where the server does not tell.
   */
  async reported(
    active: readonly PrometheusAlert[],
    known: KnownSince | null,
    options: () => AskOptions,
  ): Promise<{ readonly rows: readonly ReportedAlert[]; readonly knownEnds: readonly string[] }> {
    const firing = active.filter(({ state }) => state === 'firing');
    const gone = this.#isRuleBelieved(known) ? withoutActive(this.#fired, active) : new Map<string, Labels>();
    const names = new Set(firing.map(({ labels }) => labelOf(labels, 'alertname')));
    let isLearned = false;
    if (gone.size > 0 || this.#rules.isDue(names, this.#monotonicMs())) {
      const rules = await this.#client.rules(options());
      this.#rules.learn(rules.ok ? rules.value : null, this.#monotonicMs());
      isLearned = rules.ok;
    }
    const knownEnds = gone.size > 0 && isLearned ? await this.#ended(gone, options()) : [];
    this.#fired = new Map(firing.map(({ fingerprint, labels }) => [fingerprint, labels]));
    this.#before = breakBetween(this.#known, known);
    this.#known = known;
    return { rows: united(firing.map((alert) => this.#reported(alert))), knownEnds };
  }

  /**
   * Whether the rules are to be asked about what is gone: not where nothing broke off, for then it has ended; nor
   * after a start, when rules are evaluated before there are samples to evaluate.
   */
  #isRuleBelieved(known: KnownSince | null): boolean {
    if (known === null) return true;
    const breaks = [this.#before, breakBetween(this.#known, known)];
    return breaks.includes('reload') && !breaks.includes('start');
  }

  /**
   * Of those that are gone, those that ended by the word of their rules: evaluated before this question, and not
   * raising them in its answer. The list before it may be of a moment at which nothing was evaluated yet.
   */
  async #ended(gone: ReadonlyMap<string, Labels>, options: AskOptions): Promise<readonly string[]> {
    const active = await this.#client.alerts(options);
    if (!active.ok) return [];
    return [...withoutActive(gone, active.value)].flatMap(([fingerprint, labels]) =>
      this.#rules.areEvaluated(labels) ? [fingerprint] : [],
    );
  }

  #reported({ fingerprint, labels, annotations, activeAtMs }: PrometheusAlert): ReportedAlert {
    const expression = this.#rules.expressionOf(labels);
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

function breakBetween(before: KnownSince | null, now: KnownSince | null): Break {
  if (before === null || now === null) return 'none';
  if (before.startedAtMs !== now.startedAtMs) return 'start';
  return before.configuredAtMs === now.configuredAtMs ? 'none' : 'reload';
}

function withoutActive(
  fired: ReadonlyMap<string, Labels>,
  active: readonly PrometheusAlert[],
): ReadonlyMap<string, Labels> {
  const left = new Map(fired);
  for (const { fingerprint } of active) left.delete(fingerprint);
  return left;
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
