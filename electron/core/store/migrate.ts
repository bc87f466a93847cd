import { schemaVersionOf, type SqliteDatabase } from './database.ts';

/**
 * Numbered, forward-only migrations. Each is one transaction whose last statement sets `user_version`, so
 * that a kill at any statement leaves the version before it or the version after it.
 */
export interface Migration {
  readonly version: number;
  /** Whole statements, run in order; the last one is `PRAGMA user_version = <version>`. */
  readonly statements: readonly (string | Conversion)[];
}

/** Among statements: what SQL alone cannot move from one shape to another. */
export interface Conversion {
  readonly name: string;
  readonly run: (database: SqliteDatabase) => void;
}

export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/**
 * Brings a database to the newest version.
 * @param beforeStatement called before each statement; what it throws ends that migration, undone.
 * @throws SqliteError where the disk refuses; the database is then at an earlier version, whole.
 */
export function migrate(
  database: SqliteDatabase,
  migrations: readonly Migration[],
  beforeStatement: (statement: string | Conversion) => void = () => undefined,
): void {
  for (const migration of migrations) {
    if (migration.version <= schemaVersionOf(database)) continue;
    const run = database.transaction(() => {
      for (const statement of migration.statements) {
        beforeStatement(statement);
        if (typeof statement === 'string') database.exec(statement);
        else statement.run(database);
      }
    });
    run.immediate();
  }
}
