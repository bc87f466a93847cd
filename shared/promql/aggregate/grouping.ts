import { rememberedChange } from '../evaluate/names.ts';
import type { LabelPool, LabelSet } from '../model/label-set.ts';
import { isMetadataLabel } from '../functions/metadata-labels.ts';
import type { QueryOptions } from '../evaluate/options.ts';

/** Which labels an aggregation's groups have: those named (`by`), or all but those (`without`). */
export interface Grouping {
  readonly labels: readonly string[];
  readonly without: boolean;
}

/** The labels of the group that a series belongs to: the same object for the same group. */
export type GroupOf = (series: LabelSet) => LabelSet;

export function groupLabels(
  { labels: names, without }: Grouping,
  pool: LabelPool,
  semantics: QueryOptions['semantics'],
): GroupOf {
  if (!without && names.length === 0) {
    const everything = pool.ofSorted([]);
    return () => everything;
  }
  const [only] = names;
  if (!without && only !== undefined && names.length === 1) return byOneLabel(only, pool);
  const named = new Set(names);
  const keeps = without
    ? (name: string): boolean => !named.has(name) && !isMetadataLabel(name, semantics)
    : (name: string): boolean => named.has(name);
  const key = JSON.stringify([without ? 'without' : 'by', semantics, ...named]);
  return rememberedChange(pool, key, (series) => pool.filter(series, keeps));
}

/** A look at the value is cheaper than remembering every series. */
function byOneLabel(name: string, pool: LabelPool): GroupOf {
  const groups = new Map<string, LabelSet>();
  return (series) => {
    const value = series.get(name);
    const known = groups.get(value);
    if (known !== undefined) return known;
    const made = pool.of([[name, value]]);
    groups.set(value, made);
    return made;
  };
}
