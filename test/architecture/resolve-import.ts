import { posix } from 'node:path';
import { isBuiltin } from 'node:module';

/** What an import names: a file of the checkout, a part of Node, or a package. */
export type ImportTarget =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'package'; readonly name: string };

/** The subpath imports of package.json; the architecture test checks that they are the same. */
export const subpathImports: Readonly<Record<string, string>> = {
  '#shared/': 'shared/',
  '#core/': 'electron/core/',
  '#host/': 'electron/host/',
  '#renderer/': 'renderer/',
  '#support/': 'test/support/',
};

/** @param from the importing file's path from the root of the checkout. */
export function resolveImport(from: string, specifier: string): ImportTarget {
  if (specifier.startsWith('.'))
    return { kind: 'file', path: posix.join(posix.dirname(from), withoutQuery(specifier)) };
  for (const [prefix, folder] of Object.entries(subpathImports))
    if (specifier.startsWith(prefix))
      return { kind: 'file', path: folder + withoutQuery(specifier.slice(prefix.length)) };
  if (isBuiltin(specifier)) return { kind: 'node', name: specifier };
  const depth = specifier.startsWith('@') ? 2 : 1;
  return { kind: 'package', name: specifier.split('/').slice(0, depth).join('/') };
}

/** Vite's `?raw` and the like are no part of the path. */
function withoutQuery(path: string): string {
  return path.split('?')[0] ?? path;
}
