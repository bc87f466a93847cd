import { failed, success, type Result } from '#shared/result.ts';
import { checkMatcher, isMatcherOperator, type LabelMatcher } from './label-matcher.ts';

/**
 * The older of Alertmanager's two syntaxes of matchers, which every version reads: names of letters, digits,
 * `_` and `:`, values with or without quotes. Source: prometheus/alertmanager pkg/labels/parse.go.
 */
const written = /^[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|=|!=|!~)([^]*)$/;
const outerSpaces = /^[\t\n\f\r ]+|[\t\n\f\r ]+$/g;
/** What is around the last matcher of a list: `trim` would take the byte order mark too. */
const outerUnicodeSpaces = /^\p{White_Space}+|\p{White_Space}+$/gu;
/** A quoted value: quotes stand inside it only behind a backslash, and it ends with one. */
const quotedBody = /^"((?:[^"\\]|\\[^])*)"$/;
/** Without quotes a backslash may also be the last character. */
const bareBody = /^(?:[^"\\]|\\[^])*\\?$/;

export function readClassicMatchers(text: string): Result<readonly LabelMatcher[], string> {
  const matchers: LabelMatcher[] = [];
  for (const part of partsOf(text)) {
    const matcher = readClassicMatcher(part);
    if (!matcher.ok) return matcher;
    matchers.push(matcher.value);
  }
  return success(matchers);
}

/** What stands between commas outside of quotes; one comma may end the list. */
function partsOf(text: string): readonly string[] {
  const list = text.replace(/^\{/, '').replace(/\}$/, '');
  const parts: string[] = [];
  let [from, isQuoted, isEscaped] = [0, false, false];
  for (let index = 0; index < list.length; index++) {
    const character = list[index];
    if (character === ',' && !isQuoted) {
      parts.push(list.slice(from, index));
      from = index + 1;
    } else if (character === '"') {
      if (!isEscaped) isQuoted = !isQuoted;
      isEscaped = false;
    } else {
      isEscaped = character === '\\' && !isEscaped;
    }
  }
  const last = list.slice(from).replace(outerUnicodeSpaces, '');
  return last === '' ? parts : [...parts, last];
}

export function readClassicMatcher(text: string): Result<LabelMatcher, string> {
  const [, name = '', operator = '', rest = ''] = written.exec(text) ?? [];
  if (!isMatcherOperator(operator)) return failed('this is no matcher');
  const value = rest.replace(outerSpaces, '');
  const body = value.startsWith('"') ? quotedBody.exec(value)?.[1] : bareBody.exec(value)?.[0];
  if (body === undefined) return failed('the value has a double quote that is not escaped');
  return checkMatcher({ name, operator, value: unescaped(body) });
}

/** A backslash before anything else stands for itself. */
function unescaped(body: string): string {
  return body.replace(/\\([n"\\])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}
