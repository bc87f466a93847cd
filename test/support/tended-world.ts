import type { Clock } from '#core/clock/clock.ts';
import { DurableWriter } from '#core/incidents/durable-writer.ts';
import { IncidentBook } from '#core/incidents/incident-book.ts';
import { IncidentDesk } from '#core/incidents/incident-desk.ts';
import type { ObservedAlert } from '#core/incidents/alert-history.ts';
import { holdNoSilence, tellLeftOut } from '#core/silence-tending.ts';
import { SilenceDesk } from '#core/silences/silence-desk.ts';
import type { SilenceServer } from '#core/silences/silence-server.ts';
import { Tending } from '#core/silences/tended/tending.ts';
import type { TendingTimes } from '#core/silences/tended/tending-options.ts';
import type {
  JournalChange,
  OutboxRecord,
  TendedSilenceRecord,
  TimelineRecord,
} from '#core/store/records.ts';
import type { Notice } from '#shared/model/console.ts';
import { success, type Result } from '#shared/result.ts';
import { emptyJournal } from './journal-records.ts';

/**
 * A console as far as it looks after silences: incidents, silences, outbox and those who tend them, over servers
 * and a clock of the test's choice. Its journal is in memory and outlives it: another console goes on with it.
 */
export class TendedJournal {
  readonly changes: JournalChange[] = [];
  readonly outbox = new Map<string, OutboxRecord>();
  readonly tended = new Map<string, TendedSilenceRecord>();
  readonly settings = new Map<string, string>();

  commit = (changes: readonly JournalChange[]): Promise<Result<void, never>> => {
    this.changes.push(...changes);
    for (const change of changes) {
      if (change.kind === 'outbox') this.outbox.set(change.record.id, change.record);
      if (change.kind === 'outbox-removed') for (const id of change.ids) this.outbox.delete(id);
      if (change.kind === 'setting') this.settings.set(change.key, change.value ?? '');
      if (change.kind === 'tended-silence') this.tended.set(change.record.id, change.record);
    }
    return Promise.resolve(success(undefined));
  };

  timeline(incidentId: number): readonly TimelineRecord[] {
    return this.changes.flatMap((change) =>
      change.kind === 'timeline' && change.record.incidentId === incidentId ? [change.record] : [],
    );
  }

  audit(): readonly string[] {
    return this.changes.flatMap((change) =>
      change.kind === 'audit' ? [`${change.record.action} ${change.record.outcome}`] : [],
    );
  }
}

export interface TendedServer {
  readonly server: SilenceServer;
  readonly isFresh: () => boolean;
  readonly peers: readonly { readonly name: string; readonly address: string }[];
}

export interface TendedConsoleOptions {
  readonly clock: Clock;
  readonly servers: readonly TendedServer[];
  readonly times: TendingTimes;
  /** Whose journal it goes on with. */
  readonly before?: TendedConsole;
  readonly operator?: string;
}

export class TendedConsole {
  readonly journal: TendedJournal;
  readonly book: IncidentBook;
  readonly incidents: IncidentDesk;
  readonly silences: SilenceDesk;
  readonly notices = new Map<string, Notice>();
  readonly #tending: Tending;
  readonly #options: TendedConsoleOptions;
  readonly #operator: string;

  constructor(options: TendedConsoleOptions) {
    this.#options = options;
    this.journal = options.before?.journal ?? new TendedJournal();
    this.book = bookAfter(options.before?.book);
    this.#operator = options.operator ?? 'a.okafor';
    this.incidents = this.#incidentDesk();
    this.silences = this.#silenceDesk();
    this.#tending = this.#createTending();
  }

  async start(): Promise<void> {
    await this.silences.start();
    await this.#tending.start();
  }

  async stop(): Promise<void> {
    await this.#tending.stop();
    await this.silences.stop();
  }

