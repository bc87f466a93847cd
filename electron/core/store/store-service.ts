import { statSync } from 'node:fs';
import { join } from 'node:path';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { hourMs } from '#shared/time.ts';
import { Cache } from './cache/cache.ts';
import type { CallName, InputOf, OutputOf, OpenInput, StoreMode, StoreSizes } from './calls.ts';
import { troubleOf } from './database.ts';
import { failureOf, folderFailure } from './failures.ts';
import { ensurePrivateFolder, journalFile } from './files.ts';
import { backUp, isBackupDue } from './journal/backups.ts';
import { Journal } from './journal/journal.ts';
import { journalMigrations } from './journal/migrations.ts';
import { closeJournal, openJournal, type OpenedJournal } from './journal/recovery.ts';
import { backupFailedNotice, unreadableRowsNotice } from './notices.ts';
import type { JournalChange } from './records.ts';

/**
 * Both databases of a data folder, and what is done with them for each call. It lives on the storage
 * thread and knows neither threads nor clocks; `store-worker.ts` brings it calls with the time of each.
 */
export type CallHandlers = {
  readonly [Name in Exclude<CallName, 'commit' | 'open' | 'close'>]: (
    input: InputOf<Name>,
    nowMs: number,
  ) => Result<OutputOf<Name>, CommandFailure>;
};

export class StoreService {
  readonly #directory: string;
  readonly #journalFile: OpenedJournal;
  readonly #journal: Journal;
  readonly #cache: Cache;
  readonly #notices: Notice[] = [];
  /** Damage was seen since the start: the next start must look closely. */
  #isTrusted = true;
  #nowMs: number;
  #backupTriedAtMs = Number.NEGATIVE_INFINITY;

  /** @returns a failure where the folder cannot be used at all, or another process has the journal. */
  static open(input: OpenInput, nowMs: number): Result<StoreService, CommandFailure> {
    const place = {
      directory: input.dataDirectory,
      nowMs,
      migrations: journalMigrations,
      mayReplace: input.goesOnAs === null,
    };
    try {
      ensurePrivateFolder(input.dataDirectory);
    } catch (error) {
      // A folder that is there but not ours may still be read.
      const isFolder = statSync(input.dataDirectory, { throwIfNoEntry: false })?.isDirectory() === true;
      if (!isFolder) return failed(folderFailure(input.dataDirectory, error));
    }
    const journal = openJournal(place);
    if (!journal.ok) return journal;
    const service = new StoreService(input, journal.value, nowMs);
    if (input.goesOnAs === null || service.mode === input.goesOnAs) return success(service);
    service.close();
    return failed(journal.value.readOnly ?? changedJournalFailure());
  }

