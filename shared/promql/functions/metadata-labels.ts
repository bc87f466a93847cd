import { metricNameLabel, type LabelPool, type LabelSet } from '../model/label-set.ts';
import type { Column } from '../evaluate/columns.ts';
import type { EvaluationContext } from '../evaluate/context.ts';
import type { QueryOptions } from '../evaluate/options.ts';

/**
 * The labels that say which metric a series is. They go when a value is computed from the metric's, at once
 * or, with delayed name removal, at the end of the query.
 */

/** `__type__` and `__unit__` describe the metric since version 3, and go with its name. */
export function isMetadataLabel(name: string, semantics: QueryOptions['semantics']): boolean {
  return name === metricNameLabel || (semantics === 'v3' && (name === '__type__' || name === '__unit__'));
}

/** Sets of labels are interned and live long: what is left of them is remembered with them. */
export function withoutMetadata(
  labels: LabelSet,
  context: { readonly options: Pick<QueryOptions, 'semantics'>; readonly labels: LabelPool },
): LabelSet {
  const { semantics } = context.options;
  const pool = context.labels;
  const known = labels.nameless;
  if (known !== null && known.pool === pool && known.semantics === semantics) return known.labels;
  const rest = isNameAlone(labels)
    ? pool.withoutFirst(labels)
    : pool.filter(labels, (name) => !isMetadataLabel(name, semantics));
  labels.nameless = { labels: rest, pool, semantics };
  return rest;
}

/** Of all that names the metric there is the name, and it comes first: as nearly always. */
function isNameAlone({ names }: LabelSet): boolean {
  return names[0] === metricNameLabel && !names.includes('__type__') && !names.includes('__unit__');
}

/** How a value computed from a series' is labelled. */
export function namelessLabels(
  labels: LabelSet,
  context: EvaluationContext,
): Pick<Column, 'labels' | 'dropsName'> {
  if (context.options.delayedNameRemoval) return { labels, dropsName: true };
  return { labels: withoutMetadata(labels, context), dropsName: false };
}
