import type Database from 'better-sqlite3';
import type { SqliteDatabase } from './database.ts';

/**
 * The prepared statements of one connection, each made when it is first run: a database of a newer version
 * can then be opened even where some statement no longer fits it.
 */
export class StatementCache {
  readonly #database: SqliteDatabase;
  readonly #prepared = new Map<string, Database.Statement>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  run(sql: string, parameters: object = {}): Database.RunResult {
    return this.#statement(sql).run(parameters);
  }

  all(sql: string, parameters: object = {}): unknown[] {
    return this.#statement(sql).all(parameters);
  }

  get(sql: string, parameters: object = {}): unknown {
    return this.#statement(sql).get(parameters);
  }

  /** Row by row, for those who may stop early; nothing else can be run on the connection meanwhile. */
  each(sql: string, parameters: object = {}): IterableIterator<unknown> {
    return this.#statement(sql).iterate(parameters);
  }

  /** The one number that a statement of one row and one column answers. */
  number(sql: string, parameters: object = {}): number {
    const row = this.#statement(sql).get(parameters);
    return Number(typeof row === 'object' && row !== null ? Object.values(row)[0] : Number.NaN);
  }

  #statement(sql: string): Database.Statement {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}
