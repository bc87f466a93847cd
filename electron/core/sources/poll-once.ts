import type { SourceFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import type { AlertmanagerClient } from './alertmanager/client.ts';
import type { AskOptions } from './http-message.ts';
import type { JaegerClient } from './jaeger/client.ts';
import type { LokiClient } from './loki/client.ts';
import type { PrometheusClient } from './prometheus/client.ts';
import type { RuntimeInfo } from './prometheus/model.ts';
import type { OwnAlerts } from './prometheus/own-alerts.ts';
import type { SourceClient } from './source-client.ts';
import type { AlertSnapshot, ReportedAlert, ToldConfiguration } from './source-settings.ts';

/** One poll of one source: what is asked, in which order, and what makes it count. Used by `SourceWatch`. */

export interface Polled {
  readonly version: string;
  /** Null where the server does not tell. */
  readonly serverStartedAtMs: number | null;
  /** Null for a source that reports no alerts. */
  readonly alerts: {
    /** Since when it knows them without a break; null where it does not tell. */
    readonly serverStartedAtMs: number | null;
    readonly rows: readonly ReportedAlert[];
    readonly knownEnds: readonly string[];
    /** Null for a server that routes nothing. */
    readonly configuration: ToldConfiguration | null;
    readonly peers: NonNullable<AlertSnapshot['peers']>;
  } | null;
}

/**
 * @param ownAlerts those of a Prometheus that is asked for them; null of any other source.
 * @param timeoutMs for all requests of the poll together.
 */
export async function pollOnce(
  client: SourceClient,
  ownAlerts: OwnAlerts | null,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Result<Polled, SourceFailure>> {
  const endsAtMs = performance.now() + timeoutMs;
  const options = (): AskOptions => ({
    signal,
    lane: 'poll',
    timeoutMs: Math.max(1, Math.ceil(endsAtMs - performance.now())),
  });
  switch (client.kind) {
    case 'alertmanager':
      return pollAlertmanager(client, options);
    case 'prometheus':
      return pollPrometheus(client, ownAlerts, options);
    case 'loki':
      return pollLoki(client, options);
    case 'jaeger':
      return pollJaeger(client, options);
  }
}

/**
 * Alerts first, then since when the server runs: a server that restarts between the two answers shows its
 * old alerts with its new start, which no one takes for a resolution. The other way round its empty list
 * would come with the old start.
 */
async function pollAlertmanager(
  client: AlertmanagerClient,
  options: () => AskOptions,
): Promise<Result<Polled, SourceFailure>> {
  const alerts = await client.alerts(options());
  if (!alerts.ok) return alerts;
  const status = await client.status(options());
  if (!status.ok) return status;
  const { version, startedAtMs, configuration: text, cluster } = status.value;
  return success({
    version,
    serverStartedAtMs: startedAtMs,
    alerts: {
      serverStartedAtMs: startedAtMs,
      rows: alerts.value,
      knownEnds: [],
      configuration: { text, version },
      peers: cluster.peers,
    },
  });
}

/** Alerts before the start, as of an Alertmanager; expressions last, for without them the poll is good too. */
async function pollPrometheus(
  client: PrometheusClient,
  ownAlerts: OwnAlerts | null,
  options: () => AskOptions,
): Promise<Result<Polled, SourceFailure>> {
  const build = await client.buildInfo(options());
  if (!build.ok) return build;
  const active = ownAlerts === null ? success(null) : await ownAlerts.active(options());
  if (!active.ok) return active;
  const runtime = await client.runtimeInfo(options());
  // Servers that speak the API without being Prometheus (Mimir, VictoriaMetrics) have no such endpoint.
  if (!runtime.ok && runtime.failure.code !== 'not-this-api') return runtime;
  const serverStartedAtMs = runtime.ok ? runtime.value.startedAtMs : null;
  const polled = { version: build.value.version, serverStartedAtMs };
  if (ownAlerts === null || active.value === null) return success({ ...polled, alerts: null });
  const known = runtime.ok ? runtime.value : null;
  const reported = await ownAlerts.reported(active.value, known, options);
  const knownSinceMs = known === null ? null : alertsKnownSinceMs(known);
  return success({
    ...polled,
    alerts: { serverStartedAtMs: knownSinceMs, ...reported, configuration: null, peers: [] },
  });
}

/**
 * A Prometheus has its alerts in memory: after a start it has none until its rules were evaluated, and those
 * with a `for` may be pending anew; after a reload it has none of the rules that were renamed, moved or taken
 * out. That one is gone then says nothing of what it was about. A server that tells neither moment may have
 * begun anew between any two polls: of it no end is believed but what its rules say themselves.
 */
function alertsKnownSinceMs({ startedAtMs, configuredAtMs }: RuntimeInfo): number {
  return Math.max(startedAtMs, configuredAtMs ?? startedAtMs);
}

async function pollLoki(
  client: LokiClient,
  options: () => AskOptions,
): Promise<Result<Polled, SourceFailure>> {
  const build = await client.buildInfo(options());
  if (!build.ok) return build;
  return success({ version: build.value.version, serverStartedAtMs: null, alerts: null });
}

async function pollJaeger(
  client: JaegerClient,
  options: () => AskOptions,
): Promise<Result<Polled, SourceFailure>> {
  const services = await client.services(options());
  return services.ok ? success({ version: '', serverStartedAtMs: null, alerts: null }) : services;
}
