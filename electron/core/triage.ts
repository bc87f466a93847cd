import { AlertRouting } from '#core/alert-routing.ts';
import { audited } from '#core/audit/audited.ts';
import { IncidentSignsDesk } from '#core/barcode/incident-signs-desk.ts';
import { systemClock } from '#core/clock/clock.ts';
import { auditCommands } from '#core/commands/audit-commands.ts';
import { runbookCommands } from '#core/commands/runbook-commands.ts';
import {
  silencePreviewCommands,
  type SilencePreviewServices,
} from '#core/commands/silence-preview-commands.ts';
import type { ConfigurationDesk } from '#core/configuration-desk.ts';
import { dropReading } from '#core/drop-reading.ts';
import type { BookDraft, IncidentBook } from '#core/incidents/incident-book.ts';
import type { IncidentDesk } from '#core/incidents/incident-desk.ts';
import { VerdictTimer } from '#core/incidents/verdict-timer.ts';
import type { NoticeBoard } from '#core/notices.ts';
import type { AlertFactsDesk } from '#core/publish/alert-facts-desk.ts';
import type { TopicHub } from '#core/publish/topic-hub.ts';
import { RunbookSteps } from '#core/runbooks/runbook-steps.ts';
import type { Tending } from '#core/silences/tended/tending.ts';
import { tendingOf } from '#core/silence-tending.ts';
import { Silencing } from '#core/silencing.ts';
import type { SourceSet } from '#core/source-set.ts';
import type { AlertSnapshot } from '#core/sources/source-settings.ts';
import type { Store } from '#core/store/store.ts';
import { NamedViews } from '#core/views/named-views.ts';
import type { Commands } from '#shared/contract.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/**
 * Everything that is decided about alerts beyond the incident itself: whom they page, what silences them,
 * what waits to be sent. Joins those parts with the sources, the incidents and the topics.
 */
export interface TriageOptions {
  readonly store: Store;
  readonly book: IncidentBook;
  readonly desk: IncidentDesk;
  readonly hub: TopicHub;
  readonly facts: AlertFactsDesk;
  readonly notices: NoticeBoard;
  readonly sources: SourceSet;
  readonly configuration: ConfigurationDesk;
  readonly nowMs: () => number;
}

export class Triage {
  protected readonly options: TriageOptions;
  readonly #routing: AlertRouting;
  readonly #silencing: Silencing;
  readonly #tending: Tending;
  readonly #steps: RunbookSteps;
  readonly #signs: IncidentSignsDesk;
  readonly #verdicts: VerdictTimer;
  readonly #namedViews: NamedViews;

  constructor(options: TriageOptions) {
    this.options = options;
    const silencing = new Silencing(options);
    this.#silencing = silencing;
    this.#tending = tendingOf(options, silencing.silences);
    this.#routing = new AlertRouting({
      ...options,
      keepsake: options.store,
      silencesOf: (source, labels) => silencing.silencesOf(source, labels),
    });
    this.#signs = new IncidentSignsDesk({
      ...options,
      publish: (upsert, remove) => options.hub.setSigns(upsert, remove),
      later: (task) => void setTimeout(task, 0),
    });
    options.hub.watchAlerts((patch) => this.#signs.heard(patch));
    for (const { alerts } of options.facts.current()) this.#signs.heard({ upsert: alerts, forget: [] });
    this.#steps = new RunbookSteps({ ...options, journal: options.store });
    this.#namedViews = new NamedViews({
      ...options,
      policy: () => options.configuration.notificationPolicy(),
      views: () => options.hub.views,
    });
    this.#verdicts = new VerdictTimer({
      book: options.book,
      record: (change) => options.desk.record(change),
      comeBackAfterMs: () => options.configuration.comeBackAfterMs(),
      clock: systemClock,
    });
  }

  /** Begins to ask and to send. Not called in safe mode. */
  start(): void {
    this.#routing.start();
    this.#silencing.start();
    dropReading(this.#tend(), 'silences are looked after when the journal has answered');
    this.#verdicts.start();
  }

  /** A source has told its alerts; the incidents do not have them yet. */
  polled(snapshot: AlertSnapshot): void {
    this.#routing.polled(snapshot);
    this.#namedViews.look();
    this.#silencing.polled(snapshot);
  }

  /** The desk has applied a draft: incidents and alerts are as it says. */
  applied(draft: BookDraft): void {
    this.#signs.applied(draft.touchedIncidents());
    this.#verdicts.applied(draft);
    this.#silencing.silences.alertsChanged();
    this.#tending.applied(draft.touchedAlerts());
  }

  /** A source was asked; before is undefined the first time. */
  healthChanged(health: SourceHealth, before: SourceHealth | undefined): void {
    this.#silencing.healthChanged(health, before);
  }

  /** Sources are no longer configured, or are asked otherwise. */
  sourcesAltered(names: readonly string[]): void {
    this.#routing.sourcesAltered(names);
    this.#silencing.silences.altered(names);
  }

  async stop(): Promise<void> {
    this.#verdicts.stop();
    await this.#tending.stop();
    await this.#routing.stop();
    await this.#silencing.stop();
  }

  /** Lets every command that changes something leave a line in the audit trail. */
  audited(handlers: Handlers<Commands>): Handlers<Commands> {
    const { desk, configuration, nowMs } = this.options;
    return audited(handlers, { desk, operator: () => configuration.operator(), nowMs });
  }

  async #tend(): Promise<void> {
    await this.#silencing.silences.restore();
    await this.#tending.start();
  }

  handlers() {
    const { configuration, store, nowMs } = this.options;
    return {
      ...auditCommands({ journal: store, dataDirectory: store.dataDirectory, nowMs }),
      ...this.#routing.handlers(),
      ...this.#silencing.handlers(),
      ...runbookCommands(this.#steps, () => configuration.operator()),
      ...silencePreviewCommands(this.#previews()),
    };
  }

  #previews(): SilencePreviewServices {
    const { book, store, sources, nowMs } = this.options;
    const alertmanagers = (): string[] =>
      sources.all().flatMap(({ settings: { kind, name } }) => (kind === 'alertmanager' ? [name] : []));
    return {
      openAlerts: () => book.openAlerts(),
      alertsOf: (id) => book.alertsOf(id),
      fired: (query) => store.fired(query),
      sourcesOf: (cluster) => this.#silencing.silences.sourcesOf(cluster),
      alertSources: alertmanagers,
      nowMs,
    };
  }
}
