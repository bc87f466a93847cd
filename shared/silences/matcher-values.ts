import type { SilenceMatcher } from '#shared/model/silence.ts';

/** One label with the values that it may have, as a server is asked for it: RE2, anchored by the server. */
export function matcherOfValues(name: string, values: ReadonlySet<string>): SilenceMatcher {
  const [first = '', ...rest] = [...values].toSorted();
  if (rest.length === 0) return { name, value: first, isRegex: false, isEqual: true };
  return { name, value: [first, ...rest].map(escaped).join('|'), isRegex: true, isEqual: true };
}

/** RE2 reads any other character as itself. */
function escaped(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
