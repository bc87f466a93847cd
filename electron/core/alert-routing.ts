import { systemClock, type Clock } from '#core/clock/clock.ts';
import { routingCommands } from '#core/commands/routing-commands.ts';
import type { AlertFactsDesk } from '#core/publish/alert-facts-desk.ts';
import { ConfigurationReader, type ReadConfiguration } from '#core/routing/configuration-reader.ts';
import { mapInTurns } from '#core/routing/in-turns.ts';
import { MuteDesk } from '#core/routing/mute-desk.ts';
import { pagingAnswer, type AskedConfiguration, type SilencedBy } from '#core/routing/paging-answer.ts';
import { RoutingDesk, type RoutingDeskOptions } from '#core/routing/routing-desk.ts';
import { routingTree, unknownTree } from '#core/routing/routing-tree.ts';
import type { AlertSnapshot } from '#core/sources/source-settings.ts';
import type { AlertRecord } from '#core/store/records.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { fingerprintOf, type Labels } from '#shared/model/labels.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { Paging, RoutingSubject, RoutingTree } from '#shared/model/routing.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import type { SourceHealth, SourceKind } from '#shared/model/source.ts';
import { drop, failed, success, type Result } from '#shared/result.ts';
import { inhibitedBy } from '#shared/routing/inhibited-by.ts';
import { deliveryOf } from '#shared/routing/paging.ts';
import { routesOf } from '#shared/routing/routes-of.ts';

/**
 * Routing in the core: what the sources told of theirs, which alerts time mutes by it, and whom an alert would
 * page. Joins the routing parts with the sources, the alerts and what windows follow.
 */
export interface AlertRoutingOptions {
  readonly keepsake: RoutingDeskOptions['keepsake'];
  readonly book: {
    openAlerts(): Iterable<AlertRecord>;
    findOpenAlert(fingerprint: string): AlertRecord | undefined;
  };
  readonly facts: Pick<AlertFactsDesk, 'askMutes' | 'remute' | 'forgetSources'>;
  readonly sources: RoutedSources;
  /** The silences of a source that take these labels now; null where they are not known. */
  readonly silencesOf?: (source: string, labels: Labels) => readonly SilencedBy[] | null;
  readonly clock?: Clock;
  readonly read?: ReadConfiguration;
}

/** What is asked of the sources that are watched. */
interface RoutedSources {
  all(): readonly WatchedSource[];
  find(name: string): WatchedSource | undefined;
  isFresh(name: string): boolean;
}

interface WatchedSource {
  readonly settings: { readonly name: string; readonly kind: SourceKind; readonly url: string };
  readonly health: SourceHealth | undefined;
}

/** An alert that takes more routes is told of on these. */
const mostDeliveries = 200;

export class AlertRouting {
  readonly #options: AlertRoutingOptions;
  readonly #clock: Clock;
  readonly #reader = new ConfigurationReader();
  readonly #desk: RoutingDesk;
  readonly #mutes: MuteDesk;

