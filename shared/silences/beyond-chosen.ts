import { labelOf, type Labels } from '#shared/model/labels.ts';
import { plainText } from '#shared/text.ts';
import { tellsCopies } from './label-kinds.ts';

/**
 * What a silence takes beyond the alerts that it is made from, and in which labels that differs: those were left
 * open, by whoever chose the matchers or by the choice of `choose-matchers.ts`.
 */
export class BeyondChosen {
  /** Label by label: which values the chosen ones have. */
  readonly #chosen: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #differing = new Map<string, number>();

  constructor(chosen: readonly Labels[]) {
    const names = new Set(chosen.flatMap((labels) => Object.keys(labels)));
    this.#chosen = new Map(
      [...names]
        .filter((name) => !tellsCopies(name))
        .map((name) => [name, new Set(chosen.map((labels) => labelOf(labels, name)))]),
    );
  }

  /** Another one that the silence takes. */
  add(labels: Labels): void {
    for (const [name, values] of this.#chosen)
      if (!values.has(labelOf(labels, name))) this.#differing.set(name, (this.#differing.get(name) ?? 0) + 1);
  }

  /** The labels in which it differs, those first in which most of it does. */
  names(): readonly string[] {
    return [...this.#differing].toSorted(([, left], [, right]) => right - left).map(([name]) => name);
  }
}

const mostListed = 3;

/**
 * @param count how many alerts it takes beyond those chosen.
 * @returns an empty text where it takes nothing else.
 */
export function beyondSentence(count: number, names: readonly string[], when: 'now' | 'before'): string {
  if (count === 0) return '';
  const alerts = `${count.toLocaleString('en')} other ${count === 1 ? 'alert' : 'alerts'}`;
  const hides = when === 'now' ? `It also hides ${alerts} now` : `It would also have hidden ${alerts} before`;
  if (names.length === 0) return `${hides}.`;
  const listed = names.slice(0, mostListed).map((name) => plainText(name, 60));
  const more = names.length - listed.length;
  const tail = more > 0 ? ` and ${more} more ${more === 1 ? 'label' : 'labels'}` : '';
  return `${hides}: left open ${names.length === 1 ? 'is' : 'are'} ${listed.join(', ')}${tail}.`;
}
