import * as v from 'valibot';

/** How the cache keeps up with the sources: what is followed, how far it is, and why something is not. */

export const syncedSelectorSchema = v.object({
  /** As coverage is recorded by it. */
  selector: v.string(),
  /** Oldest sample that somebody wants; Unix milliseconds. */
  wantedFromMs: v.number(),
  /** The newest stretch that is complete; null where nothing is. */
  coveredFromMs: v.nullable(v.number()),
  coveredUntilMs: v.nullable(v.number()),
  /** What of the wanted time is not covered yet. */
  missingMs: v.number(),
  /** By the server's count, or its last answer; null before the first. */
  series: v.nullable(v.number()),
  /** As measured over the last answers; null before the first. */
  samplesPerSecond: v.nullable(v.number()),
  /** Remote read keeps stale markers as they are; by query they are found out by looking. */
  way: v.nullable(v.picklist(['remote-read', 'query'])),
  /** Why it is not followed; empty where it is. */
  refusal: v.string(),
});
export type SyncedSelector = v.InferOutput<typeof syncedSelectorSchema>;

export const syncedSourceSchema = v.object({
  source: v.string(),
  /** Why nothing is asked of it now; empty where it is asked. */
  paused: v.string(),
  /** When it is asked again, where that is known. */
  pausedUntilMs: v.nullable(v.number()),
  /** Questions asked of it, and samples that came, since the core started. */
  questions: v.number(),
  samples: v.number(),
  selectors: v.array(syncedSelectorSchema),
  /** Expressions of which nobody can tell what samples they need. */
  unfollowed: v.array(v.object({ expression: v.string(), why: v.string() })),
});
export type SyncedSourceState = v.InferOutput<typeof syncedSourceSchema>;

export const sampleSyncSchema = v.array(syncedSourceSchema);
export type SampleSyncState = v.InferOutput<typeof sampleSyncSchema>;
