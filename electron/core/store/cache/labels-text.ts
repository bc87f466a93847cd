import type { Labels } from '#shared/model/labels.ts';
import { DamagedContent } from '../database.ts';

/** Label sets as text, equal for equal sets: pairs in order of name, so that any name is safe. */
export function textOfLabels(labels: Labels): string {
  const pairs = Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify(pairs);
}

/** @param of what they are of, for the sentence of the `DamagedContent` that it throws. */
export function labelsOfText(text: string, of: string): Labels {
  try {
    return Object.fromEntries(JSON.parse(text) as [string, string][]);
  } catch {
    throw new DamagedContent(`the labels of a ${of} cannot be read`);
  }
}
