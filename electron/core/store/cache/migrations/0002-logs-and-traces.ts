import type { Migration } from '../../migrate.ts';

/**
 * Log lines, traces and the charts of panels. A line is kept once by stream, time and text; `digest` is the
 * CRC-32 of its text, which finds its like and tells damage. `log_text` holds the trigrams of the lines
 * under their ids and nothing else: what it finds is a candidate, to be compared with the line. Times of
 * lines and spans are whole nanoseconds; coverage includes its start and not its end.
 */
export const migration0002: Migration = {
  version: 2,
  statements: [
    `CREATE TABLE log_stream (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      labels TEXT NOT NULL,
      fetched_at_ms REAL NOT NULL,
      lines INTEGER NOT NULL,
      UNIQUE (source, labels)
    ) STRICT`,
    `CREATE TABLE log_line (
      id INTEGER PRIMARY KEY,
      stream_id INTEGER NOT NULL,
      time_ns INTEGER NOT NULL,
      digest INTEGER NOT NULL,
      level TEXT NOT NULL,
      text TEXT NOT NULL,
      metadata TEXT
    ) STRICT`,
    `CREATE INDEX log_line_by_time ON log_line (time_ns, stream_id, digest)`,
    `CREATE VIRTUAL TABLE log_text USING fts5 (
      text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
    )`,
    `CREATE TABLE log_scope (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      selector TEXT NOT NULL,
      filters TEXT NOT NULL,
      UNIQUE (source, selector, filters)
    ) STRICT`,
    `CREATE TABLE log_coverage (
      scope_id INTEGER NOT NULL REFERENCES log_scope (id) ON DELETE CASCADE,
      from_ns INTEGER NOT NULL,
      to_ns INTEGER NOT NULL,
      fetched_at_ms REAL NOT NULL,
      PRIMARY KEY (scope_id, from_ns)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE log_evidence (
      incident_id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      selector TEXT NOT NULL,
      filters TEXT NOT NULL,
      from_ns INTEGER,
      to_ns INTEGER,
      fetched_at_ms REAL NOT NULL
    ) STRICT`,
    `CREATE TABLE log_pin (
      line_id INTEGER NOT NULL,
      incident_id INTEGER NOT NULL,
      PRIMARY KEY (line_id, incident_id)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX log_pin_by_incident ON log_pin (incident_id)`,
    `CREATE TABLE trace (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      trace_id TEXT NOT NULL,
      start_ns INTEGER NOT NULL,
      duration_ns REAL NOT NULL,
      spans INTEGER NOT NULL,
      fetched_at_ms REAL NOT NULL,
      summary TEXT NOT NULL,
      checksum INTEGER NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (source, trace_id)
    ) STRICT`,
    `CREATE INDEX trace_by_start ON trace (start_ns)`,
    `CREATE INDEX trace_by_trace_id ON trace (trace_id)`,
    `CREATE TABLE trace_operation (
      trace_row INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
      service TEXT NOT NULL,
      operation TEXT NOT NULL,
      PRIMARY KEY (trace_row, service, operation)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX trace_operation_by_service ON trace_operation (service, operation)`,
    `CREATE TABLE trace_pin (
      trace_row INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
      incident_id INTEGER NOT NULL,
      PRIMARY KEY (trace_row, incident_id)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX trace_pin_by_incident ON trace_pin (incident_id)`,
    `CREATE TABLE panel_chart (
      key TEXT PRIMARY KEY,
      kept_at_ms REAL NOT NULL,
      checksum INTEGER NOT NULL,
      chart ANY NOT NULL
    ) STRICT`,
    `CREATE TABLE keepsake (
      name TEXT PRIMARY KEY,
      text TEXT NOT NULL
    ) STRICT`,
    `PRAGMA user_version = 2`,
  ],
};
