import type { SourceFailure } from '#shared/failure.ts';
import { messageOf } from '#shared/result.ts';
import type { HttpAnswer } from './http-message.ts';
import { plainText, titleOfPage } from './plain-text.ts';
import { proxyCredentials, proxyFailure } from './proxy-failure.ts';
import { malformed, notThisApi, sourceFailure } from './source-failure.ts';
import { tlsFailure } from './tls-failure.ts';

/**
 * Every way in which asking a server can go wrong, each as exactly one named failure: errors of the
 * network, of TLS and of the protocol, HTTP statuses, and bodies that are not JSON. What a status means
 * to one API is read first by that API's own folder. Quotes causes, never a header or a credential.
 */

const checkServer = 'Check that the server runs, and that the port and the network to it are right.';
const checkName = 'Check the host name, and whether the VPN or the network that knows it is up.';
const slow = 'The server hangs or is overloaded: check it, or give the source a longer timeout.';
const broken = 'Check the server and the proxies before it; the console goes on trying.';

type Reading = readonly ['refused' | 'unknown-host' | 'timeout' | 'server-error', string, string];
const networkReadings = new Map<string, Reading>([
  ['ECONNREFUSED', ['refused', 'nothing accepts connections there', checkServer]],
  ['EHOSTUNREACH', ['refused', 'the host cannot be reached', checkServer]],
  ['ENETUNREACH', ['refused', 'the network of the host cannot be reached', checkServer]],
  ['EHOSTDOWN', ['refused', 'the host is down', checkServer]],
  ['ENETDOWN', ['refused', 'the network is down', checkServer]],
  ['EADDRNOTAVAIL', ['refused', 'the address cannot be used from here', checkServer]],
  ['EACCES', ['refused', 'this machine forbids the connection', checkServer]],
  ['EPERM', ['refused', 'this machine forbids the connection', checkServer]],
  ['ENOTFOUND', ['unknown-host', 'no name server knows the host', checkName]],
  ['EAI_AGAIN', ['unknown-host', 'the name server did not answer', checkName]],
  ['EAI_FAIL', ['unknown-host', 'the name server failed', checkName]],
  ['ENODATA', ['unknown-host', 'the host has no address', checkName]],
  ['ETIMEDOUT', ['timeout', 'the connection was not answered in time', slow]],
  ['UND_ERR_CONNECT_TIMEOUT', ['timeout', 'the connection was not answered in time', slow]],
  ['UND_ERR_HEADERS_TIMEOUT', ['timeout', 'no answer came in time', slow]],
  ['UND_ERR_BODY_TIMEOUT', ['timeout', 'the answer stopped half-way', slow]],
  ['ECONNRESET', ['server-error', 'the server broke the connection off', broken]],
  ['ECONNABORTED', ['server-error', 'the connection was broken off', broken]],
  ['EPIPE', ['server-error', 'the server broke the connection off', broken]],
  ['UND_ERR_SOCKET', ['server-error', 'the server broke the connection off', broken]],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', ['server-error', 'the answer ended early', broken]],
]);

/**
 * Reads an error that the HTTP client threw.
 * @param where the server, as host and port.
 */
export function failureOfError(error: unknown, where: string): SourceFailure {
  for (const cause of causesOf(error)) {
    const ofProxy = proxyFailure(cause, where);
    if (ofProxy !== null) return ofProxy;
    const code = codeOf(cause);
    const words = plainText(messageOf(cause)) || code;
    const reading = networkReadings.get(code);
    if (reading !== undefined)
      return sourceFailure(reading[0], `${where}: ${reading[1]} (${words}).`, reading[2]);
    const failure = tlsFailure(code, words, where) ?? protocolFailure(code, words, where);
    if (failure !== null) return failure;
  }
  return sourceFailure('server-error', `${where}: the request failed (${messageOf(error)}).`, broken);
}

function protocolFailure(code: string, words: string, where: string): SourceFailure | null {
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return notThisApi(`${where} does not speak HTTP here (${words}).`);
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return sourceFailure(
      'unauthorised',
      `The headers configured for ${where} cannot be sent (${words}).`,
      'Check the headers and credentials of the source for line breaks and other control characters.',
    );
  }
  if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR')
    return malformed(`it does not decompress (${words}).`);
  return null;
}

