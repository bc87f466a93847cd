import type { SourceDraft } from '#shared/model/settings.ts';

/** The configured source under the cursor: the one chosen, else the first. */
export function draftUnderCursor(
  drafts: readonly SourceDraft[],
  chosen: string | null,
): SourceDraft | undefined {
  return drafts.find((draft) => draft.name === chosen) ?? drafts[0];
}
