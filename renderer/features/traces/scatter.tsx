import { useCallback, type MouseEvent } from 'react';
import { millisecondsOf } from '#shared/model/log.ts';
import type { TraceSummary } from '#shared/model/trace.ts';
import { formatClock } from '#shared/time.ts';
import { PlotTimeCursor } from '../../parts/time-cursor.tsx';
import { useDrawing, type CanvasPlace } from '../../parts/trace-canvas.ts';
import { formatDuration } from '../../parts/trace-duration.ts';
import { longestOf } from '../../parts/trace-rows.tsx';
import styles from './traces.module.css';

interface ScatterProps {
  readonly traces: readonly TraceSummary[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly cursor: string | null;
  readonly onCursor: (traceId: string) => void;
}

const leftEdge = 60;
const sideEdge = 16;
const topEdge = 12;
const bottomEdge = 20;
const insets = { left: leftEdge, right: sideEdge, top: 0, bottom: bottomEdge } as const;
/** How near a click must be, in CSS pixels. */
const reach = 12;

/** Each trace as a point: when it began and how long it took. The list below says the same in words. */
export function Scatter({ traces, fromMs, toMs, cursor, onCursor }: ScatterProps) {
  const draw = useCallback(
    (place: CanvasPlace) => {
      const at = placesOf(traces, fromMs, toMs, place);
      drawGrid(place, longestOf(traces), fromMs, toMs);
      traces.forEach((trace, index) =>
        drawPoint(place, at[index], trace.errorCount > 0, trace.traceId === cursor),
      );
    },
    [traces, fromMs, toMs, cursor],
  );
  const canvas = useDrawing(draw);
  const choose = (event: MouseEvent): void => {
    const box = canvas.current?.getBoundingClientRect();
    if (box === undefined) return;
    const at = placesOf(traces, fromMs, toMs, box);
    let nearest = reach;
    let chosen: string | undefined;
    traces.forEach(({ traceId }, index) => {
      const [x, y] = at[index] ?? [0, 0];
      const distance = Math.hypot(x - (event.clientX - box.left), y - (event.clientY - box.top));
      if (distance >= nearest) return;
      nearest = distance;
      chosen = traceId;
    });
    if (chosen !== undefined) onCursor(chosen);
  };
  const errors = traces.filter(({ errorCount }) => errorCount > 0).length;
  return (
    <div className={styles.scatter}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${traces.length} traces by time and duration, ${errors} with errors`}
        onClick={choose}
      />
      <PlotTimeCursor insets={insets} fromMs={fromMs} toMs={toMs} />
    </div>
  );
}

type Point = readonly [x: number, y: number];
type Size = Pick<CanvasPlace, 'width' | 'height'>;

function placesOf(
  traces: readonly TraceSummary[],
  fromMs: number,
  toMs: number,
  { width, height }: Size,
): readonly Point[] {
  const longestNs = longestOf(traces);
  return traces.map(({ startNs, durationNs }) => [
    leftEdge + ((millisecondsOf(startNs) - fromMs) / (toMs - fromMs)) * (width - leftEdge - sideEdge),
    height - bottomEdge - (durationNs / longestNs) * (height - topEdge - bottomEdge),
  ]);
}

function drawGrid(
  { context, width, height, palette }: CanvasPlace,
  longestNs: number,
  fromMs: number,
  toMs: number,
): void {
  context.font = palette.monoFont;
  context.fillStyle = palette.label;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const share of [0, 0.5, 1]) {
    const y = Math.round(height - bottomEdge - share * (height - topEdge - bottomEdge)) + 0.5;
    context.strokeStyle = share === 0 ? palette.axis : palette.line;
    context.beginPath();
    context.moveTo(leftEdge, y);
    context.lineTo(width - sideEdge, y);
    context.stroke();
    context.fillText(share === 0 ? '0' : formatDuration(longestNs * share), leftEdge - 8, y);
  }
  const steps = Math.max(1, Math.floor((width - leftEdge) / 160));
  for (let step = 0; step <= steps; step++) {
    const x = leftEdge + ((width - leftEdge - sideEdge) * step) / steps;
    context.textAlign = step === 0 ? 'left' : step === steps ? 'right' : 'center';
    context.fillText(formatClock(fromMs + ((toMs - fromMs) * step) / steps), x, height - bottomEdge / 2);
  }
}

function drawPoint(
  { context, palette }: CanvasPlace,
  [x, y]: Point = [0, 0],
  error: boolean,
  chosen: boolean,
): void {
  context.beginPath();
  if (error) {
    context.moveTo(x, y - 5.5);
    context.lineTo(x + 5.5, y);
    context.lineTo(x, y + 5.5);
    context.lineTo(x - 5.5, y);
    context.closePath();
  } else context.arc(x, y, 3.5, 0, 2 * Math.PI);
  context.fillStyle = error ? palette.severity.critical : palette.label;
  context.fill();
  if (!chosen) return;
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.5;
  context.stroke();
  context.lineWidth = 1;
}
