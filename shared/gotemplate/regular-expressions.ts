import { RE2JS } from 're2js';
import { maxValueLength, tooLong } from './value.ts';

/** Go's regexp over re2js: the same syntax, linear time, and replacement as Go's Expand does it. */

/** Throws an Error that says what is wrong with the pattern. */
export function matches(pattern: string, text: string): boolean {
  return RE2JS.compile(pattern).matcher(text).find();
}

/** Go's ReplaceAllString: an empty match right after a match is not one. */
export function replaceAll(pattern: string, replacement: string, text: string): string {
  const expression = RE2JS.compile(pattern);
  const names = expression.namedGroups();
  const matcher = expression.matcher(text);
  const parts: string[] = [];
  let copied = 0;
  let length = text.length;
  let lastEnd = -1;
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    if (start === end && start === lastEnd) continue;
    const group = (name: string): string => {
      const index = /^\d+$/.test(name) ? Number(name) : names[name];
      if (index === undefined || index > matcher.groupCount()) return '';
      return matcher.group(index) ?? '';
    };
    const replaced = expandTemplate(replacement, group);
    length += replaced.length;
    if (length > 2 * maxValueLength) throw new Error(tooLong);
    parts.push(text.slice(copied, start), replaced);
    copied = end;
    lastEnd = end;
  }
  return parts.join('') + text.slice(copied);
}

/** `$1`, `${1}`, `$name`, `${name}`, `$$`; a name is as long as it can be, and what is no group is empty. */
export function expandTemplate(replacement: string, group: (name: string) => string): string {
  return replacement.replaceAll(
    /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (_written, dollar?: string, braced?: string, plain?: string) => dollar ?? group(braced ?? plain ?? ''),
  );
}