/** The error and what it wraps, the most telling first: addresses tried, then causes. */
function causesOf(error: unknown, depth = 0): readonly unknown[] {
  if (depth > 4 || !(error instanceof Error)) return [];
  const tried = error instanceof AggregateError ? error.errors : [];
  return [...[...tried, error.cause].flatMap((inner) => causesOf(inner, depth + 1)), error];
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Undici's parser gives its errors a code only where its table has one.
  return error.name === 'HTTPParserError' ? 'HPE_OTHER' : '';
}

/**
 * Reads the status of an answer where it is not success.
 * @returns null for a success that may have the promised content.
 */
export function failureOfStatus(answer: HttpAnswer): SourceFailure | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const says = `The server answered ${status}${quoted(answer)}`;
  if (status >= 300 && status < 400) return redirected(answer);
  if (status === 407) {
    return sourceFailure('unauthorised', `The proxy wants credentials: ${says}.`, proxyCredentials, {
      status,
    });
  }
  if (status === 401 || status === 403) {
    const nextStep = 'Check the credentials of the source, and what they allow at the server.';
    return sourceFailure('unauthorised', `${says}.`, nextStep, { status });
  }
  if (status === 429) {
    const nextStep = 'The console waits as asked; poll less often if it comes back.';
    return sourceFailure('rate-limited', `${says}.`, nextStep, { status, retryAfterMs: answer.retryAfterMs });
  }
  if (status >= 500) {
    return sourceFailure('server-error', `${says}.`, broken, { status, retryAfterMs: answer.retryAfterMs });
  }
  return failureOfRequest(answer, says);
}

function failureOfRequest(answer: HttpAnswer, says: string): SourceFailure {
  const { status } = answer;
  if (status === 408) return sourceFailure('timeout', `${says}.`, slow, { status });
  if (status === 413 || status === 414 || status === 431) {
    return sourceFailure('too-large', `${says}.`, 'Ask a shorter question.', { status });
  }
  const refusesQuery = status === 400 || status === 422;
  if (refusesQuery && !looksLikePage(answer) && !speaksOfTls(answer)) {
    return sourceFailure('bad-query', `${says}.`, "Correct the query; the message is the server's own.", {
      status,
    });
  }
  return notThisApi(speaksOfTls(answer) ? `${says}: the port speaks https, not http.` : `${says}.`, status);
}

function redirected(answer: HttpAnswer): SourceFailure {
  const { status, redirectOrigin } = answer;
  const target = redirectOrigin === null ? 'somewhere else' : redirectOrigin;
  return sourceFailure(
    'not-this-api',
    `The server answered ${status} and points to ${target}; the console follows no redirects.`,
    'Give the final address of the server; a login page in between needs credentials that the server itself takes.',
    { status },
  );
}

/** The server's own words, for the end of a sentence. */
function quoted(answer: HttpAnswer): string {
  const text = textOf(answer);
  if (looksLikePage(answer)) {
    const title = titleOfPage(text);
    return title === '' ? ' with a web page' : ` with a web page, “${title}”`;
  }
  const words = plainText(text);
  return words === '' ? '' : `: ${words}`;
}

function speaksOfTls(answer: HttpAnswer): boolean {
  return /HTTP request (was sent )?to an? HTTPS (server|port)/i.test(textOf(answer));
}

function looksLikePage(answer: HttpAnswer): boolean {
  return answer.mediaType === 'text/html' || isPage(textOf(answer));
}

function isPage(text: string): boolean {
  return /^\s*<(!doctype|html|head|body)/i.test(text.slice(0, 200));
}

/** As much of a body as a message can use, whatever bytes it has. */
function textOf(answer: HttpAnswer): string {
  return new TextDecoder().decode(answer.body.subarray(0, 8_192));
}

/**
 * Reads a body that should have been JSON and is not.
 * @param cause what the parser said.
 */
export function failureOfNotJson(text: string, mediaType: string, cause: unknown): SourceFailure {
  if (mediaType === 'text/html' || isPage(text)) {
    const title = titleOfPage(text);
    return notThisApi(
      `The server answered with a web page${title === '' ? '' : `, “${title}”`}, not with JSON.`,
    );
  }
  if (mediaType.endsWith('json') || /^\s*[[{]/.test(text)) {
    return malformed(`it is not whole JSON (${plainText(messageOf(cause), 160)}).`);
  }
  const words = plainText(text, 80);
  return notThisApi(`The server answered ${words === '' ? 'nothing' : `“${words}”`}, not JSON.`);
}
