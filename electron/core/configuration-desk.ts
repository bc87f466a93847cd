import type { SilenceTimes } from '#core/config/configuration.ts';
import type { ConfigurationState } from '#core/config/configuration-state.ts';
import { ConfigurationStore, type ResolvedDraft } from '#core/config/configuration-store.ts';
import { settingsView } from '#core/config/settings-view.ts';
import { logError } from '#core/log.ts';
import { onUnreadAuthorities } from '#core/sources/authorities.ts';
import { discover } from '#core/sources/probe.ts';
import type { SourceSettings } from '#core/sources/source-settings.ts';
import type { CoreStart, HostServices } from '#host/port.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { ConsoleStatus } from '#shared/model/console.ts';
import type { SettingsView, SourceDraft } from '#shared/model/settings.ts';
import { unaskedHealth, type SourceHealth } from '#shared/model/source.ts';
import type { NotificationPolicy } from '#shared/notify/model.ts';
import type { LabelMatcher } from '#shared/routing/matchers/label-matcher.ts';
import { drop, success, type Result } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';

/**
 * The configuration as the rest of the core asks for it, and, while there is none, the servers found on
 * this machine that could be connected.
 */

/** How often the usual ports are looked at while there is no configuration. */
const discoveryMs = minuteMs;

type StatusPart = Pick<ConsoleStatus, 'environment' | 'operator' | 'demo' | 'configuration' | 'offers'>;

export class ConfigurationDesk {
  readonly #start: CoreStart;
  readonly #store: ConfigurationStore;
  readonly #onChange: () => void;
  readonly #stopping = new AbortController();
  #offers: ConsoleStatus['offers'] = [];
  #discovery: NodeJS.Timeout | undefined;

  /** @param onChange called after every change of what `status` or `sourceSettings` give. */
  constructor(start: CoreStart, services: HostServices, onChange: () => void) {
    this.#start = start;
    this.#onChange = onChange;
    this.#store = new ConfigurationStore({
      path: start.configurationPath,
      dataDirectory: start.dataDirectory,
      environment: process.env,
      host: services,
      demo: start.demo,
      onChange: () => this.#changed(),
    });
    onUnreadAuthorities((reason) =>
      logError('certificates.system-store-not-read', {
        reason,
        next: 'A source with an authority of its own needs its certificate as tls.caFile.',
      }),
    );
    services.onChanged(() => drop(this.#store.reload(), 'reading the configuration never rejects'));
  }

  async start(): Promise<void> {
    await this.#store.load();
    this.#changed();
  }

  stop(): void {
    clearInterval(this.#discovery);
    this.#stopping.abort();
    this.#store.stop();
  }

  status(): StatusPart {
    const { state, path, demo, problems, configuration } = this.#store.state;
    return {
      environment: configuration.environment,
      operator: configuration.operator,
      demo,
      configuration: { path, state, problems: [...problems] },
      offers: this.#offers,
    };
  }

  groupBy(): readonly string[] {
    return this.#store.state.configuration.groupBy;
  }

  /** How long an acknowledgement holds to which nobody comes back; 0 for as long as it takes. */
  comeBackAfterMs(): number {
    return this.#store.state.configuration.comeBackAfterMs;
  }

  silenceTimes(): SilenceTimes {
    return this.#store.state.configuration.silenceTimes;
  }

  /** Where runbooks are: the folder, and the hosts that may be asked, through which proxy. */
  readonly runbooks = {
    folder: (): string => this.#store.state.configuration.runbooksFolder,
    hosts: (): readonly string[] => this.#store.state.configuration.runbookHosts,
    proxyFor: (url: string) => this.#store.proxyFor(url),
  };

  /** The folder of the local rules and the source that they are asked of, each empty for none named. */
  rules(): { readonly folder: string; readonly source: string } {
    return this.#store.state.configuration.rules;
  }

  notificationPolicy(): NotificationPolicy {
    return this.#store.state.configuration.notifications;
  }

  /** By the source's name: which alert always fires there. */
  watchdogs(): ReadonlyMap<string, readonly LabelMatcher[]> {
    return this.#store.state.configuration.watchdogs;
  }

  operator(): string {
    return this.#store.state.configuration.operator;
  }

  sourceSettings(): readonly SourceSettings[] {
    return this.#store.state.configuration.sources;
  }

  /** Sources that cannot be asked as they are configured: out of sight, and said so. */
  unusable(): SourceHealth[] {
    return this.#store.state.configuration.unusable.map((source) => ({
      ...unaskedHealth(source),
      state: 'stale',
      failure: {
        code: 'misconfigured',
        message: `${source.problem.path}: ${source.problem.message}`,
        nextStep: `Mend line ${source.problem.line} of ${source.problem.file}.`,
        retryAfterMs: null,
        status: null,
      },
    }));
  }

  /** Whether the sources may be other ones than those that the console before this one asked. */
  changedWhileAway(): boolean {
    return this.#store.changedWhileAway;
  }

  view(): SettingsView {
    return settingsView(this.#store.state);
  }

  async save(draft: SourceDraft, replaces: string | null): Promise<Result<SettingsView, CommandFailure>> {
    return viewOf(await this.#store.saveSource(draft, replaces));
  }

  async remove(name: string): Promise<Result<SettingsView, CommandFailure>> {
    return viewOf(await this.#store.removeSource(name));
  }

  /** A draft with its secrets read, to try a connection before it is saved. */
  resolve(
    draft: SourceDraft,
    replaces: string | null,
    secretsTo: readonly string[],
  ): Promise<Result<ResolvedDraft, CommandFailure>> {
    return this.#store.resolveDraft(draft, replaces, secretsTo);
  }

  #changed(): void {
    if (this.#stopping.signal.aborted) return;
    const looking = this.#store.state.state === 'none' && this.#start.discovery.length > 0;
    if (!looking) {
      clearInterval(this.#discovery);
      this.#discovery = undefined;
      this.#offers = [];
    } else if (this.#discovery === undefined) {
      this.#discovery = setInterval(() => this.#look(), discoveryMs);
      this.#look();
    }
    this.#onChange();
  }

  #look(): void {
    const looked = discover(this.#start.discovery, this.#stopping.signal).then((found) => {
      if (this.#discovery === undefined) return;
      this.#offers = found.map(({ kind, url, version }) => ({ kind, url, version }));
      this.#onChange();
    });
    drop(looked, 'a server that is not there is no failure');
  }
}

function viewOf(changed: Result<ConfigurationState, CommandFailure>): Result<SettingsView, CommandFailure> {
  return changed.ok ? success(settingsView(changed.value)) : changed;
}
