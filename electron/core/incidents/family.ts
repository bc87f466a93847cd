import type { AlertRecord, IncidentRecord } from '#core/store/records.ts';

/**
 * Merged incidents are a tree: each knows what it was merged into, and the one at the root has the alerts of
 * all. An alert knows whose it is (its home), so that taking any merge back gives each its own, those that
 * came later included.
 */
interface Incidents {
  incident(id: number): IncidentRecord | undefined;
  mergedInto(id: number): readonly number[];
}

/** The incident that has the alerts of this one: itself, unless it was merged. */
export function holderOf(incidents: Pick<Incidents, 'incident'>, id: number): IncidentRecord | undefined {
  let incident = incidents.incident(id);
  // A journal that was damaged into a ring must not hang the console.
  for (const seen = new Set<number>(); incident?.mergedInto != null && !seen.has(incident.id);) {
    seen.add(incident.id);
    incident = incidents.incident(incident.mergedInto) ?? incident;
  }
  return incident;
}

/** It, and all that were merged into it, however far. */
export function familyOf(incidents: Pick<Incidents, 'mergedInto'>, id: number): Set<number> {
  const family = new Set([id]);
  for (const member of family) for (const child of incidents.mergedInto(member)) family.add(child);
  return family;
}

/** Whose the alert is, whoever has it. */
export function homeOf({ homeIncidentId, incidentId }: AlertRecord): number {
  return homeIncidentId ?? incidentId;
}
