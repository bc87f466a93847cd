import { spanFlags, type TraceOutline } from '#shared/model/trace.ts';
import type { TraceLook } from './traces.ts';

/** Which rows of a trace are shown, and where the cursor goes among them. All columns, no object a row. */

export function lookAt(outline: TraceOutline): TraceLook {
  const count = outline.spanIds.length;
  return {
    cursor: 0,
    folds: new Uint8Array(count),
    onlyPath: false,
    rows: Int32Array.from({ length: count }, (_none, row) => row),
    fromNs: 0,
    toNs: Math.max(1, outline.durationNs),
    findText: '',
    found: null,
    detailToggled: false,
  };
}

/** Rows that no fold hides, and that lie on the critical path or above it where only that is wanted. */
export function visibleRows(outline: TraceOutline, folds: Uint8Array, onlyPath: boolean): Int32Array {
  const count = outline.spanIds.length;
  const kept = onlyPath ? rowsOfPath(outline) : null;
  const rows = new Int32Array(count);
  let shown = 0;
  for (let row = 0; row < count;) {
    if (kept === null || kept[row] === 1) {
      rows[shown] = row;
      shown++;
    }
    row += 1 + (folds[row] === 1 ? (outline.descendants[row] ?? 0) : 0);
  }
  return rows.slice(0, shown);
}

function rowsOfPath(outline: TraceOutline): Uint8Array {
  const kept = new Uint8Array(outline.spanIds.length);
  for (const critical of outline.criticalRows) {
    for (let row = critical; row >= 0 && kept[row] === 0; row = outline.parents[row] ?? -1) kept[row] = 1;
  }
  return kept;
}

/** As the look, with other folds or another choice of rows; the cursor goes to the nearest row above. */
export function withRows(
  outline: TraceOutline,
  look: TraceLook,
  part: Partial<Pick<TraceLook, 'folds' | 'onlyPath' | 'cursor'>>,
): TraceLook {
  const next = { ...look, ...part };
  const rows = visibleRows(outline, next.folds, next.onlyPath);
  return { ...next, rows, cursor: shownAncestor(outline, rows, next.cursor) };
}

function shownAncestor(outline: TraceOutline, rows: Int32Array, from: number): number {
  for (let row = from; row >= 0; row = outline.parents[row] ?? -1) {
    if (rows[placeOf(rows, row)] === row) return row;
  }
  return rows[Math.min(rows.length - 1, placeOf(rows, from))] ?? 0;
}

/** Where a row stands among those shown, or would stand. */
export function placeOf(rows: Int32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Unfolds what hides a row, shows all rows where the path would leave it out, and goes to it. */
export function revealed(outline: TraceOutline, look: TraceLook, row: number): TraceLook {
  if (look.rows[placeOf(look.rows, row)] === row) return { ...look, cursor: row };
  const folds = look.folds.slice();
  for (let above = outline.parents[row] ?? -1; above >= 0; above = outline.parents[above] ?? -1) {
    folds[above] = 0;
  }
  const next = withRows(outline, look, { folds, cursor: row });
  return next.cursor === row ? next : withRows(outline, next, { onlyPath: false, cursor: row });
}

export function withFold(outline: TraceOutline, look: TraceLook, row: number, folded: boolean): TraceLook {
  if ((outline.descendants[row] ?? 0) === 0) return look;
  const folds = look.folds.slice();
  folds[row] = folded ? 1 : 0;
  return withRows(outline, look, { folds });
}

export function withAllFolds(outline: TraceOutline, look: TraceLook, folded: boolean): TraceLook {
  return withRows(outline, look, { folds: foldsWhere(outline, (row) => folded && isParent(outline, row)) });
}

/** Folds the deepest level that is shown open, or unfolds the highest that is folded. */
export function withLevel(outline: TraceOutline, look: TraceLook, step: -1 | 1): TraceLook {
  let level = step < 0 ? -1 : Number.POSITIVE_INFINITY;
  for (const row of look.rows) {
    const depth = outline.depths[row] ?? 0;
    if (!isParent(outline, row)) continue;
    if (step < 0 && look.folds[row] === 0) level = Math.max(level, depth);
    if (step > 0 && look.folds[row] === 1) level = Math.min(level, depth);
  }
  const folds = look.folds.slice();
  for (const row of look.rows) {
    if (outline.depths[row] === level && isParent(outline, row)) folds[row] = step < 0 ? 1 : 0;
  }
  return withRows(outline, look, { folds });
}

function isParent(outline: TraceOutline, row: number): boolean {
  return (outline.descendants[row] ?? 0) > 0;
}

function foldsWhere(outline: TraceOutline, folded: (row: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: outline.spanIds.length }, (_none, row) => (folded(row) ? 1 : 0));
}

