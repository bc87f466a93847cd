-- A journal as version 5 wrote it. Never edited: it stands for the journals that are out there.
PRAGMA application_id = 1330664266;
CREATE TABLE incident (
      id INTEGER PRIMARY KEY,
      group_key TEXT NOT NULL,
      title TEXT NOT NULL,
      service TEXT NOT NULL,
      opened_at_ms REAL NOT NULL,
      resolved_at_ms REAL,
      acknowledged_by TEXT,
      acknowledged_at_ms REAL,
      revision INTEGER NOT NULL
    ) STRICT;
CREATE INDEX incident_by_resolution ON incident (resolved_at_ms);
CREATE TABLE alert (
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
    ) STRICT;
CREATE TABLE timeline (
      id INTEGER PRIMARY KEY,
      incident_id INTEGER NOT NULL REFERENCES incident (id),
      at_ms REAL NOT NULL,
      kind TEXT NOT NULL,
      text TEXT NOT NULL,
      detail TEXT NOT NULL,
      by TEXT NOT NULL
    ) STRICT;
CREATE INDEX timeline_by_incident ON timeline (incident_id, at_ms);
CREATE TABLE watch (
      source TEXT PRIMARY KEY,
      last_success_at_ms REAL NOT NULL,
      server_started_at_ms REAL
    ) STRICT;
CREATE TABLE notification (
      id TEXT PRIMARY KEY,
      incident_id INTEGER NOT NULL,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      severity TEXT NOT NULL,
      intended_at_ms REAL NOT NULL,
      outcome TEXT,
      outcome_at_ms REAL,
      opened_at_ms REAL
    ) STRICT;
CREATE INDEX notification_by_intent ON notification (intended_at_ms);
CREATE INDEX notification_pending ON notification (intended_at_ms) WHERE outcome IS NULL;
CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      at_ms REAL NOT NULL,
      by TEXT NOT NULL,
      action TEXT NOT NULL,
      target TEXT NOT NULL,
      outcome TEXT NOT NULL
    ) STRICT;
CREATE TABLE notice (
      id TEXT PRIMARY KEY,
      severity TEXT NOT NULL,
      message TEXT NOT NULL,
      next_step TEXT NOT NULL,
      at_ms REAL NOT NULL,
      dismissed_at_ms REAL
    ) STRICT;
INSERT INTO incident VALUES (1, 'alertname="HighErrorRate",service="backend"', 'HighErrorRate', 'backend', 1000, 90000.5, 'o''hara', 5000, 1);
INSERT INTO incident VALUES (2, 'alertname="HighErrorRate",service="backend"', 'HighErrorRate', 'backend', 1000, NULL, NULL, NULL, 1);
INSERT INTO alert VALUES (1, '0123456789abcdef', '{"alertname":"HighErrorRate","service":"backend","severity":"critical"}', '{"summary":"5xx 7.79/s"}', 'http://prometheus.example/graph?g0.expr=up', 1000, 1500.25, NULL, 'firing', '[]', '[]', '[{"source":"alertmanager-a","reporting":true,"says":"firing","lastSeenAtMs":2000,"serverStartedAtMs":10}]');
INSERT INTO alert VALUES (2, '0123456789abcdef', '{"alertname":"HighErrorRate","service":"backend","severity":"critical"}', '{"summary":"5xx 7.79/s"}', 'http://prometheus.example/graph?g0.expr=up', 1000, 1500.25, NULL, 'firing', '[]', '[]', '[{"source":"alertmanager-a","reporting":true,"says":"firing","lastSeenAtMs":2000,"serverStartedAtMs":10}]');
INSERT INTO timeline VALUES (1, 1, 1000, 'opened', 'Incident opened', '', '');
INSERT INTO timeline VALUES (2, 2, 1000, 'opened', 'Incident opened', '', '');
INSERT INTO timeline VALUES (3, 2, 7000, 'note', 'Rolled back', '“v41” → “v40”', 'a.okafor');
INSERT INTO watch VALUES ('alertmanager-a', 9000, 10);
INSERT INTO notification VALUES ('notification-1', 2, 'HighErrorRate backend', '5xx 7.79/s', '{"level":"critical","word":"Critical"}', 1000, NULL, NULL, NULL);
INSERT INTO audit VALUES (1, 5000, 'o''hara', 'acknowledge', 'INC-1', 'done');
INSERT INTO notice VALUES ('journal-restored-1', 'warning', 'It was restored.', 'Check the disk.', 1, NULL);
CREATE TABLE rule_group (
      key TEXT PRIMARY KEY,
      last_slot_at_ms REAL NOT NULL,
      state TEXT NOT NULL
    ) STRICT;
