import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { dayMs } from '#shared/time.ts';

/** The barcode of a row: when its group fired within the last 24 hours, in columns of one pixel. */
export const barcodeWidth = 88;
const columnMs = dayMs / barcodeWidth;

export interface Bar {
  readonly from: number;
  readonly to: number;
  /** `unseen`: nobody saw whether it fired. `now`: it still does. */
  readonly kind: 'past' | 'now' | 'unseen';
}

/** Bars from the left, at least a column wide: what was brief is not left out. */
export function barsOf(
  row: Pick<IncidentRow, 'startsAtMs' | 'resolvedAtMs' | 'lastSeenAtMs' | 'state'>,
  signs: Pick<IncidentSigns, 'earlier'> | undefined,
  isBlind: boolean,
  nowMs: number,
): readonly Bar[] {
  const bars: Bar[] = [];
  const put = (fromMs: number, toMs: number, kind: Bar['kind']): void => {
    const bar = barOf(fromMs, toMs, nowMs, kind);
    if (bar === null) return;
    const last = bars.at(-1);
    // Two within one column are drawn as one.
    if (last !== undefined && last.kind === kind && bar.from < last.to)
      bars[bars.length - 1] = { ...last, to: bar.to };
    else bars.push(bar);
  };
  for (const [fromMs, toMs] of signs?.earlier ?? []) put(fromMs, toMs, 'past');
  if (row.resolvedAtMs !== null) put(row.startsAtMs, row.resolvedAtMs, 'past');
  else if (isBlind || row.state === 'unseen') {
    put(row.startsAtMs, row.lastSeenAtMs, 'past');
    put(row.lastSeenAtMs, nowMs, 'unseen');
  } else put(row.startsAtMs, nowMs, 'now');
  return bars;
}

function barOf(fromMs: number, toMs: number, nowMs: number, kind: Bar['kind']): Bar | null {
  const startMs = nowMs - dayMs;
  if (toMs < startMs || fromMs > nowMs) return null;
  const from = Math.min(barcodeWidth - 1, Math.floor(Math.max(0, fromMs - startMs) / columnMs));
  const to = Math.min(barcodeWidth, Math.max(from + 1, Math.ceil((toMs - startMs) / columnMs)));
  return { from, to, kind };
}
