import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  ExpositionReader,
  formatByEnd,
  type ExpositionFormat,
} from '#shared/openmetrics/exposition-reader.ts';
import { MemorySource } from '#shared/promql/model/memory-source.ts';
import type { MatcherSemantics } from '#shared/promql/model/matching.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';

/** Reads a file of samples into memory, piece by piece. */
export interface SampleFile {
  readonly source: MemorySource;
  /** When the newest sample was taken, Unix milliseconds; null where there is none. */
  readonly newestMs: number | null;
}

const pieceBytes = 1 << 20;
const tailBytes = 256;

/** @param format null: told by the file's end. */
export function readSampleFile(
  path: string,
  format: ExpositionFormat | null,
  semantics: MatcherSemantics,
): Result<SampleFile, string> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    return failed(`${path} cannot be opened: ${messageOf(error)}.`);
  }
  try {
    return read(file, format ?? formatOf(file), semantics);
  } catch (error) {
    return failed(`${path} cannot be read: ${messageOf(error)}.`);
  } finally {
    closeSync(file);
  }
}

function read(
  file: number,
  format: ExpositionFormat,
  semantics: MatcherSemantics,
): Result<SampleFile, string> {
  const source = new MemorySource(semantics);
  let newestMs: number | null = null;
  const reader = new ExpositionReader(format, (labels) => {
    const series = source.series(source.labels.of(labels));
    return {
      append: (timeMs, value) => {
        if (newestMs === null || timeMs > newestMs) newestMs = timeMs;
        series.append(timeMs, value);
      },
    };
  });
  const piece = Buffer.alloc(pieceBytes);
  for (;;) {
    const length = readSync(file, piece, 0, pieceBytes, null);
    if (length === 0) break;
    const pushed = reader.push(piece.subarray(0, length));
    if (!pushed.ok) return pushed;
  }
  const finished = reader.finish();
  return finished.ok ? success({ source, newestMs }) : finished;
}

/** What is no plain file cannot be looked at from its end. */
function formatOf(file: number): ExpositionFormat {
  const stat = fstatSync(file);
  if (!stat.isFile()) return 'openmetrics';
  const tail = Buffer.alloc(Math.min(tailBytes, stat.size));
  readSync(file, tail, 0, tail.length, stat.size - tail.length);
  return formatByEnd(tail.toString('latin1'));
}