/**
 * The next row after (`1`) or before (`-1`) one, round the end; folded rows count.
 * @returns -1 where there is none.
 */
export function nextError(outline: TraceOutline, from: number, direction: -1 | 1): number {
  const count = outline.spanIds.length;
  for (let step = 1; step <= count; step++) {
    const row = (((from + direction * step) % count) + count) % count;
    if (((outline.flags[row] ?? 0) & spanFlags.error) !== 0) return row;
  }
  return -1;
}

/** As `nextError`, among the rows found; they ascend. */
export function nextFound(found: Float64Array, from: number, direction: -1 | 1): number {
  if (found.length === 0) return -1;
  if (direction > 0) return found.find((row) => row > from) ?? found[0] ?? -1;
  return found.findLast((row) => row < from) ?? found.at(-1) ?? -1;
}

/**
 * Zooms by a factor around the middle of what is shown, or a moment.
 * @param atNs the moment that keeps its place, since the trace's start.
 */
export function zoomed(outline: TraceOutline, look: TraceLook, factor: number, atNs?: number): TraceLook {
  const { fromNs, toNs } = look;
  const centre = atNs ?? (fromNs + toNs) / 2;
  const share = (centre - fromNs) / (toNs - fromNs);
  const whole = Math.max(1, outline.durationNs);
  const span = Math.min(whole, Math.max(Math.min(whole, 100), (toNs - fromNs) * factor));
  return ranged(outline, look, centre - share * span, centre + (1 - share) * span);
}

/** Moves what is shown by a share of itself, and stops at the trace's ends. */
export function panned(outline: TraceOutline, look: TraceLook, share: number): TraceLook {
  const by = (look.toNs - look.fromNs) * share;
  return ranged(outline, look, look.fromNs + by, look.toNs + by);
}

export function ranged(outline: TraceOutline, look: TraceLook, fromNs: number, toNs: number): TraceLook {
  const whole = Math.max(1, outline.durationNs);
  const span = Math.min(whole, Math.max(1, toNs - fromNs));
  const from = Math.min(Math.max(0, fromNs), whole - span);
  return { ...look, fromNs: from, toNs: from + span };
}

/** The part of a span's duration in which none of its children ran, nanoseconds. */
export function selfTimeOf(outline: TraceOutline, row: number): number {
  const start = outline.offsetNs[row] ?? 0;
  const end = start + (outline.durationsNs[row] ?? 0);
  const last = row + (outline.descendants[row] ?? 0);
  let covered = 0;
  let at = start;
  // Siblings are in the order of their starts.
  for (let child = row + 1; child <= last; child += 1 + (outline.descendants[child] ?? 0)) {
    const from = Math.max(at, outline.offsetNs[child] ?? 0);
    const to = Math.min(end, (outline.offsetNs[child] ?? 0) + (outline.durationsNs[child] ?? 0));
    if (to <= from) continue;
    covered += to - from;
    at = to;
  }
  return Math.max(0, end - start - covered);
}

/** The parts of the critical path by row: those of a row are `order[at[row]]` to `order[at[row + 1] - 1]`. */
export interface PathByRow {
  readonly at: Int32Array;
  readonly order: Int32Array;
}

export function pathByRow(outline: TraceOutline): PathByRow {
  const { criticalRows } = outline;
  const at = new Int32Array(outline.spanIds.length + 1);
  for (const row of criticalRows) at[row + 1] = (at[row + 1] ?? 0) + 1;
  for (let row = 1; row < at.length; row++) at[row] = (at[row] ?? 0) + (at[row - 1] ?? 0);
  const next = at.slice();
  const order = new Int32Array(criticalRows.length);
  criticalRows.forEach((row, part) => {
    const place = next[row] ?? 0;
    order[place] = part;
    next[row] = place + 1;
  });
  return { at, order };
}
