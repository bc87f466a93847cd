/** What `| json` and `| logfmt` make of a line: names and values, before clashes are settled. */
export type ParsedFields = ReadonlyMap<string, string>;

/** @returns undefined where the line is not JSON. Nested names are joined by `_`, arrays and nulls are left out. */
export function jsonFields(line: string): ParsedFields | undefined {
  let value: unknown;
  try {
    value = line.startsWith('{') ? JSON.parse(line) : undefined;
  } catch {
    // Not JSON: the line keeps its place and says so in __error__.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = new Map<string, string>();
  flatten(value, '', fields);
  return fields;
}

function flatten(value: object, prefix: string, fields: Map<string, string>): void {
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const name = prefix + key.replaceAll(/[^A-Za-z0-9_]/g, '_');
    if (typeof inner === 'string') fields.set(name, inner);
    else if (typeof inner === 'number' || typeof inner === 'boolean') fields.set(name, String(inner));
    else if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      flatten(inner, `${name}_`, fields);
    }
  }
}

const pair = /([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g;

export function logfmtFields(line: string): ParsedFields {
  const fields = new Map<string, string>();
  for (const [, key = '', quoted, bare = ''] of line.matchAll(pair)) {
    const value = quoted === undefined ? bare : quoted.replaceAll(/\\(.)/g, '$1');
    if (value !== '') fields.set(key.replaceAll(/[^A-Za-z0-9_]/g, '_'), value);
  }
  return fields;
}
