import type { AlertRecord, IncidentRecord } from '#core/store/records.ts';
import type { IncidentDetail, IncidentRow, TimelineEntry } from '#shared/model/incident.ts';
import { compareSeverity } from '#shared/model/severity.ts';
import { familyOf, holderOf, homeOf } from './family.ts';
import type { IncidentBook } from './incident-book.ts';
import { alertOf, incidentRow } from './incident-row.ts';

/** Reads incidents for windows: from memory where they are held there, else from the journal. */
export interface IncidentArchive {
  incident(id: number): Promise<IncidentRecord | null>;
  alerts(incidentId: number): Promise<readonly AlertRecord[]>;
  timeline(incidentId: number): Promise<readonly TimelineEntry[]>;
}

/** The expression that made an incident's first alert, and the link it was read from; both may be empty. */
export interface ExpressionBehind {
  readonly expression: string;
  readonly generatorUrl: string;
}

export interface IncidentSubject extends ExpressionBehind {
  readonly incidentId: number;
  readonly startsAtMs: number;
}

export class IncidentReader {
  readonly #book: IncidentBook;
  readonly #archive: IncidentArchive;
  readonly #expressionOf: (alerts: readonly AlertRecord[]) => ExpressionBehind;

  constructor(
    book: IncidentBook,
    archive: IncidentArchive,
    expressionOf: (alerts: readonly AlertRecord[]) => ExpressionBehind,
  ) {
    this.#book = book;
    this.#archive = archive;
    this.#expressionOf = expressionOf;
  }

  /** The rows of incidents held in memory; ids that are not are left out. */
  rows(ids: Iterable<number>): IncidentRow[] {
    return [...ids].flatMap((id) => this.row(id) ?? []);
  }

  /** Undefined where it is not held in memory. */
  row(id: number): IncidentRow | undefined {
    const incident = this.#book.incident(id);
    return incident === undefined ? undefined : this.#row(incident, this.#alertsOf(incident));
  }

  /** Alerts that an incident has now, those of others that were merged into it included. */
  held(id: number): readonly AlertRecord[] {
    return this.#book.alertsOf(id);
  }

  /** What evidence needs to know of incidents held in memory. */
  subjects(ids: Iterable<number>): IncidentSubject[] {
    return [...ids].flatMap((id) => {
      const incident = this.#book.incident(id);
      if (incident === undefined) return [];
      const alerts = this.#ownAlerts(incident);
      const { startsAtMs } = this.#row(incident, alerts);
      return [{ incidentId: id, startsAtMs, ...this.#expressionOf(alerts) }];
    });
  }

  /** The open ones among them, worst first, then oldest. */
  openSubjects(): IncidentSubject[] {
    const open = [...this.#book.incidents()].filter((incident) => incident.resolvedAtMs === null);
    const rows = this.rows(open.map((incident) => incident.id)).toSorted(
      (left, right) => compareSeverity(left.severity, right.severity) || left.startsAtMs - right.startsAtMs,
    );
    return this.subjects(rows.map((row) => row.id));
  }

  /** One incident whole, or null where there is none. */
  async detail(id: number): Promise<IncidentDetail | null> {
    const incident = this.#book.incident(id) ?? (await this.#archive.incident(id));
    if (incident === null) return null;
    const isHeld = this.#book.incident(id) !== undefined;
    const alerts = isHeld ? this.#alertsOf(incident) : await this.#archive.alerts(id);
    const own = isHeld ? this.#ownAlerts(incident) : alerts;
    const timeline = await this.#archive.timeline(id);
    return {
      row: this.#row(incident, alerts),
      alerts: alerts.map((alert) => alertOf(alert, (source) => this.#book.watch(source))),
      timeline: [...timeline],
      expression: this.#expressionOf(own).expression,
    };
  }

  /**
   * What an incident is about: its own alerts, not those that were merged into it. Undefined where there is no
   * such incident.
   */
  async alerts(id: number): Promise<readonly AlertRecord[] | undefined> {
    const incident = this.#book.incident(id);
    if (incident !== undefined) return this.#ownAlerts(incident);
    return (await this.#archive.incident(id)) === null ? undefined : this.#archive.alerts(id);
  }

  /** The incidents, and those whose alerts or timeline they share. */
  related(ids: Iterable<number>): Set<number> {
    const related = new Set<number>();
    for (const id of ids) {
      related.add(holderOf(this.#book, id)?.id ?? id);
      for (const member of familyOf(this.#book, id)) related.add(member);
    }
    return related;
  }

  /** Of a merged incident those that are its own, though another has them. */
  #alertsOf({ id, mergedInto }: IncidentRecord): readonly AlertRecord[] {
    if (mergedInto === null) return this.#book.alertsOf(id);
    const family = familyOf(this.#book, id);
    const held = this.#book.alertsOf(holderOf(this.#book, id)?.id ?? id);
    return held.filter((alert) => family.has(homeOf(alert)));
  }

  /** All that it has, where none of that is its own any more. */
  #ownAlerts(incident: IncidentRecord): readonly AlertRecord[] {
    const alerts = this.#alertsOf(incident);
    const own = alerts.filter((alert) => homeOf(alert) === incident.id);
    return own.length > 0 ? own : alerts;
  }

  #row(incident: IncidentRecord, alerts: readonly AlertRecord[]): IncidentRow {
    return incidentRow(incident, alerts, (source) => this.#book.watch(source));
  }
}
