import type { Labels } from '#shared/model/labels.ts';
import { queryRange, type QueryRange } from '#shared/promql/engine.ts';
import type { MatrixSeries } from '#shared/promql/evaluate/answer.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { SeriesStore } from '../series-store.ts';
import { AlertState, type ActiveAlert } from './alert-state.ts';
import { DerivedSeries } from './derived-series.ts';
import type { Rule, RuleGroup } from './rule-file.ts';
import { outputOf, RuleColumn, type RuleOutput } from './rule-output.ts';

/**
 * Evaluates the demo's rules every 15 seconds and tells of the alerts. Many evaluations at once, as at the
 * start for the hours before it, are one range query each, stepped through in order.
 */
export const evaluationIntervalMs = 15_000;
/** Evaluations fall a little after the scrapes that they read. */
const slotOffsetMs = 3_000;
const resendDelayMs = 60_000;

/** An alert on its way to Alertmanager, as Prometheus' notifier sends it. */
export interface SentAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly generatorUrl: string;
}

export interface RuleStatus {
  readonly rule: Rule;
  readonly active: readonly ActiveAlert[];
  readonly health: 'ok' | 'err' | 'unknown';
  readonly lastError: string;
  readonly lastEvaluationAtMs: number;
  readonly evaluationSeconds: number;
}

export interface RuleManagerOptions {
  readonly store: SeriesStore;
  readonly groups: readonly RuleGroup[];
  /** Added to every alert that is sent. */
  readonly externalLabels: Labels;
  readonly externalUrl: () => string;
  /** Samples kept of each series that a rule writes. */
  readonly capacity: number;
  readonly send: (alerts: readonly SentAlert[], atMs: number) => void;
}

interface RunningRule {
  readonly rule: Rule;
  readonly state: AlertState | null;
  readonly output: RuleOutput;
  status: Omit<RuleStatus, 'rule' | 'active'>;
}

export class RuleManager {
  readonly groups: readonly { readonly group: RuleGroup; readonly rules: readonly RunningRule[] }[];
  readonly #options: RuleManagerOptions;
  #nextSlotMs: number | null = null;

  constructor(options: RuleManagerOptions) {
    this.#options = options;
    const { store, capacity } = options;
    this.groups = options.groups.map((group) => ({
      group,
      rules: group.rules.map((rule) => {
        const state = rule.kind === 'alerting' ? new AlertState(rule) : null;
        return {
          rule,
          state,
          output: outputOf(rule, state, new DerivedSeries(store, capacity)),
          status: { health: 'unknown', lastError: '', lastEvaluationAtMs: 0, evaluationSeconds: 0 },
        };
      }),
    }));
  }

  get externalLabels(): Labels {
    return this.#options.externalLabels;
  }

  /** Runs every evaluation due until then. @param fromMs none before this is worth while any more. */
  evaluateTo(untilMs: number, fromMs: number): void {
    const startMs = Math.max(this.#nextSlotMs ?? 0, slotAfter(fromMs));
    const count = Math.floor((untilMs - startMs) / evaluationIntervalMs) + 1;
    if (count <= 0) return;
    const endMs = startMs + (count - 1) * evaluationIntervalMs;
    const range = { startMs, endMs, stepMs: evaluationIntervalMs };
    for (const { rules } of this.groups) for (const running of rules) this.#run(running, range);
    this.#nextSlotMs = endMs + evaluationIntervalMs;
    this.#send(endMs);
  }

  statusOf({ rule, state, status }: RunningRule): RuleStatus {
    return { rule, active: state?.active() ?? [], ...status };
  }

  #run(running: RunningRule, range: QueryRange): void {
    const startedMs = performance.now();
    const answer = this.#evaluate(running.rule, range);
    // A failed evaluation changes no state, as in Prometheus.
    if (answer.ok) {
      const columns = answer.value.map((series) => new RuleColumn(series));
      for (let atMs = range.startMs; atMs <= range.endMs; atMs += range.stepMs)
        running.output.record(columns, atMs);
    }
    running.status = {
      health: answer.ok ? 'ok' : 'err',
      lastError: answer.ok ? '' : answer.failure,
      lastEvaluationAtMs: range.endMs,
      evaluationSeconds: (performance.now() - startedMs) / 1_000,
    };
  }

  #evaluate({ expression }: Rule, range: QueryRange): Result<readonly MatrixSeries[], string> {
    const subqueryStepMs = evaluationIntervalMs;
    const outcome = queryRange(this.#options.store, expression, range, { subqueryStepMs });
    if (!outcome.ok) return failed(outcome.failure.message);
    return success(outcome.value.value.kind === 'matrix' ? outcome.value.value.series : []);
  }

  #send(atMs: number): void {
    const { externalLabels, externalUrl, send } = this.#options;
    const sent = this.groups.flatMap(({ rules }) =>
      rules.flatMap(({ rule, state }) =>
        (state?.takeForSending(atMs) ?? []).map((alert) => ({
          labels: { ...externalLabels, ...alert.labels },
          annotations: alert.annotations,
          startsAtMs: alert.firedAtMs,
          endsAtMs: alert.state === 'inactive' ? alert.resolvedAtMs : atMs + 4 * resendDelayMs,
          generatorUrl: `${externalUrl()}/graph?g0.expr=${queryEscape(rule.query)}&g0.tab=1`,
        })),
      ),
    );
    if (sent.length > 0) send(sent, atMs);
  }
}

function slotAfter(atMs: number): number {
  return Math.ceil((atMs - slotOffsetMs) / evaluationIntervalMs) * evaluationIntervalMs + slotOffsetMs;
}

/** Go's url.QueryEscape: a space is a plus, and more is escaped than JavaScript escapes. */
function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
