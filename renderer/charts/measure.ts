/**
 * Values as a chart writes them: at most four significant digits, thousands as k, M, G, and never an
 * exponent where a plain number is as short.
 */
const steps = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
] as const;

export function formatMeasure(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4) return value.toExponential(2);
  const step = steps.find(([at]) => size >= at);
  if (step === undefined) return significant(value);
  const [at, suffix] = step;
  return `${significant(value / (suffix === 'k' ? 1e3 : at))}${suffix}`;
}

function significant(value: number): string {
  return String(Number(value.toPrecision(4)));
}
