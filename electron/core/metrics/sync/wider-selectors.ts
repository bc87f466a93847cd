import { subsumes, type Selector } from '#core/store/cache/samples/selector.ts';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';

/**
 * Which of many selectors select at least as much as another. All matchers of a wider one are among those of
 * the narrower, so it is found by its first: no selector is compared with every other.
 */
export class WiderSelectors<Item extends { readonly selector: Selector }> {
  readonly #byFirst = new Map<string, Item[]>();

  constructor(items: Iterable<Item>) {
    for (const item of items) {
      const [first] = item.selector.matchers;
      if (first === undefined) continue;
      const own = this.#byFirst.get(keyOf(first));
      if (own === undefined) this.#byFirst.set(keyOf(first), [item]);
      else own.push(item);
    }
  }

  /** Without the selector itself. */
  of({ matchers, text }: Selector): Item[] {
    return matchers
      .flatMap((matcher) => this.#byFirst.get(keyOf(matcher)) ?? [])
      .filter(({ selector }) => selector.text !== text && subsumes(selector.matchers, matchers));
  }
}

function keyOf({ name, operator, value }: LabelMatcher): string {
  return `${name}\0${operator}\0${value}`;
}
