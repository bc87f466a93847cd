import * as v from 'valibot';
import { alertSchema, alertStates } from './alert.ts';
import { labelsSchema } from './labels.ts';
import { severitySchema } from './severity.ts';

/**
 * An incident: the alerts that share a group (by `alertname` and `service` unless configured), from the
 * first that fires until the last is resolved, with a timeline of everything that happened.
 */
export const incidentRowSchema = v.object({
  /** Counts up within one data folder; shown as `INC-12`. */
  id: v.number(),
  title: v.string(),
  service: v.string(),
  summary: v.string(),
  severity: severitySchema,
  /**
   * The worst any of its alerts is in: firing before suppressed before unseen before resolved. An ended
   * incident (`resolvedAtMs`) that is `unseen` was closed by a person: nobody saw it resolved.
   */
  state: v.picklist(alertStates),
  openedAtMs: v.number(),
  /** Earliest start among its alerts. */
  startsAtMs: v.number(),
  lastSeenAtMs: v.number(),
  resolvedAtMs: v.nullable(v.number()),
  acknowledged: v.nullable(v.object({ by: v.string(), atMs: v.number() })),
  /** Acknowledged with a wish for a short silence upstream, for as long as it is. */
  holdsSilence: v.boolean(),
  /** An acknowledgement that nobody came back to and that ended by itself, until somebody takes it again. */
  forgotten: v.nullable(v.object({ by: v.string(), atMs: v.number(), cameBackAtMs: v.number() })),
  /** Asks nobody until then, or until it gets worse; `untilMs` null: only until it gets worse. */
  snoozed: v.nullable(v.object({ by: v.string(), atMs: v.number(), untilMs: v.nullable(v.number()) })),
  assignedTo: v.nullable(v.string()),
  /** Somebody said that it means nothing. */
  noise: v.nullable(v.object({ by: v.string(), atMs: v.number() })),
  /** The incident that has its alerts now; a merged one is not listed. */
  mergedInto: v.nullable(v.number()),
  /** Open alerts, or all of them once it is resolved. */
  alertCount: v.number(),
  /** Labels that all of its alerts share. */
  labels: labelsSchema,
  /** Names of the sources that reported any of its alerts. */
  sources: v.array(v.string()),
  /** Rises with every change; an optimistic action in a window waits for the revision that carries it. */
  revision: v.number(),
});
export type IncidentRow = v.InferOutput<typeof incidentRowSchema>;

export const timelineKinds = [
  'opened',
  'alert-fired',
  'alert-resolved',
  'alert-suppressed',
  'alert-active',
  'severity-changed',
  'sight-lost',
  'sight-regained',
  'notified',
  'notification-opened',
  'notification-snoozed',
  'acknowledged',
  'released',
  'undone',
  'note',
  'runbook-step',
  'silence',
  'evidence',
  'resolved',
  'closed',
  'snoozed',
  'woken',
  'forgotten',
  'assigned',
  'noise',
  'merged',
  'split',
] as const;
export type TimelineKind = (typeof timelineKinds)[number];

const timelineEntrySchema = v.object({
  id: v.number(),
  atMs: v.number(),
  kind: v.picklist(timelineKinds),
  /** What happened, in a few words. */
  text: v.string(),
  /** More about it, or empty. */
  detail: v.string(),
  /** The person who did it, or empty where the console or a source did. */
  by: v.string(),
  /** The incident it was told of, where that one was merged into this; else null. */
  of: v.nullable(v.number()),
});
export type TimelineEntry = v.InferOutput<typeof timelineEntrySchema>;

export const incidentDetailSchema = v.object({
  row: incidentRowSchema,
  alerts: v.array(alertSchema),
  /** Oldest first. */
  timeline: v.array(timelineEntrySchema),
  /** The expression behind its first alert, or empty where no source told it. */
  expression: v.string(),
});
export type IncidentDetail = v.InferOutput<typeof incidentDetailSchema>;

/** Whether a person still has to decide what to do about it. What it is like now is another question. */
export function asksForSomebody(
  row: Pick<IncidentRow, 'resolvedAtMs' | 'acknowledged' | 'snoozed' | 'noise' | 'mergedInto'>,
): boolean {
  return (
    row.resolvedAtMs === null &&
    row.acknowledged === null &&
    row.snoozed === null &&
    row.noise === null &&
    row.mergedInto === null
  );
}

export function incidentName(id: number): string {
  return `INC-${id}`;
}
