import { join } from 'node:path';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { openDatabase } from './database.ts';
import { failureOf } from './failures.ts';
import { journalFile, shapeOf } from './files.ts';
import { nextAuditPage, type AuditEntry, type AuditQuery } from './journal/audit-page.ts';
import { Journal } from './journal/journal.ts';

/**
 * Reads the audit trail of a data folder without owning it, as one moment of a console that may be writing.
 * A page of it is in memory, however long it is. For the command line.
 * @param onEntry told each line since the moment, in the order they were written.
 * @returns how many lines cannot be read.
 */
export function readAudit(
  dataDirectory: string,
  sinceMs: number,
  onEntry: (entry: AuditEntry) => void,
): Result<number, CommandFailure> {
  const path = join(dataDirectory, journalFile);
  if (shapeOf(path) === 'missing') {
    const message = `There is no journal in ${dataDirectory}.`;
    return failed(commandFailure('not-found', message, 'Name the data folder of a console with --data.'));
  }
  let unreadable = 0;
  try {
    const database = openDatabase(path, { readonly: true });
    try {
      const journal = new Journal(database, (_what, rows) => (unreadable += rows));
      const read = database.transaction(() => {
        for (let query: AuditQuery | null = { afterId: 0, sinceMs }; query !== null;) {
          const entries = journal.audit(query);
          entries.forEach(onEntry);
          query = nextAuditPage(query, entries);
        }
      });
      read.deferred();
    } finally {
      database.close();
    }
    return success(unreadable);
  } catch (error) {
    return failed(failureOf(error, 'The journal'));
  }
}
