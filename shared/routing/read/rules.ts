import { entryOf, isNull, textOf, type MapNode } from './node.ts';
import type { Rule } from './shape.ts';

/** What has to hold between keys, as rules of a shape. */

/** Whether a key has a value that is not empty. */
export function isGiven(map: MapNode, key: string): boolean {
  const value = entryOf(map, key);
  return value !== undefined && (value.kind !== 'scalar' || textOf(value) !== '');
}

export function needs(key: string): Rule {
  return needsAnyOf(key);
}

export function needsAnyOf(...keys: readonly string[]): Rule {
  const names = keys.join(' or ');
  return (map) =>
    keys.some((key) => isGiven(map, key))
      ? null
      : { key: null, message: `${names} is missing`, accepted: names };
}

export function atMostOneOf(...keys: readonly string[]): Rule {
  return atMostOneWhere(isGiven, keys);
}

/** As above, where an empty value counts too. */
export function atMostOnePresent(...keys: readonly string[]): Rule {
  return atMostOneWhere(
    (map, key) => map.entries.some((entry) => entry.key === key && !isNull(entry.value)),
    keys,
  );
}

function atMostOneWhere(isThere: (map: MapNode, key: string) => boolean, keys: readonly string[]): Rule {
  return (map) => {
    const [, second] = keys.filter((key) => isThere(map, key));
    if (second === undefined) return null;
    const names = keys.join(', ');
    return { key: second, message: `at most one of ${names} may be given`, accepted: `one of ${names}` };
  };
}

export function exactlyOneOf(...keys: readonly string[]): readonly Rule[] {
  return [needsAnyOf(...keys), atMostOneOf(...keys)];
}

/** @param message about the key, where `isWrong`. */
export function ruleOf(
  key: string,
  isWrong: (map: MapNode) => boolean,
  message: string,
  accepted: string,
): Rule {
  return (map) => (isWrong(map) ? { key, message, accepted } : null);
}
