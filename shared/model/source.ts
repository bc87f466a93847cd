import * as v from 'valibot';
import { sourceFailureSchema } from '../failure.ts';

/** A server that the console asks, and how well that goes. */
export const sourceKinds = ['prometheus', 'alertmanager', 'loki', 'jaeger'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/**
 * `starting` before the first answer, `fresh` while polls succeed, `late` after one missed poll,
 * `stale` after two: from then on it says nothing about now. `paused` in safe mode.
 */
const sourceStates = ['starting', 'fresh', 'late', 'stale', 'paused'] as const;
export type SourceState = (typeof sourceStates)[number];

const missingWatchdogSchema = v.object({
  /** Since when the alert that always fires there has not been among those that it tells. */
  sinceMs: v.number(),
  /** Which alert that is, as matchers. */
  matchers: v.string(),
});
export type MissingWatchdog = Readonly<v.InferOutput<typeof missingWatchdogSchema>>;

export const sourceHealthSchema = v.object({
  /** The name in the configuration; unique over all sources. */
  name: v.string(),
  kind: v.picklist(sourceKinds),
  /** Base address without credentials. */
  url: v.string(),
  state: v.picklist(sourceStates),
  version: v.string(),
  /** How long the last answered poll took. */
  latencyMs: v.nullable(v.number()),
  lastSuccessAtMs: v.nullable(v.number()),
  lastAttemptAtMs: v.nullable(v.number()),
  nextAttemptAtMs: v.nullable(v.number()),
  /** Since when it has been stale; null while it is not. */
  staleSinceMs: v.nullable(v.number()),
  consecutiveFailures: v.number(),
  failure: v.nullable(sourceFailureSchema),
  /** When the server itself started, by its own word: a change means that it forgot its alerts. */
  serverStartedAtMs: v.nullable(v.number()),
  /** The server's clock minus ours, where it told; null where it did not. */
  clockSkewMs: v.nullable(v.number()),
  /** Whether what it tells makes incidents: as it is configured, and, once it was asked, as it answers. */
  tellsAlerts: v.optional(v.boolean(), false),
  /** It answers, and what always fires there is missing: what else fires may not reach it. */
  missingWatchdog: v.optional(v.nullable(missingWatchdogSchema), null),
});
export type SourceHealth = v.InferOutput<typeof sourceHealthSchema>;

/** Whether the API of a kind has alerts to tell at all. */
export function canTellAlerts(kind: SourceKind): boolean {
  return kind === 'alertmanager' || kind === 'prometheus';
}

/**
 * Whether a source of a kind is asked for its alerts. Alertmanagers tell what every Prometheus behind them
 * raised, with what silences and inhibits it; only where there is none does each Prometheus tell its own.
 * @param configured the kinds of all sources that the configuration names, this one's included.
 */
export function isAskedForAlerts(kind: SourceKind, configured: readonly SourceKind[]): boolean {
  return kind === 'alertmanager' || (kind === 'prometheus' && !configured.includes('alertmanager'));
}

/** What is known of a source before it was ever asked. */
export function unaskedHealth({
  name,
  kind,
  url,
  tellsAlerts,
}: Pick<SourceHealth, 'name' | 'kind' | 'url' | 'tellsAlerts'>): SourceHealth {
  return {
    name,
    kind,
    url,
    state: 'starting',
    version: '',
    latencyMs: null,
    lastSuccessAtMs: null,
    lastAttemptAtMs: null,
    nextAttemptAtMs: null,
    staleSinceMs: null,
    consecutiveFailures: 0,
    failure: null,
    serverStartedAtMs: null,
    clockSkewMs: null,
    tellsAlerts,
    missingWatchdog: null,
  };
}
