import { graphLinkOf } from '#shared/model/graph-link.ts';
import { fingerprintOf, type Labels } from '#shared/model/labels.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import { minuteMs } from '#shared/time.ts';
import type { ActiveAlert } from './alert-state.ts';
import type { GroupState, RuleState } from './group-state.ts';

/** Firing alerts of local rules as an answer of a source of alerts, for whoever keeps incidents. */
export interface LocalAlerts {
  readonly source: string;
  readonly atMs: number;
  /** Always the same: state is in the journal, so a start forgets nothing. */
  readonly serverStartedAtMs: number;
  readonly alerts: readonly LocalAlert[];
  /** Fingerprints of alerts that are gone although nobody saw them end. */
  readonly unknownEnds: readonly string[];
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
  /** Set while its rule cannot be evaluated: it fired when it was evaluated last, and nobody knows since. */
  readonly doubt: Doubt | undefined;
}

interface Doubt {
  readonly lastSeenAtMs: number;
  readonly cause: string;
}

const neverForgets = 1;
/** As a source is stale after two missed polls. */
const freshForIntervals = 2.5;

export interface FiringGroup {
  readonly state: GroupState;
  /** The expressions of its rules, in order; empty where they are not known. */
  readonly expressions: readonly string[];
  readonly intervalMs: number;
}

export function localAlerts(
  groups: readonly FiringGroup[],
  prometheusUrl: string,
  atMs: number,
  unknownEnds: readonly string[] = [],
): LocalAlerts {
  const alerts = groups.flatMap(({ state, expressions, intervalMs }) =>
    state.rules.flatMap((rule, index) =>
      [...rule.alerts.values()]
        .filter((alert) => alert.state === 'firing')
        .map((alert): LocalAlert => ({
          fingerprint: fingerprintOf(alert.labels),
          labels: alert.labels,
          annotations: alert.annotations,
          startsAtMs: alert.firedAtMs ?? alert.activeAtMs,
          generatorUrl: graphLinkOf(prometheusUrl, expressions[index] ?? ''),
          state: 'firing',
          silencedBy: [],
          inhibitedBy: [],
          doubt: doubtOf(rule, alert, intervalMs, atMs),
        })),
    ),
  );
  return {
    source: localRulesSource,
    atMs,
    serverStartedAtMs: neverForgets,
    alerts: united(alerts),
    unknownEnds,
  };
}

/**
 * Two rules may raise alerts of the same labels: one alert, as an Alertmanager has it. It began with the
 * first of them, and is certain as long as one of them is.
 */
function united(alerts: readonly LocalAlert[]): LocalAlert[] {
  const byFingerprint = new Map<string, LocalAlert>();
  for (const alert of alerts) {
    const known = byFingerprint.get(alert.fingerprint);
    const told =
      known === undefined || (known.doubt !== undefined && alert.doubt === undefined) ? alert : known;
    const startsAtMs = Math.min(alert.startsAtMs, known?.startsAtMs ?? alert.startsAtMs);
    byFingerprint.set(alert.fingerprint, { ...told, startsAtMs });
  }
  return [...byFingerprint.values()];
}

function doubtOf(
  { lastSuccessAtMs, failure }: RuleState,
  { activeAtMs, firedAtMs }: ActiveAlert,
  intervalMs: number,
  atMs: number,
): Doubt | undefined {
  const lastSeenAtMs = lastSuccessAtMs ?? firedAtMs ?? activeAtMs;
  if (failure !== '') return { lastSeenAtMs, cause: `its rule cannot be evaluated: ${failure}` };
  const ageMs = atMs - lastSeenAtMs;
  if (lastSuccessAtMs !== null && ageMs <= Math.max(minuteMs, freshForIntervals * intervalMs))
    return undefined;
  return { lastSeenAtMs, cause: 'its rule has not been evaluated since' };
}
