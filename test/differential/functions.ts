import { metrics } from './data.ts';
import { avoids, avoidsRemarks, isVersion3, type Maker } from './maker.ts';
import { share, unequal } from './operators.ts';
import {
  counterName,
  duration,
  matrix,
  metricName,
  selector,
  subquery,
  type SelectorLimits,
} from './selectors.ts';

/** Calls of every stable function, and of the experimental ones that a server can be told to know. */

const rangeFunctions = [
  'sum_over_time',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'count_over_time',
  'last_over_time',
  'present_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'quantile_over_time',
  'absent_over_time',
  'changes',
  'delta',
  'idelta',
  'deriv',
  'predict_linear',
  'smoothing',
  'resets',
] as const;
const laterRangeFunctions = [
  'mad_over_time',
  'ts_of_max_over_time',
  'ts_of_min_over_time',
  'ts_of_last_over_time',
] as const;

/** Of a range of samples or of a subquery. */
export function overTime(maker: Maker): string {
  const { dice } = maker;
  if (dice.chance(0.45)) {
    const name = dice.of(['rate', 'rate', 'increase', 'irate', 'resets', 'changes']);
    return `${name}(${matrix(maker, counterName(maker))})`;
  }
  return rangeCall(maker, (limits) => matrix(maker, metricName(maker), limits));
}

export function overSubquery(maker: Maker, depth: number): string {
  return rangeCall(maker, (limits) => subquery(maker, depth, limits));
}

function forAbsence(maker: Maker): SelectorLimits {
  return { hasPlainEqualities: avoids(maker, 'absentOfReorderedMatchers') };
}

function rangeCall(maker: Maker, range: (limits?: SelectorLimits) => string): string {
  const { dice } = maker;
  if (maker.experimental && dice.chance(0.08)) return laterCall(maker, range);
  const name = dice.of(rangeFunctions);
  switch (name) {
    case 'quantile_over_time':
      return `quantile_over_time(${share(maker)}, ${range()})`;
    case 'predict_linear':
      return `predict_linear(${range({ canBeFixed: maker.isAtOneStep || !avoids(maker, 'predictionAtFixedTime') })}, ${dice.between(-600, 3_600)})`;
    case 'smoothing': {
      if (isVersion3(maker) && !maker.experimental) return `avg_over_time(${range()})`;
      const smoothing = isVersion3(maker) ? 'double_exponential_smoothing' : 'holt_winters';
      return `${smoothing}(${range()}, ${dice.of(['0.3', '0.01', '0.9', 'NaN', '0', '1'])}, 0.6)`;
    }
    case 'absent_over_time':
      return `${name}(${range(forAbsence(maker))})`;
    default:
      return `${name}(${range()})`;
  }
}

function laterCall(maker: Maker, range: () => string): string {
  const name = maker.dice.of(laterRangeFunctions);
  const isNumeric = name === 'mad_over_time' && avoids(maker, 'medianOfNothing');
  return `${name}(${isNumeric ? `${counterName(maker)}[${duration(maker)}]` : range()})`;
}

const plainFunctions = ['abs', 'ceil', 'floor', 'sgn', 'sqrt', 'deg', 'rad'] as const;
const dateFunctions = [
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'days_in_month',
  'hour',
  'minute',
  'month',
  'year',
] as const;
const transcendental = [
  'exp',
  'ln',
  'log2',
  'log10',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'acosh',
  'atanh',
] as const;

/**
 * Results of these may differ in the last digit from library to library: nothing is computed from them, nor
 * they from anything that was.
 */
export function transcendentalCall(maker: Maker): string {
  const { dice } = maker;
  const name = dice.of(transcendental);
  return `${name}(${selector(maker)}${dice.chance(0.3) ? ' / 1024' : ''})`;
}

export function call(maker: Maker, depth: number): string {
  const { dice } = maker;
  const vector = maker.vector(depth);
  switch (dice.between(0, 11)) {
    case 0:
      return `clamp(${vector}, ${dice.of(['-10', '0', '5', 'NaN', '-Inf'])}, ${dice.of(['0', '50', '100', 'Inf', 'NaN', '-20'])})`;
    case 1:
      return `${dice.of(['clamp_min', 'clamp_max'])}(${vector}, ${maker.scalar(0)})`;
    case 2:
      return `round(${vector}${dice.chance(0.5) ? `, ${dice.of(['0.1', '5', '0.5', '10', '-3', '0', 'NaN', 'Inf'])}` : ''})`;
    case 3:
      return labelReplace(maker, vector);
    case 4:
      return labelJoin(maker, vector);
    case 5:
      return `absent(${dice.chance(0.6) ? selector(maker, metricName(maker), forAbsence(maker)) : `-(${vector})`})`;
    case 6:
      return `timestamp(${dice.chance(0.5) ? selector(maker) : vector})`;
    case 7:
      return `${dice.of(dateFunctions)}(${dice.chance(0.2) ? '' : dice.chance(0.5) ? `timestamp(${vector})` : vector})`;
    case 8:
      return `vector(${maker.scalar(1)})`;
    case 9:
      avoidsRemarks(maker, 'sortRemark');
      return `${dice.of(['sort', 'sort_desc'])}(${vector})`;
    default:
      return `${dice.of(plainFunctions)}(${vector})`;
  }
}

