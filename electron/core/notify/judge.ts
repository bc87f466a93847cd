import { incidentRow } from '#core/incidents/incident-row.ts';
import type { AlertRecord, IncidentRecord, JournalChange, WatchRecord } from '#core/store/records.ts';
import { readViewFilter } from '#core/views/view-filter.ts';
import type { CompiledFilter, FilterAnswer } from '#shared/filter/compile.ts';
import type { AlertFacts } from '#shared/model/alert-facts.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { labelOf } from '#shared/model/labels.ts';
import { compareSeverity, severityOf, type Severity } from '#shared/model/severity.ts';
import type { SavedView } from '#shared/model/view.ts';
import { policyAt, policyTurnsAt, type Decision, type IncidentFacts } from '#shared/notify/decide.ts';
import type { NotificationPolicy } from '#shared/notify/model.ts';
import { minuteMs } from '#shared/time.ts';

/**
 * What the policy says of incidents as they are. What was decided stands until the incident, the policy, the
 * views or the hour changes: ten thousand that are held through a night are not judged with every poll.
 */
export interface JudgeOptions {
  readonly policy: () => NotificationPolicy;
  readonly views: () => readonly SavedView[];
  readonly factsOf: (alert: AlertRecord) => AlertFacts;
}

/** What is read of a draft, or of the book itself. */
export interface Incidents {
  incident(id: number): IncidentRecord | undefined;
  alertsOf(id: number): readonly AlertRecord[];
  watch(source: string): WatchRecord | undefined;
}

export class Judge {
  readonly #options: JudgeOptions;
  readonly #decided = new Map<number, Decision>();
  readonly #filters = new Map<string, CompiledFilter | null>();
  #policy: NotificationPolicy | null = null;
  #views: readonly SavedView[] = [];
  #fromMs = 0;
  #untilMs = Number.NEGATIVE_INFINITY;
  #turnsAtMs: number | null = null;
  #age = 0;
  #decide: (facts: IncidentFacts) => Decision = () => {
    throw new Error('asked before any moment');
  };

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** Another number whenever what was decided need not hold any more, though no incident has changed. */
  get age(): number {
    return this.#age;
  }

  /** When the policy itself says something else; null for never. */
  get turnsAtMs(): number | null {
    return this.#turnsAtMs;
  }

  /**
   * @param changing incidents that are not yet as they are asked about: what is decided of them is not kept
   *   beyond what is returned here.
   */
  at(
    incidents: Incidents,
    nowMs: number,
    changing: ReadonlySet<number> = new Set(),
  ): (id: number) => Decision {
    this.#refresh(nowMs);
    for (const id of changing) this.#decided.delete(id);
    const forNow = new Map<number, Decision>();
    return (id) => {
      const decided = changing.has(id) ? forNow : this.#decided;
      const known = decided.get(id);
      if (known !== undefined) return known;
      const decision = this.#decide(this.#factsOf(incidents, id, nowMs));
      decided.set(id, decision);
      return decision;
    };
  }

  /** What was decided of these while they were on their way into the book is of what they were before. */
  forgetChanged(changes: readonly JournalChange[]): void {
    for (const change of changes) {
      if (change.kind === 'incident') this.#decided.delete(change.record.id);
      if (change.kind === 'alert') this.#decided.delete(change.record.incidentId);
    }
  }

  forget(incidentId: number): void {
    this.#decided.delete(incidentId);
  }

  #refresh(nowMs: number): void {
    const policy = this.#options.policy();
    const views = this.#options.views();
    const isSame = policy === this.#policy && views === this.#views;
    if (isSame && nowMs >= this.#fromMs && nowMs < this.#untilMs) return;
    this.#policy = policy;
    if (views !== this.#views) this.#filters.clear();
    this.#views = views;
    this.#decided.clear();
    this.#age++;
    this.#turnsAtMs = policyTurnsAt(policy, nowMs);
    // A view may go by the age of an alert, and what a rule holds back has to be let go in time.
    const asksViews = views.some(({ notifies }) => notifies) || policy.rules.some(asksView);
    this.#fromMs = nowMs;
    this.#untilMs = Math.min(this.#turnsAtMs ?? Infinity, asksViews ? nowMs + minuteMs : Infinity);
    this.#decide = policyAt(policy, nowMs);
  }

  #factsOf(incidents: Incidents, id: number, nowMs: number): IncidentFacts {
    const alerts = incidents.alertsOf(id);
    const firing = alerts.filter(isFiring);
    const shown = firing.length > 0 ? firing : alerts;
    let seen: { readonly row: IncidentRow; readonly facts: readonly AlertFacts[] } | null = null;
    const inView = (view: SavedView): FilterAnswer => {
      const incident = incidents.incident(id);
      const filter = this.#filterOf(view);
      if (incident === undefined || filter === null) return 'unknown';
      seen ??= {
        row: incidentRow(incident, alerts, (source) => incidents.watch(source)),
        facts: alerts.map((alert) => this.#options.factsOf(alert)),
      };
      return filter.answer(seen.row, seen.facts, nowMs);
    };
    const notifying = this.#views.filter(({ notifies }) => notifies);
    return {
      level: severityFiring(shown).level,
      alerts: shown.map(({ labels }) => labels),
      inView: (name) => {
        const view = this.#views.find((one) => one.name === name);
        return view === undefined ? 'fails' : inView(view);
      },
      // What is not known is told.
      isOutsideViews: notifying.length > 0 && notifying.every((view) => inView(view) === 'fails'),
    };
  }

  #filterOf({ filter: text }: SavedView): CompiledFilter | null {
    let filter = this.#filters.get(text);
    if (filter === undefined) {
      const read = readViewFilter(text);
      this.#filters.set(text, (filter = read.ok ? read.value : null));
    }
    return filter;
  }
}

function asksView({ conditions }: NotificationPolicy['rules'][number]): boolean {
  return conditions.view !== null;
}

export function isFiring({ state, endedAtMs }: AlertRecord): boolean {
  return state === 'firing' && endedAtMs === null;
}

/** The worst of them. */
export function severityFiring(alerts: readonly AlertRecord[]): Severity {
  let worst: Severity | undefined;
  for (const { labels } of alerts) {
    const severity = severityOf(labelOf(labels, 'severity'));
    if (worst === undefined || compareSeverity(severity, worst) < 0) worst = severity;
  }
  return worst ?? severityOf('');
}
