/**
 * Patterns that need no engine: a list of words (`api|web`), or one literal with anything before or after
 * it (`node_.*`, `.+`). Used by `matching.ts`; whatever it is not sure of is not simple.
 */
export type SimplePattern =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | {
      readonly kind: 'around';
      readonly before: Anything;
      readonly literal: string;
      readonly after: Anything;
    };

type Anything = '' | '.*' | '.+';

const special = new Set('\\.+*?()|[]{}^$');
/** More words than this are RE2's. */
const mostWords = 1_000;

export function simplePattern(pattern: string): SimplePattern | null {
  if (pattern.includes('|')) return wordsOf(pattern);
  const before = anythingAt(pattern, 0);
  const rest = pattern.slice(before.length);
  const after = endsWithAnything(rest) ? anythingAt(rest, rest.length - 2) : '';
  const literal = literalOf(rest.slice(0, rest.length - after.length));
  // With nothing between, two of anything may be the halves of one character.
  if (literal === null || (literal === '' && after !== '')) return null;
  return before === '' && after === ''
    ? { kind: 'words', words: [literal] }
    : { kind: 'around', before, literal, after };
}

function wordsOf(pattern: string): SimplePattern | null {
  const words: string[] = [];
  for (const part of pattern.split('|')) {
    const word = literalOf(part);
    if (word === null || words.length === mostWords) return null;
    words.push(word);
  }
  return { kind: 'words', words };
}

/** What the text matches alone, or null where it is more than letters and escaped punctuation. */
function literalOf(text: string): string | null {
  let literal = '';
  for (let index = 0; index < text.length; index++) {
    const unit = text[index] ?? '';
    if (unit !== '\\') {
      if (special.has(unit)) return null;
      literal += unit;
      continue;
    }
    index++;
    const escaped = text[index] ?? '';
    if (!special.has(escaped)) return null;
    literal += escaped;
  }
  return literal;
}

function anythingAt(text: string, index: number): Anything {
  const two = text.slice(index, index + 2);
  return two === '.*' || two === '.+' ? two : '';
}

/** An escaped dot before the star is a literal dot, many times. */
function endsWithAnything(text: string): boolean {
  let backslashes = 0;
  while (text[text.length - 3 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 0;
}
