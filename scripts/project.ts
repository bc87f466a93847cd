import { fileURLToPath } from 'node:url';

/** Where the checkout is. Every script and test finds its files from here, never from the working folder. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** @param path relative to the checkout, with forward slashes. */
export function inProject(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
