import { parentPort } from 'node:worker_threads';
import { unpacked } from './body.ts';
import type { Listing } from './checked.ts';
import type { FromParser, ToParser } from './parse-protocol.ts';
import { largestListBytes } from './largest-list.ts';
import { readAnswer } from './read-answer.ts';

/**
 * The parsing thread: reads large answers away from the core and hands the models over in pieces, each
 * small enough to be taken in within milliseconds. Started and spoken to by `parsing-thread.ts` only; it
 * knows no source, no address and no credential.
 */

const rowsPerPiece = 500;
/** Smaller columns are cheaper to copy than to transfer. */
const transferBytes = 4_096;

const port = parentPort;
if (port === null) throw new Error('parse-worker runs as a worker thread only');

/** What is handed over, and how many of its rows are gone. */
let rest: (Listing<unknown, unknown> & { handed: number }) | null = null;

port.on('message', (message: ToParser) => {
  if (message.kind === 'parse') {
    rest = null;
    const body = message.isPacked === true ? unpacked(message.body, largestListBytes) : message.body;
    const read = readAnswer(message.name, body, message.mediaType);
    if (!read.ok) {
      port.postMessage({ kind: 'failed', failure: read.failure } satisfies FromParser);
      return;
    }
    rest = { ...read.value, handed: 0 };
  }
  if (rest !== null) hand(rest);
});

function hand(listing: NonNullable<typeof rest>): void {
  const { head, rows, handed } = listing;
  const piece = rows.slice(handed, handed + rowsPerPiece);
  listing.handed += piece.length;
  const last = listing.handed === rows.length;
  if (last) rest = null;
  // A head may be as large as all rows, and is copied with every piece that has it.
  const message = { kind: 'piece', head: last ? head : null, rows: piece, last } satisfies FromParser;
  port?.postMessage(message, piece.flatMap(columnsOf));
}

function columnsOf(row: unknown): ArrayBuffer[] {
  if (typeof row !== 'object' || row === null) return [];
  return Object.values(row).flatMap((value: unknown) =>
    value instanceof Float64Array && value.byteLength >= transferBytes && value.buffer instanceof ArrayBuffer
      ? [value.buffer]
      : [],
  );
}
