import type { Migration } from '../../migrate.ts';

/**
 * Runbooks as they were read for an incident, each text once; `digest` is the CRC-32 of its Markdown. And
 * for which incidents what surrounds their start was fetched whole, by kind of evidence.
 */
export const migration0003: Migration = {
  version: 3,
  statements: [
    `CREATE TABLE runbook (
      id INTEGER PRIMARY KEY,
      digest INTEGER NOT NULL,
      title TEXT NOT NULL,
      path TEXT NOT NULL,
      written_at_ms REAL NOT NULL,
      markdown TEXT NOT NULL
    ) STRICT`,
    `CREATE INDEX runbook_by_digest ON runbook (digest)`,
    `CREATE TABLE runbook_pin (
      incident_id INTEGER PRIMARY KEY,
      runbook_id INTEGER NOT NULL REFERENCES runbook (id) ON DELETE CASCADE,
      read_at_ms REAL NOT NULL
    ) STRICT`,
    `CREATE INDEX runbook_pin_by_runbook ON runbook_pin (runbook_id)`,
    `CREATE TABLE capture (
      incident_id INTEGER NOT NULL,
      kind TEXT NOT NULL,
      captured_at_ms REAL NOT NULL,
      PRIMARY KEY (incident_id, kind)
    ) STRICT, WITHOUT ROWID`,
    `PRAGMA user_version = 3`,
  ],
};
