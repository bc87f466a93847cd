import type { Protocol } from 'electron';
import type { FileTable, ServedFile } from '../window-files.ts';
import { bodyWithNonce, newNonce, windowHeaders } from '../window-headers.ts';
import { consoleScheme, readConsoleAddress } from './console-address.ts';

/**
 * Answers `app://opssight/`: files of a table made when the app starts, looked up by their whole path. A
 * request never becomes a path on the disk, so there is nothing to traverse.
 */

/** What the scheme may do; registered before `ready`, or not at all. */
export const consoleSchemes: Electron.CustomScheme[] = [
  {
    scheme: consoleScheme,
    // SECURITY: an origin of its own, in a secure context. It bypasses no policy, is open to no other origin,
    // and holds no service worker, which would outlive an update.
    privileges: {
      standard: true,
      secure: true,
      supportFetchAPI: true,
      codeCache: true,
      bypassCSP: false,
      corsEnabled: false,
      allowServiceWorkers: false,
    },
  },
];

export function serveWindowFiles(protocol: Pick<Protocol, 'handle'>, files: FileTable): void {
  protocol.handle(consoleScheme, (request) => answerRequest(request, files));
}

/** Exported for its tests: what is answered depends on the request and the table alone. */
export function answerRequest(
  request: { readonly method: string; readonly url: string },
  files: FileTable,
): Response {
  if (request.method !== 'GET') return refuse(405, 'files are only read', { Allow: 'GET' });
  const address = readConsoleAddress(request.url);
  const file = address === undefined ? undefined : files.get(address.pathname);
  return file === undefined ? refuse(404, 'no such file') : answerFile(file);
}

function answerFile(file: ServedFile): Response {
  const nonce = newNonce();
  return new Response(bodyWithNonce(file, nonce), {
    headers: {
      ...windowHeaders(nonce, []),
      'Content-Type': file.contentType,
      // From memory anyway; and after an update no file of the version before may be shown.
      'Cache-Control': 'no-store',
    },
  });
}

function refuse(status: number, reason: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${reason}\n`, {
    status,
    headers: {
      ...windowHeaders(newNonce(), []),
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      ...headers,
    },
  });
}
