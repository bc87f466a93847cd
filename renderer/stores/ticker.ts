import { secondMs } from '#shared/time.ts';

/**
 * The one clock that ages on the screen follow: every age changes in the same frame, and nothing runs
 * while nobody looks. `read` is stable between ticks, as React's external stores demand.
 */
export interface Ticker {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => number;
}

export function createTicker(now: () => number = Date.now, everyMs: number = secondMs): Ticker {
  const listeners = new Set<() => void>();
  let current = now();
  let timer: ReturnType<typeof setInterval> | undefined;

  function tick(): void {
    current = now();
    for (const listener of listeners) listener();
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        current = now();
        timer = setInterval(tick, everyMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    read: () => current,
  };
}
