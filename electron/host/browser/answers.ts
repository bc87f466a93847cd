import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServedFile } from '../window-files.ts';
import { bodyWithNonce, newNonce } from '../window-headers.ts';
import type { Refusal } from './door.ts';
import { securityHeaders } from './headers.ts';

/** Writes the browser host's answers, each with all of the security headers. Decides nothing. */

export function answerFile(
  response: ServerResponse,
  file: ServedFile,
  headOnly: boolean,
  authority: string,
): void {
  const nonce = newNonce();
  const body = bodyWithNonce(file, nonce);
  response.writeHead(200, {
    ...securityHeaders(nonce, authority),
    'Content-Type': file.contentType,
    'Content-Length': body.byteLength,
    'Cache-Control': file.cacheControl,
  });
  response.end(headOnly ? undefined : body);
}

export function answerJson(
  response: ServerResponse,
  value: unknown,
  headers: Readonly<Record<string, string>>,
  authority: string,
): void {
  response.writeHead(200, {
    ...securityHeaders(newNonce(), authority),
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(JSON.stringify(value));
}

/** Refuses, and closes the connection: a body that nobody reads must not be waited for. */
export function answerRefusal(
  response: ServerResponse,
  refusal: Refusal,
  authority: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(refusal.status, { ...refusalHeaders(authority), ...headers });
  response.end(`${refusal.reason}\n`);
}

/** The same for a connection that has no response object: an upgrade, or a request that cannot be read. */
export function refuseConnection(connection: Duplex, refusal: Refusal, authority: string): void {
  if (!connection.writable) return void connection.destroy();
  const body = `${refusal.reason}\n`;
  const headers = { ...refusalHeaders(authority), 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? 'Refused'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  connection.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => connection.destroy());
}

function refusalHeaders(authority: string): Record<string, string> {
  return {
    ...securityHeaders(newNonce(), authority),
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    Connection: 'close',
  };
}