/** Whether a label may be written over another, so that series come to have equal ones. */
function mayOverwrite(maker: Maker): boolean {
  return maker.isAtOneStep || !avoids(maker, 'relabelledTurns');
}

const replacements = [
  '$1',
  'x-$1',
  '',
  '${1}s',
  '$$1',
  '$2',
  '$name',
  '${name}x',
  '$1x',
  '$0',
  'ü$1\\n',
] as const;
const replacedPatterns = [
  ...(['i(.)', '(.*)', '(a).*', 'zz', '(?i)(API|DB)', '(.+)', ''] as const),
  ...(['(?P<name>.)(.*)', '([', '(?s)(.).*'] as const),
] as const;

function labelReplace(maker: Maker, vector: string): string {
  const { dice } = maker;
  const free = dice.of(['new', isVersion3(maker) ? 'new.one' : 'new']);
  const target = mayOverwrite(maker) ? dice.of(['job', free, 'instance', '__name__', 'le', '']) : free;
  const source = dice.of(['instance', 'job', 'missing', 'note', '__name__', 'code']);
  return `label_replace(${vector}, "${target}", "${dice.of(replacements)}", "${source}", "${dice.of(replacedPatterns)}")`;
}

function labelJoin(maker: Maker, vector: string): string {
  const { dice } = maker;
  const target = mayOverwrite(maker) ? dice.of(['new', 'job', '__name__', 'instance', '']) : 'new';
  const sources = dice
    .some(['instance', 'code', 'missing', 'note', '__name__'], 0.4)
    .map((name) => `, "${name}"`);
  return `label_join(${vector}, "${target}", "${dice.of(['-', '', '\\n', 'ü'])}"${sources.join('')})`;
}

export function histogramCall(maker: Maker): string {
  avoidsRemarks(maker, 'histogramRemarks');
  const { dice } = maker;
  const labels = dice.some(['job', 'instance'], 0.5);
  const buckets = dice.chance(0.3) ? metrics.oddBuckets : metrics.buckets;
  const rate = `${dice.of(['rate', 'increase', 'avg_over_time'])}(${matrix(maker, buckets)})`;
  const operand = dice.of([
    `sum by (${['le', ...labels].join(', ')}) (${rate})`,
    `sum by (${['le', ...labels].join(', ')}) (${rate})`,
    `${dice.of(['min', 'avg'])} without (instance) (${rate})`,
    rate,
    selector(maker, buckets),
  ]);
  if (isVersion3(maker) && dice.chance(0.3)) {
    return histogramFraction(maker, operand);
  }
  if (dice.chance(0.1)) return ofNativeHistograms(maker, operand);
  return `histogram_quantile(${dice.chance(0.9) ? share(maker) : maker.scalar(1)}, ${operand})`;
}

/** Of plain numbers these give nothing. */
function ofNativeHistograms(maker: Maker, operand: string): string {
  const { dice } = maker;
  if (!isVersion3(maker))
    return dice.of([
      `histogram_count(${operand})`,
      `histogram_sum(${operand})`,
      `histogram_fraction(0, 1, ${operand})`,
    ]);
  return `histogram_${dice.of(['count', 'sum', 'avg', 'stddev', 'stdvar'])}(${operand})`;
}

function histogramFraction(maker: Maker, operand: string): string {
  const { dice } = maker;
  const bound = (): string => dice.of(['0.3', '1', 'Inf', '0.25', '10', 'NaN', '1.7']);
  const low = (): string => dice.of(['0', '0.1', '-1', '-Inf', '0.05', '0.07']);
  if (!avoids(maker, 'fractionInFirstBucket'))
    return `histogram_fraction(${dice.chance(0.5) ? low() : bound()}, ${dice.chance(0.5) ? low() : bound()}, ${operand})`;
  // All but the odd histograms end their first bucket at 0.1, if not before.
  const labels = dice.some(['job', 'instance'], 0.5);
  const rate = `rate(${metrics.buckets}[${dice.of(['1m', '5m', '30m'])}])`;
  const lower = dice.chance(0.2) ? '-Inf' : bound();
  return `histogram_fraction(${lower}, ${bound()}, sum by (${['le', ...labels].join(', ')}) (${rate}))`;
}

/** Calls whose answers at one moment have an order. */
export function orderedCall(maker: Maker): string {
  const { dice } = maker;
  switch (dice.between(0, maker.experimental ? 2 : 1)) {
    case 0:
      return `${dice.of(['sort', 'sort_desc'])}(${maker.vector(2)})`;
    case 1:
      return `${dice.of(['topk', 'bottomk'])}(${dice.between(0, 12)}, ${unequal(maker)})`;
    default:
      return sortByLabel(maker);
  }
}

/** By labels that all series have: where some lack one, a server's order hangs on how it happens to sort. */
function sortByLabel(maker: Maker): string {
  const { dice } = maker;
  const name = dice.of(['sort_by_label', 'sort_by_label_desc']);
  if (dice.chance(0.3))
    return `${name}(${selector(maker, metrics.buckets, { hasOneName: true })}, "le", "job")`;
  const labels = dice.some(['job', 'instance'], 0.6).map((label) => `, "${label}"`);
  return `${name}(${dice.chance(0.5) ? selector(maker) : overTime(maker)}${labels.join('')})`;
}
