import { heightOf, indexAt, topOf, type RowHeights } from './row-offsets.ts';

/**
 * What of a long list is in sight, and which rows are drawn for it: reckoned, for asking the document makes
 * it lay itself out there and then.
 */
export interface RowSight {
  readonly heights: RowHeights;
  /** Index of the row under the cursor; -1 for none. */
  readonly cursor: number;
  /** How far the list is scrolled, px. */
  readonly top: number;
  /** Of the list with its head, px; until it is laid out the window's, which is no less. */
  readonly height: number;
  readonly isMeasured: boolean;
  /** Rows that are drawn. */
  readonly from: number;
  readonly to: number;
}

/** Of the column heads, px, which stay above the rows. */
const headHeight = 24;
/** Rows drawn beyond each edge, and the step in which the window over them moves. */
const beyond = 4;
const step = 4;

/** Of a list that appears. */
export function firstSight(heights: RowHeights, cursor: number, windowHeight: number): RowSight {
  const measures = { top: 0, height: windowHeight, isMeasured: false };
  return followed({ heights, cursor, ...measures, from: 0, to: 0 });
}

/** The same object where neither the rows nor the cursor are others. Rows that arrive do not scroll. */
export function sightOver(sight: RowSight, heights: RowHeights, cursor: number): RowSight {
  if (sight.heights === heights && sight.cursor === cursor) return sight;
  const next = { ...sight, heights, cursor };
  return sight.cursor === cursor ? ranged(next) : followed(next);
}

export function scrolled(sight: RowSight, top: number): RowSight {
  return sight.top === top ? sight : ranged({ ...sight, top });
}

/** @param top as the document has it. */
export function measured(sight: RowSight, top: number, height: number): RowSight {
  const next = { ...sight, top, height, isMeasured: true };
  // Before that, the cursor was brought into the sight of a list as high as the window.
  return sight.isMeasured ? ranged(next) : followed(next);
}

/** Scrolled as little as brings the row under the cursor into sight. */
function followed(sight: RowSight): RowSight {
  const { heights, cursor, top, height } = sight;
  if (cursor < 0) return ranged(sight);
  const rowTop = topOf(heights, cursor);
  // The heading over a row that is come to from below is shown with it.
  const above = Math.max(0, rowTop - heights.height);
  const bottom = headHeight + rowTop + heightOf(heights, cursor);
  if (above < top) return ranged({ ...sight, top: above });
  return ranged(bottom > top + height ? { ...sight, top: bottom - height } : sight);
}

function ranged(sight: RowSight): RowSight {
  const { heights, top, height } = sight;
  const first = indexAt(heights, top - headHeight);
  const last = indexAt(heights, top + height);
  const from = Math.max(0, Math.floor((first - beyond) / step) * step);
  return { ...sight, from, to: Math.ceil((last + 1 + beyond) / step) * step };
}
