import { checkMatcher, type LabelMatcher } from '../matchers/label-matcher.ts';
import { isClassicName, readMatchers, type MatcherMode } from '../matchers/read-matchers.ts';
import { pathOf, quotedName, type ProblemList } from './check-shape.ts';
import { isNull, itemsOf, textOf, valuesOf, type ConfigNode } from './node.ts';

/** The matchers of one map, from the older fields and the newer one. */
export interface ReadMatchers {
  readonly matchers: readonly LabelMatcher[];
  /** One of them is wrong, so that what they take is not known. */
  readonly unreadable: boolean;
}

export interface MatcherKeys {
  readonly equal: string;
  readonly pattern: string;
  readonly list: string;
}

const acceptedMatchers = 'matchers such as severity="critical" or team=~"a|b" or env!="test"';

export function readMatchersOf(
  map: ConfigNode,
  keys: MatcherKeys,
  field: string,
  mode: MatcherMode,
  problems: ProblemList,
): ReadMatchers {
  const matchers: LabelMatcher[] = [];
  let unreadable = false;
  const refuse = (at: ConfigNode, path: string, message: string, accepted: string): void => {
    unreadable = true;
    problems.report(at.at, path, message, accepted);
  };
  for (const [key, operator] of [
    [keys.equal, '='],
    [keys.pattern, '=~'],
  ] as const) {
    const entries = valuesOf(map, key).flatMap((older) => (older.kind === 'map' ? older.entries : []));
    for (const { key: name, value } of entries) {
      const path = pathOf(pathOf(field, key), name);
      const matcher = checkMatcher({ name, operator, value: textOf(value) });
      if (!isClassicName(name))
        refuse(value, path, `${quotedName(name)} is no label name`, 'letters, digits and _');
      else if (operator === '=~' && isNull(value)) refuse(value, path, 'a pattern is missing', 'a pattern');
      else if (!matcher.ok) refuse(value, path, matcher.failure, 'a regular expression of RE2');
      else matchers.push(matcher.value);
    }
  }
  for (const [index, item] of valuesOf(map, keys.list).flatMap(itemsOf).entries()) {
    const read = readMatchers(textOf(item), mode);
    if (read.ok) matchers.push(...read.value);
    else refuse(item, `${pathOf(field, keys.list)}[${index}]`, read.failure, acceptedMatchers);
  }
  return { matchers, unreadable };
}
