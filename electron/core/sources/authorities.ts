import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import { messageOf } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';

/**
 * The certificate authorities that every source trusts beside its own CA file: Node's, the system's, and
 * those of NODE_EXTRA_CA_CERTS where Node has read it, which a packaged desktop app does not. Read once, on
 * a thread of its own. A store that cannot be read costs its own authorities and nothing else.
 */

const readingMs = 5 * secondMs;
/** A store is some hundreds of certificates of a few kB. */
const maxCharacters = 32 * 1_048_576;

export type ReadAuthorities = () => Promise<readonly string[]>;

let known: Promise<readonly string[]> | undefined;

let tellUnread: (reason: string) => void = () => undefined;

/** Who says that the system's store could not be read; told once at most. */
export function onUnreadAuthorities(tell: (reason: string) => void): void {
  tellUnread = tell;
}

/** Node's own and the system's; the first call reads them. Never rejects. */
export function systemAuthorities(): Promise<readonly string[]> {
  known ??= authoritiesWith(readSystemStore, (reason) => tellUnread(reason));
  return known;
}

/** Exported for its tests, which have a store of their own. Never rejects. */
export async function authoritiesWith(
  readStore: ReadAuthorities,
  onUnread: (reason: string) => void,
): Promise<readonly string[]> {
  const bundled = tls.getCACertificates('bundled');
  try {
    return [...new Set([...bundled, ...(await readStore())])];
  } catch (error) {
    onUnread(messageOf(error));
    return bundled;
  }
}

function readSystemStore(): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./authorities-worker.ts', import.meta.url), { env: process.env });
    // It ends by itself once it has answered; one that does not answer keeps no process alive.
    const end = (settle: () => void): void => {
      clearTimeout(deadline);
      settle();
    };
    const deadline = setTimeout(
      () => end(() => reject(new Error(`it did not answer within ${readingMs} ms`))),
      readingMs,
    );
    worker.once('message', (read: unknown) =>
      end(() => {
        if (isPemList(read)) resolve(read);
        else reject(new Error('it is not a list of certificates'));
      }),
    );
    worker.once('error', (error) => end(() => reject(error)));
    worker.unref();
  });
}

function isPemList(read: unknown): read is readonly string[] {
  return (
    Array.isArray(read) &&
    read.every((one) => typeof one === 'string') &&
    read.reduce((sum: number, one: string) => sum + one.length, 0) <= maxCharacters
  );
}
