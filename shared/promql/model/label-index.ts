import type { LabelSet } from './label-set.ts';
import type { LabelTest } from './matching.ts';

/**
 * Which of many label sets pass tests, by an index over the values of each label that was ever asked for.
 * What it gives are places in the list that it was made of, rising.
 */
export class LabelIndex {
  readonly #sets: readonly LabelSet[];
  /** By label and value, which sets have it. */
  readonly #places = new Map<string, ReadonlyMap<string, number[]>>();

  constructor(sets: readonly LabelSet[]) {
    this.#sets = sets;
  }

  select(tests: readonly LabelTest[]): number[] {
    const lists = tests.map((test) => (test.acceptsEmpty ? null : this.#placesOf(test)));
    const shortest = lists.reduce<readonly number[] | null>(
      (least, list) => (list !== null && (least === null || list.length < least.length) ? list : least),
      null,
    );
    const rest = tests.filter((_, index) => lists[index] !== shortest || shortest === null);
    const passes = (place: number): boolean => {
      const labels = this.#sets[place];
      return labels !== undefined && rest.every(({ name, test }) => test(labels.get(name)));
    };
    return (shortest ?? Array.from(this.#sets.keys())).filter(passes);
  }

  /** Where the label has a value that passes. */
  #placesOf({ name, accepted, test }: LabelTest): readonly number[] {
    const values = this.#valuesOf(name);
    const passing = accepted ?? [...values.keys()].filter(test);
    const lists = passing.flatMap((value) => [values.get(value) ?? []]);
    return lists.length === 1 ? (lists[0] ?? []) : lists.flat().sort((left, right) => left - right);
  }

  #valuesOf(name: string): ReadonlyMap<string, number[]> {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const values = new Map<string, number[]>();
    this.#sets.forEach((labels, place) => {
      const value = labels.get(name);
      if (value === '') return;
      const places = values.get(value);
      if (places === undefined) values.set(value, [place]);
      else places.push(place);
    });
    // A query may name any label: those that no set has are not remembered.
    if (values.size > 0) this.#places.set(name, values);
    return values;
  }
}
