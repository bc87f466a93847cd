import type { Migration } from '../../migrate.ts';

/**
 * Local rules: for each group the slot evaluated last and the state of its rules and their alerts, so that
 * a `for:` goes on over a restart. One row per group, replaced whole with every slot.
 */
export const migration0002: Migration = {
  version: 2,
  statements: [
    `CREATE TABLE rule_group (
      key TEXT PRIMARY KEY,
      last_slot_at_ms REAL NOT NULL,
      state TEXT NOT NULL
    ) STRICT`,
    `PRAGMA user_version = 2`,
  ],
};
