import { labelOf, type Labels } from '#shared/model/labels.ts';

/** Which incident an alert belongs to, and what that incident is called. */

/** The same text for label sets that share the grouping labels' values, and for no others. */
export function groupKeyOf(labels: Labels, groupBy: readonly string[]): string {
  return JSON.stringify(groupBy.map((name) => [name, labelOf(labels, name)]));
}

/** The alert's name, or the grouping labels where it has none. */
export function titleOf(labels: Labels): string {
  const name = labelOf(labels, 'alertname');
  return name === '' ? 'Unnamed alert' : name;
}

const serviceLabels = ['service', 'job', 'app', 'component', 'namespace'] as const;

/** What the alert is about: its service, or the nearest that its labels say. */
export function serviceOf(labels: Labels): string {
  for (const name of serviceLabels) {
    const value = labelOf(labels, name);
    if (value !== '') return value;
  }
  return '';
}
