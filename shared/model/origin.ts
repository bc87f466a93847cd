import * as v from 'valibot';

/** Where an answer is from. `unknown` is outside what we have: neither present nor absent. */
export const originSchema = v.variant('kind', [
  v.object({ kind: v.literal('live'), source: v.string(), atMs: v.number() }),
  v.object({
    kind: v.literal('cache'),
    source: v.string(),
    /** When the data was fetched. */
    atMs: v.number(),
    /** Why the source was not asked or did not answer. */
    reason: v.string(),
  }),
  v.object({ kind: v.literal('unknown'), reason: v.string() }),
]);
export type Origin = v.InferOutput<typeof originSchema>;
