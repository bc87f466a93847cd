import { useCallback, useRef, useState } from 'react';
import { useApp } from '../app.ts';
import type { PlotReading } from '../charts/plot.tsx';

/**
 * The crosshair of a plot, which is the one time cursor of the window while the pointer is on it.
 * A plot that is drawn anew, or never had the pointer, leaves the cursor that something else has set.
 */
export function useReading(): readonly [PlotReading | null, (reading: PlotReading | null) => void] {
  const { session } = useApp();
  const [reading, setReading] = useState<PlotReading | null>(null);
  const isMine = useRef(false);
  const tell = useCallback(
    (next: PlotReading | null): void => {
      setReading(next);
      if (next !== null || isMine.current) session.setState({ timeCursorMs: next?.atMs ?? null });
      isMine.current = next !== null;
    },
    [session],
  );
  return [reading, tell];
}
