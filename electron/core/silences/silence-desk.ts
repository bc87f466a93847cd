import type { Clock } from '#core/clock/clock.ts';
import type { Silence as ToldSilence } from '#core/sources/alertmanager/model.ts';
import type { AlertRecord, JournalChange } from '#core/store/records.ts';
import type { Store } from '#core/store/store.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { OutboxEntry, Silence, SilenceDraft } from '#shared/model/silence.ts';
import { drop, failed, type Result } from '#shared/result.ts';
import { compileSilence } from '#shared/silences/compile-silence.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { clusterWith, type SilenceCluster, type ToldPeers } from './clusters.ts';
import type { Entry } from './outbox-entry.ts';
import { timelineTextOf } from './outbox-words.ts';
import { Outbox } from './outbox.ts';
import { PlaceBook } from './place-book.ts';
import type { ServerPlace } from './server-place.ts';
import type { SilenceServer } from './silence-server.ts';
import { keptName, SilenceShelf } from './silence-shelf.ts';
import { TendedSilences } from './tended-silences.ts';

/**
 * Silences: what the servers have, what people want of them, and which of them the console looks after. Asks the
 * servers in the rhythm of their polls; everything that changes one goes through the outbox.
 */
export interface SilenceDeskOptions {
  readonly store: Pick<Store, 'commit' | 'outbox' | 'tendedSilences' | 'text' | 'putText' | 'setting'>;
  readonly clock: Clock;
  /** The Alertmanagers in the order of the configuration, asked or not. */
  readonly places: () => readonly ServerPlace[];
  /** Undefined for one that is not asked. */
  readonly server: (source: string) => SilenceServer | undefined;
  readonly isFresh: (source: string) => boolean;
  /** Has the alerts of a source asked for now. */
  readonly pollNow: (source: string) => void;
  /** Empty where it is not known. */
  readonly versionOf: (source: string) => string;
  readonly openAlerts: () => Iterable<AlertRecord>;
  readonly onSilences: (upsert: readonly Silence[], remove: readonly string[]) => void;
  readonly onOutbox: (upsert: readonly OutboxEntry[], remove: readonly string[]) => void;
  /** A source whose silences could not be read, several times in a row; null once they can. */
  readonly onTrouble: (source: string, failure: CommandFailure | null) => void;
  /** For the timelines of incidents. */
  readonly tell: (incidentIds: readonly number[], text: string, detail: string, by: string) => void;
  /** Changes that could not be read back at a start. */
  readonly onUnreadable: (count: number) => void;
}

export interface SaveRequest {
  readonly draft: SilenceDraft;
  readonly cluster: string;
  /** The key of the silence that becomes this one; null for a new one. */
  readonly replaces: string | null;
  readonly incidentIds: readonly number[];
  readonly by: string;
}

/** In which a change made in a window can be undone before anything leaves the machine. */
export const undoMs = 10 * secondMs;
const keepEveryMs = minuteMs;
const countEveryMs = secondMs;
/** After a change its cluster is asked anew: gossip takes a moment. */
const followUpsMs = [0, 2 * secondMs, 6 * secondMs, 20 * secondMs];
const failuresUntilTold = 3;
const placesSetting = 'silences.places';

interface Asked {
  isAsking: boolean;
  isWanted: boolean;
  failures: number;
}

export class SilenceDesk {
  readonly outbox: Outbox;
  readonly tended: TendedSilences;
  readonly #options: SilenceDeskOptions;
  readonly #shelf: SilenceShelf;
  readonly #book = new PlaceBook();
  readonly #asked = new Map<string, Asked>();
  readonly #listeners = new Set<(entry: Entry) => void>();
  readonly #timers = new Set<() => void>();
  #counts: ReadonlyMap<string, number> = new Map();
  #isCounting = false;
  #kept = { text: '', atMs: 0 };
  #restored: Promise<void> | undefined;
  #isBookRead = false;
  #isToSend = false;
  #isStopped = false;

