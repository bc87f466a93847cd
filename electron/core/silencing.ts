import { systemClock } from '#core/clock/clock.ts';
import { silenceCommandHandlers } from '#core/commands/silence-commands.ts';
import type { ConfigurationDesk } from '#core/configuration-desk.ts';
import { dropReading } from '#core/drop-reading.ts';
import type { IncidentBook } from '#core/incidents/incident-book.ts';
import type { IncidentDesk } from '#core/incidents/incident-desk.ts';
import type { NoticeBoard } from '#core/notices.ts';
import { isFresh } from '#core/publish/sight.ts';
import type { TopicHub } from '#core/publish/topic-hub.ts';
import type { SilencedBy } from '#core/routing/paging-answer.ts';
import { SilenceDesk } from '#core/silences/silence-desk.ts';
import { silenceServerOf, type SilenceServer } from '#core/silences/silence-server.ts';
import type { SourceSet } from '#core/source-set.ts';
import type { AlertSnapshot } from '#core/sources/source-settings.ts';
import type { Store } from '#core/store/store.ts';
import { commandFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { drop } from '#shared/result.ts';
import { compileSilence } from '#shared/silences/compile-silence.ts';

/** Silences in the core: joins their desk with the sources, the incidents, the notices and the topics. */
export interface SilencingOptions {
  readonly store: Store;
  readonly book: IncidentBook;
  readonly desk: IncidentDesk;
  readonly hub: TopicHub;
  readonly notices: NoticeBoard;
  readonly sources: SourceSet;
  readonly configuration: ConfigurationDesk;
  readonly nowMs: () => number;
}

export class Silencing {
  readonly silences: SilenceDesk;
  readonly #options: SilencingOptions;

  constructor(options: SilencingOptions) {
    this.#options = options;
    const { book, configuration, hub, notices, nowMs, sources, store } = options;
    this.silences = new SilenceDesk({
      store,
      clock: { ...systemClock, nowMs },
      places: () =>
        configuration
          .sourceSettings()
          .flatMap(({ kind, name: source, identity, url }) =>
            kind === 'alertmanager' ? [{ source, identity, url }] : [],
          ),
      server: (source) => serverOf(sources, source),
      isFresh: (source) => sources.isFresh(source),
      pollNow: (source) => sources.find(source)?.watch.pollNow(),
      versionOf: (source) => sources.find(source)?.health?.version ?? '',
      openAlerts: () => book.openAlerts(),
      onSilences: (upsert, remove) => hub.setSilences(upsert, remove),
      onOutbox: (upsert, remove) => hub.setOutbox(upsert, remove),
      onTrouble: (source, failure) => notices.follow(`silences-${source}`, failure, nowMs()),
      tell: (...told) => this.#tell(...told),
      onUnreadable: (count) => {
        const message = `${count} changes of silences in the journal cannot be read: they are not sent.`;
        const failure = commandFailure('internal', message, 'Look at the silences and make them anew.');
        notices.follow('outbox-unreadable', failure, nowMs());
      },
    });
    dropReading(this.silences.restore(), 'what was known is shown when the journal has answered');
  }

  start(): void {
    dropReading(this.silences.start(), 'what waits is sent when the journal has answered');
  }

  async stop(): Promise<void> {
    await this.silences.stop();
  }

  polled({ source, peers = [] }: AlertSnapshot): void {
    if (serverOf(this.#options.sources, source) !== undefined) this.silences.polled(source, peers);
  }

  healthChanged(health: SourceHealth, before: SourceHealth | undefined): void {
    if (health.kind !== 'alertmanager') return;
    if (isFresh(health) && !isFresh(before)) this.silences.returned(health.name);
    if (!isFresh(health) && isFresh(before)) this.silences.lost(health.name);
  }

  /** The silences of a source that take these labels now; null where it never told its silences. */
  silencesOf(source: string, labels: Labels): readonly SilencedBy[] | null {
    const { silences } = this;
    if (silences.heardAtMs(source) === null) return null;
    return silences.rows().flatMap(({ id, createdBy, comment, endsAtMs, state, sources, matchers }) => {
      if (state !== 'active' || !sources.includes(source)) return [];
      const compiled = compileSilence(matchers);
      return compiled.ok && compiled.value.matches(labels) ? [{ id, createdBy, comment, endsAtMs }] : [];
    });
  }

  handlers() {
    return silenceCommandHandlers(this.silences, () => this.#options.configuration.operator());
  }

  #tell(incidentIds: readonly number[], text: string, detail: string, by: string): void {
    const { book, desk, nowMs } = this.#options;
    const told = desk.record((draft) => {
      for (const incidentId of incidentIds) {
        if (book.incident(incidentId) === undefined) continue;
        draft.addTimeline({ incidentId, atMs: nowMs(), kind: 'silence', text, detail, by });
      }
    });
    drop(told, 'the desk takes it in turn');
  }
}

function serverOf(sources: SourceSet, source: string): SilenceServer | undefined {
  const client = sources.find(source)?.watch.client;
  return client?.kind === 'alertmanager' ? silenceServerOf(source, client) : undefined;
}
