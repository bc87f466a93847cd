/**
 * Quoted text as Alertmanager's matchers have it: a backslash stands for itself unless a quote, a backslash
 * or an `n` follows, so that patterns are written as they are. Source: prometheus/alertmanager
 * pkg/labels/parse.go.
 */

/**
 * @param from index of the opening quote.
 * @returns the text and the index behind the closing quote; undefined where there is none.
 */
export function readQuoted(
  source: string,
  from: number,
): { readonly text: string; readonly to: number } | undefined {
  let text = '';
  for (let at = from + 1; at < source.length; at++) {
    const character = source[at] ?? '';
    if (character === '"') return { text, to: at + 1 };
    const next = source[at + 1] ?? '';
    if (character !== '\\' || !'"\\n'.includes(next) || next === '') {
      text += character;
      continue;
    }
    text += next === 'n' ? '\n' : next;
    at++;
  }
  return undefined;
}

export function quotedText(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
