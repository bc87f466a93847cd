import type {
  AlertRecord,
  IncidentRecord,
  JournalChange,
  JournalState,
  TimelineRecord,
  WatchRecord,
} from '#core/store/records.ts';

/**
 * The incidents and alerts that the console holds in memory: all open ones, and those resolved lately.
 * It is changed only through a draft, so that what is written to the journal and what is then held in
 * memory are the same thing; who writes the draft's changes and when is the desk's matter.
 */
export class IncidentBook {
  readonly #incidents = new Map<number, IncidentRecord>();
  readonly #alerts = new Map<number, Map<string, AlertRecord>>();
  readonly #watches = new Map<string, WatchRecord>();
  /** Open alerts by fingerprint, and open incidents by group: one of each at most. */
  readonly #openAlerts = new Map<string, number>();
  readonly #openGroups = new Map<string, number>();
  /** By the incident that they were merged into. */
  readonly #merged = new Map<number, Set<number>>();
  /** Open incidents that were split off, by the fingerprints of the alerts that are theirs since. */
  readonly #splits = new Map<string, number>();
  #lastIncidentId: number;

  constructor(state: JournalState) {
    this.#lastIncidentId = state.lastIncidentId;
    for (const incident of state.incidents) this.#keepIncident(incident);
    for (const alert of state.alerts) this.#keepAlert(alert);
    for (const watch of state.watches) this.#watches.set(watch.source, watch);
  }

  incidents(): Iterable<IncidentRecord> {
    return this.#incidents.values();
  }

  incident(id: number): IncidentRecord | undefined {
    return this.#incidents.get(id);
  }

