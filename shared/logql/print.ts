import type { LabelMatcher, LineFilter } from './matching.ts';
import { quoted } from './strings.ts';

/**
 * Writes matchers and filters in one way, so that two spellings of one question are the same text: all
 * matchers must hold and all filters must pass, so neither has an order, and one said twice is said once.
 */

/** `{app="web", level!="debug"}` */
export function printSelector(matchers: readonly LabelMatcher[]): string {
  return `{${inOneOrder(matchers.map(printMatcher)).join(', ')}}`;
}

/** `|= "a" |~ "b" or "c"`; empty without filters, or where each lets every line pass. */
export function printFilters(filters: readonly LineFilter[]): string {
  return inOneOrder(filters.filter((filter) => !passesAll(filter)).map(printFilter)).join(' ');
}

export function printMatcher({ name, operator, value }: LabelMatcher): string {
  return `${name}${operator}${quoted(value)}`;
}

export function printFilter({ operator, values }: LineFilter): string {
  return `${operator} ${inOneOrder(values.map(quoted)).join(' or ')}`;
}

function passesAll({ operator, values }: LineFilter): boolean {
  return (operator === '|=' || operator === '|~') && values.includes('');
}

/** By code units: the same everywhere, whatever the language of the machine. */
function inOneOrder(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}
