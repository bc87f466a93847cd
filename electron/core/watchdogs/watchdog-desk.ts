import type { AlertSnapshot } from '#core/sources/source-settings.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import type { MissingWatchdog, SourceHealth } from '#shared/model/source.ts';
import { matcherText, matchesAll, type LabelMatcher } from '#shared/routing/matchers/label-matcher.ts';
import { minuteMs } from '#shared/time.ts';

/**
 * Alerts that always fire, one for each source that is configured to have one. While a source answers without
 * its own, what fires elsewhere may not reach it either: the console is blind there, whatever else it shows.
 */
export interface WatchdogDeskOptions {
  /** By the source's name. */
  readonly configured: () => ReadonlyMap<string, readonly LabelMatcher[]>;
  /** Name of the Prometheus that local rules are asked of; empty for none. */
  readonly rulesSource: () => string;
  readonly nowMs: () => number;
  /** By the source's name; called whenever one is missed or is back. */
  readonly onMissing: (missing: ReadonlyMap<string, MissingWatchdog>) => void;
}

/** One answer without it may be of a moment in which it was just sent anew. */
const missedAnswers = 3;
/** Groups of rules are evaluated at different times, and one's rule may wait before it fires: after a start, too. */
const rulesPatienceMs = 2 * minuteMs;

interface Absence {
  readonly sinceMs: number;
  readonly answers: number;
}

export class WatchdogDesk {
  readonly #options: WatchdogDeskOptions;
  /** Of sources that rules are evaluated by or asked of: whether they tell their own alerts. */
  readonly #prometheuses = new Map<string, boolean>();
  readonly #lastSeenAtMs = new Map<string, number>();
  readonly #absences = new Map<string, Absence>();
  #missing: ReadonlyMap<string, MissingWatchdog> = new Map();

  constructor(options: WatchdogDeskOptions) {
    this.#options = options;
  }

  /**
   * A source has told its alerts.
   * @returns what of it makes incidents, and whether that an alert is gone from it says that it ended.
   */
  polled(snapshot: AlertSnapshot): { readonly snapshot: AlertSnapshot; readonly sawEnds: boolean } {
    const isOfRules = snapshot.source === localRulesSource;
    // That of a Prometheus that does not tell its alerts is told by the local rules that are asked of it.
    const name = isOfRules ? this.#options.rulesSource() : snapshot.source;
    const matchers = this.#options.configured().get(name);
    if (matchers === undefined) {
      this.#forget(name);
      return { snapshot, sawEnds: true };
    }
    const alerts = snapshot.alerts.filter(({ labels }) => !matchesAll(matchers, labels));
    // Where it tells them, a local rule proves less, and makes no incident either.
    if (isOfRules && this.#prometheuses.get(name) === true)
      return { snapshot: { ...snapshot, alerts }, sawEnds: true };
    const wasAbsent = this.#absences.has(name);
    if (alerts.length < snapshot.alerts.length) {
      this.#lastSeenAtMs.set(name, snapshot.atMs);
      this.#absences.delete(name);
      this.#judge();
      return { snapshot: { ...snapshot, alerts }, sawEnds: !wasAbsent };
    }
    const before = this.#absences.get(name);
    const sinceMs = before?.sinceMs ?? this.#lastSeenAtMs.get(name) ?? snapshot.atMs;
    this.#absences.set(name, { sinceMs, answers: (before?.answers ?? 0) + 1 });
    this.#judge();
    return { snapshot, sawEnds: false };
  }

  /** One that does not answer is blind for that reason, which says more; one that is asked anew begins anew. */
  healthChanged({ name, kind, state, tellsAlerts }: SourceHealth): void {
    if (kind === 'prometheus') this.#prometheuses.set(name, tellsAlerts);
    else this.#prometheuses.delete(name);
    if (state === 'stale' || state === 'starting') this.#forget(name);
    if (this.#absences.size > 0) this.#judge();
  }

  #forget(name: string): void {
    this.#lastSeenAtMs.delete(name);
    if (this.#absences.delete(name)) this.#judge();
  }

  #judge(): void {
    const { configured, rulesSource, nowMs, onMissing } = this.#options;
    const missing = new Map<string, MissingWatchdog>();
    for (const [name, { sinceMs, answers }] of this.#absences) {
      const matchers = configured().get(name);
      const isOfRules = name === rulesSource() || this.#prometheuses.has(name);
      const patienceMs = isOfRules ? rulesPatienceMs : 0;
      if (matchers === undefined || answers < missedAnswers || nowMs() - sinceMs < patienceMs) continue;
      missing.set(name, { sinceMs, matchers: matchers.map(matcherText).join(', ') });
    }
    const before = this.#missing;
    const isSame =
      before.size === missing.size &&
      [...missing].every(([name, { sinceMs, matchers }]) => {
        const known = before.get(name);
        return known?.sinceMs === sinceMs && known.matchers === matchers;
      });
    if (isSame) return;
    this.#missing = missing;
    onMissing(missing);
  }
}
