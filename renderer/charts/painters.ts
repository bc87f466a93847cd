import type uPlot from 'uplot';
import { formatClock } from '#shared/time.ts';
import { freestPlace, type Box, type Polyline } from './label-place.ts';
import type { ChartPalette } from './palette.ts';
import type { PlotModel } from './plot-model.ts';

/** What is painted under and over the lines: firing time, unseen time, threshold and the alert lane. */

type Painter = (plot: uPlot) => void;

export const laneHeight = 16;
export const laneGap = 4;

interface Span {
  readonly left: number;
  readonly right: number;
}

/** Under the lines: firing time tinted, cached and unseen time hatched. */
export function paintUnder(model: PlotModel, palette: ChartPalette): Painter {
  return (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    const firing = firingSpan(plot, model);
    if (firing !== null) {
      ctx.globalAlpha = 0.08;
      ctx.fillStyle = palette.severity[model.level];
      ctx.fillRect(firing.left, bbox.top, firing.right - firing.left, bbox.height);
      ctx.globalAlpha = 1;
    }
    const unseenFrom = model.unseenFromMs === null ? null : xOf(plot, model.unseenFromMs);
    if (model.cached) {
      hatch(plot, { left: bbox.left, right: unseenFrom ?? bbox.left + bbox.width }, palette.label, 0.13);
    }
    if (unseenFrom !== null) paintUnseen(plot, unseenFrom, model, palette);
    ctx.restore();
  };
}

function paintUnseen(plot: uPlot, from: number, model: PlotModel, palette: ChartPalette): void {
  const { ctx, bbox } = plot;
  const right = bbox.left + bbox.width;
  if (from >= right) return;
  hatch(plot, { left: from, right }, model.blind ? palette.blind : palette.label, model.blind ? 0.5 : 0.42);
  ctx.fillStyle = model.blind ? palette.blind : palette.ink;
  ctx.fillRect(from, bbox.top, pixels(1), bbox.height);
}

/** Over the lines: threshold with its label, and the lane of the alert above the plot. */
export function paintOver(model: PlotModel, palette: ChartPalette): Painter {
  return (plot) => {
    plot.ctx.save();
    paintThreshold(plot, model, palette);
    paintUnseenLabel(plot, model, palette);
    paintLane(plot, model, palette);
    plot.ctx.restore();
  };
}

function paintThreshold(plot: uPlot, model: PlotModel, palette: ChartPalette): void {
  if (model.threshold === null) return;
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(model.threshold.value, 'y', true));
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.strokeStyle = palette.severity[model.level];
  ctx.lineWidth = pixels(1);
  ctx.setLineDash([pixels(5), pixels(4)]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y + 0.5);
  ctx.lineTo(bbox.left + bbox.width, y + 0.5);
  ctx.stroke();
  ctx.setLineDash([]);
  const text = `threshold ${model.threshold.operator} ${model.threshold.value}`;
  ctx.font = scaledFont(palette.monoFont);
  const { left, top, bottom } = freestPlace(
    thresholdPlaces(bbox, y, ctx.measureText(text).width),
    linesOf(plot),
  );
  paintText(plot, palette, {
    text,
    left: left + pixels(3),
    middle: (top + bottom) / 2,
    colour: palette.severity[model.level],
  });
}

/** Above the threshold or below it, at the left, at the right, between the two; only where there is room. */
function thresholdPlaces(bbox: uPlot.BBox, y: number, textWidth: number): readonly [Box, ...Box[]] {
  const width = textWidth + pixels(6);
  const height = pixels(16);
  const lefts = [
    bbox.left + pixels(1),
    bbox.left + bbox.width - width - pixels(1),
    bbox.left + (bbox.width - width) / 2,
  ];
  const above = lefts.map((left) => boxAt(left, y - pixels(18), width, height));
  const below = lefts.map((left) => boxAt(left, y + pixels(3), width, height));
  const fitting = [...above, ...below].filter(
    ({ top, bottom }) => top >= bbox.top && bottom <= bbox.top + bbox.height,
  );
  const [first = boxAt(lefts[0] ?? 0, y + pixels(3), width, height), ...others] = fitting;
  return [first, ...others];
}

function boxAt(left: number, top: number, width: number, height: number): Box {
  return { left, right: left + width, top, bottom: top + height };
}

