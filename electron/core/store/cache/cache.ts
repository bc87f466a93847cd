import { statSync } from 'node:fs';
import { join } from 'node:path';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import type { Runbook } from '#shared/model/runbook.ts';
import type { Chart } from '#shared/model/series.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import type { TraceSearch } from '#shared/model/trace.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import { dayMs, hourMs } from '#shared/time.ts';
import { closeDatabase, troubleOf, type SqliteDatabase } from '../database.ts';
import { failureOf } from '../failures.ts';
import { cacheFile } from '../files.ts';
import { evictedNotice } from '../notices.ts';
import { StatementCache } from '../statement-cache.ts';
import { IncidentKeepsakes, type CaptureKind } from './incident-keepsakes.ts';
import { Eviction, nothingEvicted, type Retention } from './eviction.ts';
import { Keepsakes } from './keepsakes.ts';
import type { KeptLogQuery, KeptLogs, LogScope, LogsToKeep } from './log-records.ts';
import {
  LogReader,
  type Covered,
  type LogCounts,
  type LogPage,
  type LogPageQuery,
} from './logs/log-reader.ts';
import { LogWriter } from './logs/log-writer.ts';
import { openCache, recreateCache } from './open-cache.ts';
import { PanelCharts } from './panel-charts.ts';
import { readBands, type Band } from './samples/band-reader.ts';
import { Bands } from './samples/bands.ts';
import { Compaction } from './samples/compaction.ts';
import { Coverage } from './samples/coverage.ts';
import { SampleWriter, type SamplesToKeep } from './samples/sample-writer.ts';
import { Scrub } from './samples/scrub.ts';
import { nothingKept, readSelection, type KeptSamples } from './samples/selection-reader.ts';
import { readSelector } from './samples/selector.ts';
import type { Window } from './samples/windows.ts';
import type { KeptTrace, TraceToKeep } from './trace-records.ts';
import { TraceStore, type TraceCursor, type TracePage } from './traces/trace-store.ts';

/**
 * The cache as the storage thread uses it: everything that can be fetched again. Damage that shows at any
 * time ends in an empty cache and a notice; a read that fails answers that nothing is kept.
 */
export interface CachePlace {
  readonly directory: string;
  /** In safe mode the file is left alone, and what is put is kept in memory. */
  readonly isLeftAlone: boolean;
  readonly onNotice: (notice: Notice) => void;
}

/** For this long samples, at full resolution, and log lines are kept without an incident that holds them. */
const retentionMs = 7 * dayMs;
const traceRetentionMs = 3 * dayMs;

const noCoverage: Covered = { coverage: [], fetchedAtMs: null };
const noTraces: TracePage = { traces: [], next: null, fetchedAtMs: null };

export class Cache {
  readonly #place: CachePlace;
  #database: SqliteDatabase;
  #isKept: boolean;
  #parts: Parts;
  #retainedAtMs = Number.NEGATIVE_INFINITY;

  constructor(place: CachePlace, nowMs: number) {
    const opened = openCache(place.directory, place.isLeftAlone, nowMs);
    opened.notices.forEach(place.onNotice);
    this.#place = place;
    this.#database = opened.database;
    this.#isKept = opened.isKept;
    this.#parts = partsOf(opened.database);
  }

