import * as v from 'valibot';
import { labelsSchema } from './labels.ts';

/**
 * Series for drawing: one pair of columns each, sorted by time. A missing sample is absent, never NaN
 * at a made-up time, so that a chart can break the line there.
 */
const seriesSchema = v.object({
  labels: labelsSchema,
  /** Unix milliseconds. */
  timesMs: v.instance(Float64Array),
  values: v.instance(Float64Array),
});
export type Series = v.InferOutput<typeof seriesSchema>;

/** Where an answer is from. `unknown` is outside what we have: neither present nor absent. */
const originSchema = v.variant('kind', [
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

export const chartSchema = v.object({
  origin: originSchema,
  /** The whole expression of the alert. */
  expression: v.string(),
  /** What is drawn: the expression's left side where it compares with a constant, else all of it. */
  drawn: v.string(),
  /** The constant it is compared with, where there is one. */
  threshold: v.nullable(v.object({ operator: v.string(), value: v.number() })),
  fromMs: v.number(),
  toMs: v.number(),
  stepMs: v.number(),
  series: v.array(seriesSchema),
  /** How many series there were before the cut to what can be drawn. */
  seriesTotal: v.number(),
});
export type Chart = v.InferOutput<typeof chartSchema>;
