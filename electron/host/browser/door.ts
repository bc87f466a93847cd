import { linkPath, linkProtocol, sessionPath } from '#shared/browser-link.ts';

/**
 * Decides from a request's head alone whether it may come in at all: the right Host (DNS rebinding), the
 * right Origin and fetch metadata (other sites in the same browser), a method and a target that there is.
 * Pure; who the visitor is (cookie, token) is decided after it, in `sessions.ts`.
 */

export interface RequestHead {
  readonly method: string;
  /** The request target as sent. */
  readonly target: string;
  /** Names and values in turn, as sent, so that a header sent twice can be told. */
  readonly rawHeaders: readonly string[];
}

export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** What the request is for: the kind decides which rules hold. */
type RequestKind = 'file' | 'session' | 'link';

export type Verdict =
  | { readonly kind: RequestKind; readonly path: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Headers on which the decision rests: sent twice, it is not known which one counts. */
const decisive = new Set([
  'host',
  'origin',
  'cookie',
  'content-type',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'sec-websocket-protocol',
  'upgrade',
]);
const framed = new Set(['iframe', 'frame', 'embed', 'object', 'fencedframe']);
const maxTargetCharacters = 2_000;

/**
 * @param authority `127.0.0.1:PORT`, the only host there is.
 * @param upgrade whether the request asks for another protocol.
 */
export function judge(head: RequestHead, authority: string, upgrade: boolean): Verdict {
  const headers = readHeaders(head.rawHeaders);
  if (headers === undefined) return refused(400, 'a header that may come once came twice');
  if (headers.get('host') !== authority)
    return refused(403, `the address of this console is http://${authority}/`);
  const origin = headers.get('origin');
  if (origin !== undefined && origin !== `http://${authority}`)
    return refused(403, 'the request is from another site');
  if (head.target.length > maxTargetCharacters || !head.target.startsWith('/'))
    return refused(400, 'no such target');
  const path = head.target.split('?', 1)[0] ?? '';
  if (upgrade) return judgeLink(head.method, path, headers);
  if (path === sessionPath) return judgeSession(head.method, path, headers);
  return judgeFile(head.method, path, headers);
}

function judgeFile(method: string, path: string, headers: ReadonlyMap<string, string>): Verdict {
  if (method !== 'GET' && method !== 'HEAD') return refused(405, 'files are only read');
  // `none` is an address typed or opened by the person.
  if (!siteIs(headers, 'same-origin', 'none')) return refused(403, 'the request is from another site');
  if (framed.has(headers.get('sec-fetch-dest') ?? ''))
    return refused(403, 'the console is not shown in frames');
  return { kind: 'file', path };
}

function judgeSession(method: string, path: string, headers: ReadonlyMap<string, string>): Verdict {
  if (method !== 'POST') return refused(405, 'sessions are only posted to');
  if (!siteIs(headers, 'same-origin')) return refused(403, 'the request is from another site');
  // Not a "simple" type, so that no form and no other site's script can send it unasked.
  if (headers.get('content-type') !== 'application/json')
    return refused(415, 'sessions speak application/json');
  return { kind: 'session', path };
}

function judgeLink(method: string, path: string, headers: ReadonlyMap<string, string>): Verdict {
  if (method !== 'GET' || path !== linkPath || headers.get('upgrade')?.toLowerCase() !== 'websocket')
    return refused(400, 'no such upgrade');
  // Browsers always say from where a WebSocket is opened, and no other policy protects one.
  if (headers.get('origin') === undefined) return refused(403, 'a link needs an origin');
  if (!siteIs(headers, 'same-origin')) return refused(403, 'the request is from another site');
  if ((headers.get('sec-fetch-mode') ?? 'websocket') !== 'websocket') return refused(403, 'no such upgrade');
  if (headers.get('sec-websocket-protocol') !== linkProtocol)
    return refused(400, `a link speaks ${linkProtocol}`);
  return { kind: 'link', path };
}

function siteIs(headers: ReadonlyMap<string, string>, ...accepted: readonly string[]): boolean {
  const site = headers.get('sec-fetch-site');
  return site === undefined || accepted.includes(site);
}

function readHeaders(rawHeaders: readonly string[]): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (decisive.has(name) && headers.has(name)) return undefined;
    headers.set(name, rawHeaders[index + 1] ?? '');
  }
  return headers;
}

function refused(status: number, reason: string): Verdict {
  return { kind: 'refused', refusal: { status, reason } };
}
