import { BlockList, isIP } from 'node:net';
import { failed, success, type Result } from '#shared/result.ts';
import { referenceMistake, referencesIn, replaceReferences } from './references.ts';
import { readReference, type SecretPlaces } from './secrets.ts';

/**
 * Which proxy a source is asked through: none, the one that its entry names, or the system's. A machine
 * never needs one for itself. An address may hold credentials, so no message has more of it than its host.
 */

export const acceptedProxies =
  'system, none, or an address such as http://proxy.example:3128, its credentials as references';

export interface ProxyRefusal {
  readonly message: string;
  readonly accepted: string;
}

/** What is wrong with the text of the key, or null. */
export function proxyMistake(value: string): string | null {
  if (value === 'system' || value === 'none') return null;
  if (value.length > 2_048) return `found ${value.length} characters`;
  const reference = referenceMistake(value);
  if (reference !== null) return reference.message;
  const [only] = referencesIn(value);
  if (only !== undefined && only.text === value) return null;
  const [, user = '', password = ''] = /^[a-z][a-z\d+.-]*:\/\/(?:([^/:@]*)(?::([^/@]*))?@)?/i.exec(
    withPlaceholders(value),
  ) ?? ['', '', ''];
  if (value.includes('@') && password.replaceAll(placeholder, '') !== '')
    return 'found a password in the address; write it as a reference';
  if (value.includes('@') && user === '') return 'found an address with "@" and no user before it';
  return addressProblem(withPlaceholders(value));
}

const placeholder = 'x0reference0x';

function withPlaceholders(value: string): string {
  const names = new Map(referencesIn(value).map(({ text }) => [text, placeholder]));
  return replaceReferences(value, names);
}

/** Says nothing of an address that may hold a credential. */
function addressProblem(address: string): string | null {
  if (/^socks/i.test(address)) return 'found a SOCKS proxy, and only HTTP proxies are supported';
  const url = URL.canParse(address) ? new URL(address) : null;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === null || !isWeb || url.hostname === '') return 'found something else';
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '')
    return 'found a path after the host and port';
  return null;
}

/**
 * @param wanted the checked text of the key.
 * @param url of the source.
 * @returns the address of the proxy, credentials included, or null for none.
 */
export async function resolveProxy(
  wanted: string,
  url: string,
  places: SecretPlaces,
): Promise<Result<string | null, ProxyRefusal>> {
  const { hostname } = new URL(url);
  if (wanted === 'none' || isLoopback(hostname)) return success(null);
  if (wanted !== 'system') return namedProxy(wanted, places);
  const told = places.host === null ? success(null) : await places.host.systemProxy(url);
  if (!told.ok) return failed({ message: `the system’s proxy ${told.failure.message}`, accepted: instead });
  return told.value === null ? proxyOfEnvironment(url, places.environment) : proxyOfList(told.value);
}

const instead = 'proxy: none, or the address of an HTTP proxy';

async function namedProxy(
  wanted: string,
  places: SecretPlaces,
): Promise<Result<string | null, ProxyRefusal>> {
  const read = new Map<string, string>();
  for (const reference of referencesIn(wanted)) {
    const secret = await readReference(reference, places);
    if (!secret.ok) return failed({ message: secret.failure.message, accepted: secret.failure.accepted });
    // A part of an address is encoded; a reference to a whole address is one already.
    read.set(reference.text, reference.text === wanted ? secret.value : encodeURIComponent(secret.value));
  }
  return checkedAddress(replaceReferences(wanted, read), 'what is read for the proxy');
}

function checkedAddress(address: string, what: string): Result<string, ProxyRefusal> {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const problem = addressProblem(whole);
  if (problem === null) return success(new URL(whole).href);
  return failed({ message: `${what}: ${problem}`, accepted: instead });
}

/**
 * Reads the answer of a proxy file: ways in their order, of which the first that can be gone is taken.
 * https://developer.mozilla.org/docs/Web/HTTP/Guides/Proxy_servers_and_tunneling/Proxy_Auto-Configuration_PAC_file
 */
export function proxyOfList(list: string): Result<string | null, ProxyRefusal> {
  const ways = list
    .slice(0, 4_096)
    .split(';')
    .map((way) => way.trim())
    .filter((way) => way !== '');
  for (const way of ways) {
    const [kind = '', at = ''] = way.split(/\s+/);
    const word = kind.toUpperCase();
    if (word === 'DIRECT') return success(null);
    if (word === 'PROXY' || word === 'HTTP') return checkedAddress(`http://${at}`, 'the system’s proxy');
    if (word === 'HTTPS') return checkedAddress(`https://${at}`, 'the system’s proxy');
  }
  if (ways.length === 0) return success(null);
  const message = ways.some((way) => /^socks/i.test(way))
    ? 'the system’s proxy is a SOCKS proxy, and only HTTP proxies are supported'
    : 'the system’s proxy is of a kind that is not supported';
  return failed({ message, accepted: instead });
}

type Environment = SecretPlaces['environment'];

/** As curl does it: the small spelling first, and HTTP_PROXY for http, HTTPS_PROXY for https. */
export function proxyOfEnvironment(
  url: string,
  environment: Environment,
): Result<string | null, ProxyRefusal> {
  const { protocol, hostname, port } = new URL(url);
  const read = (name: string): string =>
    environment[name.toLowerCase()] ?? environment[name.toUpperCase()] ?? '';
  const named = read(protocol === 'https:' ? 'https_proxy' : 'http_proxy') || read('all_proxy');
  if (named === '' || isExcepted(hostname, port, read('no_proxy'))) return success(null);
  return checkedAddress(named, 'the proxy of the environment');
}

function isExcepted(hostname: string, port: string, exceptions: string): boolean {
  const host = bare(hostname);
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((one) => one !== '')
    .some((one) => {
      if (one === '*') return true;
      if (one.includes('/')) return isInNetwork(host, one);
      const [, name = one, onlyPort = ''] = /^(.*?)(?::(\d{1,5}))?$/.exec(one) ?? [];
      const suffix = (isIP(one) === 0 ? name : one).replace(/^\*?\./, '');
      if (isIP(one) === 0 && onlyPort !== '' && onlyPort !== port) return false;
      return host === suffix || (isIP(host) === 0 && host.endsWith(`.${suffix}`));
    });
}

function isInNetwork(host: string, network: string): boolean {
  const [base = '', bits = ''] = network.split('/');
  const family = isIP(base);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(base, Number(bits), type);
  return list.check(host, type);
}

function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || isInNetwork(host, '127.0.0.0/8')
  );
}

function bare(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
