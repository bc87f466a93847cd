import { failed, messageOf, success, type Result } from '#shared/result.ts';
import { labelMatcher, type LabelMatcher, type MatchOperator } from '../label-matcher.ts';

/**
 * Reads one matcher as Alertmanager's `filter` parameter and its configuration write it: `name="value"`,
 * the quotes may be left out.
 */
const shape = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*|"(?:[^"\\]|\\.)+")\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;

/** @returns the matcher, or what Alertmanager says of the text. */
export function parseMatcher(text: string): Result<LabelMatcher, string> {
  if (/^\s*\{|\}\s*$/.test(text)) return failed(`unexpected open or close brace: ${text}`);
  const match = shape.exec(text);
  if (match === null) return failed(`bad matcher format: ${text}`);
  const [, name = '', operator = '=', raw = ''] = match;
  const value = unquoted(raw);
  if (value === undefined) return failed(`matcher value contains unescaped double quote: ${raw}`);
  try {
    return success(labelMatcher(unquoted(name) ?? name, operator as MatchOperator, value));
  } catch (error) {
    return failed(messageOf(error).replace(`\`${value}\``, () => `\`^(?:${value})$\``));
  }
}

/** The value without its quotes; undefined where a quote stands alone or inside. */
function unquoted(raw: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(raw);
  if (quoted === null) return /(?<!\\)"/.test(raw) ? undefined : raw;
  return (quoted[1] ?? '').replaceAll(/\\(.)/gs, (_all, character: string) =>
    character === 'n' ? '\n' : character,
  );
}
