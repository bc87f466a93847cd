import { formatFloat } from '#shared/gotemplate/float-format.ts';
import type { Result } from '#shared/result.ts';
import { annotationText } from '../annotation-text.ts';
import type { QueryOutcome } from '../engine.ts';
import type { MatrixSeries, QueryAnswer, VectorSample } from '../evaluate/answer.ts';
import type { LabelSet } from '../model/label-set.ts';
import type { QueryProblem } from '../problem.ts';

/**
 * Answers in the JSON of Prometheus' HTTP API, whole: status, data, warnings and infos, or what went wrong.
 * Facts: web/api/v1/api.go, json_codec.go and util/jsonutil.
 */

/**
 * @param query its text, for the places in remarks.
 * @param warnings of the server about its answer, beside those of the query.
 */
export function answerJson(
  outcome: Result<QueryOutcome, QueryProblem>,
  query: string,
  warnings: readonly string[] = [],
): string {
  if (!outcome.ok) {
    const { kind, message } = outcome.failure;
    // What is wrong with the text is, to the API, wrong with a parameter of it.
    const isOfText = kind === 'bad-data';
    return problemJson({ kind, message: isOfText ? `invalid parameter "query": ${message}` : message });
  }
  const { value, annotations } = outcome.value;
  const remarks = (['warning', 'info'] as const).map((level) => {
    const own = annotations.filter((one) => one.level === level).map((one) => annotationText(one, query));
    const texts = level === 'warning' ? [...own, ...warnings] : own;
    return texts.length === 0 ? '' : `,"${level}s":${JSON.stringify(fewest(texts, level))}`;
  });
  const data = `{"resultType":"${value.kind}","result":${resultJson(value)}}`;
  return `{"status":"success","data":${data}${remarks.join('')}}`;
}

type ErrorType = 'bad_data' | 'execution' | 'timeout' | 'canceled' | 'not_supported';

/** `not_supported` is this engine's own: what it refuses rather than answer wrongly. */
const errorTypes = {
  'bad-data': 'bad_data',
  execution: 'execution',
  limit: 'execution',
  timeout: 'timeout',
  cancelled: 'canceled',
  'not-supported': 'not_supported',
} as const satisfies Record<QueryProblem['kind'], ErrorType>;

export function problemJson({ kind, message }: Pick<QueryProblem, 'kind' | 'message'>): string {
  return JSON.stringify({ status: 'error', errorType: errorTypes[kind], error: message });
}

const mostRemarks = 10;

function fewest(texts: readonly string[], level: string): readonly string[] {
  if (texts.length <= mostRemarks) return texts;
  const left = texts.length - mostRemarks;
  return [...texts.slice(0, mostRemarks), `${left} more ${level} annotations omitted`];
}

function resultJson(answer: QueryAnswer): string {
  switch (answer.kind) {
    case 'scalar':
      // Other than those of samples, a scalar's digits are written out in full.
      return `[${timeJson(answer.timeMs)},"${formatFloat(answer.value, 'f', null)}"]`;
    case 'string':
      return `[${timeJson(answer.timeMs)},${JSON.stringify(answer.value)}]`;
    case 'vector':
      return `[${answer.samples.map(sampleJson).join(',')}]`;
    case 'matrix':
      return `[${answer.series.map(seriesJson).join(',')}]`;
  }
}

function sampleJson({ labels, value, timeMs }: VectorSample): string {
  return `{"metric":${labelsJson(labels)},"value":[${timeJson(timeMs)},${numberJson(value)}]}`;
}

function seriesJson({ labels, timesMs, values }: MatrixSeries): string {
  let points = '';
  for (let index = 0; index < timesMs.length; index++) {
    const separator = index === 0 ? '' : ',';
    points += `${separator}[${timeJson(timesMs[index] ?? 0)},${numberJson(values[index] ?? 0)}]`;
  }
  return `{"metric":${labelsJson(labels)},"values":[${points}]}`;
}

function labelsJson({ names, values }: LabelSet): string {
  return `{${names.map((name, index) => `${JSON.stringify(name)}:${JSON.stringify(values[index])}`).join(',')}}`;
}

/** Seconds; three digits of milliseconds where there are any. */
function timeJson(timeMs: number): string {
  const ms = Math.abs(timeMs);
  const fraction = ms % 1_000;
  const sign = timeMs < 0 ? '-' : '';
  const seconds = `${sign}${(ms - fraction) / 1_000}`;
  return fraction === 0 ? seconds : `${seconds}.${String(fraction).padStart(3, '0')}`;
}

/** As few digits as tell the number, with an exponent outside of 1e-6 up to 1e21: as JavaScript writes it. */
function numberJson(value: number): string {
  if (Number.isFinite(value)) {
    const written = Object.is(value, -0) ? '-0' : String(value);
    // Go gives an exponent two digits at least.
    return `"${written.replace(/e([+-])(\d)$/, 'e$10$2')}"`;
  }
  return Number.isNaN(value) ? '"NaN"' : value > 0 ? '"+Inf"' : '"-Inf"';
}
