import { topics } from '#shared/contract.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { AlertsPatch, IncidentAlerts } from '#shared/model/alert-facts.ts';
import type { ConsoleStatus } from '#shared/model/console.ts';
import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentDetail, IncidentRow } from '#shared/model/incident.ts';
import type { LogTailPatch } from '#shared/model/log.ts';
import type { RulesView } from '#shared/model/rule.ts';
import type { OutboxEntry, Silence } from '#shared/model/silence.ts';
import type { MissingWatchdog, SourceHealth } from '#shared/model/source.ts';
import { noViews, type SavedViews } from '#shared/model/view.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { OpenTopic, TopicSource } from '#shared/rpc/server.ts';
import { failingRulesIn, sightOf, watchingRulesIn } from './sight.ts';

/**
 * The values that windows follow. The core puts new values in; every subscription of every link gets
 * the patch. Values are never changed in place, so a snapshot taken at any time is whole.
 */
export interface TopicHubOptions {
  readonly status: ConsoleStatus;
  /** Reads one incident whole; null where there is none. */
  readonly readIncident: (id: number) => Promise<IncidentDetail | null>;
  /** Follows a live tail by its id; undefined where there is none. */
  readonly followTail: (id: string, onPatch: (patch: LogTailPatch) => void) => OpenTopic | undefined;
  /** What filters ask of the alerts of all incidents that are shown. */
  readonly readAlerts?: () => IncidentAlerts[];
  /** What of the console or its incidents is shown has changed. */
  readonly onShown?: () => void;
}

type Listener = (patch: unknown) => void;

export class TopicHub implements TopicSource {
  readonly #readIncident: (id: number) => Promise<IncidentDetail | null>;
  readonly #followTail: TopicHubOptions['followTail'];
  readonly #readAlerts: () => IncidentAlerts[];
  readonly #onShown: () => void;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #incidentRows = new Map<string, IncidentRow>();
  readonly #signs = new Map<string, IncidentSigns>();
  readonly #sources = new Map<string, SourceHealth>();
  readonly #details = new Map<number, IncidentDetail | null>();
  #onAlerts: (patch: AlertsPatch) => void = () => undefined;
  #status: ConsoleStatus;
  readonly #silences = new Map<string, Silence>();
  readonly #outbox = new Map<string, OutboxEntry>();
  #views: SavedViews = noViews;
  #missingWatchdogs: ReadonlyMap<string, MissingWatchdog> = new Map();
  #rules: RulesView = { folder: '', source: '', groups: [], problems: [] };

  constructor(options: TopicHubOptions) {
    this.#status = options.status;
    this.#readIncident = options.readIncident;
    this.#followTail = options.followTail;
    this.#readAlerts = options.readAlerts ?? (() => []);
    this.#onShown = options.onShown ?? (() => undefined);
  }

  get status(): ConsoleStatus {
    return this.#status;
  }

