import { useMemo } from 'react';
import { useApp, useLive, useTimed } from '../app.ts';
import { sightOf, type ScreenSight } from '../stores/sight.ts';

/** How far the screen sees now; renders only when that changes, and not because something was heard. */
export function useSight(): ScreenSight {
  const { live, ticker } = useApp();
  // Of the store as it is: it changes with what is heard, or with the time alone.
  useTimed((nowMs) => sightOf(live.getState(), nowMs).kind);
  const kind = useLive((state) => sightOf(state, ticker.read()).kind);
  const lastSeenAtMs = useLive((state) => sightOf(state, ticker.read()).lastSeenAtMs);
  const cause = useLive((state) => sightOf(state, ticker.read()).cause);
  return useMemo(() => ({ kind, lastSeenAtMs, cause }), [kind, lastSeenAtMs, cause]);
}
