import {
  arctangent,
  exponential,
  hyperbolicCosine,
  hyperbolicSine,
  logarithm,
} from '../evaluate/elementary.ts';
import type { SampleFunction } from '../evaluate/context.ts';
import { log2 } from './go-numbers.ts';

/** Functions of one value at a time. */
export const sampleFunctions: ReadonlyMap<string, SampleFunction> = new Map<string, SampleFunction>([
  ['abs', Math.abs],
  ['ceil', Math.ceil],
  ['floor', Math.floor],
  ['round', (value, [nearest = 1]) => roundTo(value, nearest)],
  ['exp', exponential],
  ['sqrt', Math.sqrt],
  ['ln', logarithm],
  ['log2', log2],
  ['log10', (value) => (value < 2 ** -1022 ? logarithm(value) / Math.LN10 : Math.log10(value))],
  ['sgn', Math.sign],
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['tan', Math.tan],
  ['asin', Math.asin],
  ['acos', Math.acos],
  ['atan', arctangent],
  ['sinh', hyperbolicSine],
  ['cosh', hyperbolicCosine],
  ['tanh', Math.tanh],
  ['asinh', Math.asinh],
  ['acosh', Math.acosh],
  ['atanh', Math.atanh],
  ['rad', (value) => (value * Math.PI) / 180],
  ['deg', (value) => (value * 180) / Math.PI],
]);

/** Halves go up. Prometheus divides by the inverse, which keeps more decimal fractions as they are written. */
function roundTo(value: number, nearest: number): number {
  const inverse = 1 / nearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}
