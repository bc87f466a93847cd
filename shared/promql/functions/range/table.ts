import type { RangeFunction } from '../../evaluate/context.ts';
import { changes, resets } from './changes.ts';
import { stddevOverTime, stdvarOverTime } from './deviations.ts';
import { maxOverTime, minOverTime, timeOfMax, timeOfMin } from './extremes.ts';
import { idelta, irate } from './instant-rate.ts';
import {
  countOverTime,
  firstOverTime,
  lastOverTime,
  presentOverTime,
  timeOfFirst,
  timeOfLast,
} from './positions.ts';
import { madOverTime, quantileOverTime } from './quantiles.ts';
import { delta, increase, rate } from './rate.ts';
import { deriv, predictLinear } from './regression.ts';
import { doubleExponentialSmoothing } from './smoothing.ts';
import { avgOverTime, sumOverTime } from './sums.ts';

/**
 * The functions of range vectors by name, but for `absent_over_time`, which is about the absence of series
 * and therefore no function of one.
 */
export const rangeFunctions: ReadonlyMap<string, RangeFunction> = new Map([
  ['rate', rate],
  ['increase', increase],
  ['delta', delta],
  ['irate', irate],
  ['idelta', idelta],
  ['changes', changes],
  ['resets', resets],
  ['deriv', deriv],
  ['predict_linear', predictLinear],
  ['double_exponential_smoothing', doubleExponentialSmoothing],
  ['holt_winters', doubleExponentialSmoothing],
  ['sum_over_time', sumOverTime],
  ['avg_over_time', avgOverTime],
  ['min_over_time', minOverTime],
  ['max_over_time', maxOverTime],
  ['stddev_over_time', stddevOverTime],
  ['stdvar_over_time', stdvarOverTime],
  ['quantile_over_time', quantileOverTime],
  ['mad_over_time', madOverTime],
  ['count_over_time', countOverTime],
  ['present_over_time', presentOverTime],
  ['first_over_time', firstOverTime],
  ['last_over_time', lastOverTime],
  ['ts_of_first_over_time', timeOfFirst],
  ['ts_of_last_over_time', timeOfLast],
  ['ts_of_min_over_time', timeOfMin],
  ['ts_of_max_over_time', timeOfMax],
]);
