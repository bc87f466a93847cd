import * as v from 'valibot';

/** The four golden signals of each service, as one dashboard: what to draw, not yet drawn. */

export const goldenSignals = ['latency', 'traffic', 'errors', 'saturation'] as const;
export type GoldenSignal = (typeof goldenSignals)[number];

export const overviewPanelSchema = v.object({
  /** Unique in the dashboard. */
  id: v.string(),
  service: v.string(),
  signal: v.picklist(goldenSignals),
  title: v.string(),
  /** What a value is: `seconds`, `bytes`, `per second`, `share` (0 to 1), or empty for a plain number. */
  unit: v.picklist(['seconds', 'bytes', 'per second', 'share', '']),
  /** What to ask of which source. Several are one family: p50, p95, p99. */
  source: v.string(),
  expressions: v.array(v.object({ name: v.string(), expression: v.string() })),
});
export type OverviewPanel = v.InferOutput<typeof overviewPanelSchema>;

export const overviewSchema = v.object({
  panels: v.array(overviewPanelSchema),
  /** Why there is none, or that these are the panels known last; empty when all is well. */
  note: v.string(),
});
export type Overview = v.InferOutput<typeof overviewSchema>;
