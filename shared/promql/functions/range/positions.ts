import { perWindow } from './window-loop.ts';

/** Functions of where a window begins and ends, not of what lies between. */

export const countOverTime = perWindow(() => (_samples, first, end) => end - first);

export const presentOverTime = perWindow(() => () => 1);

export const firstOverTime = perWindow(
  () =>
    ({ values }, first) =>
      values[first] ?? 0,
);

export const lastOverTime = perWindow(
  () =>
    ({ values }, _first, end) =>
      values[end - 1] ?? 0,
);

/** In seconds, as all times that PromQL shows. */
export const timeOfFirst = perWindow(
  () =>
    ({ timesMs }, first) =>
      (timesMs[first] ?? 0) / 1000,
);

export const timeOfLast = perWindow(
  () =>
    ({ timesMs }, _first, end) =>
      (timesMs[end - 1] ?? 0) / 1000,
);
