import { takeOut, type Fold, type Gathered, type Kept } from '../rpc/fold.ts';
import type { AlertFacts, AlertsPatch, IncidentAlerts } from './alert-facts.ts';

/**
 * The topic of alerts, kept and gathered. Told before the rows of their incidents, which a window then
 * never has without them.
 */
export const alertsFold: Fold<IncidentAlerts[], AlertsPatch> = {
  first: true,
  keep: (snapshot) => new KeptAlerts(snapshot),
  gather: () => new GatheredAlerts(),
};

class KeptAlerts implements Kept<IncidentAlerts[], AlertsPatch> {
  readonly #incidents: Map<number, IncidentAlerts>;
  /** Made for an incident when its first alert changes: most never do. */
  readonly #alerts = new Map<number, Map<string, AlertFacts>>();
  readonly #changed = new Set<number>();

  constructor(snapshot: readonly IncidentAlerts[]) {
    this.#incidents = new Map(snapshot.map((incident) => [incident.incidentId, incident]));
  }

  apply({ upsert, forget }: AlertsPatch): void {
    for (const id of forget) {
      this.#incidents.delete(id);
      this.#alerts.delete(id);
      this.#changed.delete(id);
    }
    for (const facts of upsert) {
      this.#alertsOf(facts.incidentId).set(facts.fingerprint, facts);
      this.#changed.add(facts.incidentId);
    }
  }

  value(): IncidentAlerts[] {
    for (const incidentId of this.#changed) {
      const alerts = [...this.#alertsOf(incidentId).values()];
      this.#incidents.set(incidentId, { incidentId, alerts });
    }
    this.#changed.clear();
    return [...this.#incidents.values()];
  }

  #alertsOf(id: number): Map<string, AlertFacts> {
    let alerts = this.#alerts.get(id);
    if (alerts === undefined) {
      const before = this.#incidents.get(id)?.alerts ?? [];
      this.#alerts.set(id, (alerts = new Map(before.map((one) => [one.fingerprint, one]))));
    }
    return alerts;
  }
}

class GatheredAlerts implements Gathered<AlertsPatch> {
  readonly #upsert = new Map<string, AlertFacts>();
  readonly #forget = new Set<number>();

  add({ upsert, forget }: AlertsPatch): void {
    if (forget.length > 0) this.#drop(new Set(forget));
    for (const facts of upsert) this.#upsert.set(`${facts.incidentId} ${facts.fingerprint}`, facts);
  }

  take(maxRows: number): AlertsPatch | null {
    if (this.#upsert.size === 0 && this.#forget.size === 0) return null;
    const forget = [...this.#forget];
    this.#forget.clear();
    return { upsert: takeOut(this.#upsert, maxRows), forget };
  }

  #drop(ids: ReadonlySet<number>): void {
    for (const id of ids) this.#forget.add(id);
    for (const [key, facts] of this.#upsert) if (ids.has(facts.incidentId)) this.#upsert.delete(key);
  }
}
