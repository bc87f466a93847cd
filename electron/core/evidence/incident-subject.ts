import type { AlertRecord } from '#core/store/records.ts';
import { commonLabels, labelOf, type Labels } from '#shared/model/labels.ts';

/** What evidence of an incident is looked for by. */
export interface IncidentSubject {
  readonly incidentId: number;
  /** Labels that all alerts of the incident share. */
  readonly labels: Labels;
  /** When the first of them began. */
  readonly startsAtMs: number;
}

export function incidentSubject(
  incidentId: number,
  alerts: readonly Pick<AlertRecord, 'labels' | 'startsAtMs'>[],
): IncidentSubject {
  return {
    incidentId,
    labels: commonLabels(alerts.map(({ labels }) => labels)),
    startsAtMs: alerts.reduce((first, { startsAtMs }) => Math.min(first, startsAtMs), Infinity),
  };
}

/** The service that the labels of an alert name; empty where they name none. */
export function namedService(labels: Labels): string {
  const names = ['service', 'service_name', 'app', 'job'];
  return names.map((name) => labelOf(labels, name)).find((value) => value !== '') ?? '';
}
