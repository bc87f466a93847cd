/**
 * The name under which a typed secret is kept, and the reference to it. The one that the field refers to
 * already is replaced; a name that another source may use is left alone.
 */
export function keychainReference(
  source: string,
  what: 'password' | 'token',
  value: string,
  taken: readonly string[],
): { readonly name: string; readonly reference: string } {
  const own = /^\$\{keychain:([^{}]+)\}$/.exec(value)?.[1];
  const name = own ?? freeName(wordsOf(source, what), taken);
  return { name, reference: `\${keychain:${name}}` };
}

function wordsOf(source: string, what: string): string {
  const words = source
    .trim()
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 48);
  return words === '' ? what : `${words}-${what}`;
}

function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let next = 2; taken.includes(name); next++) name = `${wanted}-${next}`;
  return name;
}
