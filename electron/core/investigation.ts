import { Slices } from '#core/clock/slices.ts';
import { evidenceCommands } from '#core/commands/evidence-commands.ts';
import { logCommands } from '#core/commands/log-commands.ts';
import { overviewCommands } from '#core/commands/overview-commands.ts';
import { traceCommands } from '#core/commands/trace-commands.ts';
import type { ConfigurationDesk } from '#core/configuration-desk.ts';
import { CaptureRounds, type CaptureOutcome } from '#core/evidence/capture-rounds.ts';
import { incidentSubject, namedService, type IncidentSubject } from '#core/evidence/incident-subject.ts';
import type { Pinned } from '#core/evidence/notes.ts';
import { LogsService } from '#core/logs/logs-service.ts';
import { MetricsDesk } from '#core/metrics-desk.ts';
import { OverviewReader } from '#core/overview/overview-reader.ts';
import { IncidentRunbooks } from '#core/runbooks/incident-runbooks.ts';
import { RunbookLinks } from '#core/runbooks/runbook-links.ts';
import { RunbookShelf } from '#core/runbooks/runbook-shelf.ts';
import type { SourceSet } from '#core/source-set.ts';
import type { CaptureKind } from '#core/store/cache/incident-keepsakes.ts';
import type { AlertRecord } from '#core/store/records.ts';
import type { Store } from '#core/store/store.ts';
import { errorSearch, TracesService } from '#core/traces/traces-service.ts';
import { logsAfterMs, passesAfterMs, tracesAfterMs, tracesBeforeMs } from '#shared/model/evidence.ts';
import type { SourceKind } from '#shared/model/source.ts';
import type { TraceList } from '#shared/model/trace.ts';
import { drop } from '#shared/result.ts';

/**
 * Everything around an incident that is looked at and not decided: logs, traces, dashboards, runbooks.
 * Joins them with the sources and the store, pins what surrounds the start of an incident, and answers
 * the commands about them.
 */
export interface InvestigationOptions {
  readonly dataDirectory: string;
  readonly store: Store;
  readonly sources: Pick<SourceSet, 'logSources' | 'traceSources' | 'metricSources' | 'prometheusServers'>;
  readonly runbooks: Pick<ConfigurationDesk['runbooks'], 'folder' | 'hosts' | 'proxyFor'>;
  /** Alerts of an incident in memory or in the journal; undefined where there is no such incident. */
  readonly alertsOf: (id: number) => Promise<readonly AlertRecord[] | undefined>;
  /** Something of an incident was pinned; with all that is by now. */
  readonly onPinned: (incidentId: number, pinned: Pinned) => void;
  readonly nowMs: () => number;
}

const maxTraces = 40;
/** Incidents whose pins are remembered, to tell of them. */
const maxTold = 2_000;

export class Investigation {
  readonly logs: LogsService;
  readonly metrics: MetricsDesk;
  readonly #options: InvestigationOptions;
  readonly #traces: TracesService;
  readonly #overview: OverviewReader;
  readonly #runbooks: IncidentRunbooks;
  readonly #rounds: Readonly<Record<CaptureKind, CaptureRounds<IncidentSubject>>>;
  readonly #pinned = new Map<number, Pinned>();

