import { crc32 } from 'node:zlib';
import type { Runbook } from '#shared/model/runbook.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { DamagedContent, type SqliteDatabase } from '../database.ts';
import type { StatementCache } from '../statement-cache.ts';
import * as sql from './statements.ts';

/** Evidence around the start of an incident that is fetched once, by kind. */
export type CaptureKind = 'logs' | 'traces';

/**
 * What an incident keeps of its own: the runbook that was read for it, and which of its evidence was
 * fetched whole. Used by `Cache`; throws `DamagedContent` where a runbook is not what was written.
 */
export class IncidentKeepsakes {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;

  constructor(database: SqliteDatabase, statements: StatementCache) {
    this.#database = database;
    this.#statements = statements;
  }

  /**
   * The same text is kept once, for however many incidents; of different ones the 200 read last.
   * @returns a sentence where it cannot be kept.
   */
  putRunbook(incidentId: number, { readAtMs, ...runbook }: Runbook): Result<void, string> {
    if (runbook.markdown.length > maxLength) return failed('The runbook is larger than 1 MiB');
    const content = { ...runbook, digest: crc32(runbook.markdown) };
    const write = this.#database.transaction(() => {
      const known =
        this.#statements.get(sql.findRunbook, content) ?? this.#statements.get(sql.addRunbook, content);
      const { id: runbookId } = known as { readonly id: number };
      this.#statements.run(sql.putRunbookPin, { incidentId, runbookId, readAtMs });
      this.#statements.run(sql.removeUnpinnedRunbooks);
      this.#statements.run(sql.removeOldRunbooks, { maxRunbooks });
    });
    write.immediate();
    return success(undefined);
  }

  runbook(incidentId: number): Runbook | null {
    return believed(this.#statements.get(sql.runbookOfIncident, { incidentId }));
  }

  /** As it was read last for any incident that still has it. */
  runbookAt(path: string): Runbook | null {
    return believed(this.#statements.get(sql.runbookByPath, { path }));
  }

  putCapture(incidentId: number, kind: CaptureKind, capturedAtMs: number): void {
    this.#statements.run(sql.putCapture, { incidentId, kind, capturedAtMs });
    this.#statements.run(sql.removeOldCaptures, { beforeId: incidentId - maxCaptured });
  }

  /** Kinds that were fetched whole, by incident, of those asked for. */
  captures(incidentIds: readonly number[]): { readonly incidentId: number; readonly kind: CaptureKind }[] {
    const rows = this.#statements.all(sql.capturesOf, { incidentIds: JSON.stringify(incidentIds) });
    return rows as { readonly incidentId: number; readonly kind: CaptureKind }[];
  }

  /** Incidents after the last one of the journal are of a journal that was lost: their numbers come again. */
  forgetIncidentsAfter(lastIncidentId: number): void {
    this.#statements.run(sql.removeLaterRunbookPins, { lastIncidentId });
    this.#statements.run(sql.removeLaterCaptures, { lastIncidentId });
    this.#statements.run(sql.removeUnpinnedRunbooks);
  }
}

const maxRunbooks = 200;
/** UTF-16 units. The reader of the folder takes less. */
const maxLength = 2 ** 20;
/** Incidents that came so many before this one are not asked about any more. */
const maxCaptured = 20_000;

function believed(row: unknown): Runbook | null {
  if (row === undefined) return null;
  const { digest, ...runbook } = row as Runbook & { readonly digest: number };
  if (crc32(runbook.markdown) !== digest) throw new DamagedContent('a runbook does not match its checksum');
  return runbook;
}