  /** A good poll of one of its servers. */
  async polled(source: string, alerts: readonly ObservedAlert[]): Promise<void> {
    const atMs = this.#options.clock.nowMs();
    await this.incidents.observe({ source, atMs, serverStartedAtMs: 1, alerts });
    this.silences.polled(source, this.#find(source)?.peers ?? []);
  }

  /** Its configuration changed: these names may mean other servers now. */
  async altered(names: readonly string[]): Promise<void> {
    this.silences.altered(names);
    await this.incidents.interrupt(names);
  }

  acknowledge(id: number): Promise<unknown> {
    return this.incidents.acknowledge([id], this.#operator, '', true);
  }

  #find(source: string): TendedServer | undefined {
    return this.#options.servers.find(({ server }) => server.source === source);
  }

  #incidentDesk(): IncidentDesk {
    const { clock } = this.#options;
    return new IncidentDesk({
      book: this.book,
      writer: new DurableWriter({
        journal: this.journal,
        onTrouble: () => undefined,
        onRefused: () => undefined,
      }),
      nowMs: () => clock.nowMs(),
      groupBy: () => ['alertname', 'service'],
      isFresh: (source) => this.#find(source)?.isFresh() ?? false,
      beforeCommit: () => undefined,
      show: () => [],
      onKept: (draft) => {
        this.silences.alertsChanged();
        this.#tending.applied(draft.touchedAlerts());
      },
    });
  }

  #silenceDesk(): SilenceDesk {
    const { journal } = this;
    return new SilenceDesk({
      store: {
        commit: journal.commit,
        outbox: () => Promise.resolve([...journal.outbox.values()]),
        tendedSilences: () =>
          Promise.resolve([...journal.tended.values()].filter(({ endedAtMs }) => endedAtMs === null)),
        setting: (key) => Promise.resolve(journal.settings.get(key) ?? null),
        text: () => Promise.resolve(null),
        putText: () => Promise.resolve(success(undefined)),
      },
      clock: this.#options.clock,
      places: () =>
        this.#options.servers.map(({ server: { source, identity } }) => ({
          source,
          identity,
          url: identity,
        })),
      server: (source) => this.#find(source)?.server,
      isFresh: (source) => this.#find(source)?.isFresh() ?? false,
      pollNow: () => undefined,
      versionOf: () => '0.33.0',
      openAlerts: () => this.book.openAlerts(),
      onSilences: () => undefined,
      onOutbox: () => undefined,
      onTrouble: () => undefined,
      onUnreadable: () => undefined,
      tell: (ids, text, detail, by) =>
        void this.incidents.record((draft) => {
          const atMs = this.#options.clock.nowMs();
          for (const incidentId of ids)
            draft.addTimeline({ incidentId, atMs, kind: 'silence', text, detail, by });
        }),
    });
  }

  #createTending(): Tending {
    const { clock, times } = this.#options;
    return new Tending({
      silences: this.silences,
      book: this.book,
      isFresh: (source) => this.#find(source)?.isFresh() ?? false,
      clockSkewMs: (source) => this.#find(source)?.server.clockSkewMs() ?? null,
      clock,
      operator: () => this.#operator,
      times: () => times,
      leaveOut: (incidentId, count, cluster) => {
        const atMs = clock.nowMs();
        void this.incidents.record((draft) => tellLeftOut(draft, { incidentId, count, cluster, atMs }));
      },
      letGo: (incidentId, why) => void this.#letGo(incidentId, why),
      remind: (notice) => void this.notices.set(notice.id, notice),
      takeBack: (id) => void this.notices.delete(id),
      reminded: {
        read: () => Promise.resolve(this.journal.settings.get('reminded') ?? null),
        write: (text) => void this.journal.settings.set('reminded', text),
      },
    });
  }

  async #letGo(incidentId: number, why: string): Promise<void> {
    await this.incidents.record((draft) =>
      holdNoSilence(draft, incidentId, why, this.#options.clock.nowMs()),
    );
  }
}

/** As the journal has it. */
function bookAfter(book: IncidentBook | undefined): IncidentBook {
  if (book === undefined) return new IncidentBook(emptyJournal);
  const incidents = [...book.incidents()];
  const alerts = incidents.flatMap(({ id }) => book.alertsOf(id));
  return new IncidentBook({ ...emptyJournal, lastIncidentId: book.lastIncidentId, incidents, alerts });
}
