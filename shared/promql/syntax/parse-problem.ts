import { QueryError } from '../problem.ts';

/**
 * What is wrong with a text, in Prometheus' words and with its place: `1:7: parse error: …`, where the column
 * counts bytes of UTF-8 from 1. It is thrown inside the parser and caught at its doors.
 */
export class ParseError extends Error {
  readonly start: number;
  readonly end: number;

  /** @param start in UTF-16 units. */
  constructor(message: string, start: number, end: number) {
    super(message);
    this.start = start;
    this.end = end;
  }
}

export function located(error: ParseError, text: string): QueryError {
  const place = text === '' ? 'unknown position' : placeOf(text, error.start);
  return new QueryError({
    kind: 'bad-data',
    message: `${place}: parse error: ${error.message}`,
    span: { start: error.start, end: Math.max(error.start, error.end) },
  });
}

/** `line:column` of a place in a text, as Prometheus' messages and annotations give it. */
export function placeOf(text: string, index: number): string {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return `${line}:${encoder.encode(before.slice(lineStart)).length + 1}`;
}

const encoder = new TextEncoder();
