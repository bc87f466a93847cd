import type { LabelPool, LabelSet } from '../model/label-set.ts';

/**
 * How label sets of one pool are changed, each only once: evaluations repeat the same changes. What is
 * remembered lives as long as the pool, which keeps its label sets anyway.
 */
const memories = new WeakMap<LabelPool, Map<string, Map<LabelSet, LabelSet>>>();

/** So many different changes are remembered of a pool: rules and panels have a few hundred. */
const mostChanges = 2_000;

/**
 * A change of label sets that remembers its results.
 * @param key equal for equal changes, and for these only.
 */
export function rememberedChange(
  pool: LabelPool,
  key: string,
  change: (labels: LabelSet) => LabelSet,
): (labels: LabelSet) => LabelSet {
  const known = memoryOf(pool, key);
  return (labels) => {
    const before = known.get(labels);
    if (before !== undefined) return before;
    const changed = change(labels);
    known.set(labels, changed);
    return changed;
  };
}

function memoryOf(pool: LabelPool, key: string): Map<LabelSet, LabelSet> {
  let changes = memories.get(pool);
  if (changes === undefined || changes.size >= mostChanges) {
    changes = new Map();
    memories.set(pool, changes);
  }
  const known = changes.get(key) ?? new Map<LabelSet, LabelSet>();
  changes.set(key, known);
  return known;
}
