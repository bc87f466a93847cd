import * as v from 'valibot';
import { consoleStatusSchema } from './model/console.ts';
import { incidentDetailSchema, incidentRowSchema } from './model/incident.ts';
import { chartSchema } from './model/series.ts';
import { settingsViewSchema, sourceDraftSchema } from './model/settings.ts';
import { sourceHealthSchema } from './model/source.ts';
import { sourceFailureSchema } from './failure.ts';
import { collectionTopic, command, valueTopic } from './rpc/definition.ts';

/**
 * Everything that a window and the core say to each other, as data. A window asks with a command and
 * watches with a topic; there is no third way. To add one, add a line here, a handler in
 * `electron/core/commands/` or a publisher in `electron/core/publish/`, and nothing else.
 */

const incidentIds = v.pipe(
  v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  v.minLength(1),
  v.maxLength(1_000),
);
const incidentId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const nothing = v.object({});
/** The incidents that the command changed, with the revision that carries the change. */
const changed = v.object({ changed: v.array(v.object({ id: v.number(), revision: v.number() })) });

export const commands = {
  /** Takes incidents on: they no longer ask for somebody. Idempotent. */
  'incident.acknowledge': command(v.object({ ids: incidentIds }), changed),
  /** Gives acknowledged incidents back, or takes the acknowledgement just made back (`undo`). */
  'incident.release': command(v.object({ ids: incidentIds, undo: v.boolean() }), changed),
  'incident.note': command(
    v.object({ id: incidentId, text: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(10_000)) }),
    changed,
  ),
  /** Ends an incident that nobody can resolve any more: all of its alerts are unseen. */
  'incident.close': command(v.object({ id: incidentId }), changed),
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
  /** A person opened the incident from its notification. */
  'notification.opened': command(v.object({ incidentId }), nothing),

  /** Polls sources now instead of at their next turn; all of them without a name. */
  'source.poll': command(v.object({ names: v.array(v.string()) }), nothing),
  /** What a source says about itself, asked now: version, targets, rules, cluster, silences. */
  'source.describe': command(
    v.object({ name: v.string() }),
    v.object({ facts: v.array(v.object({ label: v.string(), value: v.string() })) }),
  ),
  /** Tries a connection that is not configured yet, step by step, and stops at the first that fails. */
  'source.test': command(
    v.object({ draft: sourceDraftSchema, replaces: v.nullable(v.string()) }),
    v.object({
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
  /** Puts a notice away; it stays in the journal. */
  'notice.dismiss': command(v.object({ id: v.string() }), nothing),
};
export type Commands = typeof commands;
export type CommandName = keyof Commands;

export const topics = {
  console: valueTopic(consoleStatusSchema),
  /** Open incidents, and those resolved within the last day. */
  incidents: collectionTopic(incidentRowSchema, (row) => String(row.id)),
  sources: collectionTopic(sourceHealthSchema, (source) => source.name),
  /** One incident whole; its key is the incident's id. Null where there is no such incident. */
  incident: valueTopic(v.nullable(incidentDetailSchema)),
};
export type Topics = typeof topics;
export type TopicName = keyof Topics;

/** Both halves as one value, for the two ends of a link. */
export const contract = { commands, topics };