  alertsOf(id: number): readonly AlertRecord[] {
    return [...(this.#alerts.get(id)?.values() ?? [])];
  }

  watch(source: string): WatchRecord | undefined {
    return this.#watches.get(source);
  }

  /** Open alerts of all incidents. */
  *openAlerts(): Iterable<AlertRecord> {
    for (const [fingerprint, id] of this.#openAlerts) {
      const alert = this.#alerts.get(id)?.get(fingerprint);
      if (alert !== undefined) yield alert;
    }
  }

  draft(): BookDraft {
    return new BookDraft(this);
  }

  /** Takes over what a draft holds. The caller has written it to the journal, or will. */
  apply(draft: BookDraft): void {
    this.#lastIncidentId = draft.lastIncidentId;
    for (const incident of draft.touchedIncidents()) this.#keepIncident(incident);
    for (const { incidentId, fingerprint } of draft.movedAlerts()) this.#dropAlert(incidentId, fingerprint);
    for (const alert of draft.touchedAlerts()) this.#keepAlert(alert);
    for (const watch of draft.touchedWatches()) this.#watches.set(watch.source, watch);
  }

  /** Forgets incidents resolved before a moment; the journal keeps them. @returns their ids. */
  forgetResolvedBefore(atMs: number): number[] {
    const old = [...this.#incidents.values()].filter(
      (incident) => incident.resolvedAtMs !== null && incident.resolvedAtMs < atMs,
    );
    for (const { id, mergedInto } of old) {
      this.#incidents.delete(id);
      this.#merged.delete(id);
      if (mergedInto !== null) this.#merged.get(mergedInto)?.delete(id);
      this.#alerts.delete(id);
    }
    return old.map((incident) => incident.id);
  }

  /** For drafts only: what they start from. */
  get lastIncidentId(): number {
    return this.#lastIncidentId;
  }

  findOpenAlert(fingerprint: string): AlertRecord | undefined {
    const id = this.#openAlerts.get(fingerprint);
    return id === undefined ? undefined : this.#alerts.get(id)?.get(fingerprint);
  }

  findOpenIncident(groupKey: string): IncidentRecord | undefined {
    const id = this.#openGroups.get(groupKey);
    return id === undefined ? undefined : this.#incidents.get(id);
  }

  alert(incidentId: number, fingerprint: string): AlertRecord | undefined {
    return this.#alerts.get(incidentId)?.get(fingerprint);
  }

  /** Those that were merged into it directly. */
  mergedInto(id: number): readonly number[] {
    return [...(this.#merged.get(id) ?? [])];
  }

  /** The open incident into which the alert was split off. */
  findSplit(fingerprint: string): IncidentRecord | undefined {
    const id = this.#splits.get(fingerprint);
    return id === undefined ? undefined : this.#incidents.get(id);
  }

  #keepIncident(incident: IncidentRecord): void {
    this.#keepBonds(incident, this.#incidents.get(incident.id));
    this.#incidents.set(incident.id, incident);
    if (incident.resolvedAtMs === null) this.#openGroups.set(incident.groupKey, incident.id);
    else if (this.#openGroups.get(incident.groupKey) === incident.id)
      this.#openGroups.delete(incident.groupKey);
  }

  #keepBonds({ id, mergedInto, verdicts, resolvedAtMs }: IncidentRecord, before?: IncidentRecord): void {
    if (before !== undefined && before.mergedInto !== null && before.mergedInto !== mergedInto)
      this.#merged.get(before.mergedInto)?.delete(id);
    if (mergedInto !== null) {
      const merged = this.#merged.get(mergedInto);
      if (merged === undefined) this.#merged.set(mergedInto, new Set([id]));
      else merged.add(id);
    }
    for (const [fingerprint] of before?.verdicts.split?.homes ?? [])
      if (this.#splits.get(fingerprint) === id) this.#splits.delete(fingerprint);
    if (resolvedAtMs !== null) return;
    // What was split off once more is of the later one.
    for (const [fingerprint] of verdicts.split?.homes ?? [])
      if ((this.#splits.get(fingerprint) ?? 0) < id) this.#splits.set(fingerprint, id);
  }

  #dropAlert(incidentId: number, fingerprint: string): void {
    this.#alerts.get(incidentId)?.delete(fingerprint);
    if (this.#openAlerts.get(fingerprint) === incidentId) this.#openAlerts.delete(fingerprint);
  }

  #keepAlert(alert: AlertRecord): void {
    let alerts = this.#alerts.get(alert.incidentId);
    if (alerts === undefined) this.#alerts.set(alert.incidentId, (alerts = new Map()));
    alerts.set(alert.fingerprint, alert);
    if (alert.endedAtMs === null) this.#openAlerts.set(alert.fingerprint, alert.incidentId);
    else if (this.#openAlerts.get(alert.fingerprint) === alert.incidentId)
      this.#openAlerts.delete(alert.fingerprint);
  }
}

/**
 * Changes to a book that are not in it yet. Reads see the changes; the book does not until it applies
 * the draft. A draft is thrown away by forgetting it.
 */
export class BookDraft {
  readonly #book: IncidentBook;
  readonly #incidents = new Map<number, IncidentRecord>();
  /** By incident, then fingerprint: a storm reads the alerts of each of its incidents. */
  readonly #alerts = new Map<number, Map<string, AlertRecord>>();
  /** Those that an incident has no more: another has them. */
  readonly #moved = new Map<number, Set<string>>();
  /** Where a merge is new or taken back: what the incident is merged into now. */
  readonly #remerged = new Map<number, number | null>();
  readonly #openAlerts = new Map<string, AlertRecord | undefined>();
  readonly #openGroups = new Map<string, number | undefined>();
  readonly #watches = new Map<string, WatchRecord>();
  readonly #timeline: TimelineRecord[] = [];
  readonly #told = new Set<string>();
  readonly #others: JournalChange[] = [];
  #lastIncidentId: number;

  constructor(book: IncidentBook) {
    this.#book = book;
    this.#lastIncidentId = book.lastIncidentId;
  }

  get lastIncidentId(): number {
    return this.#lastIncidentId;
  }

  nextIncidentId(): number {
    return ++this.#lastIncidentId;
  }

  incident(id: number): IncidentRecord | undefined {
    return this.#incidents.get(id) ?? this.#book.incident(id);
  }

  alertsOf(id: number): readonly AlertRecord[] {
    const known = this.#book.alertsOf(id);
    const changed = this.#alerts.get(id);
    const moved = this.#moved.get(id);
    if (changed === undefined && moved === undefined) return known;
    const kept = known.filter(
      ({ fingerprint }) => changed?.has(fingerprint) !== true && moved?.has(fingerprint) !== true,
    );
    return [...kept, ...(changed?.values() ?? [])];
  }

  watch(source: string): WatchRecord | undefined {
    return this.#watches.get(source) ?? this.#book.watch(source);
  }

  findOpenAlert(fingerprint: string): AlertRecord | undefined {
    return this.#openAlerts.has(fingerprint)
      ? this.#openAlerts.get(fingerprint)
      : this.#book.findOpenAlert(fingerprint);
  }

  findOpenIncident(groupKey: string): IncidentRecord | undefined {
    const id = this.#openGroups.has(groupKey)
      ? this.#openGroups.get(groupKey)
      : this.#book.findOpenIncident(groupKey)?.id;
    return id === undefined ? undefined : this.incident(id);
  }

  /** The alert as it is in an incident, open or ended. */
  alert(incidentId: number, fingerprint: string): AlertRecord | undefined {
    const changed = this.#alerts.get(incidentId)?.get(fingerprint);
    if (changed !== undefined) return changed;
    if (this.#moved.get(incidentId)?.has(fingerprint) === true) return undefined;
    return this.#book.alert(incidentId, fingerprint);
  }

  /** Whether the alert is open now and no incident had it open before this draft. */
  begins({ fingerprint, endedAtMs }: AlertRecord): boolean {
    return endedAtMs === null && this.#book.findOpenAlert(fingerprint) === undefined;
  }

  mergedInto(id: number): readonly number[] {
    const known = this.#book.mergedInto(id).filter((child) => !this.#remerged.has(child));
    const changed = [...this.#remerged].filter(([, into]) => into === id);
    return [...known, ...changed.map(([child]) => child)];
  }

  findSplit(fingerprint: string): IncidentRecord | undefined {
    return this.#book.findSplit(fingerprint);
  }

  putIncident(incident: IncidentRecord): void {
    const { id, mergedInto } = incident;
    if (mergedInto === (this.#book.incident(id)?.mergedInto ?? null)) this.#remerged.delete(id);
    else this.#remerged.set(id, mergedInto);
    this.#incidents.set(incident.id, incident);
    this.#openGroups.set(incident.groupKey, incident.resolvedAtMs === null ? incident.id : undefined);
  }

  putAlert(alert: AlertRecord): void {
    let alerts = this.#alerts.get(alert.incidentId);
    if (alerts === undefined) this.#alerts.set(alert.incidentId, (alerts = new Map()));
    alerts.set(alert.fingerprint, alert);
    this.#moved.get(alert.incidentId)?.delete(alert.fingerprint);
    if (alert.endedAtMs === null) this.#openAlerts.set(alert.fingerprint, alert);
    else this.#close(alert);
  }

  /** Another incident has the alert from now on; to be put there with the incident's id. */
  takeAlert(alert: AlertRecord): void {
    const { incidentId, fingerprint } = alert;
    this.#alerts.get(incidentId)?.delete(fingerprint);
    const moved = this.#moved.get(incidentId);
    if (moved === undefined) this.#moved.set(incidentId, new Set([fingerprint]));
    else moved.add(fingerprint);
    this.#close(alert);
  }

  *movedAlerts(): Iterable<{ readonly incidentId: number; readonly fingerprint: string }> {
    for (const [incidentId, fingerprints] of this.#moved)
      for (const fingerprint of fingerprints) yield { incidentId, fingerprint };
  }

  putWatch(watch: WatchRecord): void {
    this.#watches.set(watch.source, watch);
  }

  addTimeline(entry: TimelineRecord): void {
    this.#timeline.push(entry);
    this.#told.add(`${entry.incidentId} ${entry.kind}`);
  }

  /** Whether this draft opens an incident that the book does not have yet. */
  opens(incidentId: number): boolean {
    return this.hasTimeline(incidentId, 'opened');
  }

  /** Whether this draft tells of something of a kind already: what is told once, not once an alert. */
  hasTimeline(incidentId: number, kind: TimelineRecord['kind']): boolean {
    return this.#told.has(`${incidentId} ${kind}`);
  }

  /** A change of another kind that belongs into the same transaction: an audit line, a notification. */
  addChange(change: JournalChange): void {
    this.#others.push(change);
  }

  touchedIncidents(): Iterable<IncidentRecord> {
    return this.#incidents.values();
  }

  *touchedAlerts(): Iterable<AlertRecord> {
    for (const alerts of this.#alerts.values()) yield* alerts.values();
  }

  touchedAlertsOf(incidentId: number): AlertRecord[] {
    return [...(this.#alerts.get(incidentId)?.values() ?? [])];
  }

  touchedWatches(): Iterable<WatchRecord> {
    return this.#watches.values();
  }

  /** Ids of incidents whose row or alerts this draft changes. */
  changedIncidentIds(): Set<number> {
    return new Set([
      ...this.#incidents.keys(),
      ...this.#alerts.keys(),
      ...this.#moved.keys(),
      ...this.#timeline.map((entry) => entry.incidentId),
    ]);
  }

  /** Of `changes`, what is of neither an incident nor its alerts: notifications, settings, audit lines. */
  otherChanges(): readonly JournalChange[] {
    return this.#others;
  }

  /** The draft as one transaction of the journal: incidents before what refers to them. */
  changes(): JournalChange[] {
    const changes: JournalChange[] = [];
    for (const record of this.#incidents.values()) changes.push({ kind: 'incident', record });
    for (const alert of this.movedAlerts()) changes.push({ kind: 'alert-moved', ...alert });
    for (const record of this.touchedAlerts()) changes.push({ kind: 'alert', record });
    for (const record of this.#timeline) changes.push({ kind: 'timeline', record });
    for (const record of this.#watches.values()) changes.push({ kind: 'watch', record });
    return [...changes, ...this.#others];
  }

  /** The incident has the alert open no more; one that has it since keeps it. */
  #close({ incidentId, fingerprint }: AlertRecord): void {
    if (this.findOpenAlert(fingerprint)?.incidentId === incidentId)
      this.#openAlerts.set(fingerprint, undefined);
  }
}
