import * as v from 'valibot';
import { configurationProblemSchema } from './settings.ts';
import { sourceKinds } from './source.ts';

/** What every screen shows around its content: environment, sight, configuration, notices. */

/** Something that happened to the console itself and that a person must know: never silent. */
export const noticeSchema = v.object({
  id: v.string(),
  severity: v.picklist(['error', 'warning', 'info']),
  message: v.string(),
  nextStep: v.string(),
  atMs: v.number(),
});
export type Notice = v.InferOutput<typeof noticeSchema>;

/**
 * How far the console sees alerts now. `live`: every source of alerts is fresh. `partial`: some are not.
 * `blind`: none is, so nothing here is known to be well. `starting`: none has answered yet and nothing
 * has been missed. `rules-only`: no Alertmanager is configured, and the console's own rules watch alone.
 * `unwatched`: nothing watches.
 */
const sightSchema = v.object({
  kind: v.picklist(['starting', 'live', 'partial', 'blind', 'rules-only', 'unwatched']),
  /** Last moment at which any source of alerts was seen; null if never. */
  lastSeenAtMs: v.nullable(v.number()),
  /** What is wrong, in one sentence; empty when live. */
  cause: v.string(),
});
export type Sight = v.InferOutput<typeof sightSchema>;

export const consoleStatusSchema = v.object({
  /** A new one each time the core starts. */
  coreEpoch: v.string(),
  coreStartedAtMs: v.number(),
  environment: v.string(),
  operator: v.string(),
  demo: v.boolean(),
  safeMode: v.boolean(),
  sight: sightSchema,
  configuration: v.object({
    path: v.string(),
    /** `broken`: the file has errors and the last good configuration is in force. */
    state: v.picklist(['none', 'good', 'broken']),
    problems: v.array(configurationProblemSchema),
  }),
  /** Until when no notification is shown by the person's wish; null where they are. */
  notificationsPausedUntilMs: v.nullable(v.number()),
  notices: v.array(noticeSchema),
  /** Servers found on this machine's usual ports, offered while there is no configuration. */
  offers: v.array(v.object({ kind: v.picklist(sourceKinds), url: v.string(), version: v.string() })),
});
export type ConsoleStatus = v.InferOutput<typeof consoleStatusSchema>;
