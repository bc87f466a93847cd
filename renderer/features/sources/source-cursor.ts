import type { SourceHealth } from '#shared/model/source.ts';

/** The source under the cursor: the one chosen, else the first. */
export function sourceUnderCursor(
  sources: readonly SourceHealth[],
  chosen: string | null,
): SourceHealth | undefined {
  return sources.find((source) => source.name === chosen) ?? sources[0];
}
