import * as v from 'valibot';
import { labelsSchema } from '#shared/model/labels.ts';
import { nanosecondsSchema } from '#shared/model/log.ts';

/**
 * The wire shapes of Loki's HTTP API, as Loki 3.4 to 3.7 write them: grafana/loki pkg/loghttp and
 * pkg/util/marshal. Lists that are empty may be null or left out.
 */

/** Keeps structured metadata and parsed labels apart from index labels, and so a stream in one piece. */
export const lokiHeaders = { 'x-loki-response-encoding-flags': 'categorize-labels' } as const;

const count = v.pipe(v.number(), v.minValue(0));
const texts = v.nullish(v.array(v.string()), []);

function list<Schema extends v.GenericSchema>(schema: Schema) {
  return v.nullish(v.array(schema), []);
}

/** Each is a line of every window that asked; more, and longer ones, are nothing that anybody reads. */
const maxWarnings = 20;
const maxWarningLength = 1_000;

/** `data` is not there where there is nothing to tell. */
export const envelopeSchema = v.object({
  status: v.literal('success'),
  data: v.optional(v.unknown()),
  warnings: v.pipe(
    texts,
    v.transform((all) => all.slice(0, maxWarnings).map((one) => one.slice(0, maxWarningLength))),
  ),
});

/** Entries are left unread here: `lines-answer.ts` and `series-answer.ts` read them in one pass. */
export const queryDataSchema = v.variant('resultType', [
  v.object({
    resultType: v.literal('streams'),
    result: list(v.object({ stream: labelsSchema, values: v.array(v.unknown()) })),
  }),
  v.object({
    resultType: v.literal('matrix'),
    result: list(v.object({ metric: labelsSchema, values: v.array(v.unknown()) })),
  }),
  v.object({
    resultType: v.literal('vector'),
    result: list(v.object({ metric: labelsSchema, value: v.unknown() })),
  }),
  v.object({ resultType: v.literal('scalar'), result: v.unknown() }),
]);

export const labelSetsSchema = list(labelsSchema);
export const namesSchema = texts;

export const buildInfoSchema = v.object({ version: v.string() });

export const indexStatsSchema = v.object({ streams: count, chunks: count, bytes: count, entries: count });

export const detectedFieldsSchema = v.object({
  fields: list(v.object({ label: v.string(), type: v.string(), cardinality: count, parsers: texts })),
});

export const detectedFieldValuesSchema = v.object({ values: texts });

export const detectedLabelsSchema = v.object({
  detectedLabels: list(v.object({ label: v.string(), cardinality: count })),
});

export const patternsSchema = list(
  v.object({ pattern: v.string(), samples: list(v.tuple([v.number(), v.number()])) }),
);

/** What a tail says in one frame; `null` instead of a list that is empty. */
export const tailFrameSchema = v.object({
  streams: list(v.object({ stream: labelsSchema, values: v.array(v.unknown()) })),
  dropped_entries: list(v.object({ timestamp: nanosecondsSchema, labels: v.nullish(labelsSchema, {}) })),
});
