import type uPlot from 'uplot';
import { formatClock, hourMs } from '#shared/time.ts';
import { formatMeasure } from './measure.ts';
import { laneGap, laneHeight, paintOver, paintUnder } from './painters.ts';
import { orderedInk, seriesStroke, type ChartPalette } from './palette.ts';
import { breaches, type PlotModel } from './plot-model.ts';

/** Builds uPlot's options for a plot: the one place that knows uPlot's words for what we draw. */

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** Where the lines are drawn inside the plot's box, in CSS pixels from each side. */
export const plotInsets = { left: 52, right: 12, top: laneHeight + laneGap + 4, bottom: 24 } as const;

export function plotOptions(
  model: PlotModel,
  palette: ChartPalette,
  size: PlotSize,
  onCursor: (index: number | null) => void,
): uPlot.Options {
  return {
    ...size,
    padding: [plotInsets.top, plotInsets.right, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7, width: 1.5, fill: palette.surface },
    },
    scales: {
      x: { time: true, range: () => [model.fromMs / 1_000, model.toMs / 1_000] },
      y: { range: (_plot, min, max) => yRange(model, min, max) },
    },
    axes: [xAxis(model, palette), yAxis(palette)],
    series: [{}, ...model.series.map((_one, index) => line(model, palette, index))],
    hooks: {
      drawClear: [paintUnder(model, palette)],
      draw: [paintOver(model, palette)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}

function yRange(model: PlotModel, min: number | null, max: number | null): [number, number] {
  const values = [min ?? 0, max ?? 0, 0, ...(model.threshold === null ? [] : [model.threshold.value])];
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (low === high) return [low, low + 1];
  const room = (high - low) * 0.08;
  return [low < 0 ? low - room : low, high > 0 ? high + room : high];
}

/** Half of a written time, in CSS pixels. */
const timeRoom = 18;

function xAxis(model: PlotModel, palette: ChartPalette): uPlot.Axis {
  const seconds = model.toMs - model.fromMs < hourMs / 12;
  return {
    stroke: palette.label,
    font: palette.monoFont,
    size: plotInsets.bottom,
    gap: 4,
    space: 72,
    grid: { stroke: palette.line, width: 1 },
    ticks: { show: false },
    border: { show: true, stroke: palette.axis, width: 1 },
    values: (plot, splits) =>
      splits.map((second) => {
        const x = plot.valToPos(second, 'x');
        // Too near to an end a time would run into the other axis or out of the panel.
        const fits = x >= timeRoom && x <= plot.bbox.width / devicePixelRatio - timeRoom / 2;
        return fits ? formatClock(second * 1_000).slice(0, seconds ? undefined : 5) : '';
      }),
  };
}

function yAxis(palette: ChartPalette): uPlot.Axis {
  return {
    stroke: palette.label,
    font: palette.monoFont,
    size: plotInsets.left,
    gap: 6,
    space: 32,
    grid: { stroke: palette.line, width: 1 },
    ticks: { show: false },
    values: (_plot, splits) => splits.map(formatMeasure),
  };
}

function line(model: PlotModel, palette: ChartPalette, index: number): uPlot.Series {
  const single = model.series.length === 1;
  const stroke = seriesStroke(palette, index);
  return {
    stroke: single
      ? (plot) => inkAboveThreshold(plot, model, palette)
      : model.isOrdered
        ? orderedInk(palette, index)
        : stroke.colour,
    dash: single || model.isOrdered ? [] : stroke.dash,
    width: 1.5,
    spanGaps: false,
    // A sample alone between two gaps makes no line; it would be lost without a point.
    points: {
      show: true,
      size: 4,
      filter: (plot, seriesIndex) => lonelySamples(plot.data[seriesIndex] ?? []),
    },
  };
}

/** One series needs no colour: ink, and the severity's colour where it breaches the threshold. */
function inkAboveThreshold(plot: uPlot, model: PlotModel, palette: ChartPalette): CanvasGradient | string {
  const { threshold } = model;
  const { top, height } = plot.bbox;
  if (threshold === null || !Number.isFinite(top) || height <= 0) return palette.ink;
  const severity = palette.severity[model.level];
  const aboveBreaches = breaches(threshold.value + Math.max(1, Math.abs(threshold.value)), threshold);
  // A line that lies on the threshold without breaching it keeps its ink: the colour begins beyond its width.
  const onIt = breaches(threshold.value, threshold) ? -1 : 1;
  const room = devicePixelRatio * onIt * (aboveBreaches ? -1 : 1);
  const share = (plot.valToPos(threshold.value, 'y', true) + room - top) / height;
  const at = Math.min(1, Math.max(0, share));
  const [upper, lower] = aboveBreaches ? [severity, palette.ink] : [palette.ink, severity];
  if (!Number.isFinite(at)) return palette.ink;
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
  gradient.addColorStop(0, upper);
  gradient.addColorStop(at, upper);
  gradient.addColorStop(at, lower);
  gradient.addColorStop(1, lower);
  return gradient;
}

/** Indices of samples without a neighbour to draw a line to. */
function lonelySamples(column: ArrayLike<number | null | undefined>): number[] {
  const present = Array.from(column, (value, index) => ({ value, index })).filter(
    ({ value }) => value !== undefined,
  );
  return present.flatMap(({ value, index }, place) => {
    const isLonely =
      (present[place - 1]?.value ?? null) === null && (present[place + 1]?.value ?? null) === null;
    return value !== null && isLonely ? [index] : [];
  });
}
