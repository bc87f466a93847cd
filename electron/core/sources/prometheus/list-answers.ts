import type * as v from 'valibot';
import type { SourceFailure } from '#shared/failure.ts';
import { fingerprintOf, type Labels } from '#shared/model/labels.ts';
import { readDuration } from '#shared/promql/syntax/durations.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { checked, malformedAt, type Listing } from '../checked.ts';
import { openEnvelope } from './envelope.ts';
import { globalSettingsIn, type GlobalSettings } from './global-settings.ts';
import type {
  BuildInfo,
  HeadStatistics,
  MetricMetadata,
  PrometheusAlert,
  PrometheusRule,
  PrometheusTarget,
  Remarks,
  RuntimeInfo,
  ServerFlags,
} from './model.ts';
import {
  alertsSchema,
  buildInfoSchema,
  configSchema,
  flagsSchema,
  headSchema,
  labelSetsSchema,
  metadataSchema,
  namesSchema,
  rulesSchema,
  runtimeInfoSchema,
  targetsSchema,
  type WireRule,
} from './schemas.ts';
import { numberOf } from './series-answer.ts';

/** Reads the answers of Prometheus that are lists or small facts. Pure; see `answers.ts` for who runs it. */

type Read<Row> = Result<Listing<Remarks, Row>, SourceFailure>;

function rowsOf<Schema extends v.GenericSchema, Row>(
  json: unknown,
  schema: Schema,
  rows: (data: v.InferOutput<Schema>) => readonly Row[],
): Read<Row> {
  const envelope = openEnvelope(json);
  if (!envelope.ok) return envelope;
  const data = checked(schema, envelope.value.data, 'data');
  return data.ok ? success({ head: envelope.value.remarks, rows: rows(data.value) }) : data;
}

export function readLabelSets(json: unknown): Read<Labels> {
  return rowsOf(json, labelSetsSchema, (sets) => sets);
}

export function readNames(json: unknown): Read<string> {
  return rowsOf(json, namesSchema, (names) => names);
}

export function readMetadata(json: unknown): Read<MetricMetadata> {
  return rowsOf(json, metadataSchema, (data) =>
    Object.entries(data).flatMap(([metric, entries]) => entries.map((entry) => ({ metric, ...entry }))),
  );
}

export function readRules(json: unknown): Read<PrometheusRule> {
  return rowsOf(json, rulesSchema, ({ groups }) =>
    groups.flatMap((group) => group.rules.map((rule) => ruleOf(rule, group))),
  );
}

function ruleOf(rule: WireRule, group: { name: string; file: string }): PrometheusRule {
  const alerting = rule.type === 'alerting' ? rule : null;
  return {
    group: group.name,
    file: group.file,
    kind: rule.type,
    name: rule.name,
    query: rule.query,
    labels: rule.labels,
    annotations: alerting?.annotations ?? {},
    forMs: (alerting?.duration ?? 0) * 1_000,
    keepFiringForMs: (alerting?.keepFiringFor ?? 0) * 1_000,
    state: alerting?.state ?? null,
    activeAlerts: alerting?.alerts?.length ?? 0,
    health: rule.health,
    lastError: rule.lastError,
    lastEvaluationAtMs: rule.lastEvaluation ?? null,
  };
}

export function readAlerts(json: unknown): Read<PrometheusAlert> {
  const wire = rowsOf(json, alertsSchema, ({ alerts }) => alerts);
  if (!wire.ok) return wire;
  const rows: PrometheusAlert[] = [];
  for (const [index, { activeAt, value, ...alert }] of wire.value.rows.entries()) {
    const number = numberOf(value);
    if (number === null)
      return failed(malformedAt(`data.alerts.${index}.value`, 'expected a number as text'));
    // Here and not where it is used: of very many alerts this runs on the parsing thread.
    rows.push({ ...alert, fingerprint: fingerprintOf(alert.labels), activeAtMs: activeAt, value: number });
  }
  return success({ head: wire.value.head, rows });
}

export function readTargets(json: unknown): Read<PrometheusTarget> {
  return rowsOf(json, targetsSchema, ({ activeTargets }) =>
    activeTargets.map(({ scrapePool, scrapeUrl, lastScrape, ...target }) => ({
      ...target,
      pool: scrapePool,
      scrapeUrl: withoutCredentials(scrapeUrl),
      lastScrapeAtMs: lastScrape,
    })),
  );
}

function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return '';
  const url = new URL(address);
  return `${url.protocol}//${url.host}${url.pathname}`;
}

export function readBuildInfo(json: unknown): Read<BuildInfo> {
  return rowsOf(json, buildInfoSchema, (build) => [build]);
}

export function readRuntimeInfo(json: unknown): Read<RuntimeInfo> {
  return rowsOf(json, runtimeInfoSchema, ({ startTime, lastConfigTime, ...runtime }) => [
    {
      startedAtMs: startTime,
      configuredAtMs: lastConfigTime ?? null,
      storageRetention: runtime.storageRetention,
      reloadConfigSuccess: runtime.reloadConfigSuccess ?? null,
    },
  ]);
}

/** What `global` of the configuration says: nothing else of it is looked at or kept. */
export function readGlobalSettings(json: unknown): Read<GlobalSettings> {
  const config = rowsOf(json, configSchema, ({ yaml }) => [yaml]);
  if (!config.ok) return config;
  const settings = globalSettingsIn(config.value.rows[0] ?? '');
  return settings.ok
    ? success({ ...config.value, rows: [settings.value] })
    : failed(malformedAt('data.yaml', settings.failure));
}

/** Source: the flag --query.lookback-delta. */
const defaultLookbackMs = 300_000;

export function readFlags(json: unknown): Read<ServerFlags> {
  return rowsOf(json, flagsSchema, (flags) => {
    const lookback = readDuration(flags['query.lookback-delta'] ?? '');
    const lookbackMs = lookback.ok ? lookback.value : defaultLookbackMs;
    return [{ externalUrl: flags['web.external-url'] ?? '', lookbackMs }];
  });
}

export function readHeadStatistics(json: unknown): Read<HeadStatistics> {
  return rowsOf(json, headSchema, ({ headStats }) => [{ series: headStats.numSeries }]);
}
