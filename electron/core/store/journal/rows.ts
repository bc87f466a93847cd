import * as v from 'valibot';
import { alertStates } from '#shared/model/alert.ts';
import { timelineKinds } from '#shared/model/incident.ts';
import { labelsSchema } from '#shared/model/labels.ts';
import { severityLevels, severitySchema } from '#shared/model/severity.ts';
import { silenceCares } from '#shared/model/silence.ts';
import type {
  AlertRecord,
  IncidentRecord,
  IncidentVerdicts,
  NotificationRecord,
  OutboxRecord,
  RuleStateRecord,
  TendedSilenceRecord,
  WatchRecord,
} from '../records.ts';

/**
 * What a row of the journal must look like to be believed. A file can be damaged in ways that SQLite does
 * not see; a row that is not of this shape is left out and counted, never guessed.
 */
const jsonOf = <Schema extends v.GenericSchema>(schema: Schema) => v.pipe(v.string(), v.parseJson(), schema);
const texts = v.array(v.string());
const moment = v.nullable(v.number());

const snooze = v.object({
  by: v.string(),
  atMs: v.number(),
  untilMs: moment,
  alertCount: v.number(),
  worst: v.nullable(v.picklist(severityLevels)),
});

/** What is not in the text was never decided: a journal of before there was that decision. */
const verdicts = v.object({
  snoozed: v.optional(v.nullable(snooze), null),
  assignedTo: v.optional(v.nullable(v.string()), null),
  noise: v.optional(v.nullable(v.object({ by: v.string(), atMs: v.number() })), null),
  holdsSilence: v.optional(v.boolean(), false),
  forgotten: v.optional(
    v.nullable(v.object({ by: v.string(), atMs: v.number(), cameBackAtMs: v.number() })),
    null,
  ),
  handledAtMs: v.optional(moment, null),
  asksAgainSinceMs: v.optional(moment, null),
  split: v.optional(
    v.nullable(v.object({ from: v.number(), homes: v.array(v.tuple([v.string(), v.nullable(v.number())])) })),
    null,
  ),
}) satisfies v.GenericSchema<unknown, IncidentVerdicts>;

export const incidentRow = v.object({
  id: v.number(),
  groupKey: v.string(),
  title: v.string(),
  service: v.string(),
  openedAtMs: v.number(),
  resolvedAtMs: moment,
  acknowledgedBy: v.nullable(v.string()),
  acknowledgedAtMs: moment,
  verdicts: jsonOf(verdicts),
  mergedInto: v.nullable(v.number()),
  revision: v.number(),
}) satisfies v.GenericSchema<unknown, IncidentRecord>;

const witness = v.object({
  source: v.string(),
  reporting: v.boolean(),
  says: v.picklist(['firing', 'suppressed', 'unseen']),
  lastSeenAtMs: v.number(),
  serverStartedAtMs: moment,
});

export const alertRow = v.object({
  incidentId: v.number(),
  homeIncidentId: v.nullable(v.number()),
  fingerprint: v.string(),
  labels: jsonOf(labelsSchema),
  annotations: jsonOf(labelsSchema),
  generatorUrl: v.string(),
  startsAtMs: v.number(),
  firstSeenAtMs: v.number(),
  endedAtMs: moment,
  state: v.picklist(alertStates),
  silencedBy: jsonOf(texts),
  inhibitedBy: jsonOf(texts),
  witnesses: jsonOf(v.array(witness)),
}) satisfies v.GenericSchema<unknown, AlertRecord>;

export const timelineRow = v.object({
  id: v.number(),
  atMs: v.number(),
  kind: v.picklist(timelineKinds),
  text: v.string(),
  detail: v.string(),
  by: v.string(),
  of: v.nullable(v.number()),
});

export const watchRow = v.object({
  source: v.string(),
  lastSuccessAtMs: v.number(),
  serverStartedAtMs: moment,
}) satisfies v.GenericSchema<unknown, WatchRecord>;

export const ruleGroupRow = v.object({
  group: v.string(),
  lastSlotAtMs: v.number(),
  state: v.string(),
}) satisfies v.GenericSchema<unknown, RuleStateRecord>;

export const settingRow = v.object({ value: v.string() });

export const notificationRow = v.object({
  id: v.string(),
  incidentId: v.number(),
  title: v.string(),
  body: v.string(),
  severity: jsonOf(severitySchema),
  intendedAtMs: v.number(),
  outcome: v.nullable(v.picklist(['shown', 'denied', 'withdrawn'])),
  outcomeAtMs: moment,
  openedAtMs: moment,
  askedAtMs: moment,
  summaryId: v.nullable(v.string()),
  snoozedUntilMs: moment,
}) satisfies v.GenericSchema<unknown, NotificationRecord>;

export const outboxRow = v.object({
  id: v.string(),
  createdAtMs: v.number(),
  settledAtMs: moment,
  entry: v.string(),
}) satisfies v.GenericSchema<unknown, OutboxRecord>;

export const tendedSilenceRow = v.object({
  id: v.string(),
  cluster: v.string(),
  care: v.picklist(silenceCares),
  incidentId: moment,
  quietSinceMs: moment,
  endsAfterQuietMs: moment,
  createdAtMs: v.number(),
  endedAtMs: moment,
}) satisfies v.GenericSchema<unknown, TendedSilenceRecord>;
