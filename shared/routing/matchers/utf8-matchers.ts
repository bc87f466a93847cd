import { unescapedGo } from '#shared/go-strings.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { checkMatcher, isMatcherOperator, type LabelMatcher } from './label-matcher.ts';

/**
 * The newer of Alertmanager's two syntaxes of matchers (0.27): names and values are a Go string in double
 * quotes, or any characters that are not reserved. Source: prometheus/alertmanager matcher/parse.
 */
interface Token {
  readonly kind: 'brace' | 'comma' | 'operator' | 'text';
  readonly text: string;
}

/** Unicode's White_Space is not what `\s` is: that has the byte order mark and lacks U+0085. */
const tokenPattern =
  /\p{White_Space}*(?:([{}])|(,)|(=~|=|!=|!~)|"((?:[^"\\]|\\[^])*)"|([^\p{White_Space}{}!=~,\\"'`]+)|($)|[^])/uy;

export function readUtf8Matchers(text: string): Result<readonly LabelMatcher[], string> {
  const tokens = tokensOf(text);
  if (!tokens.ok) return tokens;
  const list = withoutBraces(tokens.value);
  if (list === null) return failed('a brace stands alone');
  const matchers: LabelMatcher[] = [];
  for (let index = 0; index < list.length; index += 4) {
    const [name, operator, value, comma] = list.slice(index, index + 4);
    if (name?.kind !== 'text') return failed('a label name is expected');
    if (operator === undefined || !isOperator(operator)) return failed('=, !=, =~ or !~ is expected');
    if (value?.kind !== 'text') return failed('a value is expected');
    if (comma !== undefined && comma.kind !== 'comma') return failed('a comma is expected');
    const matcher = checkMatcher({ name: name.text, operator: operator.text, value: value.text });
    if (!matcher.ok) return matcher;
    matchers.push(matcher.value);
  }
  return success(matchers);
}

function isOperator(token: Token): token is Token & { readonly text: LabelMatcher['operator'] } {
  return token.kind === 'operator' && isMatcherOperator(token.text);
}

/** @returns null where one of the two braces is missing. */
function withoutBraces(tokens: readonly Token[]): readonly Token[] | null {
  const isBrace = (token: Token | undefined, text: string): boolean =>
    token?.kind === 'brace' && token.text === text;
  const opens = isBrace(tokens[0], '{');
  const closes = tokens.length > (opens ? 1 : 0) && isBrace(tokens.at(-1), '}');
  if (opens !== closes) return null;
  return opens ? tokens.slice(1, -1) : tokens;
}

function tokensOf(text: string): Result<readonly Token[], string> {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (;;) {
    const [, brace, comma, operator, quoted, bare, end] = tokenPattern.exec(text) ?? [];
    if (end !== undefined) return success(tokens);
    if (brace !== undefined) tokens.push({ kind: 'brace', text: brace });
    else if (comma !== undefined) tokens.push({ kind: 'comma', text: comma });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else if (bare !== undefined) tokens.push({ kind: 'text', text: bare });
    else {
      const body = quoted === undefined || quoted.includes('\n') ? null : unquoted(quoted);
      if (body === null) return failed('a character that belongs in double quotes');
      tokens.push({ kind: 'text', text: body });
    }
  }
}

/** @returns null where it is no Go string of valid UTF-8. */
function unquoted(body: string): string | null {
  const text = unescapedGo(body, { apostrophe: false, utf8: 'surrogates' });
  return text.ok && text.value.isWellFormed() ? text.value : null;
}
