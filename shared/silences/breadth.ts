import type { SilenceMatcher } from '#shared/model/silence.ts';
import { plainText } from '#shared/text.ts';
import { dayMs, formatSpan, hourMs } from '#shared/time.ts';
import { onlyExcludes } from './compile-silence.ts';
import { overlaps, type HiddenTally } from './hidden-tally.ts';

/**
 * What about a silence a person ought to hear before it is made, in sentences. Nothing here forbids anything: a
 * broad silence is right in a maintenance window, and wrong when nobody meant it.
 */
export interface Breadth {
  readonly matchers: readonly SilenceMatcher[];
  readonly now: HiddenTally;
  readonly past: HiddenTally;
  /** From its start to its end; null where that is not decided yet. */
  readonly lastsMs: number | null;
}

/** Of what fires: from here on it is more than a quarter, and of so few nothing follows. */
const largePart = 0.25;
const fewFiring = 8;
const longMs = dayMs;
const mostListed = 4;

export function breadthWarnings(breadth: Breadth): string[] {
  return [
    takesMuch(breadth),
    onlyExcludes(breadth.matchers) ? 'It asks for no label: it takes everything but what it excludes.' : '',
    ...breadth.matchers.flatMap(takesAnything),
    hidesCritical(breadth),
    crosses('services', namesOf(breadth, 'services')),
    crosses('severities', namesOf(breadth, 'severities')),
    lastsLong(breadth),
    neverTogether(breadth),
  ].filter((sentence) => sentence !== '');
}

function takesMuch({ now }: Breadth): string {
  const part = now.fingerprints.size / now.looked;
  if (now.looked < fewFiring || !(part > largePart)) return '';
  return `It takes ${Math.round(part * 100)} % of what fires: ${now.fingerprints.size} of ${now.looked} alerts.`;
}

/** A matcher that any alert with the label satisfies narrows nothing down. */
function takesAnything({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  const takesAll = isRegex && isEqual && /^\(?(\^?\.[*+]\$?)\)?$/.test(value);
  const takesNonEmpty = !isEqual && value === '';
  if (!takesAll && !takesNonEmpty) return '';
  return `${plainText(name, 100)} may be anything: this matcher narrows nothing down.`;
}

function hidesCritical({ now, past }: Breadth): string {
  const here = now.critical.size;
  if (here > 0)
    return `It hides ${here} critical ${here === 1 ? 'alert' : 'alerts'} now: ${listed([...now.criticalNames.values()], here)}.`;
  const before = past.critical.size;
  if (before === 0) return '';
  return `It would have hidden ${before} critical ${before === 1 ? 'alert' : 'alerts'} before: ${listed([...past.criticalNames.values()], before)}.`;
}

function namesOf({ now, past }: Breadth, kind: 'services' | 'severities'): readonly string[] {
  return [...new Set([...now[kind], ...past[kind]])].filter((name) => name !== '');
}

function crosses(what: string, names: readonly string[]): string {
  if (names.length < 2) return '';
  return `It goes over ${names.length} ${what}: ${listed(names, names.length)}.`;
}

function lastsLong({ lastsMs }: Breadth): string {
  if (lastsMs === null || lastsMs <= longMs) return '';
  return `It lasts longer than a day: ${formatSpan(Math.round(lastsMs / hourMs) * hourMs)}.`;
}

/** Trouble of two kinds that were never there at once has perhaps nothing in common but this silence. */
function neverTogether({ now, past }: Breadth): string {
  const troubles = new Map(past.troubles);
  for (const [name, spans] of now.troubles) troubles.set(name, [...(troubles.get(name) ?? []), ...spans]);
  if (troubles.size < 2) return '';
  const apart = [...troubles].filter(([name, spans]) =>
    [...troubles].every(([other, theirs]) => other === name || !overlaps(spans, theirs)),
  );
  if (apart.length === 0) return '';
  const names = apart.map(([name]) => (name === '' ? 'alerts without a name' : name));
  return `It takes alerts that never fired together with the others: ${listed(names, names.length)}.`;
}

function listed(names: readonly string[], count: number): string {
  const shown = names.slice(0, mostListed).map((name) => plainText(name, 100));
  const more = count - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