  constructor(options: InvestigationOptions) {
    const { dataDirectory, store, sources, nowMs, runbooks } = options;
    this.#options = options;
    const metricSources = () => sources.metricSources();
    const servers = () => sources.prometheusServers();
    this.metrics = new MetricsDesk({ dataDirectory, store, sources: metricSources, servers, nowMs });
    this.logs = new LogsService({ sources: () => sources.logSources(), cache: store, nowMs });
    this.#traces = new TracesService({ sources: () => sources.traceSources(), cache: store, nowMs });
    this.#overview = new OverviewReader({
      sources: metricSources,
      keepsake: store,
      nowMs,
    });
    this.#runbooks = new IncidentRunbooks(
      new RunbookShelf({ folder: runbooks.folder, nowMs }),
      new RunbookLinks({ hosts: runbooks.hosts, proxyFor: runbooks.proxyFor, kept: store, nowMs }),
      store,
    );
    this.#rounds = {
      logs: new CaptureRounds({
        nowMs,
        windowMs: passesAfterMs(logsAfterMs),
        capture: (subject, signal) => this.#pinLogs(subject, signal),
        onSettled: (id) => this.#settled(id, 'logs'),
      }),
      traces: new CaptureRounds({
        nowMs,
        windowMs: passesAfterMs(tracesAfterMs),
        capture: (subject, signal) => this.#pinTraces(subject, signal),
        onSettled: (id) => this.#settled(id, 'traces'),
      }),
    };
  }

  /** Begins to pin the logs and traces around the start of incidents, and keeps the runbook of each. */
  async capture(ids: readonly number[]): Promise<void> {
    const { alertsOf, store } = this.#options;
    const alertsById = new Map<number, readonly AlertRecord[]>();
    // A storm opens thousands at once.
    const slices = new Slices();
    for (const id of ids) {
      await slices.turn();
      const alerts = await alertsOf(id);
      if (alerts !== undefined && alerts.length > 0) alertsById.set(id, alerts);
    }
    const subjects: IncidentSubject[] = [];
    for (const [id, alerts] of alertsById) {
      await slices.turn();
      subjects.push(incidentSubject(id, alerts));
    }
    const settled = await store.captures([...alertsById.keys()]);
    for (const kind of ['logs', 'traces'] as const) {
      const done = new Set(settled.filter((one) => one.kind === kind).map(({ incidentId }) => incidentId));
      this.#rounds[kind].begin(subjects.filter(({ incidentId }) => !done.has(incidentId)));
    }
    for (const [id, alerts] of alertsById) {
      await slices.turn();
      await this.#runbooks.read(id, alerts);
    }
  }

  /** What a source of that kind was away for is asked of it now. */
  sourceReturned(kind: SourceKind): void {
    if (kind === 'loki') this.#rounds.logs.sourceReturned();
    if (kind === 'jaeger') this.#rounds.traces.sourceReturned();
    if (kind === 'prometheus') this.metrics.sourceReturned();
  }

  stop(): void {
    this.#rounds.logs.stop();
    this.#rounds.traces.stop();
    this.logs.tails.stop();
    this.metrics.stop();
  }

  handlers() {
    const { store, sources, alertsOf, nowMs } = this.#options;
    return {
      ...logCommands(this.logs),
      ...this.metrics.handlers(),
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
        queries: this.metrics.queries,
        kept: store,
        onAsked: (shown) => this.metrics.show(shown),
        nowMs,
      }),
    };
  }

  async #pinLogs(subject: IncidentSubject, signal: AbortSignal): Promise<CaptureOutcome> {
    const { outcome, pinned } = await this.logs.captureLogs(subject, signal);
    if (pinned !== null) this.#tell(subject.incidentId, { lines: pinned.lines });
    return outcome;
  }

  async #pinTraces(subject: IncidentSubject, signal: AbortSignal): Promise<CaptureOutcome> {
    const { incidentId, labels, startsAtMs } = subject;
    const service = namedService(labels);
    // There is nothing to ask for, and there never will be.
    if (service === '') return 'answered';
    const sight = this.#options.sources.traceSources().map((source) => source.isFresh());
    if (!sight.includes(true)) return 'away';
    const wanted = { service, ...tracesAround(startsAtMs), limit: maxTraces, incidentId, signal };
    const captured = await this.#traces.captureErrors(wanted);
    if (!captured.ok) return 'failed';
    if (captured.value > 0) this.#tell(incidentId, { traces: captured.value });
    // That one source has none says nothing of another that was not asked.
    return captured.value === 0 && sight.includes(false) ? 'failed' : 'answered';
  }

  #settled(incidentId: number, kind: CaptureKind): void {
    const kept = this.#options.store.putCapture(incidentId, kind);
    drop(kept, 'one that is not remembered is captured again by the next core');
  }

  #tell(incidentId: number, part: Partial<Pinned>): void {
    const pinned = { lines: 0, traces: 0, ...this.#pinned.get(incidentId), ...part };
    this.#pinned.set(incidentId, pinned);
    const [oldest] = this.#pinned.keys();
    if (this.#pinned.size > maxTold && oldest !== undefined) this.#pinned.delete(oldest);
    this.#options.onPinned(incidentId, pinned);
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
    const live = service === '' ? null : await this.#traces.search(search, signal, true);
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
