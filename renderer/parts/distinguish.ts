import { labelOf, type Labels } from '#shared/model/labels.ts';
import { plainText } from '#shared/text.ts';

/** Names sets of labels by what tells them apart: for legends, alert lists and tables. */

/** The label names whose values tell the sets of a list apart, in the order they appear. */
export function distinguishingNames(sets: readonly Labels[]): readonly string[] {
  const names = new Set(sets.flatMap((set) => Object.keys(set)));
  const first = sets[0] ?? {};
  return [...names].filter((name) => sets.some((set) => labelOf(set, name) !== labelOf(first, name)));
}

/**
 * The fewest of the distinguishing names, of those the ones with the shortest values, where there is no
 * room to say the same thing twice: `node` and `instance` often do. Greedy, so seldom one too many.
 */
export function briefestNames(sets: readonly Labels[]): readonly string[] {
  const all = distinguishingNames(sets);
  const lengthOf = (name: string): number => sets.reduce((sum, set) => sum + labelOf(set, name).length, 0);
  const left = all.toSorted((one, other) => lengthOf(one) - lengthOf(other));
  const taken = new Set<string>();
  let apart = countApart(sets, []);
  for (const wanted = countApart(sets, all); apart < wanted;) {
    const counts = left.map((name) => countApart(sets, [...taken, name]));
    apart = Math.max(...counts);
    const [best = ''] = left.splice(counts.indexOf(apart), 1);
    taken.add(best);
  }
  return all.filter((name) => taken.has(name));
}

function countApart(sets: readonly Labels[], names: readonly string[]): number {
  return new Set(sets.map((set) => JSON.stringify(names.map((name) => labelOf(set, name))))).size;
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
