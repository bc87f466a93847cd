import { lokiSourceOf } from '#core/logs/loki-source.ts';
import type { LogSource } from '#core/logs/log-source.ts';
import { metricSourceOf, type AskedPrometheus } from '#core/metric-sources.ts';
import { isFresh } from '#core/publish/sight.ts';
import type { AlertSnapshot, SourceSettings } from '#core/sources/source-settings.ts';
import { SourceWatch } from '#core/sources/watch.ts';
import type { WatchedPrometheus } from '#core/synced-sources.ts';
import type { TraceSource } from '#core/traces/trace-source.ts';
import type { SourceHealth } from '#shared/model/source.ts';

/**
 * The sources that are being watched, kept equal to the configuration: a source whose settings did not
 * change goes on undisturbed when others do.
 */
export interface SourceSetOptions {
  readonly onHealth: (health: SourceHealth, before: SourceHealth | undefined) => void;
  readonly onAlerts: (snapshot: AlertSnapshot) => void;
  /**
   * Sources that are not asked any more for what they were: no longer configured, of another kind, or, of a
   * Prometheus, no longer for alerts, because there is an Alertmanager now that tells them.
   */
  readonly onLeft: (names: readonly string[]) => void;
  /** Sources that are asked otherwise than before: what they have now is no comparison to what they had. */
  readonly onAltered: (names: readonly string[]) => void;
  /** A watch found out that the machine slept or that its clock was set. */
  readonly onSlept: () => void;
}

interface Watched {
  readonly settings: SourceSettings;
  readonly fingerprint: string;
  readonly watch: SourceWatch;
  health: SourceHealth | undefined;
}

export class SourceSet {
  readonly #options: SourceSetOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: SourceSetOptions) {
    this.#options = options;
  }

  /** Starts, restarts and stops watches until they are those of the settings. */
  apply(settings: readonly SourceSettings[]): void {
    const wanted = new Map(settings.map((one) => [one.name, one]));
    const left: string[] = [];
    const altered: string[] = [];
    for (const [name, watched] of this.#watched) {
      const next = wanted.get(name);
      if (next !== undefined && JSON.stringify(next) === watched.fingerprint) continue;
      watched.watch.stop();
      this.#watched.delete(name);
      altered.push(name);
      const { kind, tellsAlerts } = watched.settings;
      if (next?.kind !== kind || (tellsAlerts && !next.tellsAlerts)) left.push(name);
    }
    if (altered.length > 0) this.#options.onAltered(altered);
    for (const one of settings) if (!this.#watched.has(one.name)) this.#start(one);
    if (left.length > 0) this.#options.onLeft(left);
  }

  /** Goes on after the machine slept: see `SourceWatch.resume`. */
  resume(): void {
    for (const { watch } of this.#watched.values()) watch.resume();
  }

  stop(): void {
    for (const { watch } of this.#watched.values()) watch.stop();
    this.#watched.clear();
  }

  find(name: string): Watched | undefined {
    return this.#watched.get(name);
  }

  all(): readonly Watched[] {
    return [...this.#watched.values()];
  }

  logSources(): LogSource[] {
    return this.all().flatMap(({ settings: { name }, watch: { client } }) =>
      client.kind === 'loki' ? [lokiSourceOf(name, client, () => this.isFresh(name))] : [],
    );
  }

  traceSources(): TraceSource[] {
    return this.all().flatMap(({ settings: { name }, watch: { client } }) =>
      client.kind === 'jaeger' ? [{ name, client, isFresh: () => this.isFresh(name) }] : [],
    );
  }

  /** The sources of metrics, for evidence, dashboards and rules. */
  metricSources(): AskedPrometheus[] {
    return this.all().flatMap(({ settings, watch }) =>
      watch.client.kind === 'prometheus'
        ? [metricSourceOf(settings, watch.client, () => this.isFresh(settings.name))]
        : [],
    );
  }

  /** The servers whose samples are followed. */
  prometheusServers(): WatchedPrometheus[] {
    return this.all().flatMap(({ settings: { name }, watch: { client } }) =>
      client.kind === 'prometheus'
        ? [
            {
              name,
              client,
              isFresh: () => this.isFresh(name),
              clockSkewMs: () => this.find(name)?.health?.clockSkewMs ?? null,
            },
          ]
        : [],
    );
  }

  /** Whether a source's last poll is still worth something. */
  isFresh(name: string): boolean {
    return isFresh(this.#watched.get(name)?.health);
  }

  #start(settings: SourceSettings): void {
    const watched: Watched = {
      settings,
      fingerprint: JSON.stringify(settings),
      health: undefined,
      watch: new SourceWatch({
        settings,
        onSlept: () => this.#options.onSlept(),
        onAlerts: (snapshot) => this.#options.onAlerts(snapshot),
        onHealth: (health) => {
          const before = watched.health;
          watched.health = health;
          this.#options.onHealth(health, before);
        },
      }),
    };
    this.#watched.set(settings.name, watched);
    watched.watch.start();
  }
}
