import { schemaVersionOf, type SqliteDatabase } from '../database.ts';
import { StatementCache } from '../statement-cache.ts';
import type { CaptureKind } from './incident-keepsakes.ts';
import * as sql from './statements.ts';

/**
 * How much the cache holds of log lines, traces and runbooks, and what of it incidents hold on to, for a
 * reader that only looks. Times in nanoseconds are text: no number of JavaScript holds them.
 */
export interface EvidenceReport {
  /** By source. */
  readonly logs: readonly LogSize[];
  /** By source. */
  readonly traces: readonly TraceSize[];
  /** By path. */
  readonly runbooks: readonly RunbookSize[];
  /** By incident, the newest first: those that hold anything. */
  readonly pinned: readonly PinnedEvidence[];
}

interface TimeRange {
  /** Of the first and the last. */
  readonly fromNs: string;
  readonly toNs: string;
}

export interface LogSize extends TimeRange {
  readonly source: string;
  readonly streams: number;
  readonly lines: number;
  /** Of texts and metadata, without the index. */
  readonly bytes: number;
}

export interface TraceSize extends TimeRange {
  readonly source: string;
  readonly traces: number;
  readonly spans: number;
  /** As stored: compressed. */
  readonly bytes: number;
}

export interface RunbookSize {
  readonly path: string;
  readonly title: string;
  readonly writtenAtMs: number;
  readonly readAtMs: number;
  readonly bytes: number;
  /** That it was read for. */
  readonly incidents: number;
}

interface PinnedSize extends TimeRange {
  readonly count: number;
  readonly bytes: number;
}

export interface PinnedEvidence {
  readonly incidentId: number;
  readonly lines: PinnedSize | null;
  readonly traces: PinnedSize | null;
  /** Path of the one that was read for it. */
  readonly runbook: string | null;
  /** When what surrounds its start was fetched whole; null where that is not done, or could not be. */
  readonly logsCapturedAtMs: number | null;
  readonly tracesCapturedAtMs: number | null;
}

export const noEvidence: EvidenceReport = { logs: [], traces: [], runbooks: [], pinned: [] };

const logsSinceVersion = 2;
const runbooksSinceVersion = 3;

/** Of a cache of any version: an older one has less. Throws what SQLite throws. */
export function readEvidence(database: SqliteDatabase): EvidenceReport {
  const version = schemaVersionOf(database);
  if (version < logsSinceVersion) return noEvidence;
  const statements = new StatementCache(database);
  const hasRunbooks = version >= runbooksSinceVersion;
  return {
    logs: statements.all(sql.sizeOfLogs) as LogSize[],
    traces: statements.all(sql.sizeOfTraces) as TraceSize[],
    runbooks: hasRunbooks ? (statements.all(sql.sizeOfRunbooks) as RunbookSize[]) : [],
    pinned: pinnedOf(statements, hasRunbooks),
  };
}

type OfIncident = { readonly incidentId: number };

function pinnedOf(statements: StatementCache, hasRunbooks: boolean): PinnedEvidence[] {
  const pinned = new Map<number, PinnedEvidence>();
  const add = (incidentId: number, part: Partial<PinnedEvidence>): void => {
    pinned.set(incidentId, { ...(pinned.get(incidentId) ?? nothingOf(incidentId)), ...part });
  };
  for (const { incidentId, ...lines } of statements.all(sql.pinnedLines) as (OfIncident & PinnedSize)[])
    add(incidentId, { lines });
  for (const { incidentId, ...traces } of statements.all(sql.pinnedTraces) as (OfIncident & PinnedSize)[])
    add(incidentId, { traces });
  if (hasRunbooks) {
    for (const { incidentId, path } of statements.all(sql.pinnedRunbooks) as (OfIncident & {
      path: string;
    })[])
      add(incidentId, { runbook: path });
    const captures = statements.all(sql.allCaptures) as (OfIncident & {
      readonly kind: CaptureKind;
      readonly capturedAtMs: number;
    })[];
    for (const { incidentId, kind, capturedAtMs } of captures)
      add(incidentId, { [kind === 'logs' ? 'logsCapturedAtMs' : 'tracesCapturedAtMs']: capturedAtMs });
  }
  return [...pinned.values()].sort((left, right) => right.incidentId - left.incidentId);
}

function nothingOf(incidentId: number): PinnedEvidence {
  const nothing = { lines: null, traces: null, runbook: null };
  return { incidentId, ...nothing, logsCapturedAtMs: null, tracesCapturedAtMs: null };
}
