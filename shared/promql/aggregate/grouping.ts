import { metricNameLabel, type LabelPool, type LabelSet } from '../model/label-set.ts';
import { isMetadataLabel } from '../functions/metadata-labels.ts';
import type { QueryOptions } from '../evaluate/options.ts';

/** Which labels an aggregation's groups have: those named (`by`), or all but those (`without`). */
export interface Grouping {
  readonly labels: readonly string[];
  readonly without: boolean;
}

/** The labels of the group that a series belongs to: the same object for the same group. */
export type GroupOf = (series: LabelSet) => LabelSet;

/**
 * Groups of series, remembered between evaluations: rules and panels ask the same of the same series again
 * and again. For so many groupings; then it begins anew.
 */
const mostGroupings = 200;
const knownGroups = new Map<string, WeakMap<LabelSet, LabelSet>>();

export function groupLabels(
  { labels: names, without }: Grouping,
  pool: LabelPool,
  semantics: QueryOptions['semantics'],
): GroupOf {
  if (!without && names.length === 0) {
    const everything = pool.ofSorted([]);
    return () => everything;
  }
  const named = new Set(names);
  const keeps = without
    ? (name: string): boolean => !named.has(name) && !isMetadata(name, semantics)
    : (name: string): boolean => named.has(name);
  const known = knownOf(JSON.stringify([without, semantics, ...named]));
  return (series) => {
    let group = known.get(series);
    if (group === undefined) {
      group = pool.filter(series, keeps);
      known.set(series, group);
    }
    return group;
  };
}

function knownOf(grouping: string): WeakMap<LabelSet, LabelSet> {
  let known = knownGroups.get(grouping);
  if (known === undefined) {
    if (knownGroups.size >= mostGroupings) knownGroups.clear();
    known = new WeakMap();
    knownGroups.set(grouping, known);
  }
  return known;
}

function isMetadata(name: string, semantics: QueryOptions['semantics']): boolean {
  return name === metricNameLabel || isMetadataLabel(name, semantics);
}
