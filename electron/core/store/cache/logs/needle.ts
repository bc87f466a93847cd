import type { LineFilter } from '#shared/logql/matching.ts';

/**
 * What SQLite can do of a list of line filters before a line is looked at: the trigrams that each line must
 * contain, and one text that it must contain. Both only leave out lines that the filters would refuse.
 */
export interface Narrowing {
  /** For `MATCH` on the trigram index; null where the filters say too little. */
  readonly terms: string | null;
  /** Empty for none. */
  readonly needle: string;
  /** Whether a line that contains the needle passes all filters. */
  readonly isExact: boolean;
}

/** Most trigrams of one search; a long text is as rare by so many of them as by all. */
const maxTrigrams = 48;
/** What SQLite's texts and its tokenizer take as they are: no zero, no half of a surrogate pair. */
const plain = /^[^\0\p{Surrogate}]+$/u;

export function narrowingOf(filters: readonly LineFilter[]): Narrowing {
  const wanted = filters.flatMap(({ operator, values }) => {
    const [only, ...others] = values;
    return operator === '|=' && only !== undefined && others.length === 0 && plain.test(only) ? [only] : [];
  });
  const needle = wanted.reduce((longest, text) => (text.length > longest.length ? text : longest), '');
  const trigrams = [...new Set(wanted.flatMap(trigramsOf))];
  const step = Math.max(1, Math.ceil(trigrams.length / maxTrigrams));
  const terms = trigrams.filter((_, index) => index % step === 0).map(quoted);
  return {
    terms: terms.length === 0 ? null : terms.join(' AND '),
    needle,
    isExact: filters.length === 0 || (filters.length === 1 && wanted.length === 1),
  };
}

function trigramsOf(text: string): string[] {
  const characters = Array.from(text);
  return characters.slice(2).map((last, index) => `${characters[index]}${characters[index + 1]}${last}`);
}

function quoted(term: string): string {
  return `"${term.replaceAll('"', '""')}"`;
}
