import type { Migration } from '../../migrate.ts';

/**
 * The first journal: incidents and all that happened to them, what sources were last known to say, what
 * a person was told and did. Points in time are milliseconds since 1970 in REAL columns, which keep every
 * number exactly; label sets and lists are JSON.
 */
export const migration0001: Migration = {
  version: 1,
  statements: [
    `PRAGMA application_id = 1330664266`,
    `CREATE TABLE incident (
      id INTEGER PRIMARY KEY,
      group_key TEXT NOT NULL,
      title TEXT NOT NULL,
      service TEXT NOT NULL,
      opened_at_ms REAL NOT NULL,
      resolved_at_ms REAL,
      acknowledged_by TEXT,
      acknowledged_at_ms REAL,
      revision INTEGER NOT NULL
    ) STRICT`,
    `CREATE INDEX incident_by_resolution ON incident (resolved_at_ms)`,
    `CREATE TABLE alert (
      incident_id INTEGER NOT NULL REFERENCES incident (id),
      fingerprint TEXT NOT NULL,
      labels TEXT NOT NULL,
      annotations TEXT NOT NULL,
      generator_url TEXT NOT NULL,
      starts_at_ms REAL NOT NULL,
      first_seen_at_ms REAL NOT NULL,
      ended_at_ms REAL,
      state TEXT NOT NULL,
      silenced_by TEXT NOT NULL,
      inhibited_by TEXT NOT NULL,
      witnesses TEXT NOT NULL,
      PRIMARY KEY (incident_id, fingerprint)
    ) STRICT`,
    `CREATE TABLE timeline (
      id INTEGER PRIMARY KEY,
      incident_id INTEGER NOT NULL REFERENCES incident (id),
      at_ms REAL NOT NULL,
      kind TEXT NOT NULL,
      text TEXT NOT NULL,
      detail TEXT NOT NULL,
      by TEXT NOT NULL
    ) STRICT`,
    `CREATE INDEX timeline_by_incident ON timeline (incident_id, at_ms)`,
    `CREATE TABLE watch (
      source TEXT PRIMARY KEY,
      last_success_at_ms REAL NOT NULL,
      server_started_at_ms REAL
    ) STRICT`,
    `CREATE TABLE notification (
      id TEXT PRIMARY KEY,
      incident_id INTEGER NOT NULL,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      severity TEXT NOT NULL,
      intended_at_ms REAL NOT NULL,
      outcome TEXT,
      outcome_at_ms REAL,
      opened_at_ms REAL
    ) STRICT`,
    `CREATE INDEX notification_by_intent ON notification (intended_at_ms)`,
    `CREATE INDEX notification_pending ON notification (intended_at_ms) WHERE outcome IS NULL`,
    `CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      at_ms REAL NOT NULL,
      by TEXT NOT NULL,
      action TEXT NOT NULL,
      target TEXT NOT NULL,
      outcome TEXT NOT NULL
    ) STRICT`,
    `CREATE TABLE notice (
      id TEXT PRIMARY KEY,
      severity TEXT NOT NULL,
      message TEXT NOT NULL,
      next_step TEXT NOT NULL,
      at_ms REAL NOT NULL,
      dismissed_at_ms REAL
    ) STRICT`,
    `PRAGMA user_version = 1`,
  ],
};
