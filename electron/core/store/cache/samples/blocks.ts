/** Length of a block: the unit in which samples are stored, compacted and dropped. */
export const blockMs = 7_200_000;

export function blockStartOf(timeMs: number): number {
  return Math.floor(timeMs / blockMs) * blockMs;
}

export function lastOfBlock(blockStartMs: number): number {
  return blockStartMs + blockMs - 1;
}

/** The blocks that a window touches, as bounds for a statement. */
export function blockBounds(window: { readonly fromMs: number; readonly toMs: number }): {
  readonly firstBlockMs: number;
  readonly lastBlockMs: number;
} {
  return { firstBlockMs: blockStartOf(window.fromMs), lastBlockMs: blockStartOf(window.toMs) };
}