INSERT INTO rule_group VALUES ('rules.yml;example', 1795230000000, '{"alerts":[]}');
ALTER TABLE notification ADD COLUMN asked_at_ms REAL;
ALTER TABLE notification ADD COLUMN summary_id TEXT;
ALTER TABLE notification ADD COLUMN snoozed_until_ms REAL;
CREATE TABLE setting (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT;
UPDATE notification SET asked_at_ms = 1000, snoozed_until_ms = 901000 WHERE id = 'notification-1';
INSERT INTO notification VALUES ('summary-1', 0, '2 incidents fire', 'Critical: “HighErrorRate”', '{"level":"critical","word":"Critical"}', 2000, 'shown', 2500, NULL, 2000, NULL, NULL);
INSERT INTO setting VALUES ('notifications-paused', '{"fromMs":1000,"untilMs":2000}');
ALTER TABLE incident ADD COLUMN verdicts TEXT NOT NULL DEFAULT '{}';
ALTER TABLE incident ADD COLUMN merged_into INTEGER REFERENCES incident (id);
CREATE INDEX incident_by_merge ON incident (merged_into) WHERE merged_into IS NOT NULL;
ALTER TABLE alert ADD COLUMN home_incident_id INTEGER REFERENCES incident (id);
CREATE INDEX alert_by_home ON alert (home_incident_id) WHERE home_incident_id IS NOT NULL;
ALTER TABLE audit ADD COLUMN detail TEXT NOT NULL DEFAULT '';
UPDATE incident SET verdicts = '{"snoozed":{"by":"a.okafor","atMs":8000,"untilMs":null,"alertCount":1,"worst":"critical"},"assignedTo":"o''hara","noise":null,"holdsSilence":false,"forgotten":null,"handledAtMs":8000,"asksAgainSinceMs":null,"split":null}' WHERE id = 2;
UPDATE incident SET merged_into = 1 WHERE id = 2;
UPDATE alert SET home_incident_id = 1 WHERE incident_id = 2;
INSERT INTO audit VALUES (2, 8000, 'a.okafor', 'snooze', 'INC-2', 'done', 'until it gets worse');
CREATE TABLE outbox (
      id TEXT PRIMARY KEY,
      created_at_ms REAL NOT NULL,
      settled_at_ms REAL,
      entry TEXT NOT NULL
    ) STRICT;
CREATE TABLE tended_silence (
      id TEXT PRIMARY KEY,
      cluster TEXT NOT NULL,
      care TEXT NOT NULL,
      incident_id INTEGER,
      quiet_since_ms REAL,
      ends_after_quiet_ms REAL,
      created_at_ms REAL NOT NULL,
      ended_at_ms REAL
    ) STRICT;
CREATE INDEX tended_silence_open ON tended_silence (id) WHERE ended_at_ms IS NULL;
INSERT INTO outbox VALUES ('entry-2', 9000, NULL, '{"of":"another"}');
INSERT INTO outbox VALUES ('entry-1', 8000.5, 9000, '{"of":"o''hara"}');
INSERT INTO tended_silence VALUES ('0d589c71-794e-4232-ae97-5047d3a7b453', 'alertmanager-a', 'acknowledgement', 2, NULL, NULL, 9000, NULL);
INSERT INTO tended_silence VALUES ('11111111-794e-4232-ae97-5047d3a7b453', 'alertmanager-a', 'self-ending', NULL, 9500, 600000, 9000, 9900);
PRAGMA user_version = 5;
