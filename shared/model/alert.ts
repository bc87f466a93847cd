import * as v from 'valibot';
import { labelsSchema } from './labels.ts';

/**
 * An alert as the console knows it: one label fingerprint, united over every source that reports it.
 *
 * `firing` and `suppressed` are what a fresh source said at its last poll. `unseen` means that no fresh
 * source speaks for the alert: it may fire or not, nobody knows. `resolved` is said only by a source
 * that was fresh, uninterrupted and had the alert before.
 */
export const alertStates = ['firing', 'suppressed', 'unseen', 'resolved'] as const;
export type AlertState = (typeof alertStates)[number];

export const alertSchema = v.object({
  fingerprint: v.string(),
  labels: labelsSchema,
  annotations: labelsSchema,
  /** Earliest start that any source has told for this episode. */
  startsAtMs: v.number(),
  state: v.picklist(alertStates),
  /** Where the alert was made: Prometheus' link with the expression in it. Untrusted text. */
  generatorUrl: v.string(),
  silencedBy: v.array(v.string()),
  inhibitedBy: v.array(v.string()),
  /** Names of the sources that reported it at their last good poll. */
  sources: v.array(v.string()),
  firstSeenAtMs: v.number(),
  lastSeenAtMs: v.number(),
  /** When a source let go of it; null while it is open. */
  endedAtMs: v.nullable(v.number()),
});
export type Alert = v.InferOutput<typeof alertSchema>;
