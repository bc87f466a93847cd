import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { alignSeries } from './align.ts';
import { readPalette } from './palette.ts';
import type { PlotModel } from './plot-model.ts';
import { plotOptions } from './plot-options.ts';
import styles from './plot.module.css';

interface PlotProps {
  readonly model: PlotModel;
  readonly height: number;
  /** What the picture shows, in one sentence. */
  readonly label: string;
  /** Where the crosshair is: its time and each series' value there; null when it is away. */
  readonly onCursor: (reading: PlotReading | null) => void;
  /** Drawn over it. */
  readonly children?: ReactNode;
}

export interface PlotReading {
  readonly atMs: number;
  readonly values: readonly (number | null)[];
}

/** uPlot in React: made once for a model, resized with its place, taken down with it. Key it by the theme. */
export function Plot({ model, height, label, onCursor, children }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const aligned = useMemo(() => alignSeries(model.series, model.stepMs), [model.series, model.stepMs]);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const width = Math.max(120, element.clientWidth);
    const data = [aligned.times, ...aligned.columns] as uPlot.AlignedData;
    const options = plotOptions(model, readPalette(element), { width, height }, (index) => {
      const second = index === null ? undefined : aligned.times[index];
      onCursor(
        index === null || second === undefined
          ? null
          : { atMs: second * 1_000, values: aligned.columns.map((column) => column[index] ?? null) },
      );
    });
    const plot = new uPlot(options, data, element);
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(120, element.clientWidth), height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      onCursor(null);
    };
  }, [aligned, model, height, onCursor]);

  return (
    <div className={styles.plot} style={{ height }}>
      <div ref={place} role="img" aria-label={label} />
      {children}
    </div>
  );
}
