import * as v from 'valibot';

/**
 * Silences as windows see them. One that a whole cluster has is one row here; what waits to be sent stands
 * in the outbox. Times are Unix milliseconds.
 */
export const silenceStates = ['active', 'pending', 'expired'] as const;

const mostNameLength = 1_000;
const mostValueLength = 10_000;

export const silenceMatcherSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(mostNameLength)),
  value: v.pipe(v.string(), v.maxLength(mostValueLength)),
  isRegex: v.boolean(),
  isEqual: v.boolean(),
});
/** As a server tells it: there is no bound on what was asked of it elsewhere. */
export const toldMatcherSchema = v.object({
  name: v.string(),
  value: v.string(),
  isRegex: v.boolean(),
  isEqual: v.boolean(),
});
export type SilenceMatcher = v.InferOutput<typeof silenceMatcherSchema>;

/** Whether it is small enough to be asked for from here. */
export function isAskable({ name, value }: SilenceMatcher): boolean {
  return name.length <= mostNameLength && value.length <= mostValueLength;
}

/** Why the console looks after a silence: it renews it while acknowledged, or ends it when nothing matches. */
export const silenceCares = ['acknowledgement', 'self-ending'] as const;

export const silenceSchema = v.object({
  /** `CLUSTER/ID`, where the cluster is named by its first source in the order of the configuration. */
  key: v.string(),
  id: v.string(),
  cluster: v.string(),
  /** Sources of the cluster that have it, and those that were asked and do not. */
  sources: v.array(v.string()),
  missingFrom: v.array(v.string()),
  state: v.picklist(silenceStates),
  matchers: v.array(toldMatcherSchema),
  createdBy: v.string(),
  comment: v.string(),
  startsAtMs: v.number(),
  endsAtMs: v.number(),
  updatedAtMs: v.number(),
  care: v.nullable(v.picklist(silenceCares)),
  /** It ends by itself once nothing has matched for so long; null where it does not. */
  endsAfterQuietMs: v.nullable(v.number()),
  /** Open alerts here that it silences now. */
  silencedCount: v.number(),
  /** When any of its sources told of it last: it may have changed since. */
  heardAtMs: v.number(),
});
export type Silence = v.InferOutput<typeof silenceSchema>;

/** Until the end of the year 9999: what comes later no server can be told. */
const momentMs = v.pipe(v.number(), v.minValue(0), v.maxValue(253_402_300_799_999));

/** What a person fills in. */
export const silenceDraftSchema = v.object({
  matchers: v.pipe(v.array(silenceMatcherSchema), v.minLength(1), v.maxLength(100)),
  startsAtMs: momentMs,
  endsAtMs: momentMs,
  comment: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(10_000)),
  /** End it by itself once nothing has matched for so long; null for never. */
  endsAfterQuietMs: v.nullable(v.pipe(v.number(), v.minValue(60_000), v.maxValue(86_400_000))),
});
export type SilenceDraft = v.InferOutput<typeof silenceDraftSchema>;

/** What is to be done at each source of a cluster. */
export const outboxRequestSchema = v.variant('kind', [
  v.object({ kind: v.literal('create'), draft: silenceDraftSchema }),
  /** `seenUpdatedAtMs`: the version that the person saw; another one on the server is a conflict. */
  v.object({
    kind: v.literal('edit'),
    id: v.string(),
    seenUpdatedAtMs: v.number(),
    draft: silenceDraftSchema,
  }),
  v.object({ kind: v.literal('expire'), id: v.string(), seenUpdatedAtMs: v.number() }),
]);
export type OutboxRequest = v.InferOutput<typeof outboxRequestSchema>;

const outboxTargetSchema = v.object({
  source: v.string(),
  state: v.picklist(['waiting', 'sent', 'confirmed', 'failed']),
  /** The server's own words, or why it waits; empty once confirmed. */
  detail: v.string(),
  atMs: v.nullable(v.number()),
});

export const outboxEntrySchema = v.object({
  id: v.string(),
  cluster: v.string(),
  by: v.string(),
  createdAtMs: v.number(),
  /** Nothing leaves the machine before this. */
  dueAtMs: v.number(),
  request: outboxRequestSchema,
  /**
   * `held` until due; `waiting` for a server; `conflict` when the silence changed on the server meanwhile and a
   * person has to say what holds; `withdrawn` by a person before it was sent.
   */
  state: v.picklist(['held', 'waiting', 'sending', 'done', 'failed', 'conflict', 'withdrawn']),
  targets: v.array(outboxTargetSchema),
  /** What is there now instead, in a sentence; empty without a conflict. */
  conflict: v.string(),
  /** The conflict is about where it goes: the server that it was meant for is not asked under that name any more. */
  isDisplaced: v.optional(v.boolean(), false),
  /** The silence that came of it: a server may give another id to an edited one. */
  silenceId: v.nullable(v.string()),
});
export type OutboxEntry = v.InferOutput<typeof outboxEntrySchema>;

const hiddenSchema = v.object({
  alerts: v.number(),
  /** Of them critical, named: `alertname` and what tells it apart, at most 20. */
  critical: v.number(),
  criticalNames: v.array(v.string()),
  incidents: v.number(),
});

/** What a silence with these matchers hides now and would have hidden. */
export const silencePreviewSchema = v.object({
  now: hiddenSchema,
  past: v.object({
    ...hiddenSchema.entries,
    fromMs: v.number(),
    toMs: v.number(),
    /** Only the newest of the history was looked through: there are at least so many. */
    atLeast: v.boolean(),
  }),
  /** How many open alerts each matcher alone takes, in the order of the matchers. */
  matcherCounts: v.array(v.number()),
  /** Fingerprints of the open alerts that it hides, at most 500. */
  fingerprints: v.array(v.string()),
  /** In words, where it is broad; empty otherwise. */
  warnings: v.array(v.string()),
});
export type SilencePreview = v.InferOutput<typeof silencePreviewSchema>;
