import type { Migration } from '../../migrate.ts';

/**
 * When the host was asked to show a notification, the summary that told of it instead, until when a person
 * put it off; and settings, such as until when no notification is wanted. Whatever was intended before was
 * asked at once.
 */
export const migration0003: Migration = {
  version: 3,
  statements: [
    `ALTER TABLE notification ADD COLUMN asked_at_ms REAL`,
    `ALTER TABLE notification ADD COLUMN summary_id TEXT`,
    `ALTER TABLE notification ADD COLUMN snoozed_until_ms REAL`,
    `UPDATE notification SET asked_at_ms = intended_at_ms`,
    `CREATE TABLE setting (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT`,
    `PRAGMA user_version = 3`,
  ],
};
