import * as v from 'valibot';
import { labelsSchema } from '#shared/model/labels.ts';
import { timeSchema } from '../checked.ts';

/**
 * The wire shapes of Alertmanager's API v2, by prometheus/alertmanager api/v2/openapi.yaml of 0.25 to
 * 0.34. Newer fields are optional, unknown ones are ignored.
 */

const names = v.array(v.string());

const alertSchema = v.object({
  labels: labelsSchema,
  annotations: v.optional(labelsSchema, {}),
  startsAt: timeSchema,
  fingerprint: v.optional(v.string(), ''),
  /** Left out where it is empty. */
  generatorURL: v.optional(v.string(), ''),
  /** Left out by servers that only speak the API. */
  receivers: v.optional(v.array(v.object({ name: v.string() }))),
  status: v.object({
    state: v.picklist(['unprocessed', 'active', 'suppressed']),
    silencedBy: names,
    inhibitedBy: names,
    mutedBy: v.optional(names, []),
  }),
});
export type WireAlert = v.InferOutput<typeof alertSchema>;

export const alertListSchema = v.array(alertSchema);

export const groupListSchema = v.array(
  v.object({
    labels: labelsSchema,
    receiver: v.object({ name: v.string() }),
    routeLabels: v.optional(labelsSchema, {}),
    alerts: v.array(alertSchema),
  }),
);

export const silenceSchema = v.object({
  id: v.string(),
  status: v.object({ state: v.picklist(['active', 'pending', 'expired']) }),
  matchers: v.array(
    v.object({
      name: v.string(),
      value: v.string(),
      isRegex: v.boolean(),
      isEqual: v.optional(v.boolean(), true),
    }),
  ),
  createdBy: v.string(),
  comment: v.string(),
  annotations: v.optional(labelsSchema, {}),
  startsAt: timeSchema,
  endsAt: timeSchema,
  updatedAt: timeSchema,
});
export type WireSilence = v.InferOutput<typeof silenceSchema>;

export const silenceListSchema = v.array(silenceSchema);

/** What a posted silence is answered with: its id, which need not be the one that was sent. */
export const silenceIdSchema = v.object({ silenceID: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) });

export const receiverListSchema = v.array(v.object({ name: v.string() }));

export const statusSchema = v.object({
  uptime: timeSchema,
  versionInfo: v.object({ version: v.string() }),
  cluster: v.object({
    name: v.optional(v.string(), ''),
    status: v.picklist(['ready', 'settling', 'disabled']),
    peers: v.optional(v.array(v.object({ name: v.string(), address: v.string() })), []),
  }),
  config: v.object({ original: v.string() }),
});

/** Errors of the framework around the handlers; the handlers' own are a bare JSON string. */
export const errorSchema = v.object({ code: v.number(), message: v.string() });
