import * as v from 'valibot';
import { labelsSchema, type Labels } from './labels.ts';
import { originSchema } from './origin.ts';
import { seriesSchema } from './series.ts';

/** A PromQL query as a window asks it, and its answer with where it is from. */

/** `stepMs` 0 asks at `fromMs` alone. Unix milliseconds. */
export const queryTimesSchema = v.object({
  fromMs: v.pipe(v.number(), v.safeInteger()),
  toMs: v.pipe(v.number(), v.safeInteger()),
  stepMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});
export type QueryTimes = v.InferOutput<typeof queryTimesSchema>;

const queryResultSchema = v.variant('kind', [
  v.object({ kind: v.literal('scalar'), timeMs: v.number(), value: v.number() }),
  v.object({ kind: v.literal('string'), timeMs: v.number(), value: v.string() }),
  /** Each series has one sample; in the answer's own order. */
  v.object({ kind: v.literal('vector'), series: v.array(seriesSchema) }),
  v.object({ kind: v.literal('matrix'), series: v.array(seriesSchema) }),
]);
export type QueryResult = v.InferOutput<typeof queryResultSchema>;

/** A selector of the query whose samples are not all kept. */
const missingSamplesSchema = v.object({
  selector: v.string(),
  /** What the query needs of it, both ends included. */
  fromMs: v.number(),
  toMs: v.number(),
  /** The first stretch of it that is not there. */
  missingFromMs: v.number(),
  missingToMs: v.number(),
  /** Summaries are kept of it: they can be drawn as bands, and are no input to a query. */
  isSummarised: v.boolean(),
});
export type MissingSamples = v.InferOutput<typeof missingSamplesSchema>;

export const queryAnswerSchema = v.object({
  origin: originSchema,
  /** Null where the origin is `unknown`: neither a value nor the absence of one. */
  result: v.nullable(queryResultSchema),
  /** Remarks in Prometheus' words, with their place in the query. */
  warnings: v.array(v.string()),
  infos: v.array(v.string()),
  /** Why it is unknown, selector by selector. */
  missing: v.array(missingSamplesSchema),
});
export type QueryAnswer = v.InferOutput<typeof queryAnswerSchema>;

/** What one part of a query came to, for who wants to see why it came to that. */
export interface ExplainedPart {
  /** In the query's text, UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly type: 'scalar' | 'vector' | 'matrix' | 'string';
  readonly seriesCount: number;
  readonly sampleCount: number;
  /** The first few series, each with its last value; null where the part gives a text. */
  readonly examples: readonly { readonly labels: Labels; readonly value: number | null }[];
  readonly elapsedMs: number;
  readonly parts: readonly ExplainedPart[];
}

const explainedPartSchema: v.GenericSchema<ExplainedPart> = v.object({
  start: v.number(),
  end: v.number(),
  text: v.string(),
  type: v.picklist(['scalar', 'vector', 'matrix', 'string']),
  seriesCount: v.number(),
  sampleCount: v.number(),
  examples: v.array(v.object({ labels: labelsSchema, value: v.nullable(v.number()) })),
  elapsedMs: v.number(),
  parts: v.lazy(() => v.array(explainedPartSchema)),
});

/** An answer computed here, with the tree of its parts. */
export const explainedQuerySchema = v.object({
  answer: queryAnswerSchema,
  /** Null where the query was not evaluated here. */
  root: v.nullable(explainedPartSchema),
});
export type ExplainedQuery = v.InferOutput<typeof explainedQuerySchema>;
