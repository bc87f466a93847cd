import type { ValueType } from './ast.ts';

/**
 * The functions of PromQL as the type check knows them. Source: Prometheus 3.14, querying functions.
 */
export interface FunctionSignature {
  readonly name: string;
  readonly argumentTypes: readonly ValueType[];
  /** The fewest arguments; the last type is that of every one beyond the list. */
  readonly minimum: number;
  /** The most arguments; infinite where the last may be repeated at will. */
  readonly maximum: number;
  readonly returnType: ValueType;
  /** Known to Prometheus only behind the feature flag promql-experimental-functions. */
  readonly isExperimental: boolean;
}

const signatures = new Map<string, FunctionSignature>();

/** Functions that Prometheus 3 no longer knows. */
const former = new Map<string, FunctionSignature>();

/**
 * The signature of a function of either generation, or undefined. Names are case-sensitive, unlike those of
 * aggregations.
 */
export function functionSignature(name: string): FunctionSignature | undefined {
  return signatures.get(name) ?? former.get(name);
}

/** Those of Prometheus 3. */
export function functionSignatures(): ReadonlyMap<string, FunctionSignature> {
  return signatures;
}

/** Whether the generation knows a function of that name. */
export function isFunctionOf(semantics: 'v2' | 'v3', name: string): boolean {
  const signature = signatures.get(name);
  if (semantics === 'v3') return signature !== undefined;
  if (signature === undefined) return former.has(name);
  return !signature.isExperimental && !isLater.has(name);
}

/** Stable ones that came after Prometheus 2.42; so did all that are experimental now. */
const isLater: ReadonlySet<string> = new Set([
  'first_over_time',
  'histogram_avg',
  'histogram_stddev',
  'histogram_stdvar',
]);

interface Variation {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly returnType?: ValueType;
  readonly isExperimental?: boolean;
}

function declare(
  names: string,
  argumentTypes: readonly ValueType[],
  variation: Variation = {},
  into = signatures,
): void {
  for (const name of names.split(' '))
    into.set(name, {
      name,
      argumentTypes,
      minimum: variation.minimum ?? argumentTypes.length,
      maximum: variation.maximum ?? argumentTypes.length,
      returnType: variation.returnType ?? 'vector',
      isExperimental: variation.isExperimental ?? false,
    });
}

const experimental = { isExperimental: true } as const;
const atWill = Number.POSITIVE_INFINITY;

declare('abs absent ceil exp floor ln log10 log2 sgn sort sort_desc sqrt timestamp', ['vector']);
declare('start_timestamp', ['vector'], experimental);
declare('acos acosh asin asinh atan atanh cos cosh deg rad sin sinh tan tanh', ['vector']);
declare('scalar', ['vector'], { returnType: 'scalar' });
declare('day_of_month day_of_week day_of_year days_in_month hour minute month year', ['vector'], {
  minimum: 0,
});
declare('round', ['vector', 'scalar'], { minimum: 1 });
declare('clamp_max clamp_min', ['vector', 'scalar']);
declare('clamp', ['vector', 'scalar', 'scalar']);
declare('vector', ['scalar']);
declare('pi time', [], { returnType: 'scalar' });
declare('max_of min_of', ['scalar', 'scalar'], { returnType: 'scalar', ...experimental });
declare('end range start step', [], { returnType: 'scalar', ...experimental });

declare('changes delta deriv idelta increase irate rate resets', ['matrix']);
declare('absent_over_time avg_over_time count_over_time first_over_time last_over_time', ['matrix']);
declare('max_over_time min_over_time present_over_time stddev_over_time stdvar_over_time sum_over_time', [
  'matrix',
]);
declare('mad_over_time', ['matrix'], experimental);
declare('ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time', ['matrix'], {
  ...experimental,
});
declare('quantile_over_time', ['scalar', 'matrix']);
declare('predict_linear', ['matrix', 'scalar']);
declare('double_exponential_smoothing', ['matrix', 'scalar', 'scalar'], experimental);
declare('holt_winters', ['matrix', 'scalar', 'scalar'], {}, former);

declare('histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum', ['vector']);
declare('histogram_quantile', ['scalar', 'vector']);
declare('histogram_fraction', ['scalar', 'scalar', 'vector']);
// One quantile at least, ten at most.
declare('histogram_quantiles', ['vector', 'string', 'scalar', 'scalar'], {
  minimum: 3,
  maximum: 12,
  ...experimental,
});

declare('label_replace', ['vector', 'string', 'string', 'string', 'string']);
declare('label_join', ['vector', 'string', 'string', 'string'], { minimum: 3, maximum: atWill });
declare('sort_by_label sort_by_label_desc', ['vector', 'string'], {
  minimum: 1,
  maximum: atWill,
  ...experimental,
});
declare('info', ['vector', 'vector'], { minimum: 1, ...experimental });
