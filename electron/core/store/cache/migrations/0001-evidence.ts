import type { Migration } from '../../migrate.ts';

/**
 * The first cache: raw samples in chunks by selection (a source and a selector), the windows in which they
 * are complete, which of them an incident holds on to, the last drawing of each incident, and the last
 * health of each source.
 */
export const migration0001: Migration = {
  version: 1,
  statements: [
    `PRAGMA application_id = 1330664259`,
    `CREATE TABLE selection (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      selector TEXT NOT NULL,
      UNIQUE (source, selector)
    ) STRICT`,
    `CREATE TABLE coverage (
      selection_id INTEGER NOT NULL REFERENCES selection (id) ON DELETE CASCADE,
      from_ms INTEGER NOT NULL,
      to_ms INTEGER NOT NULL,
      fetched_at_ms REAL NOT NULL,
      PRIMARY KEY (selection_id, from_ms)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE pin (
      selection_id INTEGER NOT NULL REFERENCES selection (id) ON DELETE CASCADE,
      incident_id INTEGER NOT NULL,
      from_ms INTEGER NOT NULL,
      to_ms INTEGER NOT NULL,
      PRIMARY KEY (selection_id, incident_id)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE series (
      id INTEGER PRIMARY KEY,
      selection_id INTEGER NOT NULL REFERENCES selection (id) ON DELETE CASCADE,
      labels TEXT NOT NULL,
      UNIQUE (selection_id, labels)
    ) STRICT`,
    `CREATE TABLE chunk (
      id INTEGER PRIMARY KEY,
      selection_id INTEGER NOT NULL REFERENCES selection (id) ON DELETE CASCADE,
      block_start_ms INTEGER NOT NULL,
      series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
      samples INTEGER NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (selection_id, block_start_ms, series_id)
    ) STRICT`,
    `CREATE INDEX chunk_by_age ON chunk (block_start_ms, selection_id)`,
    `CREATE INDEX chunk_by_series ON chunk (series_id)`,
    `CREATE TABLE drawing (
      incident_id INTEGER PRIMARY KEY,
      checksum INTEGER NOT NULL,
      chart ANY NOT NULL
    ) STRICT`,
    `CREATE TABLE health (
      name TEXT PRIMARY KEY,
      health TEXT NOT NULL
    ) STRICT`,
    `PRAGMA user_version = 1`,
  ],
};