/** The lines as they are drawn, in the canvas' pixels. */
function linesOf(plot: uPlot): Polyline[] {
  const [times = [], ...columns] = plot.data;
  return columns.map((column) =>
    Array.from(times).flatMap((second, index) => {
      const value = column[index];
      // Not of this line: it goes on to its next sample.
      if (value === undefined) return [];
      if (value === null) return [null];
      return [[plot.valToPos(second, 'x', true), plot.valToPos(value, 'y', true)] as const];
    }),
  );
}

/** Says in words what the hatching means, where there is room for them. */
function paintUnseenLabel(plot: uPlot, model: PlotModel, palette: ChartPalette): void {
  if (model.unseenFromMs === null) return;
  const { ctx, bbox } = plot;
  const left = xOf(plot, model.unseenFromMs) + pixels(8);
  const text = `not seen since ${formatClock(model.unseenFromMs)}`;
  ctx.font = scaledFont(palette.monoFont);
  if (left + ctx.measureText(text).width + pixels(8) > bbox.left + bbox.width) return;
  paintText(plot, palette, { text, left, middle: bbox.top + pixels(12), colour: palette.ink });
}

function paintText(
  plot: uPlot,
  palette: ChartPalette,
  label: { readonly text: string; readonly left: number; readonly middle: number; readonly colour: string },
): void {
  const { ctx } = plot;
  ctx.font = scaledFont(palette.monoFont);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  const width = ctx.measureText(label.text).width;
  ctx.fillStyle = palette.surface;
  ctx.globalAlpha = 0.85;
  ctx.fillRect(label.left - pixels(3), label.middle - pixels(8), width + pixels(6), pixels(16));
  ctx.globalAlpha = 1;
  ctx.fillStyle = label.colour;
  ctx.fillText(label.text, label.left, label.middle);
}

function paintLane(plot: uPlot, model: PlotModel, palette: ChartPalette): void {
  const span = firingSpan(plot, model);
  if (span === null || model.firing === null) return;
  const { ctx, bbox } = plot;
  const top = bbox.top - pixels(laneHeight + laneGap);
  ctx.fillStyle = palette.severity[model.level];
  ctx.globalAlpha = 0.38;
  ctx.fillRect(span.left, top, span.right - span.left, pixels(laneHeight));
  ctx.globalAlpha = 1;
  ctx.font = scaledFont(palette.sansFont);
  ctx.textBaseline = 'middle';
  ctx.fillStyle = palette.ink;
  const width = ctx.measureText(model.firing.text).width;
  const fits = width + pixels(12) <= span.right - span.left;
  ctx.textAlign = fits ? 'left' : 'right';
  ctx.fillText(
    model.firing.text,
    fits ? span.left + pixels(6) : span.left - pixels(6),
    top + pixels(laneHeight / 2 + 0.5),
  );
}

function firingSpan(plot: uPlot, model: PlotModel): Span | null {
  if (model.firing === null) return null;
  const { bbox } = plot;
  const left = Math.max(bbox.left, xOf(plot, model.firing.fromMs));
  const right = Math.min(bbox.left + bbox.width, xOf(plot, model.firing.toMs ?? model.toMs));
  return right > left ? { left, right } : null;
}

function hatch(plot: uPlot, span: Span, colour: string, alpha: number): void {
  const { ctx, bbox } = plot;
  const pitch = pixels(6 * Math.SQRT2);
  ctx.save();
  ctx.beginPath();
  ctx.rect(span.left, bbox.top, span.right - span.left, bbox.height);
  ctx.clip();
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = pixels(1);
  ctx.beginPath();
  // Starts on multiples of the pitch, so that two hatched spans side by side meet.
  const first = Math.floor(span.left / pitch) * pitch;
  for (let x = first; x < span.right + bbox.height; x += pitch) {
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x - bbox.height, bbox.top + bbox.height);
  }
  ctx.stroke();
  ctx.restore();
}

function xOf(plot: uPlot, atMs: number): number {
  return Math.round(plot.valToPos(atMs / 1_000, 'x', true));
}

function pixels(cssPixels: number): number {
  return cssPixels * devicePixelRatio;
}

/** The palette's fonts are in CSS pixels, the canvas counts device pixels. */
function scaledFont(font: string): string {
  return font.replace(/(\d+)px/u, (_match, size: string) => `${Number(size) * devicePixelRatio}px`);
}
