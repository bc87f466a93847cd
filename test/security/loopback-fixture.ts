import type { WireFrame } from '#shared/wire.ts';
import { setCookie } from '#host/browser/cookie.ts';
import { LinkDoor, linkDoorLimits, type LinkDoorLimits } from '#host/browser/link-door.ts';
import { startLoopbackServer, type ServerTimeouts } from '#host/browser/loopback-server.ts';
import { readOpeningFiles } from '#host/browser/opening-files.ts';
import { Sessions } from '#host/browser/sessions.ts';
import type { WindowLink } from '#host/browser/window-link.ts';
import type { FileTable, ServedFile } from '#host/window-files.ts';

/** The real server, door, sessions and links on a free port, with a table of two files and nobody behind. */
export async function startLoopback(
  options: { timeouts?: ServerTimeouts; limits?: Partial<LinkDoorLimits>; nowMs?: () => number } = {},
) {
  const sessions = new Sessions(options.nowMs);
  const opened: WindowLink[] = [];
  const frames: WireFrame[] = [];
  const links = new LinkDoor(
    {
      opened: (link) => void opened.push(link),
      frame: (_link, received) => void frames.push(received),
      closed: (link) => void opened.splice(opened.indexOf(link), 1),
    },
    { ...linkDoorLimits, ...options.limits },
  );
  const started = await startLoopbackServer({
    port: 0,
    sessions,
    links,
    files,
    openingFiles: await readOpeningFiles(),
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
  });
  if (!started.ok) throw new Error(started.failure);
  const { port, close } = started.value;
  const newSession = (): { cookie: string; greeting: string } => {
    const exchanged = sessions.exchange(sessions.launchToken);
    if (exchanged.kind !== 'accepted') throw new Error(`no session: ${exchanged.kind}`);
    const session = sessions.find(exchanged.secret);
    return {
      cookie: `Cookie: ${setCookie(port, exchanged.secret).split(';', 1)[0]}`,
      greeting: `t${session?.linkToken}`,
    };
  };
  return { port, authority: `127.0.0.1:${port}`, sessions, opened, frames, close, newSession };
}

export const pageBody = '<meta name="csp-nonce" content="__CSP_NONCE__"><p>the console</p>';
export const assetTarget = '/assets/main-Ab12Cd34.js';

function file(body: string, contentType: string, cacheControl: string): ServedFile {
  return { body: Buffer.from(body), contentType, cacheControl };
}

const files: FileTable = new Map([
  ['/', file(pageBody, 'text/html; charset=utf-8', 'no-store')],
  [assetTarget, file('export {};', 'text/javascript; charset=utf-8', 'private, immutable')],
]);