  setStatus(change: Partial<ConsoleStatus>): void {
    const next = { ...this.#status, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#status)) return;
    this.#status = next;
    this.#publish('console', next);
    this.#onShown();
  }

  setRules(rules: RulesView): void {
    this.#rules = rules;
    this.#publish('rules', rules);
    this.updateSight();
  }

  setSilences(upsert: readonly Silence[], remove: readonly string[]): void {
    for (const silence of upsert) this.#silences.set(silence.key, silence);
    for (const key of remove) this.#silences.delete(key);
    if (upsert.length + remove.length > 0) this.#publish('silences', { upsert, remove });
  }

  setOutbox(upsert: readonly OutboxEntry[], remove: readonly string[]): void {
    for (const entry of upsert) this.#outbox.set(entry.id, entry);
    for (const id of remove) this.#outbox.delete(id);
    if (upsert.length + remove.length > 0) this.#publish('outbox', { upsert, remove });
  }

  get views(): SavedViews {
    return this.#views;
  }

  setViews(views: SavedViews): void {
    this.#views = views;
    this.#publish('views', views);
  }

  /** Judges anew how far the console sees, by the sources and the rules that it shows. */
  updateSight(): void {
    const rules = this.#rules;
    const sight = sightOf(
      this.sources(),
      this.#status.safeMode,
      failingRulesIn(rules),
      watchingRulesIn(rules),
    );
    this.setStatus({ sight });
  }

  /** What always fires is missing there, by the source's name. */
  setMissingWatchdogs(missing: ReadonlyMap<string, MissingWatchdog>): void {
    this.#missingWatchdogs = missing;
    for (const health of this.sources())
      if (health.missingWatchdog !== (missing.get(health.name) ?? null)) this.setSource(health);
    this.updateSight();
  }

  /** Name of the Prometheus that local rules are asked of; empty for none. */
  get rulesSource(): string {
    return this.#rules.source;
  }

  setSource(told: SourceHealth): void {
    const health = { ...told, missingWatchdog: this.#missingWatchdogs.get(told.name) ?? null };
    this.#sources.set(health.name, health);
    this.#publish('sources', { upsert: [health], remove: [] });
  }

  removeSources(names: readonly string[]): void {
    for (const name of names) this.#sources.delete(name);
    if (names.length > 0) this.#publish('sources', { upsert: [], remove: names });
  }

  /** From now on there are these sources alone: those that are watched, and those that cannot be, as they are. */
  keepSources(watched: readonly string[], unusable: readonly SourceHealth[]): void {
    const names = new Set([...watched, ...unusable.map(({ name }) => name)]);
    this.removeSources([...this.#sources.keys()].filter((name) => !names.has(name)));
    for (const health of unusable) this.setSource(health);
    this.updateSight();
  }

  sources(): readonly SourceHealth[] {
    return [...this.#sources.values()];
  }

  setIncidents(rows: readonly IncidentRow[], removed: readonly number[]): void {
    for (const row of rows) this.#incidentRows.set(topics.incidents.keyOf(row), row);
    const remove = removed.map(String);
    for (const key of remove) this.#incidentRows.delete(key);
    if (rows.length + remove.length === 0) return;
    this.#publish('incidents', { upsert: rows, remove });
    this.#onShown();
  }

  /** Alerts changed: told before the rows of their incidents, which a window then never has without them. */
  setAlerts(patch: AlertsPatch): void {
    this.#publish('alerts', patch);
    this.#onAlerts(patch);
  }

  /** Who is told as well whatever windows are told of alerts. */
  watchAlerts(listener: (patch: AlertsPatch) => void): void {
    this.#onAlerts = listener;
  }

  setSigns(upsert: readonly IncidentSigns[], removed: readonly number[]): void {
    for (const signs of upsert) this.#signs.set(topics.signs.keyOf(signs), signs);
    const remove = removed.map(String);
    for (const key of remove) this.#signs.delete(key);
    this.#publish('signs', { upsert, remove });
  }

  incidents(): Iterable<IncidentRow> {
    return this.#incidentRows.values();
  }

  /** Reads again the incidents that a window has open, after they changed. */
  async refreshDetails(ids: Iterable<number>): Promise<void> {
    for (const id of ids) {
      if (!this.#listeners.has(detailTopic(id))) continue;
      const detail = await this.#readIncident(id);
      if (!this.#listeners.has(detailTopic(id))) continue;
      this.#details.set(id, detail);
      this.#publish(detailTopic(id), detail);
    }
  }

  async open(topic: string, key: string, onPatch: Listener): Promise<Result<OpenTopic, CommandFailure>> {
    switch (topic) {
      case 'console':
        return success(this.#listen('console', onPatch, () => this.#status));
      case 'sources':
        return success(this.#listen('sources', onPatch, () => [...this.#sources.values()]));
      case 'incidents':
        return success(this.#listen('incidents', onPatch, () => [...this.#incidentRows.values()]));
      case 'alerts':
        return success(this.#listen('alerts', onPatch, this.#readAlerts));
      case 'rules':
        return success(this.#listen('rules', onPatch, () => this.#rules));
      case 'silences':
        return success(this.#listen('silences', onPatch, () => [...this.#silences.values()]));
      case 'outbox':
        return success(this.#listen('outbox', onPatch, () => [...this.#outbox.values()]));
      case 'signs':
        return success(this.#listen('signs', onPatch, () => [...this.#signs.values()]));
      case 'views':
        return success(this.#listen('views', onPatch, () => this.#views));
      case 'logTail':
        return this.#openTail(key, onPatch);
      case 'incident':
        return this.#openIncident(key, onPatch);
      default:
        return failed(
          commandFailure(
            'not-found',
            `nothing publishes the topic ${JSON.stringify(topic)}`,
            'Report this; it is a bug.',
          ),
        );
    }
  }

  #openTail(id: string, onPatch: Listener): Result<OpenTopic, CommandFailure> {
    const opened = this.#followTail(id, onPatch);
    if (opened !== undefined) return success(opened);
    return failed(commandFailure('not-found', 'the tail has ended or never began', 'Begin it again.'));
  }

  async #openIncident(key: string, onPatch: Listener): Promise<Result<OpenTopic, CommandFailure>> {
    if (!/^[1-9]\d{0,14}$/.test(key)) {
      return failed(
        commandFailure(
          'invalid-input',
          `the key of an incident is its number, found ${JSON.stringify(key)}`,
          'Send what the contract says.',
        ),
      );
    }
    const id = Number(key);
    const opened = this.#listen(detailTopic(id), onPatch, () => this.#details.get(id) ?? null);
    const close = (): void => {
      opened.close();
      if (!this.#listeners.has(detailTopic(id))) this.#details.delete(id);
    };
    try {
      this.#details.set(id, await this.#readIncident(id));
    } catch (error) {
      close();
      throw error;
    }
    return success({ current: opened.current, close });
  }

  #listen(name: string, listener: Listener, current: () => unknown): OpenTopic {
    let listeners = this.#listeners.get(name);
    if (listeners === undefined) this.#listeners.set(name, (listeners = new Set()));
    listeners.add(listener);
    return {
      current,
      close: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name);
      },
    };
  }

  #publish(name: string, patch: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(patch);
  }
}

function detailTopic(id: number): string {
  return `incident ${id}`;
}
