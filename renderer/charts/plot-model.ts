import type { Series } from '#shared/model/series.ts';
import type { SeverityLevel } from '#shared/model/severity.ts';

/** What a plot shows, without a colour or a pixel. */
export interface PlotModel {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly series: readonly Series[];
  /** The series are one ordered family (p50, p95, p99), drawn in strengths of ink instead of colours. */
  readonly isOrdered: boolean;
  readonly level: SeverityLevel;
  readonly threshold: { readonly operator: string; readonly value: number } | null;
  /** When it fired, and until when that is known; null while it goes on. */
  readonly firing: { readonly fromMs: number; readonly toMs: number | null; readonly text: string } | null;
  /** From here on nothing was seen; null where everything was. */
  readonly unseenFromMs: number | null;
  /** The data is from the cache: hatched faintly. */
  readonly cached: boolean;
  /** The source is lost to sight: what is unseen is hatched in the blind colour. */
  readonly blind: boolean;
}

/** Whether a value is on the far side of the threshold. */
export function breaches(
  value: number,
  threshold: { readonly operator: string; readonly value: number },
): boolean {
  switch (threshold.operator) {
    case '>':
      return value > threshold.value;
    case '>=':
      return value >= threshold.value;
    case '<':
      return value < threshold.value;
    case '<=':
      return value <= threshold.value;
    case '==':
      return value === threshold.value;
    default:
      return value !== threshold.value;
  }
}
