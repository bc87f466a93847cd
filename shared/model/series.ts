import * as v from 'valibot';
import { labelsSchema } from './labels.ts';
import { originSchema } from './origin.ts';

/**
 * Series for drawing: one pair of columns each, sorted by time. A missing sample is absent, never NaN
 * at a made-up time, so that a chart can break the line there.
 */
export const seriesSchema = v.object({
  labels: labelsSchema,
  /** Unix milliseconds. */
  timesMs: v.instance(Float64Array),
  values: v.instance(Float64Array),
});
export type Series = v.InferOutput<typeof seriesSchema>;

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
