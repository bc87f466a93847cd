import { perWindow } from './window-loop.ts';
import { beginsAnew, startTimesOf } from './start-times.ts';

/** Growth between the last two samples of a window alone. */

export const irate = perWindow((samples, { site }) => {
  const { timesMs, values } = samples;
  const startTimesMs = startTimesOf(samples, site);
  return (_samples, _first, end) => {
    const last = values[end - 1] ?? 0;
    const before = values[end - 2] ?? 0;
    const isReset = last < before || (startTimesMs !== null && beginsAnew(timesMs, startTimesMs, end - 1));
    const seconds = ((timesMs[end - 1] ?? 0) - (timesMs[end - 2] ?? 0)) / 1000;
    return (isReset ? last : last - before) / seconds;
  };
}, 2);

export const idelta = perWindow(
  () =>
    ({ values }, _first, end) =>
      (values[end - 1] ?? 0) - (values[end - 2] ?? 0),
  2,
);
