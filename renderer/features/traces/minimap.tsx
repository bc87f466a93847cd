import { useCallback, useRef, useState, type PointerEvent } from 'react';
import type { TraceOutline } from '#shared/model/trace.ts';
import { useApp } from '../../app.ts';
import { serviceColourIndex } from '../../parts/service-colour.ts';
import { useDrawing, type CanvasPlace } from '../../parts/trace-canvas.ts';
import { formatDuration } from '../../parts/trace-duration.ts';
import { ranged } from '../../stores/trace-look.ts';
import type { TraceLook } from '../../stores/traces.ts';
import styles from './trace.module.css';
import { changeLook } from './traces-commands.ts';

interface MinimapProps {
  readonly outline: TraceOutline;
  readonly look: TraceLook;
}

/** More rows than that are drawn in part: the strip has no more than some fifty lines. */
const maxDrawn = 4_000;
/** A shorter drag is a click that shows the whole trace. */
const leastShare = 0.005;

/** The whole trace in a strip, and in it the part of its time that is shown; dragging chooses another. */
export function Minimap({ outline, look }: MinimapProps) {
  const app = useApp();
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<readonly [number, number] | null>(null);
  const draw = useCallback((place: CanvasPlace) => drawSpans(place, outline), [outline]);
  const canvas = useDrawing(draw);
  const whole = Math.max(1, outline.durationNs);
  const [from, to] = drag ?? [look.fromNs / whole, look.toNs / whole];

  const shareAt = (event: PointerEvent): number => {
    const { left = 0, width = 1 } = box.current?.getBoundingClientRect() ?? {};
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const finish = (): void => {
    if (drag === null) return;
    setDrag(null);
    const [low, high] = [Math.min(...drag), Math.max(...drag)];
    const isClick = high - low < leastShare;
    changeLook(app, (shown, before) =>
      ranged(shown, before, isClick ? 0 : low * whole, isClick ? whole : high * whole),
    );
  };
  return (
    <div
      ref={box}
      className={styles.minimap}
      role="img"
      aria-label={`Shown: ${formatDuration(look.fromNs)} to ${formatDuration(look.toNs)}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag([shareAt(event), shareAt(event)]);
      }}
      onPointerMove={(event) => setDrag((before) => (before === null ? null : [before[0], shareAt(event)]))}
      onPointerUp={finish}
      onPointerCancel={() => setDrag(null)}
    >
      <canvas ref={canvas} />
      <span
        className={styles.window}
        style={{ left: `${Math.min(from, to) * 100}%`, width: `${Math.abs(to - from) * 100}%` }}
      />
    </div>
  );
}

function drawSpans({ context, width, height, palette }: CanvasPlace, outline: TraceOutline): void {
  const count = outline.spanIds.length;
  const whole = Math.max(1, outline.durationNs);
  const step = Math.max(1, Math.ceil(count / maxDrawn));
  const thick = Math.max(1, Math.min(4, Math.floor(height / count) - 1));
  const colours = outline.services.map(
    (service) => palette.series[serviceColourIndex(service)] ?? palette.ink,
  );
  for (let row = 0; row < count; row += step) {
    context.fillStyle = colours[outline.serviceOf[row] ?? 0] ?? palette.ink;
    context.fillRect(
      ((outline.offsetNs[row] ?? 0) / whole) * width,
      Math.min(height - 1, (row / count) * height),
      Math.max(1, ((outline.durationsNs[row] ?? 0) / whole) * width),
      thick,
    );
  }
}
