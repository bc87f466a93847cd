import type { CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import type { TimelineEntry } from '#shared/model/incident.ts';
import type { Runbook } from '#shared/model/runbook.ts';
import type { Chart } from '#shared/model/series.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import type { TraceSearch } from '#shared/model/trace.ts';
import type { Result } from '#shared/result.ts';
import type { CaptureKind, IncidentKeepsakes } from './cache/incident-keepsakes.ts';
import type { KeptLogQuery, KeptLogs, LogScope, LogsToKeep } from './cache/log-records.ts';
import type { Covered, LogCounts, LogPage, LogPageQuery, LogReader } from './cache/logs/log-reader.ts';
import type { Band } from './cache/samples/band-reader.ts';
import type { SamplesToKeep } from './cache/samples/sample-writer.ts';
import type { KeptSamples } from './cache/samples/selection-reader.ts';
import type { Window } from './cache/samples/windows.ts';
import type { KeptTrace, TraceToKeep } from './cache/trace-records.ts';
import type { TraceCursor, TracePage } from './cache/traces/trace-store.ts';
import type { AuditEntry, AuditQuery } from './journal/audit-page.ts';
import type { FiredPage, FiredQuery } from './journal/fired-alerts.ts';
import type {
  AlertRecord,
  IncidentRecord,
  JournalChange,
  JournalState,
  NotificationRecord,
  OutboxRecord,
  TendedSilenceRecord,
} from './records.ts';

/**
 * What the core's thread and the storage thread say to each other. Each call has a number, and each is
 * answered once; the clock of the core's thread goes along, so that the storage thread needs none.
 */
interface StoreCalls {
  open: (input: OpenInput) => StoreMode;
  load: (input: { readonly resolvedSinceMs: number }) => JournalState;
  commit: (input: readonly JournalChange[]) => void;
  incident: (input: { readonly id: number }) => IncidentRecord | null;
  alerts: (input: { readonly incidentId: number }) => AlertRecord[];
  fired: (input: FiredQuery) => FiredPage;
  timeline: (input: { readonly incidentId: number }) => TimelineEntry[];
  notifications: (input: { readonly limit: number }) => NotificationRecord[];
  audit: (input: AuditQuery) => AuditEntry[];
  setting: (input: { readonly key: string }) => string | null;
  outbox: (input: null) => OutboxRecord[];
  tendedSilences: (input: null) => TendedSilenceRecord[];
  putSamples: (input: SamplesToKeep) => void;
  samples: (input: SamplesQuery) => KeptSamples;
  coverage: (input: SamplesQuery) => readonly Window[];
  bands: (input: SamplesQuery) => readonly Band[];
  putDrawing: (input: { readonly incidentId: number; readonly chart: Chart }) => void;
  drawing: (input: { readonly incidentId: number }) => Chart | null;
  putHealth: (input: readonly SourceHealth[]) => void;
  health: (input: null) => SourceHealth[];
  putText: (input: { readonly name: string; readonly text: string }) => void;
  text: (input: { readonly name: string }) => string | null;
  putPanelChart: (input: { readonly key: string; readonly chart: Chart }) => void;
  panelChart: (input: { readonly key: string }) => Chart | null;
  putRunbook: (input: { readonly incidentId: number; readonly runbook: Runbook }) => void;
  runbook: (input: { readonly incidentId: number }) => Runbook | null;
  runbookAt: (input: { readonly path: string }) => Runbook | null;
  putCapture: (input: { readonly incidentId: number; readonly kind: CaptureKind }) => void;
  captures: (input: { readonly incidentIds: readonly number[] }) => ReturnType<IncidentKeepsakes['captures']>;
  putLogs: (input: LogsToKeep) => void;
  logPage: (input: LogPageQuery) => LogPage | null;
  logCounts: (input: Parameters<LogReader['count']>[0]) => LogCounts | null;
  logCoverage: (input: KeptLogQuery) => Covered;
  logLabels: (input: { readonly source: string }) => ReturnType<LogReader['labels']>;
  incidentLogs: (input: { readonly incidentId: number }) => (KeptLogs & { readonly scope: LogScope }) | null;
  putTrace: (input: TraceToKeep) => void;
  trace: (input: { readonly source: string; readonly traceId: string }) => KeptTrace | null;
  searchTraces: (input: TracesQuery) => TracePage;
  incidentTraces: (input: { readonly incidentId: number }) => TracePage;
  traceServices: (input: { readonly source: string }) => string[];
  traceOperations: (input: { readonly source: string; readonly service: string }) => string[];
  maintain: (input: { readonly maxCacheBytes: number }) => { readonly isMore: boolean };
  sizes: (input: null) => StoreSizes;
  close: (input: null) => void;
}
export type CallName = keyof StoreCalls;
export type InputOf<Name extends CallName> = Parameters<StoreCalls[Name]>[0];
export type OutputOf<Name extends CallName> = ReturnType<StoreCalls[Name]>;

export interface OpenInput {
  readonly dataDirectory: string;
  readonly safeMode: boolean;
  /**
   * Of the thread before this one, where a core goes on from what it has in memory: then only the same
   * journal will do, as it stands. Null at a start, which takes what it finds and mends what it must.
   */
  readonly goesOnAs: StoreMode | null;
}

/**
 * `kept`: what is committed is durable. `read-only`: the journal can be read, each commit fails by name.
 * `memory`: there is no usable disk, and what is committed lasts as long as the core.
 */
export type StoreMode = 'kept' | 'read-only' | 'memory';

interface SamplesQuery {
  readonly source: string;
  readonly selector: string;
  readonly fromMs: number;
  readonly toMs: number;
}

interface TracesQuery {
  readonly search: TraceSearch;
  readonly limit: number;
  readonly cursor: TraceCursor | null;
}

export interface StoreSizes {
  readonly journalBytes: number;
  readonly journalLogBytes: number;
  readonly cacheFileBytes: number;
  readonly cacheUsedBytes: number;
}

export type StoreRequest = {
  readonly [Name in CallName]: {
    readonly sequence: number;
    readonly name: Name;
    readonly input: InputOf<Name>;
    readonly nowMs: number;
  };
}[CallName];

/**
 * A part of a commit that comes: handed over in pieces, because copying ten thousand changes at once would keep
 * the core's thread from everything else.
 */
export interface CommitPart {
  readonly partOf: number;
  readonly changes: readonly JournalChange[];
}

export interface StoreAnswer {
  readonly sequence: number;
  readonly outcome: Result<unknown, CommandFailure>;
  readonly tookMs: number;
  /** What came up during the call and a person must know; in the journal already where it can be. */
  readonly notices: readonly Notice[];
}
