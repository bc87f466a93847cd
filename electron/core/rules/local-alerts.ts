import { fingerprintOf, type Labels } from '#shared/model/labels.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import type { GroupState } from './group-state.ts';

/** Firing alerts of local rules as an answer of a source of alerts, for whoever keeps incidents. */
export interface LocalAlerts {
  readonly source: string;
  readonly atMs: number;
  /** Always the same: state is in the journal, so a start forgets nothing. */
  readonly serverStartedAtMs: number;
  readonly alerts: readonly LocalAlert[];
}

export interface LocalAlert {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAtMs: number;
  readonly generatorUrl: string;
  readonly state: 'firing';
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
}

const neverForgets = 1;

export interface FiringGroup {
  readonly state: GroupState;
  /** The expressions of its rules, in order; empty where they are not known. */
  readonly expressions: readonly string[];
}

export function localAlerts(
  groups: readonly FiringGroup[],
  prometheusUrl: string,
  atMs: number,
): LocalAlerts {
  const alerts = groups.flatMap(({ state, expressions }) =>
    state.rules.flatMap((rule, index) =>
      [...rule.alerts.values()]
        .filter((alert) => alert.state === 'firing')
        .map((alert): LocalAlert => ({
          fingerprint: fingerprintOf(alert.labels),
          labels: alert.labels,
          annotations: alert.annotations,
          startsAtMs: alert.firedAtMs ?? alert.activeAtMs,
          generatorUrl: generatorUrl(prometheusUrl, expressions[index] ?? ''),
          state: 'firing',
          silencedBy: [],
          inhibitedBy: [],
        })),
    ),
  );
  return { source: localRulesSource, atMs, serverStartedAtMs: neverForgets, alerts };
}

/** As Prometheus makes it, so that the expression can be read off it again. */
function generatorUrl(prometheusUrl: string, expression: string): string {
  const base = prometheusUrl.replace(/\/+$/, '');
  return `${base}/graph?g0.expr=${encodeURIComponent(expression)}&g0.tab=1`;
}