  constructor(options: AlertRoutingOptions) {
    const { book, facts, keepsake, sources, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#mutes = new MuteDesk({
      book,
      isRouted: (source) => source !== localRulesSource && kindOf(sources, source) !== 'prometheus',
      onMoved: (records) => facts.remute(records),
      clock,
    });
    facts.askMutes(this.#mutes);
    this.#desk = new RoutingDesk({
      read: options.read ?? ((text, version) => this.#reader.read(text, version)),
      keepsake,
      addressOf: (source) => sources.find(source)?.settings.url,
      onChanged: (source, configuration) => this.#mutes.set(source, configuration),
    });
  }

  start(): void {
    this.#mutes.start();
    for (const name of this.#names()) {
      drop(this.#desk.of(name), 'what was told before is known as soon as it is read');
    }
  }

  async stop(): Promise<void> {
    this.#mutes.stop();
    await this.#reader.close();
  }

  polled(snapshot: AlertSnapshot): void {
    this.#desk.hear(snapshot);
  }

  sourcesAltered(names: readonly string[]): void {
    this.#desk.forget(names);
    this.#options.facts.forgetSources(names);
  }

  handlers() {
    return routingCommands(this);
  }

  async tree(name: string): Promise<RoutingTree> {
    const known = await this.#asked(name);
    return known.ok
      ? routingTree(withoutConfiguration(known.value), known.value.configuration)
      : unknownTree(this.#nameOf(name) ?? name, known.failure);
  }

  /** Of a text that a person gave. */
  async read(text: string): Promise<Result<RoutingTree, CommandFailure>> {
    const read = await this.#desk.readText(text);
    if (!read.ok)
      return failed(commandFailure('invalid-input', `the text was not read: ${read.failure}`, 'Try again.'));
    const { key, configuration } = read.value;
    return success(routingTree({ key, source: '', origin: this.#ofText() }, configuration));
  }

  async explain(
    subject: RoutingSubject,
    labels: Labels,
    signal: AbortSignal,
  ): Promise<Result<Paging, CommandFailure>> {
    const asked = subject.kind === 'source' ? await this.#asked(subject.name) : this.#given(subject.key);
    if (!asked.ok) return failed(commandFailure('not-found', asked.failure, 'Open the configuration again.'));
    const { source, configuration } = asked.value;
    const isOfSource = (alert: AlertRecord): boolean =>
      source === '' || alert.witnesses.some((witness) => witness.source === source && witness.reporting);
    const firing = [...this.#options.book.openAlerts()].filter(isOfSource);
    const fingerprint = fingerprintOf(labels);
    const own = firing.find((alert) => alert.fingerprint === fingerprint);
    const others = firing.filter((alert) => alert !== own);
    const inhibited = await mapInTurns(
      configuration.inhibitRules,
      (rule) => inhibitedBy([rule], labels, others),
      signal,
    );
    const inhibitions = inhibited?.flat() ?? [];
    const taken = routesOf(configuration.root, labels).slice(0, mostDeliveries);
    const atMs = this.#clock.nowMs();
    // What fires already was told, if it was, when it began.
    const beganAtMs = own?.startsAtMs ?? atMs;
    const deliveries = await mapInTurns(
      taken,
      (route) => deliveryOf(configuration, route, inhibitions.length > 0, beganAtMs),
      signal,
    );
    if (inhibited === null || deliveries === null)
      return failed(commandFailure('cancelled', 'nobody waits for the answer any more', 'Ask again.'));
    const silences = source === '' ? null : (this.#options.silencesOf?.(source, labels) ?? null);
    return success(pagingAnswer(asked.value, { atMs, own, inhibitions, deliveries, silences }));
  }

  #given(key: string): Result<AskedConfiguration, string> {
    const configuration = this.#desk.text(key);
    if (configuration === undefined) return failed('the configuration that was opened is not held any more');
    return success({ key, source: '', origin: this.#ofText(), configuration });
  }

  async #asked(name: string): Promise<Result<AskedConfiguration, string>> {
    const source = this.#nameOf(name);
    if (source === undefined) {
      const which = name === '' ? 'no Alertmanager' : `no Alertmanager named ${JSON.stringify(name)}`;
      return failed(`${which} is watched`);
    }
    const known = await this.#desk.of(source);
    if (!known.ok) {
      const why = this.#options.sources.find(source)?.health?.failure?.message;
      return failed(`${source}: ${why ?? known.failure}`);
    }
    const { key, configuration, toldAtMs } = known.value;
    return success({ key, source, origin: this.#originOf(source, toldAtMs), configuration });
  }

  #originOf(source: string, atMs: number): Origin {
    const { sources } = this.#options;
    if (sources.isFresh(source)) return { kind: 'live', source, atMs };
    const failure = sources.find(source)?.health?.failure?.message;
    const reason = failure === undefined ? `${source} has not answered yet` : `${source}: ${failure}`;
    return { kind: 'cache', source, atMs, reason };
  }

  #ofText(): Origin {
    return { kind: 'live', source: '', atMs: this.#clock.nowMs() };
  }

  /** Empty is the first. */
  #nameOf(name: string): string | undefined {
    return this.#names().find((one) => name === '' || one === name);
  }

  #names(): readonly string[] {
    return this.#options.sources
      .all()
      .filter(({ settings }) => settings.kind === 'alertmanager')
      .map(({ settings }) => settings.name);
  }
}

/** Undefined for one that is no longer configured. */
function kindOf(sources: RoutedSources, name: string): SourceKind | undefined {
  return sources.find(name)?.settings.kind;
}

function withoutConfiguration({
  key,
  source,
  origin,
}: AskedConfiguration): Omit<AskedConfiguration, 'configuration'> {
  return { key, source, origin };
}
