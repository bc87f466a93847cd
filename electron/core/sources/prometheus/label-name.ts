/**
 * A label name as part of a path: a classic name as it is, any other in the escaping that Prometheus 3
 * decodes there, `U__` and then `_hex_` for each character that a classic name cannot have.
 * Source: prometheus/proposals 2023-08-21-utf8 and prometheus/common model/metric.go, EscapeName.
 */
export function escapedLabelName(name: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return name;
  const escaped = Array.from(name.toWellFormed(), (character, index) => {
    if (character === '_') return '__';
    const classic = index === 0 ? /[a-zA-Z:]/ : /[a-zA-Z0-9:]/;
    return classic.test(character) ? character : `_${character.codePointAt(0)?.toString(16) ?? ''}_`;
  });
  return `U__${escaped.join('')}`;
}
