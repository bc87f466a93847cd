import type { Labels } from '#shared/model/labels.ts';
import type { Series } from '#shared/model/series.ts';

/** What a Prometheus tells, checked and mapped. Times are Unix milliseconds, spans milliseconds. */

/** What the server remarked beside its answer. */
export interface Remarks {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

export interface SeriesAnswer extends Remarks {
  readonly resultType: 'vector' | 'matrix' | 'scalar' | 'string';
  /** One point each for `vector` and `scalar`; empty for `string`. */
  readonly series: readonly Series[];
  /** The value of a `string` result, else null. */
  readonly text: string | null;
  /** Samples that are native histograms: not supported, so they are counted here and in no series. */
  readonly unsupportedHistograms: number;
}

export interface ListAnswer<Row> extends Remarks {
  readonly rows: readonly Row[];
}

export interface MetricMetadata {
  readonly metric: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

export interface PrometheusRule {
  readonly group: string;
  readonly file: string;
  readonly kind: 'alerting' | 'recording';
  readonly name: string;
  readonly query: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** Null for a recording rule. */
  readonly state: 'inactive' | 'pending' | 'firing' | null;
  readonly activeAlerts: number;
  readonly health: 'ok' | 'err' | 'unknown';
  readonly lastError: string;
  readonly lastEvaluationAtMs: number | null;
}

export interface PrometheusAlert {
  /** As an Alertmanager would have it, were the alert sent to one as it is. */
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: 'pending' | 'firing';
  readonly activeAtMs: number;
  readonly value: number;
}

export interface PrometheusTarget {
  readonly pool: string;
  readonly labels: Labels;
  /** Without credentials and query. */
  readonly scrapeUrl: string;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
  readonly lastScrapeAtMs: number;
}

export interface BuildInfo {
  readonly version: string;
  readonly revision: string;
}

export interface RuntimeInfo {
  /** When the server started. */
  readonly startedAtMs: number;
  /** When its configuration and its rules were read last with success; null where it does not tell. */
  readonly configuredAtMs: number | null;
  readonly storageRetention: string;
  readonly reloadConfigSuccess: boolean | null;
}

export interface HeadStatistics {
  readonly series: number;
}

/** What the server was told at its start. */
export interface ServerFlags {
  /** The address that it was told it has; empty where it was told none. */
  readonly externalUrl: string;
  /** How far an instant selector looks back. */
  readonly lookbackMs: number;
}
