/**
 * Chromium does not navigate to a scheme that it does not know. `app://opssight/x` is therefore
 * `https://opssight.app.invalid/x` in the browser, and nowhere else.
 */
const suffix = '.invalid';

const privileged = new Set<string>();

export const addresses = {
  allow(scheme: string): void {
    privileged.add(scheme);
  },

  isPrivileged(scheme: string): boolean {
    return privileged.has(scheme);
  },

  /** The address as the browser knows it. */
  inBrowser(url: string): string {
    const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(url) ?? [];
    if (!privileged.has(scheme.toLowerCase())) return url;
    const end = rest.search(/[/?#]/);
    const host = end === -1 ? rest : rest.slice(0, end);
    return `https://${host}.${scheme.toLowerCase()}${suffix}${end === -1 ? '/' : rest.slice(end)}`;
  },

  /** The address as Electron would say it. */
  inElectron(url: string): string {
    const [, host = '', scheme = '', rest = ''] =
      /^https:\/\/([^/?#]*)\.([a-z][a-z0-9+-]*)\.invalid(?=[/?#]|$)(.*)$/s.exec(url) ?? [];
    return privileged.has(scheme) ? `${scheme}://${host}${rest}` : url;
  },

  originInElectron(url: string): string {
    const mapped = addresses.inElectron(url);
    const [, schemeAndHost = '', scheme = ''] = /^(([a-z][a-z0-9+.-]*):\/\/[^/?#]*)/i.exec(mapped) ?? [];
    if (privileged.has(scheme)) return schemeAndHost;
    try {
      return new URL(mapped).origin;
    } catch {
      return 'null';
    }
  },
};
