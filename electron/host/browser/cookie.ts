/**
 * The session cookie. Cookies do not know ports, so its name carries the port: two hosts on one machine
 * keep their sessions apart. There is no `Secure`, which plain http on a loopback address cannot have.
 */
function cookieName(port: number): string {
  return `opssight-${port}`;
}

export function setCookie(port: number, secret: string): string {
  return `${cookieName(port)}=${secret}; Path=/; HttpOnly; SameSite=Strict`;
}

/** @returns the secret in a Cookie header, or undefined where there is none or more than one. */
export function readCookie(header: string | undefined, port: number): string | undefined {
  const prefix = `${cookieName(port)}=`;
  const found = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix));
  return found.length === 1 ? found[0]?.slice(prefix.length) : undefined;
}
