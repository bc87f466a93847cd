import { randomUUID } from 'node:crypto';
import { expressionBehind, incidentCommands } from '#core/commands/incident-commands.ts';
import { noticeCommands } from '#core/commands/notice-commands.ts';
import { ruleCommands } from '#core/commands/rule-commands.ts';
import { settingsCommands } from '#core/commands/settings-commands.ts';
import { sourceCommands } from '#core/commands/source-commands.ts';
import { ConfigurationDesk } from '#core/configuration-desk.ts';
import { EvidenceKeeper } from '#core/evidence/evidence-keeper.ts';
import { pinnedNote, samplesNote } from '#core/evidence/notes.ts';
import type { DurableWriter } from '#core/incidents/durable-writer.ts';
import { IncidentBook } from '#core/incidents/incident-book.ts';
import { IncidentDesk } from '#core/incidents/incident-desk.ts';
import { IncidentReader } from '#core/incidents/incident-reader.ts';
import { dropReading } from '#core/drop-reading.ts';
import { Investigation } from '#core/investigation.ts';
import { journalWriter } from '#core/journal-writer.ts';
import { leaveDemo } from '#core/leave-demo.ts';
import { lastWordHolds } from '#core/last-word.ts';
import { lossOf } from '#core/lost-sight.ts';
import { LocalRules } from '#core/local-rules.ts';
import { logError } from '#core/log.ts';
import { NoticeBoard } from '#core/notices.ts';
import { AlertFactsDesk } from '#core/publish/alert-facts-desk.ts';
import { isFresh, sightOf } from '#core/publish/sight.ts';
import { TopicHub } from '#core/publish/topic-hub.ts';
import { lastSeenOf, remembering } from '#core/remembered-health.ts';
import { SourceSet } from '#core/source-set.ts';
import type { AlertSnapshot } from '#core/sources/source-settings.ts';
import type { JournalState, NotificationRecord } from '#core/store/records.ts';
import type { Store } from '#core/store/store.ts';
import { Showing } from '#core/showing.ts';
import { tellingOnce } from '#core/tell-once.ts';
import { Triage } from '#core/triage.ts';
import { Watchkeeping } from '#core/watchkeeping.ts';
import type { CoreStart, HostPort } from '#host/port.ts';
import { contract } from '#shared/contract.ts';
import type { Link } from '#shared/link.ts';
import type { Notice } from '#shared/model/console.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { drop, messageOf } from '#shared/result.ts';
import { RpcServer, type Handlers } from '#shared/rpc/server.ts';
import { dayMs, hourMs, secondMs } from '#shared/time.ts';

/**
 * The console behind its windows: joins sources, incidents, notifications, evidence and topics, none of
 * which knows the others. Everything here runs on one thread; the disk and large answers have their own.
 */

/** Health is kept for the time after: at each change of state, else this often. */
const keepHealthMs = 30 * secondMs;

/** What the cores before this one left in the store. */
export interface KnownBefore {
  readonly state: JournalState;
  readonly notifications: readonly NotificationRecord[];
  /** The setting of the journal by which notifications are paused. */
  readonly pause: string | null;
  /** The setting that holds the saved views. */
  readonly views: string | null;
  /** Health as it was known last. */
  readonly health: readonly SourceHealth[];
}

export interface ConsoleCoreParts extends KnownBefore {
  readonly port: HostPort;
  readonly start: CoreStart;
  readonly store: Store;
}

