import type { Migration } from '../migrate.ts';
import { migration0001 } from './migrations/0001-incidents.ts';

/** The journal's history, oldest first. A released migration is never edited; add the next number. */
export const journalMigrations: readonly Migration[] = [migration0001];

/** What tells our journal from any other SQLite file: "OPSJ", set by the first migration. */
export const journalApplicationId = 0x4f50_534a;
