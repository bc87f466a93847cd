import type { Migration } from '../migrate.ts';
import { migration0001 } from './migrations/0001-evidence.ts';
import { migration0002 } from './migrations/0002-logs-and-traces.ts';
import { migration0003 } from './migrations/0003-runbooks.ts';
import { migration0004 } from './migrations/0004-samples-by-source.ts';

/** The cache's history, oldest first. A released migration is never edited; add the next number. */
export const cacheMigrations: readonly Migration[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
];

/** What tells our cache from any other SQLite file: "OPSC", set by the first migration. */
export const cacheApplicationId = 0x4f50_5343;
