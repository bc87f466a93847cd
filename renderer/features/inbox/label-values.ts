import type { AlertFacts } from '#shared/model/alert-facts.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { labelOf } from '#shared/model/labels.ts';

const maxNamed = 3;

/**
 * What an incident has as the value of a label: its alerts' one value, or several of them in words. An
 * incident stands in one place however many values there are, for a verdict on it is given once.
 * @returns empty where none of its alerts has the label, as far as is known.
 */
export function labelValueOf(
  row: IncidentRow,
  alerts: readonly AlertFacts[] | undefined,
  name: string,
): string {
  if (Object.hasOwn(row.labels, name)) return labelOf(row.labels, name);
  if (alerts === undefined) return '';
  const values = new Set<string>();
  for (const facts of alerts) {
    const value = facts.ended && row.resolvedAtMs === null ? '' : labelOf(facts.labels, name);
    if (value !== '') values.add(value);
  }
  const sorted = [...values].toSorted();
  const rest = sorted.length - maxNamed;
  return sorted.slice(0, maxNamed).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
