import { labelOf, type Labels } from '#shared/model/labels.ts';

/** Label sets as the alerts have them. */

/** A text that two label sets share only if they are equal; sorts as Prometheus sorts labels. */
export function signatureOf(labels: Labels): string {
  return Object.keys(labels)
    .filter((name) => labelOf(labels, name) !== '')
    .sort()
    .map((name) => `${name}\u0000${labelOf(labels, name)}`)
    .join('\u0001');
}

export function keepLabels(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    names.filter((name) => labelOf(labels, name) !== '').map((name) => [name, labelOf(labels, name)]),
  );
}
