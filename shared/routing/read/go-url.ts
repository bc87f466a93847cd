/**
 * Whether Go's url.Parse takes a text, and Alertmanager the result: http or https with a host. Source: Go's
 * net/url, prometheus/alertmanager config/common/url.go.
 */
const wholeUrl = /^(https?):(?:\/\/([^/?#]*))?([^?#]*)(?:\?[^#]*)?(?:#([^]*))?$/i;
const escapes = /^(?:[^%]|%[0-9a-fA-F]{2})*$/;
/** Beyond ASCII anything; the escapes only of what is beyond it. */
const hostPattern = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:\]<>"]|[^\0-\x7f]|%[89a-fA-F][0-9a-fA-F])*$/;
const userPattern = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const bracketed = /^\[([0-9a-fA-F.]*:[0-9a-fA-F:.]*)(?:%25[^\]]+)?\](?::\d*)?$/;

/** @returns what is wrong with it, without quoting it: it may hold a secret. */
export function urlProblem(text: string): string | null {
  if (hasControls(text)) return 'the URL has a control character';
  const [, scheme, authority = '', path = '', fragment = ''] = wholeUrl.exec(text) ?? [];
  if (scheme === undefined) return 'the URL does not begin with http:// or https://';
  const at = authority.lastIndexOf('@');
  const [user, host] = [authority.slice(0, Math.max(0, at)), authority.slice(at + 1)];
  if (!userPattern.test(user) || !escapes.test(user)) return 'the URL has a user that cannot be read';
  if (!isHost(host)) return 'the URL has a host or port that cannot be read';
  if (host === '') return 'the URL has no host';
  return escapes.test(path) && escapes.test(fragment) ? null : 'the URL has a % that begins no escape';
}

/** What a proxy's URL may be is nearly any text. */
export function looseUrlProblem(text: string): string | null {
  if (/^https?:/i.test(text)) {
    const problem = urlProblem(text);
    return problem === 'the URL has no host' ? null : problem;
  }
  if (hasControls(text) || !escapes.test(text.replace(/\?.*/, ''))) return 'the URL cannot be read';
  const isColonFirst = /^[^/?#]*:/.test(text) && !/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text);
  return isColonFirst ? 'the URL has no scheme before its colon' : null;
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) {
    const [, address] = bracketed.exec(host) ?? [];
    return address !== undefined && isIpv6(address);
  }
  if (!hostPattern.test(host)) return false;
  return !host.includes(':') || /:\d*$/.test(host);
}

/** Eight groups of up to four digits, `::` for some of them, the last two as an address of IPv4 if so wished. */
function isIpv6(text: string): boolean {
  const hex = text.replace(/(^|:)(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/, '$10:0');
  const [before = '', after, more] = hex.split('::');
  const groups = [before, after ?? ''].flatMap((half) => (half === '' ? [] : half.split(':')));
  const isCount = after === undefined ? groups.length === 8 : groups.length < 8;
  return more === undefined && isCount && groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group));
}

function hasControls(text: string): boolean {
  return /(?![\u0080-\u009f])\p{Cc}/u.test(text);
}

/** As Go's net.SplitHostPort, with a port. @returns what is wrong with it. */
export function addressProblem(text: string): string | null {
  const pattern = /^(?:\[[^[\]]*\]|[^:[\]]*):[^:[\]]+$/;
  return text === '' || pattern.test(text) ? null : 'this is no host and port';
}
