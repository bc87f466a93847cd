import * as v from 'valibot';
import { alertsPatchSchema, applyAlerts, incidentAlertsSchema } from './model/alert-facts.ts';
import { alertsFold } from './model/alerts-fold.ts';
import { consoleStatusSchema } from './model/console.ts';
import { incidentSignsSchema } from './model/incident-signs.ts';
import { incidentDetailSchema, incidentRowSchema } from './model/incident.ts';
import { labelsSchema } from './model/labels.ts';
import {
  applyLogTail,
  logAnswerSchema,
  logFieldsSchema,
  logPatternsSchema,
  logQuerySchema,
  logTailPatchSchema,
  logTailSchema,
  logVolumeSchema,
  nanosecondsSchema,
} from './model/log.ts';
import { originSchema } from './model/origin.ts';
import { overviewSchema } from './model/overview.ts';
import { explainedQuerySchema, queryAnswerSchema, queryTimesSchema } from './model/query.ts';
import {
  askedLabelsSchema,
  mostRoutingText,
  pagingSchema,
  routingSubjectSchema,
  routingTreeSchema,
} from './model/routing.ts';
import { rulesViewSchema } from './model/rule.ts';
import { incidentRunbookSchema, runbookStepSchema } from './model/runbook.ts';
import { chartSchema } from './model/series.ts';
import { settingsViewSchema, sourceDraftSchema } from './model/settings.ts';
import { outboxEntrySchema, silenceSchema } from './model/silence.ts';
import { sourceHealthSchema } from './model/source.ts';
import {
  dependenciesSchema,
  spanDetailSchema,
  traceListSchema,
  traceOutlineSchema,
  traceSearchSchema,
} from './model/trace.ts';
import { savedViewsSchema } from './model/view.ts';
import { sourceFailureSchema } from './failure.ts';
import { collectionTopic, command, valueTopic } from './rpc/definition.ts';
import { silenceCommands } from './silence-commands.ts';
import { silencePreviewCommands } from './silence-preview-commands.ts';
import { changedIncidents, verdictCommands } from './verdict-commands.ts';

/**
 * Everything that a window and the core say to each other, as data. A window asks with a command and
 * watches with a topic; there is no third way. To add one, add a line here, a handler in
 * `electron/core/commands/` or a publisher in `electron/core/publish/`, and nothing else.
 */

const incidentId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const nothing = v.object({});
/** Name of a source; empty for the first of the kind that the command asks. */
const sourceName = v.pipe(v.string(), v.maxLength(64));
const queryText = v.pipe(v.string(), v.maxLength(5_000));
const traceId = v.pipe(v.string(), v.regex(/^[0-9a-f]{1,32}$/));
const rangeMs = { fromMs: v.number(), toMs: v.number() };
const names = v.object({ origin: originSchema, names: v.array(v.string()) });

