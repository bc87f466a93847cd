import { useMemo } from 'react';
import { useLive, useTimed } from '../app.ts';
import { sightOf, type ScreenSight } from '../stores/sight.ts';

/** How far the screen sees now; renders only when that changes. */
export function useSight(): ScreenSight {
  const link = useLive((state) => state.link);
  const core = useLive((state) => state.core);
  const heardAtMs = useLive((state) => state.heardAtMs);
  const console = useLive((state) => state.console);
  const live = useMemo(() => ({ link, core, heardAtMs, console }), [link, core, heardAtMs, console]);
  const kind = useTimed((nowMs) => sightOf(live, nowMs).kind);
  return useMemo(() => {
    const { lastSeenAtMs, cause } = sightOf(live, 0);
    return { kind, lastSeenAtMs, cause };
  }, [live, kind]);
}
