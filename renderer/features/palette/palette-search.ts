import UFuzzy from '@leeoniya/ufuzzy';

/** Finds what a person means among a few hundred texts, and which letters of each matched. */

export interface Found<Entry> {
  readonly entry: Entry;
  /** Pairs of start and end in the text. */
  readonly ranges: readonly number[];
}

const fuzzy = new UFuzzy({ intraIns: 1 });

/** @returns the entries that match, best first; all of them, in their own order, for an empty query. */
export function searchEntries<Entry>(
  entries: readonly Entry[],
  textOf: (entry: Entry) => string,
  query: string,
): readonly Found<Entry>[] {
  const needle = query.trim();
  if (needle === '') return entries.map((entry) => ({ entry, ranges: [] }));
  const texts = entries.map(textOf);
  const indices = fuzzy.filter(texts, needle);
  if (indices === null || indices.length === 0) return [];
  const info = fuzzy.info(indices, texts, needle);
  return fuzzy.sort(info, texts, needle).flatMap((place) => {
    const index = info.idx[place];
    const entry = index === undefined ? undefined : entries[index];
    return entry === undefined ? [] : [{ entry, ranges: info.ranges[place] ?? [] }];
  });
}