  private constructor(input: OpenInput, journalFile: OpenedJournal, nowMs: number) {
    this.#directory = input.dataDirectory;
    this.#journalFile = journalFile;
    this.#nowMs = nowMs;
    this.#journal = new Journal(journalFile.database, (what, rows) =>
      this.#tell(unreadableRowsNotice(what, rows, this.#nowMs)),
    );
    journalFile.notices.forEach((notice) => this.#tell(notice));
    this.#cache = new Cache(
      {
        directory: input.dataDirectory,
        isLeftAlone: input.safeMode,
        onNotice: (notice) => this.#tell(notice),
      },
      nowMs,
    );
    // A core that goes on has incidents that the journal does not have yet.
    if (this.mode === 'kept' && input.goesOnAs === null)
      this.#cache.forgetIncidentsAfter(this.#journal.lastIncidentId(), nowMs);
  }

  get mode(): StoreMode {
    if (this.#journalFile.readOnly !== null) return 'read-only';
    return this.#journalFile.isKept ? 'kept' : 'memory';
  }

  readonly handlers: CallHandlers = {
    load: ({ resolvedSinceMs }) => this.#readJournal((journal) => journal.load(resolvedSinceMs)),
    incident: ({ id }) => this.#readJournal((journal) => journal.incident(id)),
    alerts: ({ incidentId }) => this.#readJournal((journal) => journal.alerts(incidentId)),
    fired: (query) => this.#readJournal((journal) => journal.fired(query)),
    timeline: ({ incidentId }) => this.#readJournal((journal) => journal.timeline(incidentId).entries),
    notifications: ({ limit }) => this.#readJournal((journal) => journal.notifications(limit)),
    audit: (query) => this.#readJournal((journal) => journal.audit(query)),
    setting: ({ key }) => this.#readJournal((journal) => journal.setting(key)),
    outbox: () => this.#readJournal((journal) => journal.outbox()),
    tendedSilences: () => this.#readJournal((journal) => journal.tendedSilences()),
    putSamples: (input, nowMs) => this.#cache.putSamples(input, nowMs),
    samples: ({ source, selector, fromMs, toMs }, nowMs) =>
      success(this.#cache.samples(source, selector, fromMs, toMs, nowMs)),
    coverage: ({ source, selector, fromMs, toMs }, nowMs) =>
      success(this.#cache.coverage(source, selector, fromMs, toMs, nowMs)),
    bands: ({ source, selector, fromMs, toMs }, nowMs) =>
      success(this.#cache.bands(source, selector, fromMs, toMs, nowMs)),
    putDrawing: ({ incidentId, chart }, nowMs) => this.#cache.putDrawing(incidentId, chart, nowMs),
    drawing: ({ incidentId }, nowMs) => success(this.#cache.drawing(incidentId, nowMs)),
    putHealth: (sources, nowMs) => this.#cache.putHealth(sources, nowMs),
    health: (_input, nowMs) => success(this.#cache.health(nowMs)),
    putText: ({ name, text }, nowMs) => this.#cache.putText(name, text, nowMs),
    text: ({ name }, nowMs) => success(this.#cache.text(name, nowMs)),
    putPanelChart: ({ key, chart }, nowMs) => this.#cache.putPanelChart(key, chart, nowMs),
    panelChart: ({ key }, nowMs) => success(this.#cache.panelChart(key, nowMs)),
    putRunbook: ({ incidentId, runbook }, nowMs) => this.#cache.putRunbook(incidentId, runbook, nowMs),
    runbook: ({ incidentId }, nowMs) => success(this.#cache.runbook(incidentId, nowMs)),
    runbookAt: ({ path }, nowMs) => success(this.#cache.runbookAt(path, nowMs)),
    putCapture: ({ incidentId, kind }, nowMs) => this.#cache.putCapture(incidentId, kind, nowMs),
    captures: ({ incidentIds }, nowMs) => success(this.#cache.captures(incidentIds, nowMs)),
    putLogs: (input, nowMs) => this.#cache.putLogs(input, nowMs),
    logPage: (query, nowMs) => success(this.#cache.logPage(query, nowMs)),
    logCounts: (query, nowMs) => success(this.#cache.logCounts(query, nowMs)),
    logCoverage: (query, nowMs) => success(this.#cache.logCoverage(query, nowMs)),
    logLabels: ({ source }, nowMs) => success(this.#cache.logLabels(source, nowMs)),
    incidentLogs: ({ incidentId }, nowMs) => success(this.#cache.incidentLogs(incidentId, nowMs)),
    putTrace: (input, nowMs) => this.#cache.putTrace(input, nowMs),
    trace: ({ source, traceId }, nowMs) => success(this.#cache.trace(source, traceId, nowMs)),
    searchTraces: ({ search, limit, cursor }, nowMs) =>
      success(this.#cache.searchTraces(search, limit, cursor, nowMs)),
    incidentTraces: ({ incidentId }, nowMs) => success(this.#cache.incidentTraces(incidentId, nowMs)),
    traceServices: ({ source }, nowMs) => success(this.#cache.traceServices(source, nowMs)),
    traceOperations: ({ source, service }, nowMs) =>
      success(this.#cache.traceOperations(source, service, nowMs)),
    maintain: ({ maxCacheBytes }, nowMs) => {
      this.#nowMs = nowMs;
      const isMore = this.#cache.maintain(maxCacheBytes, nowMs);
      this.#keepJournal(nowMs);
      return success({ isMore });
    },
    sizes: () => success(this.#sizes()),
  };

  /** Several commits that waited at the same time: one transaction, an outcome each. */
  commitAll(lists: readonly (readonly JournalChange[])[]): Result<void, CommandFailure>[] {
    const { readOnly } = this.#journalFile;
    if (readOnly !== null) return lists.map(() => failed(readOnly));
    const outcomes = this.#journal.commitAll(lists);
    if (outcomes.some((outcome) => !outcome.ok && outcome.failure.code === 'unavailable'))
      this.#isTrusted = false;
    return outcomes;
  }

  /** Notices since the last time they were taken. */
  takeNotices(): Notice[] {
    return this.#notices.splice(0);
  }

  close(): void {
    this.#cache.close();
    closeJournal(this.#journalFile, this.#isTrusted);
  }

  /** Never silent: told to whoever is there, and kept for whoever comes. */
  #tell(notice: Notice): void {
    this.#notices.push(notice);
    if (this.mode !== 'read-only') this.#journal.commitAll([[{ kind: 'notice', record: notice }]]);
  }

  #readJournal<Value>(read: (journal: Journal) => Value): Result<Value, CommandFailure> {
    try {
      return success(read(this.#journal));
    } catch (error) {
      if (troubleOf(error) === 'damaged') this.#isTrusted = false;
      return failed(failureOf(error, 'The journal'));
    }
  }

  #keepJournal(nowMs: number): void {
    if (this.mode !== 'kept') return;
    const { database } = this.#journalFile;
    try {
      database.pragma('wal_checkpoint(TRUNCATE)');
      if (nowMs - this.#backupTriedAtMs < hourMs) return;
      // An empty journal is not worth a place among the few backups that are kept.
      if (this.#journal.lastIncidentId() === 0 || !isBackupDue(this.#directory, nowMs)) return;
    } catch (error) {
      this.#backupTriedAtMs = nowMs;
      return this.#tell(backupFailedNotice(failureOf(error, 'The journal'), nowMs));
    }
    this.#backupTriedAtMs = nowMs;
    const made = backUp(database, this.#directory, nowMs);
    if (!made.ok) this.#tell(backupFailedNotice(made.failure, nowMs));
  }

  #sizes(): StoreSizes {
    const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const journal = join(this.#directory, journalFile);
    const cache = this.#cache.size();
    return {
      journalBytes: sizeOf(journal),
      journalLogBytes: sizeOf(journal + '-wal'),
      cacheFileBytes: cache.fileBytes,
      cacheUsedBytes: cache.usedBytes,
    };
  }
}

function changedJournalFailure(): CommandFailure {
  return commandFailure('unavailable', 'The journal is not what it was.', 'Restart the console.');
}

export function notOpenFailure(): CommandFailure {
  return commandFailure('unavailable', 'The store is not open.', 'Restart the console.');
}
