import * as v from 'valibot';
import { silenceDraftSchema } from './model/silence.ts';
import { command } from './rpc/definition.ts';

/** What a window asks of silences; every change of them stands in the outbox first. Part of the contract. */

const silenceKey = v.pipe(v.string(), v.minLength(1), v.maxLength(300));
const outboxId = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const incidentId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const nothing = v.object({});

export const silenceCommands = {
  /**
   * Puts a silence into the outbox: a new one, or what becomes of the one that `replaces` names by its key. It is
   * held for ten seconds, in which `outbox.withdraw` undoes it, and sent to the cluster then. The cluster is
   * named by any of its sources.
   */
  'silence.save': command(
    v.object({
      draft: silenceDraftSchema,
      cluster: v.pipe(v.string(), v.maxLength(64)),
      replaces: v.nullable(silenceKey),
      /** Incidents that it is made from: their timelines tell of it. */
      incidentIds: v.optional(v.pipe(v.array(incidentId), v.maxLength(1_000)), []),
    }),
    v.object({ outboxId: v.string() }),
  ),
  /** Ends silences, in the same way; each that cannot be asked for is told with its reason. */
  'silence.expire': command(
    v.object({ keys: v.pipe(v.array(silenceKey), v.minLength(1), v.maxLength(1_000)) }),
    v.object({
      outboxIds: v.array(v.string()),
      refused: v.array(v.object({ key: v.string(), reason: v.string() })),
    }),
  ),
  /**
   * Takes a change back that has not left the machine, or of which it is not known whether it has arrived: then
   * it is taken back once it is known that it has not. Idempotent.
   */
  'outbox.withdraw': command(v.object({ id: outboxId }), v.object({ mayHaveArrived: v.boolean() })),
  /** Sends now what waits, or once more what was refused. */
  'outbox.retry': command(v.object({ id: outboxId }), nothing),
  /** Decides a conflict: `mine` changes what is there now, `theirs` leaves it. */
  'outbox.settle': command(v.object({ id: outboxId, choice: v.picklist(['mine', 'theirs']) }), nothing),
};
