import type { Migration } from '../../migrate.ts';

/**
 * What people decide about an incident beyond acknowledging it: one JSON text, since nothing is ever looked
 * for in it, and the incident it was merged into, for which something is. An alert that a merge moved knows
 * where it goes back to. What a person did is told in more than a word.
 */
export const migration0004: Migration = {
  version: 4,
  statements: [
    `ALTER TABLE incident ADD COLUMN verdicts TEXT NOT NULL DEFAULT '{}'`,
    `ALTER TABLE incident ADD COLUMN merged_into INTEGER REFERENCES incident (id)`,
    `CREATE INDEX incident_by_merge ON incident (merged_into) WHERE merged_into IS NOT NULL`,
    `ALTER TABLE alert ADD COLUMN home_incident_id INTEGER REFERENCES incident (id)`,
    `CREATE INDEX alert_by_home ON alert (home_incident_id) WHERE home_incident_id IS NOT NULL`,
    `ALTER TABLE audit ADD COLUMN detail TEXT NOT NULL DEFAULT ''`,
    `PRAGMA user_version = 4`,
  ],
};
