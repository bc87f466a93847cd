import { join } from 'node:path';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { readCoverage, samplesBySourceVersion, type CoverageRow } from './cache/coverage-report.ts';
import { noEvidence, readEvidence, type EvidenceReport } from './cache/evidence-report.ts';
import { Keepsakes } from './cache/keepsakes.ts';
import { cacheMigrations } from './cache/migrations.ts';
import { openDatabase, schemaVersionOf, type SqliteDatabase } from './database.ts';
import { failureOf } from './failures.ts';
import { cacheFile, journalFile, shapeOf } from './files.ts';
import { Journal, type TimelinePage } from './journal/journal.ts';
import { journalMigrations } from './journal/migrations.ts';
import { latestVersion } from './migrate.ts';
import type { AlertRecord, IncidentRecord, NotificationRecord, WatchRecord } from './records.ts';
import { StatementCache } from './statement-cache.ts';

/**
 * Reads a data folder without owning it: over read-only connections, with or without a console running on
 * it, and after one was killed. It repairs, migrates and writes nothing. For the command line.
 */
export interface Inspection {
  readonly schema: { readonly journal: SchemaVersion; readonly cache: SchemaVersion | null };
  readonly incidents: readonly InspectedIncident[];
  /** How many the journal has; `incidents` are the newest of them. */
  readonly incidentsTotal: number;
  readonly watches: readonly WatchRecord[];
  readonly notifications: readonly NotificationRecord[];
  readonly notices: readonly Notice[];
  readonly sources: readonly SourceHealth[];
  readonly coverage: readonly CoverageRow[];
  readonly evidence: EvidenceReport;
  /** What could not be read, in sentences. */
  readonly problems: readonly string[];
}

interface SchemaVersion {
  readonly version: number;
  /** The newest that this OpsSight knows. */
  readonly known: number;
}

export interface InspectedIncident {
  readonly record: IncidentRecord;
  readonly alerts: readonly AlertRecord[];
  readonly timeline: TimelinePage;
}

type CachePart = Pick<Inspection, 'sources' | 'coverage' | 'evidence'> & {
  readonly cache: SchemaVersion | null;
};

const noCache: CachePart = { sources: [], coverage: [], evidence: noEvidence, cache: null };

/** @param limit most incidents, and most notifications, to read; the newest. */
export function inspectFolder(dataDirectory: string, limit: number): Result<Inspection, CommandFailure> {
  const path = join(dataDirectory, journalFile);
  if (shapeOf(path) === 'missing') {
    const message = 'There is no journal in ' + dataDirectory + '.';
    return failed(commandFailure('not-found', message, 'Name the data folder of a console with --data.'));
  }
  const problems: string[] = [];
  try {
    const journal = withDatabase(path, (database) => inspectJournal(database, limit, problems));
    const { cache, ...rest } = inspectCache(join(dataDirectory, cacheFile), problems);
    const { version, ...content } = journal;
    return success({ schema: { journal: version, cache }, ...content, ...rest, problems });
  } catch (error) {
    return failed(failureOf(error, 'The journal'));
  }
}

function inspectJournal(database: SqliteDatabase, limit: number, problems: string[]) {
  const journal = new Journal(database, (what, rows) =>
    problems.push(String(rows) + ' ' + what + ' of the journal cannot be read'),
  );
  const { newest, total } = journal.incidents(limit);
  const incidents = newest.map((record): InspectedIncident => ({
    record,
    alerts: journal.alerts(record.id),
    timeline: journal.timeline(record.id),
  }));
  return {
    version: { version: schemaVersionOf(database), known: latestVersion(journalMigrations) },
    incidents,
    incidentsTotal: total,
    watches: journal.watches(),
    notifications: journal.notifications(limit),
    notices: journal.notices(),
  };
}

/** The cache may be missing, damaged or of another version: that is a sentence, not a failure. */
function inspectCache(path: string, problems: string[]): CachePart {
  if (shapeOf(path) === 'missing') return noCache;
  try {
    return withDatabase(path, (database) => ({
      cache: { version: schemaVersionOf(database), known: latestVersion(cacheMigrations) },
      sources: new Keepsakes(database, new StatementCache(database)).health(),
      coverage: coverageOf(database, problems),
      evidence: readEvidence(database),
    }));
  } catch (error) {
    problems.push(failureOf(error, 'The cache').message);
    return noCache;
  }
}

/** The samples of an older cache are read once a console has started on it and moved them. */
function coverageOf(database: SqliteDatabase, problems: string[]): CoverageRow[] {
  const version = schemaVersionOf(database);
  if (version >= samplesBySourceVersion) return readCoverage(database);
  problems.push(`The samples of a cache of version ${version} are not read.`);
  return [];
}

/** Everything is read in one transaction: one moment of a console that may be writing. */
function withDatabase<Value>(path: string, read: (database: SqliteDatabase) => Value): Value {
  const database = openDatabase(path, { readonly: true });
  try {
    return database.transaction(() => read(database)).deferred();
  } finally {
    database.close();
  }
}
