import type { CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import type { TimelineEntry } from '#shared/model/incident.ts';
import type { Runbook } from '#shared/model/runbook.ts';
import type { Chart } from '#shared/model/series.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import type { TraceSearch } from '#shared/model/trace.ts';
import { drop, failed, success, type Result } from '#shared/result.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import type { CaptureKind, IncidentKeepsakes } from './cache/incident-keepsakes.ts';
import type { KeptLogs, KeptVolume, LogCache, LogsToKeep } from './cache/log-records.ts';
import { putLogs, readLogs, readLogVolume } from './cache/logs/log-calls.ts';
import type { Band } from './cache/samples/band-reader.ts';
import type { SamplesToKeep } from './cache/samples/sample-writer.ts';
import { nothingKept, type KeptSamples } from './cache/samples/selection-reader.ts';
import type { Window } from './cache/samples/windows.ts';
import type { KeptSummaries, KeptTrace, TraceCache, TraceToKeep } from './cache/trace-records.ts';
import { noTraces, putTraces, searchTraces } from './cache/traces/trace-calls.ts';
import type { StoreMode, StoreSizes } from './calls.ts';
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
import { StoreClient, type SlowCalls } from './store-client.ts';

/**
 * The store as the core uses it: journal and cache behind one door, on a thread of their own. The core
 * opens it once, after claiming the data folder (`lock.ts`), and closes it once. A thread that ends is
 * followed by another.
 *
 * Writes answer with a named failure. Reads of the cache answer that nothing is kept where it cannot be
 * read, since that is what a cache means. Reads of the journal have no such answer: where the journal
 * cannot be read they reject with a `StoreError`, and the core ought to end and be started again.
 */
export interface StoreOptions {
  readonly dataDirectory: string;
  /** The cache on disk is left alone; what is put is kept in memory. */
  readonly safeMode: boolean;
  /** Told as it happens. Also in the journal, with the same id, wherever that can be written. */
  readonly onNotice: (notice: Notice) => void;
  readonly nowMs: () => number;
  /** Size from which the oldest of what no incident holds is dropped; 2 GiB unless given. */
  readonly maxCacheBytes?: number;
  /** Before each attempt to start a storage thread that ended again. */
  readonly restartDelaysMs?: readonly number[];
}

export interface StoreStats extends StoreSizes {
  /** By name of the call: those that took longer than 40 ms. */
  readonly slowCalls: Readonly<Record<string, SlowCalls>>;
}

/** The journal cannot be read: its disk fails, or the storage thread is gone. */
export class StoreError extends Error {
  readonly failure: CommandFailure;

  constructor(failure: CommandFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

const defaultMaxCacheBytes = 2 * 2 ** 30;
const firstMaintenanceMs = 10 * secondMs;
const maintenanceMs = minuteMs;
const moreMaintenanceMs = secondMs;

/** @returns a failure where there is nothing to work on: no folder, or another process has the journal. */
export async function openStore(options: StoreOptions): Promise<Result<Store, CommandFailure>> {
  const client = new StoreClient(options);
  const opened = await client.open();
  if (opened.ok) {
    const maxCacheBytes = options.maxCacheBytes ?? defaultMaxCacheBytes;
    return success(new Store(client, opened.value, maxCacheBytes, options.dataDirectory));
  }
  await client.close();
  return failed(opened.failure);
}

export class Store implements LogCache, TraceCache {
  /** Whether what is committed lasts; anything but `kept` came with a notice. */
  readonly mode: StoreMode;
  readonly dataDirectory: string;
  readonly #client: StoreClient;
  readonly #maxCacheBytes: number;
  #maintenance: NodeJS.Timeout;
  #isClosed = false;

  constructor(client: StoreClient, mode: StoreMode, maxCacheBytes: number, dataDirectory: string) {
    this.#client = client;
    this.mode = mode;
    this.dataDirectory = dataDirectory;
    this.#maxCacheBytes = maxCacheBytes;
    this.#maintenance = this.#maintainIn(firstMaintenanceMs);
  }

  /** Open incidents and those resolved since, and all else that the core goes on from. */
  async load(resolvedSinceMs: number): Promise<JournalState> {
    return valueOf(await this.#client.call('load', { resolvedSinceMs }));
  }

  /** One transaction, whole or not at all; durable once this answers success. */
  commit(changes: readonly JournalChange[]): Promise<Result<void, CommandFailure>> {
    return this.#client.call('commit', changes);
  }

  async incident(id: number): Promise<IncidentRecord | null> {
    return valueOf(await this.#client.call('incident', { id }));
  }

  async alerts(incidentId: number): Promise<AlertRecord[]> {
    return valueOf(await this.#client.call('alerts', { incidentId }));
  }

  /** What fired and a silence would have hidden, newest first and a page at a time. */
  async fired(query: FiredQuery): Promise<FiredPage> {
    return valueOf(await this.#client.call('fired', query));
  }

  /** Oldest first; of a longer timeline the newest 2,000. */
  async timeline(incidentId: number): Promise<TimelineEntry[]> {
    return valueOf(await this.#client.call('timeline', { incidentId }));
  }

  /** Newest first. */
  async notifications(limit: number): Promise<NotificationRecord[]> {
    return valueOf(await this.#client.call('notifications', { limit }));
  }

  /** A page of the audit trail, in the order it was written. */
  async audit(query: AuditQuery): Promise<AuditEntry[]> {
    return valueOf(await this.#client.call('audit', query));
  }

  /** Of the journal; null where it is not set. */
  async setting(key: string): Promise<string | null> {
    return valueOf(await this.#client.call('setting', { key }));
  }

  /** Changes of silences, in the order in which they were put. */
  async outbox(): Promise<OutboxRecord[]> {
    return valueOf(await this.#client.call('outbox', null));
  }

  /** Silences that the console still looks after. */
  async tendedSilences(): Promise<TendedSilenceRecord[]> {
    return valueOf(await this.#client.call('tendedSilences', null));
  }

  /** Keeps raw samples and that they are all there is in their window. */
  putSamples(samples: SamplesToKeep): Promise<Result<void, CommandFailure>> {
    return this.#client.call('putSamples', samples);
  }

  /** What is kept of a selection, and where it is complete; outside of that nothing is known. */
  async samples(source: string, selector: string, fromMs: number, toMs: number): Promise<KeptSamples> {
    const answer = await this.#client.call('samples', { source, selector, fromMs, toMs });
    return answer.ok ? answer.value : nothingKept;
  }

  /** Where within the range a selection is complete; what no file has to be read for. */
  async coverage(source: string, selector: string, fromMs: number, toMs: number): Promise<readonly Window[]> {
    const answer = await this.#client.call('coverage', { source, selector, fromMs, toMs });
    return answer.ok ? answer.value : [];
  }

  /** Summaries of a selection, which outlive its samples: to draw as bands, never input to a query. */
  async bands(source: string, selector: string, fromMs: number, toMs: number): Promise<readonly Band[]> {
    const answer = await this.#client.call('bands', { source, selector, fromMs, toMs });
    return answer.ok ? answer.value : [];
  }

  /** Keeps the last drawing of an incident, for as long as there is the incident. */
  putDrawing(incidentId: number, chart: Chart): Promise<Result<void, CommandFailure>> {
    return this.#client.call('putDrawing', { incidentId, chart });
  }

  async drawing(incidentId: number): Promise<Chart | null> {
    const answer = await this.#client.call('drawing', { incidentId });
    return answer.ok ? answer.value : null;
  }

  /** Replaces what was known of all sources. */
  putHealth(sources: readonly SourceHealth[]): Promise<Result<void, CommandFailure>> {
    return this.#client.call('putHealth', sources);
  }

  async health(): Promise<SourceHealth[]> {
    const answer = await this.#client.call('health', null);
    return answer.ok ? answer.value : [];
  }

  /** Keeps a text by its name, to be replaced by the next of that name. */
  putText(name: string, text: string): Promise<Result<void, CommandFailure>> {
    return this.#client.call('putText', { name, text });
  }

  async text(name: string): Promise<string | null> {
    const answer = await this.#client.call('text', { name });
    return answer.ok ? answer.value : null;
  }

  /** Keeps the last chart of a panel. @param key its source and expression. */
  putPanelChart(key: string, chart: Chart): Promise<Result<void, CommandFailure>> {
    return this.#client.call('putPanelChart', { key, chart });
  }

  async panelChart(key: string): Promise<Chart | null> {
    const answer = await this.#client.call('panelChart', { key });
    return answer.ok ? answer.value : null;
  }

  /** Keeps the runbook that was read for an incident. */
  putRunbook(incidentId: number, runbook: Runbook): Promise<Result<void, CommandFailure>> {
    return this.#client.call('putRunbook', { incidentId, runbook });
  }

  /** As it was read for the incident last. */
  async runbook(incidentId: number): Promise<Runbook | null> {
    const answer = await this.#client.call('runbook', { incidentId });
    return answer.ok ? answer.value : null;
  }

  /** As it was read last for any incident, by its path or address. */
  async runbookAt(path: string): Promise<Runbook | null> {
    const answer = await this.#client.call('runbookAt', { path });
    return answer.ok ? answer.value : null;
  }

  /** That evidence of an incident was fetched whole. */
  putCapture(incidentId: number, kind: CaptureKind): Promise<Result<void, CommandFailure>> {
    return this.#client.call('putCapture', { incidentId, kind });
  }

  /** Which evidence was fetched whole, of the incidents asked for. */
  async captures(incidentIds: readonly number[]): Promise<ReturnType<IncidentKeepsakes['captures']>> {
    const answer = await this.#client.call('captures', { incidentIds });
    return answer.ok ? answer.value : [];
  }

  putLogs(input: LogsToKeep): Promise<Result<void, CommandFailure>> {
    return putLogs(this.#client, input);
  }

  logs(query: Parameters<LogCache['logs']>[0]): Promise<KeptLogs> {
    return readLogs(this.#client, query);
  }

  logVolume(query: Parameters<LogCache['logVolume']>[0]): Promise<KeptVolume> {
    return readLogVolume(this.#client, query);
  }

  async logLabels(source: string): ReturnType<LogCache['logLabels']> {
    const answer = await this.#client.call('logLabels', { source });
    return answer.ok ? answer.value : [];
  }

  async incidentLogs(incidentId: number): ReturnType<LogCache['incidentLogs']> {
    const answer = await this.#client.call('incidentLogs', { incidentId });
    return answer.ok ? answer.value : null;
  }

  putTraces(traces: readonly TraceToKeep[]): Promise<Result<void, CommandFailure>> {
    return putTraces(this.#client, traces);
  }

  async trace(source: string, traceId: string): Promise<KeptTrace | null> {
    const answer = await this.#client.call('trace', { source, traceId });
    return answer.ok ? answer.value : null;
  }

  searchTraces(search: TraceSearch): Promise<KeptSummaries> {
    return searchTraces(this.#client, search);
  }

  async incidentTraces(incidentId: number): Promise<KeptSummaries> {
    const answer = await this.#client.call('incidentTraces', { incidentId });
    if (!answer.ok) return noTraces;
    const { traces, next, fetchedAtMs } = answer.value;
    return { traces, isMore: next !== null, fetchedAtMs };
  }

  async traceServices(source: string): Promise<readonly string[]> {
    const answer = await this.#client.call('traceServices', { source });
    return answer.ok ? answer.value : [];
  }

  async traceOperations(source: string, service: string): Promise<readonly string[]> {
    const answer = await this.#client.call('traceOperations', { source, service });
    return answer.ok ? answer.value : [];
  }

  async stats(): Promise<StoreStats> {
    const sizes = valueOf(await this.#client.call('sizes', null));
    return { ...sizes, slowCalls: this.#client.slowCalls() };
  }

  /** Everything is in its file afterwards, and the next start need not check it. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#maintenance);
    await this.#client.close();
  }

  #maintainIn(delayMs: number): NodeJS.Timeout {
    return setTimeout(
      () => drop(this.#maintain(), 'each call answers its failures as values'),
      delayMs,
    ).unref();
  }

  /** Idle work waits for a moment in which nobody else does. */
  async #maintain(): Promise<void> {
    const isIdle = !this.#client.isBusy;
    const done = isIdle ? await this.#client.call('maintain', { maxCacheBytes: this.#maxCacheBytes }) : null;
    if (this.#isClosed) return;
    const isMore = done === null || (done.ok && done.value.isMore);
    this.#maintenance = this.#maintainIn(isMore ? moreMaintenanceMs : maintenanceMs);
  }
}

function valueOf<Value>(result: Result<Value, CommandFailure>): Value {
  if (!result.ok) throw new StoreError(result.failure);
  return result.value;
}
