import * as v from 'valibot';
import { silenceMatcherSchema, silencePreviewSchema } from './model/silence.ts';
import { command } from './rpc/definition.ts';

/** The part of the contract that tells what a silence would hide, before there is one. */

const incidentId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

export const silencePreviewCommands = {
  /** What a silence with these matchers would hide, now and of the last 30 days; a source names its cluster. */
  'silence.preview': command(
    v.object({
      matchers: v.pipe(v.array(silenceMatcherSchema), v.minLength(1), v.maxLength(100)),
      cluster: v.pipe(v.string(), v.maxLength(64)),
      /** How long it is to last, where that is decided. */
      lastsMs: v.optional(v.pipe(v.number(), v.minValue(0))),
      /** Those that it is made from: what it takes beyond their alerts is said. */
      incidentIds: v.optional(v.pipe(v.array(incidentId), v.maxLength(1_000))),
    }),
    silencePreviewSchema,
  ),
  /** Matchers that take the open alerts of these incidents, and few others. */
  'silence.suggest': command(
    v.object({ incidentIds: v.pipe(v.array(incidentId), v.minLength(1), v.maxLength(1_000)) }),
    v.object({ matchers: v.array(silenceMatcherSchema) }),
  ),
};