export const commands = {
  ...verdictCommands,
  /** The expression behind an incident over a time range: live, else from the cache, else unknown. */
  'incident.chart': command(
    v.object({
      id: incidentId,
      fromMs: v.number(),
      toMs: v.number(),
      maxPoints: v.pipe(v.number(), v.minValue(2), v.maxValue(11_000)),
    }),
    chartSchema,
  ),
  /** Lines of the incident's service around its start: asked of Loki, else those pinned, else unknown. */
  'incident.logs': command(v.object({ id: incidentId }), logAnswerSchema),
  /** Traces with errors of the incident's service around its start, in the same way. */
  'incident.traces': command(v.object({ id: incidentId }), traceListSchema),
  /** What to do about it, where somebody wrote it down. */
  'incident.runbook': command(v.object({ id: incidentId }), incidentRunbookSchema),
  /** Ticks a step of the runbook off, or opens it again; the timeline keeps it. Idempotent. */
  'runbook.check': command(
    v.object({ id: incidentId, step: runbookStepSchema, isDone: v.boolean() }),
    changedIncidents,
  ),
  /** A person opened the incident from its notification. */
  'notification.opened': command(v.object({ incidentId }), nothing),
  /** No notification from now on for so long; null: again as usual. At most a day. */
  'notifications.pause': command(
    v.object({ minutes: v.nullable(v.pipe(v.number(), v.minValue(1), v.maxValue(1_440))) }),
    nothing,
  ),

  /** Log lines over a time range: of Loki, paged past its limit, else of what is kept. */
  'logs.query': command(logQuerySchema, logAnswerSchema),
  /** How many lines of each level in each step of the range. */
  'logs.volume': command(
    v.object({
      source: sourceName,
      query: queryText,
      ...rangeMs,
      steps: v.pipe(v.number(), v.maxValue(500)),
    }),
    logVolumeSchema,
  ),
  /** The lines around one line of one stream, itself included: `before` older ones, `after` newer ones. */
  'logs.context': command(
    v.object({
      source: sourceName,
      stream: labelsSchema,
      timeNs: nanosecondsSchema,
      text: v.pipe(v.string(), v.maxLength(300_000)),
      before: v.pipe(v.number(), v.minValue(0), v.maxValue(1_000)),
      after: v.pipe(v.number(), v.minValue(0), v.maxValue(1_000)),
    }),
    logAnswerSchema,
  ),
  'logs.labels': command(v.object({ source: sourceName, query: queryText, ...rangeMs }), names),
  'logs.labelValues': command(
    v.object({
      source: sourceName,
      label: v.pipe(v.string(), v.maxLength(200)),
      query: queryText,
      ...rangeMs,
    }),
    names,
  ),
  'logs.fields': command(v.object({ source: sourceName, query: queryText, ...rangeMs }), logFieldsSchema),
  'logs.patterns': command(v.object({ source: sourceName, query: queryText, ...rangeMs }), logPatternsSchema),
  /** What a query would touch, by the server's index: to be asked before a large one. */
  'logs.size': command(
    v.object({ source: sourceName, query: queryText, ...rangeMs }),
    v.object({ streams: v.number(), chunks: v.number(), bytes: v.number(), entries: v.number() }),
  ),
  /** Begins a live tail; it is followed as the topic `logTail` and ends when nobody follows it. */
  'logs.tail': command(v.object({ source: sourceName, query: queryText }), v.object({ id: v.string() })),

  'traces.services': command(v.object({ source: sourceName }), names),
  'traces.operations': command(
    v.object({ source: sourceName, service: v.pipe(v.string(), v.maxLength(500)) }),
    names,
  ),
  'traces.search': command(traceSearchSchema, traceListSchema),
  /** A trace as it is drawn; null where neither the source nor the cache has it. */
  'traces.open': command(
    v.object({ source: sourceName, traceId }),
    v.object({ origin: originSchema, outline: v.nullable(traceOutlineSchema) }),
  ),
  /** All that is known of one span of a trace that was opened. */
  'traces.span': command(v.object({ source: sourceName, traceId, row: v.number() }), spanDetailSchema),
  /** Rows of the spans in which a text occurs: in names, tags and events. */
  'traces.find': command(
    v.object({ source: sourceName, traceId, text: v.pipe(v.string(), v.maxLength(500)) }),
    v.object({ rows: v.instance(Float64Array) }),
  ),
  'traces.dependencies': command(v.object({ source: sourceName, ...rangeMs }), dependenciesSchema),

  /** The dashboard of golden signals: which panels there are. */
  'overview.read': command(nothing, overviewSchema),
  /** One expression over a range, for a panel: live, else as it was drawn last, else unknown. */
  'metrics.chart': command(
    v.object({
      source: sourceName,
      expression: queryText,
      ...rangeMs,
      maxPoints: v.pipe(v.number(), v.minValue(2), v.maxValue(11_000)),
    }),
    chartSchema,
  ),

  /** A PromQL query at one time or over a range: live, else of the kept samples, else unknown. */
  'metrics.query': command(
    v.object({ source: sourceName, query: queryText, times: queryTimesSchema }),
    queryAnswerSchema,
  ),
  /** The same of the kept samples alone, with what each part of the query comes to. */
  'metrics.explain': command(
    v.object({ source: sourceName, query: queryText, times: queryTimesSchema }),
    explainedQuerySchema,
  ),

  /** How an Alertmanager routes, by what it told last; empty for the first. */
  'routing.tree': command(v.object({ source: sourceName }), routingTreeSchema),
  /** The same of a text that a person gave; its key is what `routing.explain` asks by. */
  'routing.read': command(
    v.object({ text: v.pipe(v.string(), v.maxLength(mostRoutingText)) }),
    routingTreeSchema,
  ),
  /** Will an alert with these labels page, whom, and when: as things are now. */
  'routing.explain': command(
    v.object({ subject: routingSubjectSchema, labels: askedLabelsSchema }),
    pagingSchema,
  ),

  ...silencePreviewCommands,
  ...silenceCommands,

  /** Reads the rule files again now. */
  'rules.reload': command(nothing, nothing),

  /** Polls sources now instead of at their next turn; all of them without a name. */
  'source.poll': command(v.object({ names: v.array(v.string()) }), nothing),
  /** What a source says about itself, asked now: version, targets, rules, cluster, silences. */
  'source.describe': command(
    v.object({ name: v.string() }),
    v.object({ facts: v.array(v.object({ label: v.string(), value: v.string() })) }),
  ),
  /**
   * Tries a connection that is not configured yet, step by step, and stops at the first that fails. Secret
   * references go where the file has them, and to the places of `secretsTo`; else `asks` says what a person
   * has to agree to first, and nothing was tried.
   */
  'source.test': command(
    v.object({
      draft: sourceDraftSchema,
      replaces: v.nullable(v.string()),
      secretsTo: v.pipe(v.array(v.pipe(v.string(), v.maxLength(2_048))), v.maxLength(4)),
    }),
    v.object({
      asks: v.array(v.object({ to: v.string(), references: v.array(v.string()) })),
      steps: v.array(
        v.object({
          name: v.string(),
          detail: v.string(),
          tookMs: v.number(),
          failure: v.nullable(sourceFailureSchema),
        }),
      ),
    }),
  ),

  'settings.read': command(nothing, settingsViewSchema),
  /** Writes a source into the configuration file, keeping its comments; `replaces` names the one edited. */
  'settings.saveSource': command(
    v.object({ draft: sourceDraftSchema, replaces: v.nullable(v.string()) }),
    settingsViewSchema,
  ),
  'settings.removeSource': command(v.object({ name: v.string() }), settingsViewSchema),
  /**
   * Keeps these saved views instead of those kept so far; `carriedOver` where they are a window's own of
   * before, which count only while nobody has saved any. Answers with those that are kept now.
   */
  'views.save': command(
    v.object({ views: savedViewsSchema.entries.views, carriedOver: v.boolean() }),
    savedViewsSchema,
  ),

  /** Writes the audit trail, since a moment or whole, as JSON Lines into a file of the data folder. */
  'audit.export': command(
    v.object({ sinceMs: v.nullable(v.number()) }),
    v.object({ path: v.string(), lines: v.number() }),
  ),
  /** Puts a notice away; it stays in the journal. */
  'notice.dismiss': command(v.object({ id: v.string() }), nothing),
};
export type Commands = typeof commands;
export type CommandName = keyof Commands;

