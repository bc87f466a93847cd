import { readSync } from 'node:fs';
import { failed, success, type Result } from '#shared/result.ts';

const pieceBytes = 1 << 16;
const mostLineBytes = 1_000_000;
const newline = 0x0a;
const noInputPauseMs = 5;

/** The lines of an open file or pipe as they come, read on demand. A line beyond a megabyte is a failure. */
export function* linesOf(file: number): Generator<Result<string, string>> {
  const piece = Buffer.alloc(pieceBytes);
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const length = readSome(file, piece);
    if (length === 0) break;
    let start = 0;
    for (let end = piece.indexOf(newline); end !== -1 && end < length; end = piece.indexOf(newline, start)) {
      yield success(Buffer.concat([rest, piece.subarray(start, end)]).toString('utf8'));
      rest = Buffer.alloc(0);
      start = end + 1;
    }
    rest = Buffer.concat([rest, piece.subarray(start, length)]);
    if (rest.length > mostLineBytes) {
      yield failed(`a line is longer than ${mostLineBytes} bytes`);
      return;
    }
  }
  if (rest.length > 0) yield success(rest.toString('utf8'));
}

/** A pipe that is open and empty says "again" instead of waiting. */
function readSome(file: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(file, piece, 0, pieceBytes, null);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, noInputPauseMs);
    }
  }
}
