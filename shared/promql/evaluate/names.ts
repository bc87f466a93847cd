import type { LabelPool, LabelSet } from '../model/label-set.ts';

/**
 * How label sets of one pool are changed, each only once: evaluations repeat the same changes. What is
 * remembered lives as long as the pool, which keeps its label sets anyway, or until it is too much.
 */
interface Memory {
  readonly changes: Map<string, Map<LabelSet, LabelSet>>;
  results: number;
}

const memories = new WeakMap<LabelPool, Memory>();

/** So much is remembered of a pool, about 50 MB: rules and panels have a few hundred changes, most of few series. */
const mostChanges = 2_000;
const mostResults = 1_000_000;

/**
 * A change of label sets that remembers its results.
 * @param key equal for equal changes, and for these only.
 */
export function rememberedChange(
  pool: LabelPool,
  key: string,
  change: (labels: LabelSet) => LabelSet,
): (labels: LabelSet) => LabelSet {
  const memory = memoryOf(pool);
  const known = memory.changes.get(key) ?? new Map<LabelSet, LabelSet>();
  memory.changes.set(key, known);
  return (labels) => {
    const before = known.get(labels);
    if (before !== undefined) return before;
    const changed = change(labels);
    known.set(labels, changed);
    memory.results += 1;
    return changed;
  };
}

function memoryOf(pool: LabelPool): Memory {
  const known = memories.get(pool);
  if (known !== undefined && known.changes.size < mostChanges && known.results < mostResults) return known;
  const made: Memory = { changes: new Map(), results: 0 };
  memories.set(pool, made);
  return made;
}