  putSamples(input: SamplesToKeep, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ samples }) => refusal(samples.put(input), 'The samples are not kept'));
  }

  samples(source: string, selector: string, fromMs: number, toMs: number, nowMs: number): KeptSamples {
    return this.#read(nowMs, nothingKept, () => {
      const found = readSelection(this.#database, source, selector, fromMs, toMs);
      return found.ok ? found.value : nothingKept;
    });
  }

  /** Where within the range the samples of a selector are complete. */
  coverage(source: string, selector: string, fromMs: number, toMs: number, nowMs: number): readonly Window[] {
    return this.#read(nowMs, [], ({ statements }) => {
      const read = readSelector(selector);
      return read.ok ? new Coverage(statements).windows(source, read.value.matchers, fromMs, toMs) : [];
    });
  }

  bands(source: string, selector: string, fromMs: number, toMs: number, nowMs: number): readonly Band[] {
    return this.#read(nowMs, [], ({ statements }) => {
      const found = readBands(statements, source, selector, fromMs, toMs);
      return found.ok ? found.value : [];
    });
  }

  putDrawing(incidentId: number, chart: Chart, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ keepsakes }) => success(keepsakes.putDrawing(incidentId, chart)));
  }

  drawing(incidentId: number, nowMs: number): Chart | null {
    return this.#read(nowMs, null, ({ keepsakes }) => keepsakes.drawing(incidentId));
  }

  putHealth(sources: readonly SourceHealth[], nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ keepsakes }) => success(keepsakes.putHealth(sources)));
  }

  health(nowMs: number): SourceHealth[] {
    return this.#read(nowMs, [], ({ keepsakes }) => keepsakes.health());
  }

  putPanelChart(key: string, chart: Chart, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ charts }) => success(charts.put(key, chart, nowMs)));
  }

  putText(name: string, text: string, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ keepsakes }) => success(keepsakes.putText(name, text)));
  }

  text(name: string, nowMs: number): string | null {
    return this.#read(nowMs, null, ({ keepsakes }) => keepsakes.text(name));
  }

  panelChart(key: string, nowMs: number): Chart | null {
    return this.#read(nowMs, null, ({ charts }) => charts.find(key));
  }

  putLogs(input: LogsToKeep, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ logWriter }) => refusal(logWriter.put(input), 'The log lines are not kept'));
  }

  /** @returns null where the query cannot be answered from the cache. */
  logPage(query: LogPageQuery, nowMs: number): LogPage | null {
    return this.#read(nowMs, null, ({ logReader }) => orNull(logReader.page(query)));
  }

  logCounts(query: Parameters<LogReader['count']>[0], nowMs: number): LogCounts | null {
    return this.#read(nowMs, null, ({ logReader }) => orNull(logReader.count(query)));
  }

  logCoverage(query: KeptLogQuery, nowMs: number): Covered {
    return this.#read(nowMs, noCoverage, ({ logReader }) => logReader.covered(query));
  }

  logLabels(source: string, nowMs: number): ReturnType<LogReader['labels']> {
    return this.#read(nowMs, [], ({ logReader }) => logReader.labels(source));
  }

  incidentLogs(incidentId: number, nowMs: number): (KeptLogs & { readonly scope: LogScope }) | null {
    return this.#read(nowMs, null, ({ logReader }) => logReader.ofIncident(incidentId));
  }

  putTrace(input: TraceToKeep, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ traces }) => refusal(traces.put(input), 'The trace is not kept'));
  }

  trace(source: string, traceId: string, nowMs: number): KeptTrace | null {
    return this.#read(nowMs, null, ({ traces }) => traces.trace(source, traceId));
  }

  searchTraces(search: TraceSearch, limit: number, cursor: TraceCursor | null, nowMs: number): TracePage {
    return this.#read(nowMs, noTraces, ({ traces }) => traces.search(search, limit, cursor));
  }

  incidentTraces(incidentId: number, nowMs: number): TracePage {
    return this.#read(nowMs, noTraces, ({ traces }) => traces.ofIncident(incidentId));
  }

  traceServices(source: string, nowMs: number): string[] {
    return this.#read(nowMs, [], ({ traces }) => traces.services(source));
  }

  traceOperations(source: string, service: string, nowMs: number): string[] {
    return this.#read(nowMs, [], ({ traces }) => traces.operations(source, service));
  }

  putRunbook(incidentId: number, runbook: Runbook, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ incidents }) =>
      refusal(incidents.putRunbook(incidentId, runbook), 'The runbook is not kept'),
    );
  }

  runbook(incidentId: number, nowMs: number): Runbook | null {
    return this.#read(nowMs, null, ({ incidents }) => incidents.runbook(incidentId));
  }

  runbookAt(path: string, nowMs: number): Runbook | null {
    return this.#read(nowMs, null, ({ incidents }) => incidents.runbookAt(path));
  }

  putCapture(incidentId: number, kind: CaptureKind, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ incidents }) => success(incidents.putCapture(incidentId, kind, nowMs)));
  }

  captures(incidentIds: readonly number[], nowMs: number): ReturnType<IncidentKeepsakes['captures']> {
    return this.#read(nowMs, [], ({ incidents }) => incidents.captures(incidentIds));
  }

  forgetIncidentsAfter(lastIncidentId: number, nowMs: number): Result<void, CommandFailure> {
    return this.#write(nowMs, ({ samples, keepsakes, incidents, logWriter, traces }) => {
      const forget = this.#database.transaction(() => {
        for (const part of [samples, keepsakes, incidents, logWriter, traces])
          part.forgetIncidentsAfter(lastIncidentId);
      });
      return success(forget.immediate());
    });
  }

  /**
   * One step of idle work: drops what is past its retention, then the oldest over `maxBytes`; joins parts.
   * @returns whether there is more to do.
   */
  maintain(maxBytes: number, nowMs: number): boolean {
    return this.#read(nowMs, false, ({ eviction, compaction, bands, scrub }) => {
      const over = eviction.evict(maxBytes);
      if (over.dropped > 0) this.#place.onNotice(evictedNotice(over.oldestKeptMs ?? nowMs, maxBytes, nowMs));
      // Samples are summarised before they go.
      const isTidying = compaction.step(nowMs) || bands.step(nowMs);
      const isRetentionDue = !isTidying && Math.abs(nowMs - this.#retainedAtMs) >= hourMs;
      const old = isRetentionDue ? eviction.retain(retentionAt(nowMs)) : nothingEvicted;
      if (isRetentionDue && !old.isMore) this.#retainedAtMs = nowMs;
      const isScrubbing = !isTidying && scrub.step(nowMs);
      if (this.#isKept) this.#database.pragma('wal_checkpoint(TRUNCATE)');
      return old.isMore || over.isMore || isTidying || isScrubbing;
    });
  }

  /** Size of the file, and of what is in it. */
  size(): { readonly fileBytes: number; readonly usedBytes: number } {
    const path = join(this.#place.directory, cacheFile);
    const fileBytes = this.#isKept ? (statSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0;
    return { fileBytes, usedBytes: this.#parts.eviction.usedBytes() };
  }

  close(): void {
    closeDatabase(this.#database);
  }

  #read<Value>(nowMs: number, otherwise: Value, work: (parts: Parts) => Value): Value {
    try {
      return work(this.#parts);
    } catch (error) {
      this.#startOverIfDamaged(error, nowMs);
      return otherwise;
    }
  }

  #write(nowMs: number, work: (parts: Parts) => Result<void, CommandFailure>): Result<void, CommandFailure> {
    try {
      return work(this.#parts);
    } catch (error) {
      if (!this.#startOverIfDamaged(error, nowMs)) return failed(failureOf(error, 'The cache'));
    }
    try {
      return work(this.#parts);
    } catch (error) {
      return failed(failureOf(error, 'The cache'));
    }
  }

  /** @returns whether there is a new, empty cache now. */
  #startOverIfDamaged(error: unknown, nowMs: number): boolean {
    if (troubleOf(error) !== 'damaged' || !this.#isKept) return false;
    this.#database.close();
    const opened = recreateCache(this.#place.directory, messageOf(error), nowMs);
    this.#database = opened.database;
    this.#isKept = opened.isKept;
    this.#parts = partsOf(opened.database);
    opened.notices.forEach(this.#place.onNotice);
    return true;
  }
}

interface Parts {
  readonly samples: SampleWriter;
  readonly compaction: Compaction;
  readonly bands: Bands;
  readonly scrub: Scrub;
  readonly statements: StatementCache;
  readonly keepsakes: Keepsakes;
  readonly incidents: IncidentKeepsakes;
  readonly charts: PanelCharts;
  readonly logWriter: LogWriter;
  readonly logReader: LogReader;
  readonly traces: TraceStore;
  readonly eviction: Eviction;
}

function partsOf(database: SqliteDatabase): Parts {
  const statements = new StatementCache(database);
  const traces = new TraceStore(database, statements);
  return {
    samples: new SampleWriter(database, statements),
    compaction: new Compaction(database, statements),
    bands: new Bands(database, statements),
    scrub: new Scrub(statements),
    statements,
    keepsakes: new Keepsakes(database, statements),
    incidents: new IncidentKeepsakes(database, statements),
    charts: new PanelCharts(statements),
    logWriter: new LogWriter(database, statements),
    logReader: new LogReader(statements),
    traces,
    eviction: new Eviction(database, statements, traces),
  };
}

function retentionAt(nowMs: number): Retention {
  const beforeMs = nowMs - retentionMs;
  return {
    nowMs,
    samplesBeforeMs: beforeMs,
    logsBeforeMs: beforeMs,
    tracesBeforeMs: nowMs - traceRetentionMs,
  };
}

/** @param consequence as the start of a sentence. */
function refusal(put: Result<void, string>, consequence: string): Result<void, CommandFailure> {
  return put.ok
    ? put
    : failed(commandFailure('invalid-input', `${put.failure}.`, `${consequence}; report this.`));
}

function orNull<Value>(result: Result<Value, string>): Value | null {
  return result.ok ? result.value : null;
}
