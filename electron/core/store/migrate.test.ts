import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { cacheMigrations } from './cache/migrations.ts';
import {
  createPrivateFile,
  isSound,
  openDatabase,
  schemaVersionOf,
  type SqliteDatabase,
} from './database.ts';
import { journalMigrations } from './journal/migrations.ts';
import { migrate, type Migration } from './migrate.ts';

let cleanup: Cleanup;
let directory: string;

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
});

afterEach(() => cleanup.run());

function open(name: string): SqliteDatabase {
  const path = join(directory, name);
  if (!existsSync(path)) createPrivateFile(path);
  const database = openDatabase(path);
  cleanup.add(() => database.close());
  return database;
}

interface Shape {
  readonly version: number;
  readonly schema: unknown[];
}

function shapeOf(database: SqliteDatabase): Shape {
  const schema = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
  return { version: schemaVersionOf(database), schema };
}

function firstLineOf(statement: Migration['statements'][number]): string {
  const text = typeof statement === 'string' ? statement : statement.name;
  return text.trim().split('\n')[0] ?? '';
}

/** A journal of two versions with content, so that a kill can fall between and within both. */
const twoVersions: readonly Migration[] = [
  {
    version: 1,
    statements: [`CREATE TABLE a (x)`, `INSERT INTO a VALUES (1), (2)`, `PRAGMA user_version = 1`],
  },
  {
    version: 2,
    statements: [
      `CREATE TABLE b (y)`,
      `INSERT INTO b SELECT x * 10 FROM a`,
      `DROP TABLE a`,
      `ALTER TABLE b RENAME TO a`,
      `PRAGMA user_version = 2`,
    ],
  },
];

const histories = [
  ['the journal', journalMigrations],
  ['the cache', cacheMigrations],
  ['two versions', twoVersions],
] as const;

describe.each(histories)('migrations of %s', (_what, migrations) => {
  const statements = migrations.flatMap((migration) => migration.statements);

  test('are numbered from 1 and end by setting their number', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
    for (const { version, statements: own } of migrations) {
      expect(own.at(-1)).toBe(`PRAGMA user_version = ${version}`);
    }
  });

  test('run once', () => {
    const database = open('a.db');
    migrate(database, migrations);
    const shape = shapeOf(database);
    migrate(database, migrations, () => expect.unreachable('there is nothing left to migrate'));
    expect(shapeOf(database)).toEqual(shape);
  });

  /** The files as a kill at that statement leaves them: a copy taken in the middle of the transaction. */
  test.each(statements.map((statement, index) => [index, firstLineOf(statement)]))(
    'killed before statement %i (%s) leave a version before or after, and go on',
    (killedAt) => {
      const whole = open('whole.db');
      const shapes = [shapeOf(whole)];
      for (const [index] of migrations.entries()) {
        migrate(whole, migrations.slice(0, index + 1));
        shapes.push(shapeOf(whole));
      }
      const killed = open('killed.db');
      killed.pragma('journal_mode = WAL');
      let statement = 0;
      migrate(killed, migrations, () => {
        if (statement++ !== killedAt) return;
        for (const suffix of ['', '-wal']) {
          copyFileSync(join(directory, `killed.db${suffix}`), join(directory, `image.db${suffix}`));
        }
      });
      const image = open('image.db');
      expect(isSound(image)).toBe(true);
      expect(shapes).toContainEqual(shapeOf(image));
      migrate(image, migrations);
      expect(shapeOf(image)).toEqual(shapes.at(-1));
    },
  );

  test.each(statements.map((_, index) => [index]))('failing at statement %i are undone', (failsAt) => {
    const database = open('a.db');
    let statement = 0;
    const failing = (): void =>
      migrate(database, migrations, () => {
        if (statement++ === failsAt) throw new Error('the disk is full');
      });
    expect(failing).toThrow('the disk is full');
    expect(database.inTransaction).toBe(false);
    const versions = [0, ...migrations.map(({ version }) => version)];
    expect(versions).toContain(schemaVersionOf(database));
    migrate(database, migrations);
    expect(schemaVersionOf(database)).toBe(versions.at(-1));
  });
});
