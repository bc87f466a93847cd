import type { FloatSamples, SampleWindows } from '#shared/promql/evaluate/columns.ts';
import type { RangeFunction } from '#shared/promql/evaluate/context.ts';
import { defaultOptions, type QueryOptions } from '#shared/promql/evaluate/options.ts';
import { LabelPool } from '#shared/promql/model/label-set.ts';
import type { Expression, TextSpan } from '#shared/promql/syntax/ast.ts';

/** One call of a function of ranges over one series, as the evaluator would make it. */
export interface RangeCall {
  readonly samples: readonly (readonly [timeMs: number, value: number])[];
  readonly startTimesMs?: readonly number[];
  readonly startMs: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly rangeMs: number;
  /** Of the selector; the range ends so much earlier. */
  readonly offsetMs?: number;
  readonly parameters?: readonly (readonly number[])[];
  readonly options?: Partial<QueryOptions>;
  readonly metricName?: string;
  readonly extension?: 'anchored' | 'smoothed';
  readonly lookbackMs?: number;
}

export interface RangeAnswer {
  /** Undefined at steps without a value. */
  readonly values: readonly (number | undefined)[];
  readonly remarks: readonly string[];
}

const span: TextSpan = { start: 0, end: 1 };

export function callRangeFunction(name: string, apply: RangeFunction, call: RangeCall): RangeAnswer {
  const remarks = new Set<string>();
  const out = { values: new Float64Array(call.steps), present: new Uint8Array(call.steps) };
  const parameters = (call.parameters ?? []).map((values) => Float64Array.from(values));
  apply(samplesOf(call), windowsOf(call), parameters, out, {
    name,
    span,
    arguments: [argumentOf(call)],
    metricName: call.metricName ?? '',
    context: {
      options: { ...defaultOptions, ...call.options },
      steps: { startMs: call.startMs, stepMs: call.stepMs, count: call.steps },
      labels: new LabelPool(),
      annotate: (level, message) => remarks.add(`${level}: ${message}`),
      checkpoint: () => undefined,
      hold: () => undefined,
    },
  });
  const values = Array.from(out.values, (value, step) => (out.present[step] === 1 ? value : undefined));
  return { values, remarks: [...remarks] };
}

function samplesOf(call: RangeCall): FloatSamples {
  return {
    timesMs: Float64Array.from(call.samples, ([timeMs]) => timeMs),
    values: Float64Array.from(call.samples, ([, value]) => value),
    startTimesMs: call.startTimesMs === undefined ? null : Float64Array.from(call.startTimesMs),
  };
}

/** Straightforwardly, which the evaluator's are not. */
export function windowsOf(call: RangeCall): SampleWindows {
  const isClosed = call.options?.semantics === 'v2';
  const times = call.samples.map(([timeMs]) => timeMs);
  const before = call.extension === undefined ? 0 : (call.lookbackMs ?? 0);
  const after = call.extension === 'smoothed' ? (call.lookbackMs ?? 0) : 0;
  const untilMs = Array.from({ length: call.steps }, (_, step) => {
    return call.startMs + step * call.stepMs - (call.offsetMs ?? 0);
  });
  const firstAfter = (limit: number, isIncluded: boolean) => {
    const index = times.findIndex((time) => time > limit || (isIncluded && time === limit));
    return index === -1 ? times.length : index;
  };
  return {
    first: Int32Array.from(untilMs, (until) => firstAfter(until - call.rangeMs - before, isClosed)),
    end: Int32Array.from(untilMs, (until) => firstAfter(until + after, false)),
    untilMs: Float64Array.from(untilMs),
    rangeMs: call.rangeMs,
  };
}

function argumentOf({ extension }: RangeCall): Expression {
  const selector: Expression = {
    kind: 'selector',
    span,
    name: 'm',
    matchers: [],
    extension: extension ?? null,
    offset: null,
    at: null,
  };
  return { kind: 'matrix', span, selector, range: { kind: 'fixed', ms: 0 } };
}
