import { writeSync } from 'node:fs';

/**
 * The core's log: one JSON object a line on standard error, where the person or a service manager keeps
 * it. Entries are made of names and plain values; what came from outside may be in the values, so control
 * and bidirectional characters are dropped, credentials in addresses hidden, and an entry's size bounded.
 * Passwords and tokens are never passed to it at all.
 */

type LogFields = Readonly<Record<string, string | number | boolean | null>>;

const maxValueCharacters = 2_000;
const maxEntryCharacters = 4_096;
const standardError = 2;

const unprintable = /[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu;
/** `user:password@` of any address in the text. */
const userInformation = /([a-z][a-z\d+.-]{0,20}:\/\/)[^\s/?#@]{1,500}@/giu;

/** @param event a name for what went wrong, in dots: `core.crashed`. */
export function logError(event: string, fields: LogFields = {}): void {
  try {
    // Synchronous: the last entry before the process ends must not be lost.
    writeSync(standardError, `${formatLogEntry(event, fields, Date.now())}\n`);
  } catch {
    // Nobody reads standard error any more; there is no better place to say so.
  }
}

/** The line for an entry, without its line break: valid JSON of at most 4,096 characters. */
export function formatLogEntry(event: string, fields: LogFields, atMs: number): string {
  const head = { at: new Date(atMs).toISOString(), level: 'error', event: clean(event) };
  const entry = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      clean(name),
      typeof value === 'string' ? clean(value) : value,
    ]),
  );
  const line = JSON.stringify({ ...entry, ...head });
  if (line.length <= maxEntryCharacters) return line;
  return JSON.stringify({
    ...head,
    event: head.event.slice(0, 200),
    cutFromCharacters: line.length,
    cut: line.slice(0, 1_500),
  });
}

function clean(text: string): string {
  return text.slice(0, maxValueCharacters).replace(unprintable, ' ').replace(userInformation, '$1***@');
}