export const topics = {
  console: valueTopic(consoleStatusSchema),
  /** Open incidents, and those resolved within the last day. */
  incidents: collectionTopic(incidentRowSchema, (row) => String(row.id)),
  /** What filters ask of the alerts of those incidents. */
  alerts: {
    snapshot: v.array(incidentAlertsSchema),
    patch: alertsPatchSchema,
    apply: applyAlerts,
    fold: alertsFold,
  },
  /** What the inbox shows beside those rows, of those of which there is something to tell. */
  signs: collectionTopic(incidentSignsSchema, (signs) => String(signs.id)),
  sources: collectionTopic(sourceHealthSchema, (source) => source.name),
  /** Filters with names, the same for every window. */
  views: valueTopic(savedViewsSchema),
  /** Silences of all clusters; of those that have ended the newest. Also what was heard before a server left. */
  silences: collectionTopic(silenceSchema, (silence) => silence.key),
  /** Changes of silences that wait, are under way, or came to their end within the last day. */
  outbox: collectionTopic(outboxEntrySchema, (entry) => entry.id),
  /** One incident whole; its key is the incident's id. Null where there is no such incident. */
  incident: valueTopic(v.nullable(incidentDetailSchema)),
  /** Local rules: groups, states, and what is wrong with the files. */
  rules: valueTopic(rulesViewSchema),
  /** A live tail; its key is the id that `logs.tail` gave. */
  logTail: { snapshot: logTailSchema, patch: logTailPatchSchema, apply: applyLogTail },
};
export type Topics = typeof topics;
export type TopicName = keyof Topics;

/** Both halves as one value, for the two ends of a link. */
export const contract = { commands, topics };
