import { join } from 'node:path';
import Database from 'better-sqlite3';

/** What a data folder's databases say to somebody who opens them after a crash, without our own code. */

export interface NotificationInJournal {
  readonly incidentId: number;
  readonly outcome: string | null;
}

export function notificationsIn(dataDirectory: string): readonly NotificationInJournal[] {
  return read(dataDirectory, 'journal.db', (database) =>
    database
      .prepare<[], NotificationInJournal>(
        'SELECT incident_id AS incidentId, outcome FROM notification ORDER BY incident_id',
      )
      .all(),
  );
}

export function notesIn(dataDirectory: string): readonly string[] {
  return read(dataDirectory, 'journal.db', (database) =>
    database.prepare<[], string>("SELECT detail FROM timeline WHERE kind = 'note' ORDER BY id").pluck().all(),
  );
}

/** SQLite's own words about both databases: `ok` where they are sound. */
export function integrityOf(dataDirectory: string): readonly unknown[] {
  return ['journal.db', 'cache.db'].map((file) =>
    read(dataDirectory, file, (database) => database.pragma('integrity_check', { simple: true })),
  );
}

/** Opens for writing, because what a crash left in the log has to be taken over first. */
function read<Answer>(
  dataDirectory: string,
  file: string,
  question: (database: Database.Database) => Answer,
): Answer {
  const database = new Database(join(dataDirectory, file), { fileMustExist: true });
  try {
    return question(database);
  } finally {
    database.close();
  }
}
