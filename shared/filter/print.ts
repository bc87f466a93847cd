import { ageText } from './age-text.ts';
import type { FilterTerm } from './model.ts';
import { quotedText } from './quoting.ts';

/** Writes a filter so that it is read again as the same terms. */

const bareName = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;
/** Neither a field, a quote, nor something that its operator makes a matcher. */
const bareWord = /^(?![\p{L}_][\p{L}\p{N}_.-]*(?:[=!]~|!?=))[^\s"@]\S*$/u;

export function printFilter(terms: readonly FilterTerm[]): string {
  return terms.map(printTerm).join(' ');
}

function printTerm(term: FilterTerm): string {
  switch (term.kind) {
    case 'word':
      return bareWord.test(term.word) ? term.word : quotedText(term.word);
    case 'label':
      return `${printName(term.name)}${term.operator}${quotedText(term.value)}`;
    case 'field':
      return `@${term.field}${term.operator}${quotedText(term.value)}`;
    case 'age':
      return `@age${term.operator}${ageText(term.ageMs)}`;
  }
}

export function printName(name: string): string {
  return bareName.test(name) ? name : quotedText(name);
}
