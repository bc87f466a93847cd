import * as v from 'valibot';
import type { SourceFailure } from '#shared/failure.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { plainText } from './plain-text.ts';
import { malformed } from './source-failure.ts';

/** How the wire shapes of this folder are checked: against a schema, naming the first place that differs. */

/** A whole list with what it is about, ready to be delivered in pieces. */
export interface Listing<Head, Row> {
  readonly head: Head;
  readonly rows: readonly Row[];
}

/** Checks one JSON value and maps it to the model; pure, and run in the core or on the parsing thread. */
export type ReadJson<Head, Row> = (json: unknown) => Result<Listing<Head, Row>, SourceFailure>;

/**
 * @param where the place of the value in the answer, `data.groups[2]`, or empty for the answer itself.
 * @returns the checked value, or `malformed` with the path, what was expected and what was found.
 */
export function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  where: string,
): Result<v.InferOutput<Schema>, SourceFailure> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return success(result.output);
  const [issue] = result.issues;
  const path = joined(where, v.getDotPath(issue) ?? '');
  return failed(malformedAt(path, issue.message));
}

export function malformedAt(path: string, what: string): SourceFailure {
  return malformed(`at ${path === '' ? 'its root' : plainText(path, 120)}: ${plainText(what, 160)}.`);
}

function joined(left: string, right: string): string {
  return left === '' || right === '' ? `${left}${right}` : `${left}.${right}`;
}

/** A point in time as Go writes it, RFC 3339, as Unix milliseconds. */
export const timeSchema = v.pipe(
  v.string(),
  v.check(
    (text) => /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)),
    'expected an RFC 3339 time',
  ),
  v.transform((text) => Date.parse(text)),
);
