import * as v from 'valibot';
import { labelsSchema } from '#shared/model/labels.ts';
import { timeSchema } from '../checked.ts';

/**
 * The wire shapes of Prometheus' HTTP API v1, as prometheus/prometheus web/api/v1/api.go writes them in
 * 2.42 to 3.5. What newer servers add is ignored; what older ones lack is optional.
 */

const texts = v.optional(v.array(v.string()), []);

export const successSchema = v.object({
  status: v.literal('success'),
  data: v.unknown(),
  warnings: texts,
  infos: texts,
});

export const errorSchema = v.object({
  status: v.literal('error'),
  errorType: v.string(),
  error: v.string(),
});

/** Samples are left unread here: `series-answer.ts` reads them in one pass, there may be 500,000. */
const resultRow = v.object({
  metric: labelsSchema,
  value: v.optional(v.unknown()),
  values: v.optional(v.array(v.unknown())),
  histogram: v.optional(v.unknown()),
  histograms: v.optional(v.array(v.unknown())),
});
export type ResultRow = v.InferOutput<typeof resultRow>;

export const queryDataSchema = v.variant('resultType', [
  v.object({ resultType: v.literal('vector'), result: v.array(resultRow) }),
  v.object({ resultType: v.literal('matrix'), result: v.array(resultRow) }),
  v.object({ resultType: v.literal('scalar'), result: v.unknown() }),
  v.object({ resultType: v.literal('string'), result: v.tuple([v.number(), v.string()]) }),
]);

export const labelSetsSchema = v.array(labelsSchema);
export const namesSchema = v.array(v.string());

export const metadataSchema = v.record(
  v.string(),
  v.array(v.object({ type: v.string(), help: v.string(), unit: v.optional(v.string(), '') })),
);

const ruleHealth = v.picklist(['ok', 'err', 'unknown']);
const ruleBase = {
  name: v.string(),
  query: v.string(),
  labels: v.optional(labelsSchema, {}),
  health: ruleHealth,
  lastError: v.optional(v.string(), ''),
  lastEvaluation: v.optional(timeSchema),
};
const ruleSchema = v.variant('type', [
  v.object({
    type: v.literal('alerting'),
    ...ruleBase,
    state: v.picklist(['inactive', 'pending', 'firing']),
    duration: v.number(),
    keepFiringFor: v.optional(v.number(), 0),
    annotations: v.optional(labelsSchema, {}),
    alerts: v.optional(v.nullable(v.array(v.unknown())), null),
  }),
  v.object({ type: v.literal('recording'), ...ruleBase }),
]);
export type WireRule = v.InferOutput<typeof ruleSchema>;

export const rulesSchema = v.object({
  groups: v.array(v.object({ name: v.string(), file: v.string(), rules: v.array(ruleSchema) })),
});

export const alertsSchema = v.object({
  alerts: v.array(
    v.object({
      labels: labelsSchema,
      annotations: v.optional(labelsSchema, {}),
      state: v.picklist(['pending', 'firing']),
      activeAt: timeSchema,
      value: v.string(),
    }),
  ),
});

export const targetsSchema = v.object({
  activeTargets: v.array(
    v.object({
      scrapePool: v.optional(v.string(), ''),
      labels: labelsSchema,
      scrapeUrl: v.string(),
      health: v.picklist(['up', 'down', 'unknown']),
      lastError: v.optional(v.string(), ''),
      lastScrape: timeSchema,
    }),
  ),
});

export const buildInfoSchema = v.object({
  version: v.string(),
  revision: v.optional(v.string(), ''),
});

export const runtimeInfoSchema = v.object({
  startTime: timeSchema,
  lastConfigTime: v.optional(timeSchema),
  storageRetention: v.optional(v.string(), ''),
  reloadConfigSuccess: v.optional(v.boolean()),
});

export const configSchema = v.object({ yaml: v.string() });
export const flagsSchema = v.record(v.string(), v.string());

export const headSchema = v.object({ headStats: v.object({ numSeries: v.number() }) });
