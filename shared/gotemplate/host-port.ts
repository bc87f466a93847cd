/** Addresses with a port, as Go's net package takes them apart. */

interface HostPort {
  readonly host: string;
  readonly port: string;
}

export function stripPort(address: string): string {
  return splitHostPort(address)?.host ?? address;
}

/** The first part of a host name, with its port; addresses by number stay whole. */
export function stripDomain(address: string): string {
  const { host, port } = splitHostPort(address) ?? { host: address, port: '' };
  if (isIpAddress(host)) return address;
  const [name = ''] = host.split('.');
  if (port === '') return name;
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
}

/** Null where Go's net.SplitHostPort has an error. */
function splitHostPort(address: string): HostPort | null {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(address);
  if (match === null) return null;
  return { host: match[1] ?? match[2] ?? '', port: match[3] ?? '' };
}

function isIpAddress(host: string): boolean {
  return isIpv4(host) || isIpv6(host);
}

function isIpv4(host: string): boolean {
  const parts = host.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}

function isIpv6(host: string): boolean {
  const halves = host.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const hasIpv4 = last.includes('.');
  const plain = hasIpv4 ? groups.slice(0, -1) : groups;
  if (!host.includes(':') || (hasIpv4 && !isIpv4(last))) return false;
  if (!plain.every((group) => /^[\da-fA-F]{1,4}$/.test(group))) return false;
  const count = plain.length + (hasIpv4 ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}
