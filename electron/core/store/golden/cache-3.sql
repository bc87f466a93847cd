-- A cache as version 3 wrote it. Never edited: it stands for the caches that are out there.
PRAGMA application_id = 1330664259;
CREATE TABLE selection (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      selector TEXT NOT NULL,
      UNIQUE (source, selector)
    ) STRICT;
CREATE TABLE coverage (
      selection_id INTEGER NOT NULL REFERENCES selection (id) ON DELETE CASCADE,
      from_ms INTEGER NOT NULL,
      to_ms INTEGER NOT NULL,
      fetched_at_ms REAL NOT NULL,
      PRIMARY KEY (selection_id, from_ms)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE pin (
      selection_id INTEGER NOT NULL REFERENCES selection (id) ON DELETE CASCADE,
      incident_id INTEGER NOT NULL,
      from_ms INTEGER NOT NULL,
      to_ms INTEGER NOT NULL,
      PRIMARY KEY (selection_id, incident_id)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE series (
      id INTEGER PRIMARY KEY,
      selection_id INTEGER NOT NULL REFERENCES selection (id) ON DELETE CASCADE,
      labels TEXT NOT NULL,
      UNIQUE (selection_id, labels)
    ) STRICT;
CREATE TABLE chunk (
      id INTEGER PRIMARY KEY,
      selection_id INTEGER NOT NULL REFERENCES selection (id) ON DELETE CASCADE,
      block_start_ms INTEGER NOT NULL,
      series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
      samples INTEGER NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (selection_id, block_start_ms, series_id)
    ) STRICT;
CREATE INDEX chunk_by_age ON chunk (block_start_ms, selection_id);
CREATE INDEX chunk_by_series ON chunk (series_id);
CREATE TABLE drawing (
      incident_id INTEGER PRIMARY KEY,
      checksum INTEGER NOT NULL,
      chart ANY NOT NULL
    ) STRICT;
CREATE TABLE health (
      name TEXT PRIMARY KEY,
      health TEXT NOT NULL
    ) STRICT;
INSERT INTO selection VALUES (1, 'prometheus', 'up{job="api"}');
INSERT INTO coverage VALUES (1, 1795230000000, 1795230060000, 1795230061000);
INSERT INTO pin VALUES (1, 2, 1795230000000, 1795230060000);
INSERT INTO series VALUES (1, 1, '[["__name__","up"],["instance","10.0.0.1:80"],["job","api"]]');
INSERT INTO chunk VALUES (1, 1, 1795226400000, 1, 4, x'01a9b1eb0504000000427a1fc0be3fb000e03a9880dfb113ffb0fb000000000000000e0fefebb74bc6a7ef9d40');
INSERT INTO drawing VALUES (2, 2452338486, x'630000006d0100007b22626f6479223a7b226f726967696e223a7b226b696e64223a226c697665222c22736f75726365223a2270726f6d657468657573222c2261744d73223a313739353233303036313030307d2c2265787072657373696f6e223a227570203d3d2030222c22647261776e223a227570222c227468726573686f6c64223a7b226f70657261746f72223a223d3d222c2276616c7565223a307d2c2266726f6d4d73223a302c22746f4d73223a33302c22737465704d73223a31352c22736572696573223a5b7b226c6162656c73223a7b226a6f62223a22617069227d2c2274696d65734d73223a6e756c6c2c2276616c756573223a6e756c6c7d5d2c22736572696573546f74616c223a317d2c22636f6c756d6e73223a5b7b2270617468223a5b22736572696573222c302c2274696d65734d73225d2c226c656e677468223a337d2c7b2270617468223a5b22736572696573222c302c2276616c756573225d2c226c656e677468223a337d5d7d00000000000000000000000000000000002e400000000000003e40000000000000f03f000000000000e03f0000000000000000');
INSERT INTO health VALUES ('prometheus', '{"name":"prometheus","kind":"prometheus","url":"http://127.0.0.1:9090","state":"fresh","version":"3.5.0","latencyMs":12,"lastSuccessAtMs":2000,"lastAttemptAtMs":2000,"nextAttemptAtMs":17000,"staleSinceMs":null,"consecutiveFailures":0,"failure":null,"serverStartedAtMs":0,"clockSkewMs":0}');
CREATE TABLE log_stream (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      labels TEXT NOT NULL,
      fetched_at_ms REAL NOT NULL,
      lines INTEGER NOT NULL,
      UNIQUE (source, labels)
    ) STRICT;
CREATE TABLE log_line (
      id INTEGER PRIMARY KEY,
      stream_id INTEGER NOT NULL,
      time_ns INTEGER NOT NULL,
      digest INTEGER NOT NULL,
      level TEXT NOT NULL,
      text TEXT NOT NULL,
      metadata TEXT
    ) STRICT;
CREATE INDEX log_line_by_time ON log_line (time_ns, stream_id, digest);
CREATE VIRTUAL TABLE log_text USING fts5 (
      text, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
    );
CREATE TABLE log_scope (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      selector TEXT NOT NULL,
      filters TEXT NOT NULL,
      UNIQUE (source, selector, filters)
    ) STRICT;
CREATE TABLE log_coverage (
      scope_id INTEGER NOT NULL REFERENCES log_scope (id) ON DELETE CASCADE,
      from_ns INTEGER NOT NULL,
      to_ns INTEGER NOT NULL,
      fetched_at_ms REAL NOT NULL,
      PRIMARY KEY (scope_id, from_ns)
    ) STRICT, WITHOUT ROWID;
CREATE TABLE log_evidence (
      incident_id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      selector TEXT NOT NULL,
      filters TEXT NOT NULL,
      from_ns INTEGER,
      to_ns INTEGER,
      fetched_at_ms REAL NOT NULL
    ) STRICT;
CREATE TABLE log_pin (
      line_id INTEGER NOT NULL,
      incident_id INTEGER NOT NULL,
      PRIMARY KEY (line_id, incident_id)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX log_pin_by_incident ON log_pin (incident_id);
CREATE TABLE trace (
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
    ) STRICT;
CREATE INDEX trace_by_start ON trace (start_ns);
CREATE INDEX trace_by_trace_id ON trace (trace_id);
CREATE TABLE trace_operation (
      trace_row INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
      service TEXT NOT NULL,
      operation TEXT NOT NULL,
      PRIMARY KEY (trace_row, service, operation)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX trace_operation_by_service ON trace_operation (service, operation);
CREATE TABLE trace_pin (
      trace_row INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
      incident_id INTEGER NOT NULL,
      PRIMARY KEY (trace_row, incident_id)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX trace_pin_by_incident ON trace_pin (incident_id);
CREATE TABLE panel_chart (
      key TEXT PRIMARY KEY,
      kept_at_ms REAL NOT NULL,
      checksum INTEGER NOT NULL,
      chart ANY NOT NULL
    ) STRICT;
CREATE TABLE keepsake (
      name TEXT PRIMARY KEY,
      text TEXT NOT NULL
    ) STRICT;
INSERT INTO log_stream VALUES (1, 'loki', '[["app","api"]]', 1795230001000, 1);
INSERT INTO log_line VALUES (1, 1, 1795230000000000001, 325759885, 'error', 'upstream “timed out”', '[["trace_id","a1"]]');
INSERT INTO log_scope VALUES (1, 'loki', '{app="api"}', '');
INSERT INTO log_coverage VALUES (1, 1795230000000000000, 1795230001000000000, 1795230001000);
INSERT INTO log_evidence VALUES (2, 'loki', '{app="api"}', '', 1795230000000000000, 1795230001000000000, 1795230001000);
INSERT INTO log_pin VALUES (1, 2);
INSERT INTO trace VALUES (1, 'jaeger', 'a1', 1795230000000000001, 5, 1, 1795230001000, '{"traceId":"a1","source":"jaeger","rootService":"cart","rootOperation":"GET /cart","startNs":"1795230000000000001","durationNs":5,"spanCount":1,"errorCount":0,"orphanCount":0,"services":[{"name":"cart","spans":1,"errors":0}]}', 3723301897, x'658fcb6a02510c865f45fef5012f45c4b32fa58b765377328b740c72b06486244717e2bb4bc6292a6695908fff72862bb5fcb94306cd91d06bd7b2191bf2f60c633d969691d1923a12c85dcb6ff5e1df5c9a04eb4946b8271984664f4314b2a42cfef34fdc8d9067095dcf4a5e3a41c6c7fb66321ddd0e452258a460458239a97f1b32e6abf572f1f6e813e177f52613c872c0bd065dc538d29b9357fb6233da47a99742097c64f1e8d324fc15398ceb89548aec872b5a3fdd57');
INSERT INTO trace_operation VALUES (1, 'cart', 'GET /cart');
INSERT INTO trace_pin VALUES (1, 2);
INSERT INTO panel_chart VALUES ('prometheus up', 1795230000000, 2452338486, x'630000006d0100007b22626f6479223a7b226f726967696e223a7b226b696e64223a226c697665222c22736f75726365223a2270726f6d657468657573222c2261744d73223a313739353233303036313030307d2c2265787072657373696f6e223a227570203d3d2030222c22647261776e223a227570222c227468726573686f6c64223a7b226f70657261746f72223a223d3d222c2276616c7565223a307d2c2266726f6d4d73223a302c22746f4d73223a33302c22737465704d73223a31352c22736572696573223a5b7b226c6162656c73223a7b226a6f62223a22617069227d2c2274696d65734d73223a6e756c6c2c2276616c756573223a6e756c6c7d5d2c22736572696573546f74616c223a317d2c22636f6c756d6e73223a5b7b2270617468223a5b22736572696573222c302c2274696d65734d73225d2c226c656e677468223a337d2c7b2270617468223a5b22736572696573222c302c2276616c756573225d2c226c656e677468223a337d5d7d00000000000000000000000000000000002e400000000000003e40000000000000f03f000000000000e03f0000000000000000');
INSERT INTO log_text (rowid, text) SELECT id, text FROM log_line;
CREATE TABLE runbook (
      id INTEGER PRIMARY KEY,
      digest INTEGER NOT NULL,
      title TEXT NOT NULL,
      path TEXT NOT NULL,
      written_at_ms REAL NOT NULL,
      markdown TEXT NOT NULL
    ) STRICT;
CREATE INDEX runbook_by_digest ON runbook (digest);
CREATE TABLE runbook_pin (
      incident_id INTEGER PRIMARY KEY,
      runbook_id INTEGER NOT NULL REFERENCES runbook (id) ON DELETE CASCADE,
      read_at_ms REAL NOT NULL
    ) STRICT;
CREATE INDEX runbook_pin_by_runbook ON runbook_pin (runbook_id);
CREATE TABLE capture (
      incident_id INTEGER NOT NULL,
      kind TEXT NOT NULL,
      captured_at_ms REAL NOT NULL,
      PRIMARY KEY (incident_id, kind)
    ) STRICT, WITHOUT ROWID;
INSERT INTO runbook VALUES (1, 1476800565, 'Disk full', 'storage/disk-full.md', 1795000000000.5, '# Disk full

Look “here” first.');
INSERT INTO runbook_pin VALUES (2, 1, 1795230001000);
INSERT INTO capture VALUES (2, 'logs', 1795230331000);
PRAGMA user_version = 3;
