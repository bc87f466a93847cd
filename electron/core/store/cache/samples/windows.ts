/**
 * Windows of time in which the samples of a selection are complete, both ends included, in whole
 * milliseconds. Pure arithmetic: joining, cutting and clipping never claim what was not covered.
 */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  /** The last fetch that contributed. */
  readonly fetchedAtMs: number;
}

/** @returns the windows in order of time, those that overlap or touch as one. */
export function joinWindows(windows: readonly Window[]): Window[] {
  const joined: Window[] = [];
  for (const window of windows.toSorted((left, right) => left.fromMs - right.fromMs)) {
    const last = joined.at(-1);
    if (last === undefined || window.fromMs > last.toMs + 1) {
      joined.push(window);
      continue;
    }
    joined[joined.length - 1] = {
      fromMs: last.fromMs,
      toMs: Math.max(last.toMs, window.toMs),
      fetchedAtMs: Math.max(last.fetchedAtMs, window.fetchedAtMs),
    };
  }
  return joined;
}

/** @returns what is left of the windows outside of `fromMs` to `toMs`. */
export function cutWindows(windows: readonly Window[], fromMs: number, toMs: number): Window[] {
  return windows
    .flatMap((window) => [
      { ...window, toMs: Math.min(window.toMs, fromMs - 1) },
      { ...window, fromMs: Math.max(window.fromMs, toMs + 1) },
    ])
    .filter(isWindow);
}

/** @returns what of the windows lies within `fromMs` to `toMs`. */
export function clipWindows(windows: readonly Window[], fromMs: number, toMs: number): Window[] {
  return windows
    .map((window) => ({
      ...window,
      fromMs: Math.max(window.fromMs, fromMs),
      toMs: Math.min(window.toMs, toMs),
    }))
    .filter(isWindow);
}

function isWindow(window: Window): boolean {
  return window.fromMs <= window.toMs;
}
