/**
 * The one origin of the desktop's window, and whether an address is of it. Pure. Compared by parts and
 * exactly: Node knows no origin for a scheme of our own (`new URL('app://x').origin` is `"null"`), and
 * looking at how a text begins has let others in elsewhere (`app://opssight.example`).
 */

export const consoleScheme = 'app';
const consoleHost = 'opssight';
export const consolePage = `${consoleScheme}://${consoleHost}/`;

const pages = new Set(['/', '/index.html']);

/** Whether it is of the window's origin, whatever is there. Also takes an origin without a path. */
export function isConsoleAddress(text: unknown): boolean {
  return readConsoleAddress(text) !== undefined;
}

/** Whether it is the window's page: the only thing that it may ever show. */
export function isConsolePage(text: unknown): boolean {
  const url = readConsoleAddress(text);
  return url !== undefined && pages.has(url.pathname);
}

/** @returns the parsed address of this origin, or undefined. */
export function readConsoleAddress(text: unknown): URL | undefined {
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isOurs =
    url.protocol === `${consoleScheme}:` &&
    url.host === consoleHost &&
    url.username === '' &&
    url.password === '';
  return isOurs ? url : undefined;
}
