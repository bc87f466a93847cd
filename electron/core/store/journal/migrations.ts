import type { Migration } from '../migrate.ts';
import { migration0001 } from './migrations/0001-incidents.ts';
import { migration0002 } from './migrations/0002-rules.ts';
import { migration0003 } from './migrations/0003-notification-delivery.ts';
import { migration0004 } from './migrations/0004-verdicts.ts';
import { migration0005 } from './migrations/0005-outbox.ts';

/** The journal's history, oldest first. A released migration is never edited; add the next number. */
export const journalMigrations: readonly Migration[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
];

/** What tells our journal from any other SQLite file: "OPSJ", set by the first migration. */
export const journalApplicationId = 0x4f50_534a;