  constructor(options: SilenceDeskOptions) {
    this.#options = options;
    const { clock, store, onOutbox, onSilences, places } = options;
    this.tended = new TendedSilences((changes) => store.commit(changes));
    this.#shelf = new SilenceShelf({
      sources: () => places().map(({ source }) => source),
      identityOf: (source) => places().find((place) => place.source === source)?.identity,
      cares: () => this.tended.cares(),
      counts: () => this.#counts,
      onRows: onSilences,
      nowMs: () => clock.nowMs(),
    });
    this.outbox = new Outbox({
      clock,
      commit: (changes) => store.commit(changes),
      places: () => ({ all: places(), sourcesOf: (cluster) => this.sourcesOf(cluster) }),
      serversOf: (cluster) => this.#serversOf(cluster),
      follows: (entry) => this.#follows(entry),
      onChange: onOutbox,
      onOutcome: (entry) => this.#outcome(entry),
    });
  }

  /** Reads what the core before this one knew. Once, before anything else. */
  restore(): Promise<void> {
    // A journal that could not be read is read anew by whoever needs it next.
    this.#restored ??= this.#restore().catch((error: unknown) => {
      this.#restored = undefined;
      throw error;
    });
    return this.#restored;
  }

  /** Begins to send what waits. */
  async start(): Promise<void> {
    this.#isToSend = true;
    await this.restore();
    this.#learnPlaces();
    if (!this.#isStopped) this.outbox.start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const cancel of this.#timers) cancel();
    // Whether it could be read or not: nothing begins after this.
    await this.restore().catch(() => undefined);
    await this.outbox.stop();
    await this.#keep(true);
  }

  rows(): readonly Silence[] {
    return this.#shelf.rows();
  }

  /** A silence as it was heard last, by its key. */
  find(key: string): Silence | undefined {
    return this.#shelf.row(key);
  }

  /** When it told its silences last, to this core or one before it; null for never. */
  heardAtMs(source: string): number | null {
    return this.#shelf.heardAtMs(source);
  }

  clusters(): readonly SilenceCluster[] {
    return this.#shelf.clusters();
  }

  /** The sources of a cluster that is named by any of them; none where that is not configured. */
  sourcesOf(cluster: string): readonly string[] {
    return clusterWith(this.clusters(), cluster)?.sources ?? [];
  }

  /** Since when its name means the server that it means now; 0 where it never meant another one. */
  meansSinceMs(source: string): number {
    this.#learnPlaces();
    return this.#book.sinceMs(source);
  }

  /** @returns how to stop being told of changes that are done, failed, withdrawn, or in conflict. */
  onOutcome(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async save(request: SaveRequest): Promise<Result<OutboxEntry, CommandFailure>> {
    await this.restore();
    const { draft, cluster, replaces, by, incidentIds } = request;
    const refusal = this.#refusal(draft, cluster);
    if (refusal !== null) return failed(refusal);
    const options = { cluster, by, incidentIds, holdMs: undoMs, care: careOf(draft) };
    if (replaces === null) return await this.outbox.put({ kind: 'create', draft }, options);
    const known = this.find(replaces);
    if (known === undefined) return failed(noSilence(replaces));
    const { id, updatedAtMs: seenUpdatedAtMs } = known;
    // Whatever the form says: a silence is changed where it is.
    const there = { ...options, cluster: known.cluster };
    return await this.outbox.put({ kind: 'edit', id, seenUpdatedAtMs, draft }, there);
  }

  async expire(key: string, by: string): Promise<Result<OutboxEntry, CommandFailure>> {
    await this.restore();
    const known = this.find(key);
    if (known === undefined) return failed(noSilence(key));
    const { id, cluster, updatedAtMs: seenUpdatedAtMs, state } = known;
    if (state === 'expired')
      return failed(commandFailure('conflict', 'the silence has ended already', 'There is nothing to do.'));
    return await this.outbox.put({ kind: 'expire', id, seenUpdatedAtMs }, { cluster, by, holdMs: undoMs });
  }

  /** A good poll of a source: its silences are asked for next. */
  polled(source: string, peers: ToldPeers['peers']): void {
    this.#shelf.hearPeers(source, peers);
    this.#ask(source);
  }

  /** A source answers again. */
  returned(source: string): void {
    this.outbox.serverReturned(source);
  }

  /** A source stopped answering. */
  lost(source: string): void {
    this.#shelf.loseSight(source);
    this.#shelf.publish();
  }

  /** These names may mean other servers now, or none. */
  altered(names: readonly string[]): void {
    for (const name of names) {
      this.#shelf.forget(name);
      this.#asked.delete(name);
    }
    this.#learnPlaces();
    this.#shelf.publish();
    this.outbox.placesChanged();
  }

  /** Alerts changed: what each silence hides is counted anew soon. */
  alertsChanged(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    this.#later(countEveryMs, () => {
      this.#isCounting = false;
      this.#counts = countSilenced(this.#options.openAlerts());
      this.#shelf.publish();
    });
  }

  async #restore(): Promise<void> {
    const { store, openAlerts, onUnreadable } = this.#options;
    const tended = await store.tendedSilences();
    const waiting = await store.outbox();
    const kept = (await store.text(keptName)) ?? '[]';
    this.#book.restore(await store.setting(placesSetting));
    this.#isBookRead = true;
    this.tended.restore(tended);
    const unreadable = this.outbox.restore(waiting);
    if (unreadable > 0) onUnreadable(unreadable);
    this.#counts = countSilenced(openAlerts());
    this.#shelf.restore(kept);
    if (this.#isToSend && !this.#isStopped) this.outbox.start();
  }

  #learnPlaces(): void {
    if (!this.#isBookRead) return;
    const { clock, places, store } = this.#options;
    if (!this.#book.learn(places(), clock.nowMs())) return;
    const change = { kind: 'setting', key: placesSetting, value: this.#book.text() } as const;
    drop(store.commit([change]), 'a disk that refuses is told of elsewhere');
  }

  #serversOf(cluster: string): readonly SilenceServer[] {
    const { isFresh, server } = this.#options;
    const sources = this.sourcesOf(cluster);
    const freshFirst = [...sources.filter(isFresh), ...sources.filter((source) => !isFresh(source))];
    return freshFirst.map(server).filter((one) => one !== undefined);
  }

  /** One question at a time to each; what is wanted meanwhile is asked after it. */
  #ask(source: string): void {
    const asked = this.#asked.get(source) ?? { isAsking: false, isWanted: false, failures: 0 };
    this.#asked.set(source, asked);
    const server = this.#options.server(source);
    if (server === undefined || this.#isStopped) return;
    asked.isWanted = asked.isAsking;
    if (asked.isAsking) return;
    asked.isAsking = true;
    const answered = this.#askOnce(server, asked).then(() => {
      asked.isAsking = false;
      if (asked.isWanted) this.#ask(source);
    });
    drop(answered, 'the next poll asks again');
  }

  async #askOnce(server: SilenceServer, asked: Asked): Promise<void> {
    const { clock, onTrouble } = this.#options;
    const { source } = server;
    const askedAtMs = clock.nowMs();
    const silences = await server.silences();
    // Its name may mean another server by now, or none.
    if (this.#isStopped || this.#asked.get(source) !== asked) return;
    if (this.#options.server(source) === undefined) return;
    if (!silences.ok) {
      asked.failures += 1;
      if (asked.failures === failuresUntilTold) {
        const message = `The silences of ${source} cannot be read: ${silences.failure.message}`;
        onTrouble(source, commandFailure('source-failed', message, silences.failure.nextStep));
      }
      return;
    }
    if (asked.failures >= failuresUntilTold) onTrouble(source, null);
    asked.failures = 0;
    this.#hear(source, silences.value, askedAtMs);
    await this.#keep(false);
  }

  #hear(source: string, silences: readonly ToldSilence[], askedAtMs: number): void {
    this.#shelf.hear(source, silences, this.#options.clock.nowMs());
    this.outbox.heard(source, silences, askedAtMs);
  }

  async #keep(isLast: boolean): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    if (!isLast && nowMs - this.#kept.atMs < keepEveryMs) return;
    const text = this.#shelf.text();
    if (text === '[]' || text === this.#kept.text) return;
    this.#kept = { text, atMs: nowMs };
    // A list that is not kept is only missing while the servers are away.
    await this.#options.store.putText(keptName, text);
  }

  #follows(entry: Entry): readonly JournalChange[] {
    return entry.shown.state === 'done' ? this.tended.follow(entry, this.#options.clock.nowMs()) : [];
  }

  #outcome(entry: Entry): void {
    const { cluster, by } = entry.shown;
    const told = timelineTextOf(entry.shown);
    if (told !== null && entry.incidentIds.length > 0)
      this.#options.tell(entry.incidentIds, told.text, told.detail, by);
    if (entry.shown.state === 'done') {
      for (const source of this.sourcesOf(cluster)) {
        this.#later(secondMs / 2, () => this.#options.pollNow(source));
        for (const delayMs of followUpsMs) this.#later(delayMs, () => this.#ask(source));
      }
    }
    for (const listener of this.#listeners) listener(entry);
  }

  #refusal(draft: SilenceDraft, cluster: string): CommandFailure | null {
    const invalid = (message: string, nextStep: string): CommandFailure =>
      commandFailure('invalid-input', message, nextStep);
    const { startsAtMs, endsAtMs, matchers } = draft;
    if (endsAtMs <= startsAtMs) return invalid('the silence ends before it begins', 'Correct its times.');
    if (endsAtMs <= this.#options.clock.nowMs())
      return invalid('the end of the silence has passed', 'Give it a later end.');
    const compiled = compileSilence(matchers);
    if (!compiled.ok) return invalid(compiled.failure, 'Correct the matchers.');
    const unusual = matchers.find(({ name }) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name));
    const old = this.sourcesOf(cluster).find((source) => isBefore27(this.#options.versionOf(source)));
    if (unusual === undefined || old === undefined) return null;
    return invalid(
      `${old} takes no label called ${JSON.stringify(unusual.name)}`,
      'Names beyond letters, digits and underscores need Alertmanager 0.27.',
    );
  }

  #later(delayMs: number, work: () => void): void {
    if (this.#isStopped) return;
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      work();
    });
    this.#timers.add(cancel);
  }
}

function careOf({ endsAfterQuietMs }: SilenceDraft): Entry['care'] {
  return endsAfterQuietMs === null ? null : { care: 'self-ending', incidentId: null, endsAfterQuietMs };
}

function countSilenced(alerts: Iterable<AlertRecord>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { silencedBy } of alerts) for (const id of silencedBy) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function isBefore27(version: string): boolean {
  const minor = /^v?0\.(\d+)/.exec(version)?.[1];
  return minor !== undefined && Number(minor) < 27;
}

function noSilence(key: string): CommandFailure {
  const nextStep = 'Look at the list of silences again; the server may have forgotten it.';
  return commandFailure('not-found', `there is no silence ${JSON.stringify(key)} here`, nextStep);
}
