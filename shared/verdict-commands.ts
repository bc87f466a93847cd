import * as v from 'valibot';
import { command } from './rpc/definition.ts';

/**
 * What a person can say of incidents. Each is idempotent, answers with the revisions that carry it, and has
 * an inverse among the others; `undo` says that the inverse takes back what was just done, which the timeline
 * then tells as such.
 */

const incidentId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const incidentIds = v.pipe(v.array(incidentId), v.minLength(1), v.maxLength(1_000));
const fingerprints = v.pipe(
  v.array(v.pipe(v.string(), v.maxLength(100))),
  v.minLength(1),
  v.maxLength(10_000),
);
const person = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const undo = v.boolean();
const momentMs = v.pipe(v.number(), v.finite());

const changes = v.array(v.object({ id: v.number(), revision: v.number() }));
/** The incidents that the command changed, with the revision that carries the change. */
export const changedIncidents = v.object({ changed: changes });
export type ChangedIncidents = v.InferOutput<typeof changedIncidents>;

export const verdictCommands = {
  /** Takes incidents on: they no longer ask for somebody. `silence`: with a short silence upstream. */
  'incident.acknowledge': command(v.object({ ids: incidentIds, silence: v.boolean() }), changedIncidents),
  /** Gives acknowledged incidents back, or takes the acknowledgement just made back (`undo`). */
  'incident.release': command(v.object({ ids: incidentIds, undo }), changedIncidents),
  /** They ask nobody until then, or until they get worse; null: only until they get worse. */
  'incident.snooze': command(
    v.object({ ids: incidentIds, untilMs: v.nullable(momentMs), undo }),
    changedIncidents,
  ),
  'incident.wake': command(v.object({ ids: incidentIds, undo }), changedIncidents),
  /** Whose they are; null: nobody's. */
  'incident.assign': command(v.object({ ids: incidentIds, to: v.nullable(person), undo }), changedIncidents),
  /** They mean nothing and ask nobody; `noise` false takes that back. */
  'incident.markNoise': command(v.object({ ids: incidentIds, noise: v.boolean(), undo }), changedIncidents),
  /** The alerts of these, now and later, are `into`'s for as long as that is open. */
  'incident.merge': command(v.object({ ids: incidentIds, into: incidentId }), changedIncidents),
  /** Merged incidents go their own way again, with all alerts that are theirs. */
  'incident.unmerge': command(v.object({ ids: incidentIds, undo }), changedIncidents),
  /** These open alerts of it become an incident of their own (`created`). */
  'incident.split': command(
    v.object({ id: incidentId, fingerprints }),
    v.object({ changed: changes, created: incidentId }),
  ),
  /** Takes a split back: the alerts return to where they were. */
  'incident.rejoin': command(v.object({ ids: incidentIds }), changedIncidents),
  'incident.note': command(
    v.object({ ids: incidentIds, text: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(10_000)) }),
    changedIncidents,
  ),
  /** Ends incidents that nobody can resolve any more: all of their alerts are unseen. */
  'incident.close': command(v.object({ ids: incidentIds }), changedIncidents),
  /**
   * Takes a close back: what nobody sees is open again. What fires again in another incident stays closed, and is
   * not among those that changed; refused where that is all of them.
   */
  'incident.reopen': command(v.object({ ids: incidentIds }), changedIncidents),
};
