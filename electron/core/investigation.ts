import { evidenceCommands } from '#core/commands/evidence-commands.ts';
import { logCommands } from '#core/commands/log-commands.ts';
import { overviewCommands } from '#core/commands/overview-commands.ts';
import { traceCommands } from '#core/commands/trace-commands.ts';
import { CaptureRounds } from '#core/evidence/capture-rounds.ts';
import { incidentSubject, namedService, type IncidentSubject } from '#core/evidence/incident-subject.ts';
import { LogsService } from '#core/logs/logs-service.ts';
import { OverviewReader } from '#core/overview/overview-reader.ts';
import { RunbookShelf } from '#core/runbooks/runbook-shelf.ts';
import type { SourceSet } from '#core/source-set.ts';
import type { AlertRecord } from '#core/store/records.ts';
import type { Store } from '#core/store/store.ts';
import { errorSearch, TracesService } from '#core/traces/traces-service.ts';
import type { TraceList } from '#shared/model/trace.ts';
import { minuteMs } from '#shared/time.ts';

/**
 * Everything around an incident that is looked at and not decided: logs, traces, dashboards, runbooks.
 * Joins them with the sources and the store, pins what surrounds the start of an incident, and answers
 * the commands about them.
 */
export interface InvestigationOptions {
  readonly store: Store;
  readonly sources: SourceSet;
  readonly runbooksFolder: () => string;
  /** Alerts of an incident in memory or in the journal; undefined where there is no such incident. */
  readonly alertsOf: (id: number) => Promise<readonly AlertRecord[] | undefined>;
  /** Something of an incident was pinned. */
  readonly onPinned: (incidentId: number, pinned: Pinned) => void;
  readonly nowMs: () => number;
}

export interface Pinned {
  readonly lines: number;
  readonly traces: number;
}

const tracesBeforeMs = 5 * minuteMs;
const tracesAfterMs = 10 * minuteMs;
const maxTraces = 40;

export class Investigation {
  readonly logs: LogsService;
  readonly #options: InvestigationOptions;
  readonly #traces: TracesService;
  readonly #overview: OverviewReader;
  readonly #runbooks: RunbookShelf;
  readonly #rounds: CaptureRounds<IncidentSubject>;

  constructor(options: InvestigationOptions) {
    const { store, sources, nowMs, runbooksFolder } = options;
    this.#options = options;
    this.logs = new LogsService({ sources: () => sources.logSources(), cache: store, nowMs });
    this.#traces = new TracesService({ sources: () => sources.traceSources(), cache: store, nowMs });
    this.#overview = new OverviewReader({
      sources: () => sources.metricSources(),
      keepsake: store,
      nowMs,
    });
    this.#runbooks = new RunbookShelf({ folder: runbooksFolder, nowMs });
    this.#rounds = new CaptureRounds({ nowMs, capture: (subject, signal) => this.#pin(subject, signal) });
  }

  /** Pins the logs and traces around the start of incidents. */
  async capture(ids: readonly number[]): Promise<void> {
    const subjects: IncidentSubject[] = [];
    for (const id of ids) {
      const alerts = await this.#options.alertsOf(id);
      if (alerts !== undefined && alerts.length > 0) subjects.push(incidentSubject(id, alerts));
    }
    if (subjects.length > 0) this.#rounds.begin(subjects);
  }

  stop(): void {
    this.#rounds.stop();
    this.logs.tails.stop();
  }

  handlers() {
    const { store, sources, alertsOf, nowMs } = this.#options;
    return {
      ...logCommands(this.logs),
      ...traceCommands(this.#traces),
      ...evidenceCommands({
        alertsOf,
        logs: this.logs,
        incidentTraces: (id, service, startsAtMs, signal) =>
          this.#incidentTraces(id, service, startsAtMs, signal),
        runbooks: this.#runbooks,
      }),
      ...overviewCommands({
        reader: this.#overview,
        metricSources: () => sources.metricSources(),
        kept: store,
        nowMs,
      }),
    };
  }

  async #pin(subject: IncidentSubject, signal: AbortSignal): Promise<void> {
    const lines = await this.logs.captureLogs(subject, signal);
    const service = namedService(subject.labels);
    const { fromMs, toMs } = tracesAround(subject.startsAtMs);
    const traces =
      service === ''
        ? null
        : await this.#traces.captureErrors({
            service,
            fromMs,
            toMs,
            limit: maxTraces,
            incidentId: subject.incidentId,
            signal,
          });
    const pinned = { lines: lines?.lines ?? 0, traces: traces?.ok === true ? traces.value : 0 };
    if (pinned.lines + pinned.traces > 0) this.#options.onPinned(subject.incidentId, pinned);
  }

  /** Of the source while it has some; else those that were pinned, for a source forgets. */
  async #incidentTraces(
    id: number,
    service: string,
    startsAtMs: number,
    signal: AbortSignal,
  ): Promise<TraceList> {
    const { fromMs, toMs } = tracesAround(startsAtMs);
    const search = errorSearch('', service, fromMs, toMs);
    const live = service === '' ? null : await this.#traces.search(search, signal);
    if (live?.origin.kind === 'live' && live.traces.length > 0) return live;
    const reasons = {
      live: 'no source has such a trace any more',
      cache: live?.origin.kind === 'cache' ? live.origin.reason : '',
      unknown: live?.origin.kind === 'unknown' ? live.origin.reason : '',
    };
    const reason = live === null ? 'its alerts name no service' : reasons[live.origin.kind];
    const pinned = await this.#traces.incidentTraces(id, search, reason);
    return pinned.traces.length === 0 && live !== null ? live : pinned;
  }
}

function tracesAround(startsAtMs: number): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: startsAtMs - tracesBeforeMs, toMs: startsAtMs + tracesAfterMs };
}
