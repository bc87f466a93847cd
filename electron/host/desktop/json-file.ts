import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { failed, messageOf, success, type Result } from '#shared/result.ts';

/**
 * A small file of the app's own in which something is remembered between starts: the window's place, the
 * hosts that may be opened. It is read checked and bounded, because it may be from another version or
 * damaged, and written whole or not at all. What cannot be read is as if it had never been written.
 */

const usualBytes = 65_536;

/** @returns the content, or undefined where there is none of this shape. */
export function readJsonFile<Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  maxBytes: number = usualBytes,
): v.InferOutput<Schema> | undefined {
  try {
    if (statSync(path).size > maxBytes) return undefined;
    const parsed = v.safeParse(schema, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    // Missing, unreadable or no JSON: in each case nothing is remembered.
    return undefined;
  }
}

/** @returns why it could not be written; the caller goes on, it is only not remembered. */
export function writeJsonFile(
  path: string,
  value: unknown,
  maxBytes: number = usualBytes,
): Result<void, string> {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > maxBytes) return failed(`more than ${maxBytes} bytes`);
  try {
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return success(undefined);
  } catch (error) {
    return failed(messageOf(error));
  }
}
