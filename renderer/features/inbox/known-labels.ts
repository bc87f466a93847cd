import type { IncidentAlerts } from '#shared/model/alert-facts.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { counted } from '#shared/text.ts';
import type { Completion } from '../../parts/completion-list.tsx';
import { knownAt } from './filter-completion.ts';

/** Names of labels that there are, the most frequent first; of the incidents alone before alerts have arrived. */
export function knownLabelNames(
  incidents: readonly IncidentRow[],
  alerts: readonly IncidentAlerts[],
): readonly Completion[] {
  const known = knownAt({ kind: 'name', from: 0, typed: '' }, { incidents, alerts });
  const shared = new Set(incidents.flatMap(({ labels }) => Object.keys(labels)));
  const names = known.length > 0 ? known : [...shared].toSorted().map((name) => [name, 0] as const);
  return names.map(([name, count]) => ({
    label: name,
    text: name,
    detail: count === 0 ? '' : counted(count, 'alert'),
  }));
}