export class ConsoleCore {
  readonly notices: NoticeBoard;
  readonly #start: CoreStart;
  readonly #store: Store;
  readonly #epoch = randomUUID();
  readonly #book: IncidentBook;
  readonly #writer: DurableWriter;
  readonly #desk: IncidentDesk;
  readonly #reader: IncidentReader;
  readonly #watchkeeping: Watchkeeping;
  readonly #evidence: EvidenceKeeper;
  readonly #sources: SourceSet;
  readonly #investigation: Investigation;
  readonly #rules: LocalRules;
  readonly #triage: Triage;
  readonly #tellOnce: ReturnType<typeof tellingOnce>;
  readonly #configuration: ConfigurationDesk;
  readonly #hub: TopicHub;
  readonly #facts: AlertFactsDesk;
  readonly #handlers: Handlers<typeof contract.commands>;
  /** When each source was last seen by the cores before this one. */
  readonly #lastSeenAtMs: ReadonlyMap<string, number>;
  #healthKeptAtMs = 0;
  #forgetting: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor({ port, start, store, state, health, ...known }: ConsoleCoreParts) {
    this.#start = start;
    this.#store = store;
    this.#lastSeenAtMs = lastSeenOf(health, state.watches);
    this.#book = new IncidentBook(state);
    this.#reader = new IncidentReader(this.#book, store, expressionBehind);
    this.#configuration = new ConfigurationDesk(start, port.services, () => this.#configurationChanged());
    this.#hub = this.#createHub(state.notices);
    this.#facts = new AlertFactsDesk(this.#book, state.alerts, (patch) => this.#hub.setAlerts(patch));
    this.notices = new NoticeBoard(state.notices, (notices) =>
      this.#hub.setStatus({ notices: [...notices] }),
    );
    this.#writer = journalWriter(store, this.notices);
    this.#desk = this.#createDesk();
    this.#tellOnce = tellingOnce(store, this.#desk);
    this.#watchkeeping = this.#createWatchkeeping(port, known);
    this.#sources = new SourceSet({
      onHealth: (next, before) => this.#healthChanged(next, before),
      onAlerts: (snapshot) => this.#polled(snapshot),
      onLeft: (names) => this.#sourcesLeft(names),
      onAltered: (names) => this.#sourcesAltered(names),
      onSlept: () => this.#watchkeeping.wake('a source found it out'),
    });
    this.#evidence = this.#createEvidence();
    this.#investigation = this.#createInvestigation();
    this.#rules = this.#createRules(state.ruleGroups);
    this.#investigation.metrics.sync.watch(() => this.#rules.watched());
    this.#triage = this.#createTriage();
    this.#handlers = this.#commandHandlers();
  }

  /** Begins to ask the sources. What was left open before this start is unseen until one has spoken. */
  async start(): Promise<void> {
    this.#hub.setIncidents(this.#reader.rows([...this.#book.incidents()].map(({ id }) => id)), []);
    await this.#configuration.start();
    // The same name may mean another tenant or server now: what it no longer has proves nothing.
    if (this.#configuration.changedWhileAway()) {
      await this.#desk.interrupt(this.#configuration.sourceSettings().map(({ name }) => name));
    }
    await this.#desk.loseSight(
      this.#start.safeMode ? 'safe mode: no source is asked' : 'the console was not running',
    );
    if (this.#isStopped) return;
    this.#watchkeeping.start();
    if (!this.#start.safeMode) {
      this.#watchSources();
      this.#evidence.start();
      this.#investigation.metrics.start();
      this.#rules.start();
      this.#triage.start();
      this.#lookInto(this.#reader.openSubjects().map(({ incidentId }) => incidentId));
    }
    this.#forgetting = setInterval(() => this.#forgetOld(), hourMs);
  }

  /** A window connected. */
  serve(link: Link): void {
    new RpcServer(link, contract, {
      coreEpoch: this.#epoch,
      handlers: this.#handlers,
      topics: this.#hub,
      reportBug: (command, error) =>
        logError('a command failed unexpectedly', { command, error: messageOf(error) }),
    });
  }

  /** The host has been told that the core serves. */
  announce(): void {
    this.#watchkeeping.announce();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#forgetting);
    this.#watchkeeping.stop();
    this.#configuration.stop();
    this.#sources.stop();
    this.#evidence.stop();
    this.#investigation.stop();
    await this.#rules.stop();
    await this.#triage.stop();
    await this.#desk.idle();
    await this.#store.putHealth(this.#hub.sources());
    await this.#desk.idle();
    // What waits for a disk that was full gets its last chance.
    await this.#writer.commit([]);
    this.#writer.stop();
  }

  #createHub(notices: readonly Notice[]): TopicHub {
    return new TopicHub({
      status: {
        coreEpoch: this.#epoch,
        coreStartedAtMs: Date.now(),
        safeMode: this.#start.safeMode,
        notices: [...notices],
        notificationsPausedUntilMs: null,
        sight: sightOf([], this.#start.safeMode),
        ...this.#configuration.status(),
      },
      readAlerts: () => this.#facts.current(),
      readIncident: (id) => this.#reader.detail(id),
      onShown: () => this.#watchkeeping.look(),
      followTail: (id, onPatch) => this.#investigation.logs.tails.follow(id, onPatch),
    });
  }

  #createDesk(): IncidentDesk {
    const showing = new Showing({
      hub: this.#hub,
      facts: this.#facts,
      reader: this.#reader,
      onKept: [
        (_draft, changes) => this.#watchkeeping.applied(changes),
        (draft) => this.#triage.applied(draft),
      ],
      evidence: () => this.#evidence,
      lookInto: (ids) => this.#lookInto(ids),
    });
    return new IncidentDesk({
      book: this.#book,
      writer: this.#writer,
      nowMs: Date.now,
      groupBy: () => this.#configuration.groupBy(),
      isFresh: (source) => this.#isFresh(source),
      beforeCommit: (draft) => this.#watchkeeping.notifier.deciding(draft),
      show: (draft) => showing.show(draft),
      onKept: (draft, changes) => showing.follow(draft, changes),
    });
  }

  #createWatchkeeping(port: HostPort, known: Omit<KnownBefore, 'state' | 'health'>): Watchkeeping {
    return new Watchkeeping({
      port,
      book: this.#book,
      desk: this.#desk,
      hub: this.#hub,
      facts: this.#facts,
      configuration: this.#configuration,
      resumeSources: () => this.#sources.resume(),
      ...known,
    });
  }

  #createEvidence(): EvidenceKeeper {
    return new EvidenceKeeper({
      store: this.#store,
      keepSamples: (...asked) => this.#investigation.metrics.sync.keep(...asked),
      sources: () => this.#sources.metricSources(),
      nowMs: Date.now,
      subjects: () => this.#reader.openSubjects(),
      onCaptured: (id, series, source) => this.#tellOnce(id, samplesNote(series, source)),
    });
  }

  #createInvestigation(): Investigation {
    return new Investigation({
      dataDirectory: this.#start.dataDirectory,
      store: this.#store,
      sources: this.#sources,
      runbooks: this.#configuration.runbooks,
      alertsOf: (id) => this.#reader.alerts(id),
      onPinned: (id, pinned) => this.#tellOnce(id, pinnedNote(pinned)),
      nowMs: Date.now,
    });
  }

  #createRules(restore: JournalState['ruleGroups']): LocalRules {
    return new LocalRules({
      restore,
      metricSources: () => this.#sources.metricSources(),
      queries: this.#investigation.metrics.queries,
      commit: (changes) => this.#writer.commit(changes),
      onAlerts: (alerts) => this.#polled(alerts),
      onDoubt: (alerts) => drop(this.#desk.doubt(alerts), 'the desk takes it in turn'),
      onView: (view) => this.#hub.setRules(view),
    });
  }

  #createTriage(): Triage {
    return new Triage({
      store: this.#store,
      book: this.#book,
      desk: this.#desk,
      hub: this.#hub,
      facts: this.#facts,
      notices: this.notices,
      sources: this.#sources,
      configuration: this.#configuration,
      nowMs: Date.now,
    });
  }

  #lookInto(ids: readonly number[]): void {
    if (ids.length > 0 && !this.#start.safeMode)
      dropReading(this.#investigation.capture(ids), 'what can be fetched is fetched in its turn');
  }

  #commandHandlers(): Handlers<typeof contract.commands> {
    return this.#triage.audited({
      ...incidentCommands({
        desk: this.#desk,
        notifier: this.#watchkeeping.notifier,
        drawings: this.#store,
        metricSources: () => this.#sources.metricSources(),
        queries: this.#investigation.metrics.queries,
        alertsOf: (id) => this.#reader.alerts(id),
        operator: () => this.#configuration.operator(),
        nowMs: Date.now,
      }),
      ...sourceCommands({
        sources: this.#sources,
        resolveDraft: (...asked) => this.#configuration.resolve(...asked),
      }),
      ...settingsCommands(this.#configuration),
      ...this.#investigation.handlers(),
      ...this.#triage.handlers(),
      ...ruleCommands({ rules: this.#rules }),
      ...this.#watchkeeping.handlers(),
      ...noticeCommands(this.notices, this.#desk),
    });
  }

  #polled(told: AlertSnapshot): void {
    const snapshot = this.#watchkeeping.polled(told);
    this.#triage.polled(snapshot);
    const shown = this.#desk.observe(snapshot, this.#facts.hear(snapshot)).then(() => this.#facts.flush());
    drop(shown, 'the desk takes polls in turn; the watch does not wait for the disk');
  }

  #healthChanged(health: SourceHealth, before: SourceHealth | undefined): void {
    this.#hub.setSource(this.#remembering(health));
    this.#hub.updateSight();
    this.#watchkeeping.healthChanged(health);
    this.#triage.healthChanged(health, before);
    const turned = health.state !== before?.state;
    if (turned || Date.now() - this.#healthKeptAtMs >= keepHealthMs) {
      this.#healthKeptAtMs = Date.now();
      const kept = this.#store.putHealth(this.#hub.sources());
      drop(kept, 'health that is not kept is only missing from a later look');
    }
    if (isFresh(health) && !isFresh(before)) {
      this.#evidence.sourceReturned(health.kind);
      this.#investigation.sourceReturned(health.kind);
    }
    const lost = lossOf(health, before, health.name === this.#rules.source);
    if (lost !== null) drop(this.#desk.loseSight(lost), 'the desk takes it in turn');
  }

  #sourcesAltered(names: readonly string[]): void {
    this.#investigation.logs.tails.endOf(names);
    this.#triage.sourcesAltered(names);
    drop(this.#desk.interrupt(names), 'the desk takes it in turn');
  }

  #sourcesLeft(names: readonly string[]): void {
    const cause = `${names.join(', ')}: not asked for alerts any more`;
    drop(this.#desk.loseSight(cause), 'the desk takes it in turn');
  }

  #configurationChanged(): void {
    this.#hub.setStatus(this.#configuration.status());
    if (this.#start.safeMode || this.#isStopped) return;
    this.#watchSources();
    if (this.#configuration.status().demo) return;
    const own = this.#hub.sources().map(({ name }) => name);
    drop(leaveDemo(this.#desk, this.notices, own, Date.now()), 'the desk takes it in turn');
  }

  #watchSources(): void {
    const settings = this.#configuration.sourceSettings();
    this.#sources.apply(settings);
    this.#rules.configure(this.#configuration.rules(), settings);
    const unusable = this.#configuration.unusable().map((health) => this.#remembering(health));
    this.#hub.keepSources(
      this.#sources.all().map(({ settings }) => settings.name),
      unusable,
    );
  }

  #remembering(health: SourceHealth): SourceHealth {
    return remembering(health, this.#lastSeenAtMs.get(health.name));
  }

  #isFresh(name: string): boolean {
    if (this.#start.safeMode) return false;
    // Local rules know as much as the source that answers them.
    if (name === localRulesSource) return this.#sources.isFresh(this.#rules.source);
    const settings = this.#configuration.sourceSettings().find((source) => source.name === name);
    if (settings === undefined || !(this.#sources.find(name)?.health ?? settings).tellsAlerts) return false;
    return lastWordHolds(settings, this.#sources, this.#book, Date.now());
  }

  #forgetOld(): void {
    const forgotten = this.#desk.forgetResolvedBefore(Date.now() - dayMs, (ids) => {
      this.#watchkeeping.notifier.forget(ids);
      this.#hub.setIncidents([], ids);
      this.#facts.forget(ids);
    });
    drop(forgotten, 'the desk takes it in turn');
  }
}
