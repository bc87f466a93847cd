import { failed, success, type Result } from '#shared/result.ts';
import { labelMatcher, type LabelMatcher, type MatchOperator } from '../label-matcher.ts';

/**
 * Reads one matcher as Alertmanager's `filter` parameter and its configuration write it: `name="value"`,
 * the quotes may be left out.
 */
const shape = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*|"(?:[^"\\]|\\.)+")\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;

export function parseMatcher(text: string): Result<LabelMatcher, string> {
  const match = shape.exec(text);
  const [, name = '', operator = '=', raw = ''] = match ?? [];
  const value = unquoted(raw);
  const refusal = failed(`bad matcher format: ${text}`);
  if (match === null || value === undefined) return refusal;
  try {
    return success(labelMatcher(unquoted(name) ?? name, operator as MatchOperator, value));
  } catch {
    return refusal;
  }
}

/** The value without its quotes; undefined where a quote is alone or stands inside. */
function unquoted(raw: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(raw);
  if (quoted === null) return /["{}]/.test(raw) ? undefined : raw;
  return (quoted[1] ?? '').replaceAll(/\\(.)/gs, (_all, character: string) =>
    character === 'n' ? '\n' : character,
  );
}
