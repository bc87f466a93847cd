import type { IncomingHttpHeaders } from 'node:http';

/** What is sent to a source and what comes back, as plain data: shapes and the making of a request. */

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Less than the source's own timeout, where the caller has less time. */
  readonly timeoutMs?: number;
  /** Polls have a lane of their own, so that no chart or list delays them. */
  readonly lane?: 'poll' | 'query';
}

export interface HttpRequest {
  /** A path of the API, what is not constant in it encoded, appended to the base path of the source. */
  readonly path: `/${string}`;
  readonly parameters?: URLSearchParams;
  /** Whether a long question may be sent as a form instead of in the address. */
  readonly form?: boolean;
  /** Sent instead of parameters, as it is. */
  readonly message?: { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> };
  /** Changes something at the server: never sent again by itself, for the first may have arrived. */
  readonly changes?: 'POST' | 'DELETE';
  /** How the answer's body may be encoded without being opened here; its reader opens it. */
  readonly unopenedEncoding?: string;
  /** Held of the answer at most, where the usual cap is too small for what it is. */
  readonly capBytes?: number;
  /** A list that may be longer than what is held: taken up to here, packed. */
  readonly packedUpToBytes?: number;
  /** What the API itself wants said in headers, over what the source says; never a credential. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer as it came, of any status; a redirect is one of them. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case, without parameters; empty where the server did not tell. */
  readonly mediaType: string;
  readonly retryAfterMs: number | null;
  /** Where a redirect points: origin only. Null where there is none that can be read. */
  readonly redirectOrigin: string | null;
  /** Whole for a success; at most 64 KiB of any other answer. */
  readonly body: Uint8Array;
  /** Whether the body is packed, as only one that was allowed to be can be. */
  readonly isPacked?: boolean;
}

/** Longer questions are sent as a form, for servers and proxies bound the length of an address. */
const longestQueryString = 2_000;

interface RequestMessage {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/**
 * @param basePath the path of the source's address, without a slash at its end.
 * @param sourceHeaders every header of the source, credentials included.
 */
export function requestMessage(
  request: HttpRequest,
  basePath: string,
  sourceHeaders: Readonly<Record<string, string>>,
): RequestMessage {
  const path = `${basePath}${request.path}`;
  const query = request.parameters?.toString() ?? '';
  const headers = {
    accept: 'application/json',
    'user-agent': 'OpsSight',
    ...lowerCased(sourceHeaders),
    ...lowerCased(request.headers ?? {}),
    'accept-encoding': 'gzip, deflate',
  };
  if (request.changes === 'DELETE') return { method: 'DELETE', path, headers };
  if (request.message !== undefined) {
    const { body, headers: own } = request.message;
    return { method: 'POST', path, headers: { ...headers, ...lowerCased(own) }, body };
  }
  if (request.form === true && query.length > longestQueryString) {
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', path, headers: form, body: query };
  }
  return { method: 'GET', path: query === '' ? path : `${path}?${query}`, headers };
}

/** The first value of a header, or empty. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** The origin that a `Location` header points to, or null where it cannot be read. */
export function redirectOriginOf(location: string, base: string): string | null {
  return location !== '' && URL.canParse(location, base) ? new URL(location, base).origin : null;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
