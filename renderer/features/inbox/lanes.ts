import { severityLevels } from '#shared/model/severity.ts';
import { plainText } from '#shared/text.ts';
import { lanesByNeed, lanesBySeverity, type Arrangement } from '../../stores/arrangement.ts';
import { orderOf } from './arrangement.ts';
import { sectionNames, wordsOf, type SectionName, type SectionWords } from './sections.ts';

/** The lanes of an arrangement: their order, and what stands over each. */

const levelWords: Readonly<Record<string, string>> = {
  critical: 'Critical',
  warning: 'Warning',
  info: 'Info',
};

/** @param lanes those that have incidents. */
export function lanesInOrder(lanes: readonly string[], { lanes: by }: Arrangement): readonly string[] {
  if (by === lanesByNeed) return sectionNames.filter((name) => lanes.includes(name));
  if (by === lanesBySeverity) return severityLevels.filter((level) => lanes.includes(level));
  // What does not have the label stands last.
  return lanes.toSorted((left, right) =>
    left === '' || right === '' ? Number(left === '') - Number(right === '') : left < right ? -1 : 1,
  );
}

interface Seen {
  readonly arrangement: Arrangement;
  readonly isBlind: boolean;
  readonly lastSeenAtMs: number | null;
}

export function laneWords(lane: string, { arrangement, isBlind, lastSeenAtMs }: Seen): SectionWords {
  const chosen = orderOf(arrangement);
  if (arrangement.lanes === lanesByNeed) {
    const words = wordsOf(lane as SectionName, isBlind, lastSeenAtMs);
    return chosen === '' ? words : { title: words.title, order: chosen };
  }
  const order = chosen === '' ? 'what needs you first' : chosen;
  if (arrangement.lanes === lanesBySeverity) return { title: levelWords[lane] ?? lane, order };
  const name = plainText(arrangement.lanes, 60);
  return { title: lane === '' ? `Without ${name}` : `${name} ${plainText(lane, 80)}`, order };
}
