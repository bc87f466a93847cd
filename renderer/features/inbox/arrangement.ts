import { plainText } from '#shared/text.ts';
import {
  lanesByNeed,
  lanesBySeverity,
  maxGroupLabels,
  maxLabelName,
  type Arrangement,
  type SortKey,
} from '../../stores/arrangement.ts';

/** The inbox's arrangement in words, and what choosing another does to it. */

export function isAsItComes({ lanes, groupBy, sort }: Arrangement): boolean {
  return lanes === lanesByNeed && groupBy.length === 0 && sort === null;
}

const orderWords: Readonly<Record<SortKey, readonly [usual: string, reversed: string]>> = {
  severity: ['worst first', 'mildest first'],
  age: ['oldest first', 'newest first'],
  alerts: ['most alerts first', 'fewest alerts first'],
  change: ['last changed first', 'longest unchanged first'],
  service: ['by service', 'by service, from the end'],
};

/** Of a sort that was chosen; empty where each section goes by its own. */
export function orderOf({ sort, reversed }: Arrangement): string {
  return sort === null ? '' : orderWords[sort][reversed ? 1 : 0];
}

/** The whole choice in words. */
export function arrangementWords(arrangement: Arrangement): string {
  const { lanes, groupBy } = arrangement;
  const words: string[] = [];
  if (lanes === lanesBySeverity) words.push('lanes by severity');
  else if (lanes !== lanesByNeed) words.push(`lanes by ${plainText(lanes, 60)}`);
  if (groupBy.length > 0) words.push(`grouped by ${plainText(groupBy.join(', '), 120)}`);
  const order = orderOf(arrangement);
  if (order !== '') words.push(order);
  return words.join(' · ');
}

/** Chosen again, a sort is turned round. */
export function sortedBy(arrangement: Arrangement, sort: SortKey): Arrangement {
  if (arrangement.sort !== sort) return { ...arrangement, sort, reversed: false };
  return { ...arrangement, reversed: !arrangement.reversed };
}

/** Names of labels as a person writes them: with commas or spaces between, each once. */
export function labelNamesIn(written: string): readonly string[] {
  const names = written.split(/[\s,]+/).filter((name) => name !== '');
  return [...new Set(names)].slice(0, maxGroupLabels).map((name) => name.slice(0, maxLabelName));
}
