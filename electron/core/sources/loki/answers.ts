import type * as v from 'valibot';
import type { SourceFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import { success, type Result } from '#shared/result.ts';
import { checked, type Listing } from '../checked.ts';
import type { DetectedField, DetectedLabel, IndexStats, LokiPattern } from './model.ts';
import {
  buildInfoSchema,
  detectedFieldsSchema,
  detectedFieldValuesSchema,
  detectedLabelsSchema,
  envelopeSchema,
  indexStatsSchema,
  labelSetsSchema,
  namesSchema,
  patternsSchema,
} from './schemas.ts';

/**
 * Reads the answers of Loki that are lists or small facts: some in an envelope, some bare. Pure; see
 * `answers.ts` of the folder above for who runs it.
 */

type Read<Row> = Result<Listing<null, Row>, SourceFailure>;

export function readBuildInfo(json: unknown): Read<{ readonly version: string }> {
  return bare(json, buildInfoSchema, (info) => [info]);
}

/** Names and values of labels. */
export function readNames(json: unknown): Read<string> {
  return enveloped(json, namesSchema, (names) => names);
}

export function readLabelSets(json: unknown): Read<Labels> {
  return enveloped(json, labelSetsSchema, (sets) => sets);
}

export function readIndexStats(json: unknown): Read<IndexStats> {
  return bare(json, indexStatsSchema, (stats) => [stats]);
}

export function readDetectedFields(json: unknown): Read<DetectedField> {
  return bare(json, detectedFieldsSchema, ({ fields }) =>
    fields.map(({ label, type, cardinality, parsers }) => ({ name: label, type, cardinality, parsers })),
  );
}

export function readDetectedFieldValues(json: unknown): Read<string> {
  return bare(json, detectedFieldValuesSchema, ({ values }) => values);
}

export function readDetectedLabels(json: unknown): Read<DetectedLabel> {
  return bare(json, detectedLabelsSchema, ({ detectedLabels }) =>
    detectedLabels.map(({ label, cardinality }) => ({ name: label, cardinality })),
  );
}

export function readPatterns(json: unknown): Read<LokiPattern> {
  return enveloped(json, patternsSchema, (patterns) =>
    patterns.map(({ pattern, samples }) => ({
      pattern,
      count: samples.reduce((sum, [, count]) => sum + count, 0),
      timesMs: Float64Array.from(samples, ([seconds]) => seconds * 1_000),
      counts: Float64Array.from(samples, ([, count]) => count),
    })),
  );
}

function bare<Schema extends v.GenericSchema, Row>(
  json: unknown,
  schema: Schema,
  rows: (answer: v.InferOutput<Schema>) => readonly Row[],
): Read<Row> {
  const answer = checked(schema, json, '');
  return answer.ok ? success({ head: null, rows: rows(answer.value) }) : answer;
}

function enveloped<Schema extends v.GenericSchema, Row>(
  json: unknown,
  schema: Schema,
  rows: (data: v.InferOutput<Schema>) => readonly Row[],
): Read<Row> {
  const envelope = checked(envelopeSchema, json, '');
  if (!envelope.ok) return envelope;
  const data = checked(schema, envelope.value.data, 'data');
  return data.ok ? success({ head: null, rows: rows(data.value) }) : data;
}
