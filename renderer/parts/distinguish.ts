import { labelOf, type Labels } from '#shared/model/labels.ts';
import { plainText } from '#shared/text.ts';

/** The label names whose values tell the sets of a list apart, in the order they appear. */
export function distinguishingNames(sets: readonly Labels[]): readonly string[] {
  const names = new Set(sets.flatMap((set) => Object.keys(set)));
  const first = sets[0] ?? {};
  return [...names].filter((name) => sets.some((set) => labelOf(set, name) !== labelOf(first, name)));
}

/** What to call one of them: the values that tell it apart, else whatever it has. */
export function nameOfSet(set: Labels, names: readonly string[]): string {
  const values = names.map((name) => labelOf(set, name)).filter((value) => value !== '');
  if (values.length > 0) return plainText(values.join(' '), 80);
  const own = Object.entries(set)
    .filter(([name]) => name !== '__name__')
    .map(([, value]) => value);
  return own.length === 0 ? 'value' : plainText(own.join(' '), 80);
}
