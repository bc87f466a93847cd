import type { ValueType } from './ast.ts';

/**
 * The functions that the demo evaluates, with the types of their arguments. What Prometheus has and this
 * table has not is refused as unsupported.
 */
export interface Signature {
  readonly parameters: readonly ValueType[];
  /** How many of the parameters, from the end, may be left out. */
  readonly optional: number;
  readonly result: ValueType;
}

const overTime = signature(['matrix']);
const ofVector = signature(['vector']);

export const signatures: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...(['rate', 'increase', 'delta', 'irate', 'idelta', 'changes', 'resets', 'deriv'] as const).map(
    (name) => [name, overTime] as const,
  ),
  ...(['avg', 'min', 'max', 'sum', 'count', 'last', 'present', 'stddev', 'stdvar', 'absent'] as const).map(
    (name) => [`${name}_over_time`, overTime] as const,
  ),
  ['quantile_over_time', signature(['scalar', 'matrix'])],
  ['predict_linear', signature(['matrix', 'scalar'])],
  ...(['abs', 'ceil', 'floor', 'sqrt', 'exp', 'ln', 'log2', 'log10', 'sgn'] as const).map(
    (name) => [name, ofVector] as const,
  ),
  ...(['absent', 'sort', 'sort_desc', 'timestamp'] as const).map((name) => [name, ofVector] as const),
  ['round', signature(['vector', 'scalar'], 1)],
  ['clamp', signature(['vector', 'scalar', 'scalar'])],
  ['clamp_min', signature(['vector', 'scalar'])],
  ['clamp_max', signature(['vector', 'scalar'])],
  ['histogram_quantile', signature(['scalar', 'vector'])],
  ['label_replace', signature(['vector', 'string', 'string', 'string', 'string'])],
  ['time', { parameters: [], optional: 0, result: 'scalar' }],
  ['scalar', { parameters: ['vector'], optional: 0, result: 'scalar' }],
  ['vector', signature(['scalar'])],
]);

function signature(parameters: readonly ValueType[], optional = 0): Signature {
  return { parameters, optional, result: 'vector' };
}
