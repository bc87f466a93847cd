import { fingerprintOf } from '#shared/model/labels.ts';
import { inhibitedBy } from '#shared/routing/inhibited-by.ts';
import type { Route } from '#shared/routing/model.ts';
import { mutedNow } from '#shared/routing/muted-until.ts';
import { routesOf } from '#shared/routing/routes-of.ts';
import type { SentAlert } from '../rules/rule-manager.ts';
import type { Configuration } from './routing.ts';
import type { SilenceBook } from './silence-book.ts';

/** The demo Alertmanager's alerts: kept in memory until they end, with what silences and inhibits them. */
export interface HeldAlert extends SentAlert {
  readonly fingerprint: string;
  readonly updatedAtMs: number;
}

export interface AlertView {
  readonly alert: HeldAlert;
  readonly routes: readonly RouteNow[];
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
}

interface RouteNow {
  readonly route: Route;
  /** The time intervals that mute it now. */
  readonly mutedBy: readonly string[];
}

export class AlertBook {
  readonly #configuration: Configuration;
  readonly #silences: SilenceBook;
  readonly #alerts = new Map<string, HeldAlert>();

  constructor(configuration: Configuration, silences: SilenceBook) {
    this.#configuration = configuration;
    this.#silences = silences;
  }

  /** Takes what Prometheus sends. An alert told again keeps its earliest start. */
  receive(alerts: readonly SentAlert[], atMs: number): void {
    for (const alert of alerts) {
      const fingerprint = fingerprintOf(alert.labels);
      const before = this.#alerts.get(fingerprint);
      const goesOn = before !== undefined && alert.startsAtMs <= before.endsAtMs;
      const startsAtMs = goesOn ? Math.min(before.startsAtMs, alert.startsAtMs) : alert.startsAtMs;
      this.#alerts.set(fingerprint, { ...alert, startsAtMs, fingerprint, updatedAtMs: atMs });
    }
  }

  /** The alerts that have not ended, by fingerprint. */
  list(nowMs: number): readonly AlertView[] {
    for (const [fingerprint, { endsAtMs }] of this.#alerts) {
      if (endsAtMs <= nowMs) this.#alerts.delete(fingerprint);
    }
    return [...this.#alerts.values()]
      .sort((left, right) => (left.fingerprint < right.fingerprint ? -1 : 1))
      .map((alert) => ({
        alert,
        routes: this.#routesNow(alert, nowMs),
        silencedBy: this.#silences.matching(alert.labels, nowMs),
        inhibitedBy: this.#inhibitors(alert),
      }));
  }

  #routesNow({ labels }: HeldAlert, nowMs: number): readonly RouteNow[] {
    const { root, timeIntervals } = this.#configuration.routing;
    return routesOf(root, labels).map(({ route }) => ({
      route,
      mutedBy: mutedNow(route, timeIntervals, nowMs).by,
    }));
  }

  /** At most one, as in Alertmanager: the first found. */
  #inhibitors({ labels }: HeldAlert): readonly string[] {
    const { inhibitRules } = this.#configuration.routing;
    const [first] = inhibitedBy(inhibitRules, labels, [...this.#alerts.values()]);
    return first === undefined ? [] : [first.by.fingerprint];
  }
}
