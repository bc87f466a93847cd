import type { Migration } from '../../migrate.ts';

/**
 * Changes of silences on their way to the servers, each as one JSON text beside what is looked for; and the
 * silences that the console looks after until they end.
 */
export const migration0005: Migration = {
  version: 5,
  statements: [
    `CREATE TABLE outbox (
      id TEXT PRIMARY KEY,
      created_at_ms REAL NOT NULL,
      settled_at_ms REAL,
      entry TEXT NOT NULL
    ) STRICT`,
    `CREATE TABLE tended_silence (
      id TEXT PRIMARY KEY,
      cluster TEXT NOT NULL,
      care TEXT NOT NULL,
      incident_id INTEGER,
      quiet_since_ms REAL,
      ends_after_quiet_ms REAL,
      created_at_ms REAL NOT NULL,
      ended_at_ms REAL
    ) STRICT`,
    `CREATE INDEX tended_silence_open ON tended_silence (id) WHERE ended_at_ms IS NULL`,
    `PRAGMA user_version = 5`,
  ],
};
