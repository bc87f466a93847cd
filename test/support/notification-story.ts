import { observe, type ObservedAlert } from '#core/incidents/alert-history.ts';
import { IncidentBook, type BookDraft } from '#core/incidents/incident-book.ts';
import { asksForSomebody } from '#core/incidents/verdicts.ts';
import { isFiring, severityFiring } from '#core/notify/judge.ts';
import { Notifier } from '#core/notify/notifier.ts';
import { pauseSetting } from '#core/notify/pause.ts';
import type {
  AlertRecord,
  IncidentVerdicts,
  JournalChange,
  NotificationRecord,
} from '#core/store/records.ts';
import type { HostNotification } from '#shared/host-window.ts';
import { fingerprintOf } from '#shared/model/labels.ts';
import type { AlertFacts } from '#shared/model/alert-facts.ts';
import { compareSeverity, type Severity, type SeverityLevel } from '#shared/model/severity.ts';
import type { SavedView } from '#shared/model/view.ts';
import { defaultPolicy, type Manner, type NotificationPolicy } from '#shared/notify/model.ts';
import { emptyJournal } from './journal-records.ts';

/** A notifier with its incidents, its journal and a host, in a time that the test moves. */

export const storyStartMs = Date.parse('2026-11-21T03:00:00Z');

/** The host: shows the same notification once, and remembers for as long as it runs what it showed. */
class Host {
  readonly shown: { readonly notification: HostNotification; readonly atMs: number }[] = [];
  readonly pending = new Map<string, HostNotification>();
  readonly #outcomes = new Map<string, number>();
  isQuick = true;

  ask(world: NotificationStory, notification: HostNotification): void {
    const shownAtMs = this.#outcomes.get(notification.id);
    if (shownAtMs !== undefined) return world.later(() => world.confirm(notification.id, shownAtMs));
    this.pending.set(notification.id, notification);
    if (this.isQuick) world.later(() => this.showAll(world));
  }

  showAll(world: NotificationStory): void {
    const due = [...this.pending.values()];
    // What follows from one may ask for the next.
    this.pending.clear();
    for (const notification of due) {
      this.#outcomes.set(notification.id, world.nowMs);
      this.shown.push({ notification, atMs: world.nowMs });
      world.confirm(notification.id, world.nowMs);
    }
  }
}

export class NotificationStory {
  nowMs = storyStartMs;
  runningMs = 0;
  policy: NotificationPolicy = defaultPolicy;
  views: readonly SavedView[] = [];
  readonly host = new Host();
  readonly journal: JournalChange[] = [];
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];
  #later: (() => void)[] = [];
  /** Turns that wait for the one under way; null while none is. */
  #waiting: ((draft: BookDraft) => void)[] | null = null;
  #firing = new Map<number, string>();
  book = emptyBook();
  notifier = this.#newNotifier();

  #newNotifier(): Notifier {
    const records = new Map<string, NotificationRecord>();
    let pause: string | null = null;
    for (const change of this.journal) {
      if (change.kind === 'notification') records.set(change.record.id, change.record);
      if (change.kind === 'setting' && change.key === pauseSetting) pause = change.value;
    }
    return new Notifier(
      {
        book: this.book,
        nowMs: () => this.nowMs,
        notify: (notification) => this.host.ask(this, notification),
        withdraw: (id) => void this.host.pending.delete(id),
        record: async (change) => this.change(change),
        policy: () => this.policy,
        views: () => this.views,
        factsOf: factsOfAlert,
        clock: {
          monotonicMs: () => this.runningMs,
          after: (delayMs, callback) => {
            const timer = { atMs: this.runningMs + delayMs, callback };
            this.#timers.push(timer);
            return () => (this.#timers = this.#timers.filter((other) => other !== timer));
          },
        },
      },
      [...records.values()].reverse(),
      pause,
    );
  }

  /** One turn of the desk, once those before it are done. */
  change(change: (draft: BookDraft) => void): void {
    if (this.#waiting === null) this.#turn(change);
    else this.#waiting.push(change);
  }

  /** What a person asks for, which a full disk refuses: the turn is decided, and nothing comes of it. */
  refuse(change: (draft: BookDraft) => void): void {
    const draft = this.book.draft();
    change(draft);
    this.notifier.decide(draft);
  }

  /** The disk takes long: whatever comes waits for its turn. */
  busy(): void {
    this.#waiting ??= [];
  }

  idle(): void {
    for (let next; (next = this.#waiting?.shift()) !== undefined;) this.#turn(next);
    this.#waiting = null;
  }

  #turn(change: (draft: BookDraft) => void): void {
    const { notifier } = this;
    const draft = this.book.draft();
    change(draft);
    notifier.decide(draft);
    const changes = draft.changes();
    this.journal.push(...changes);
    this.book.apply(draft);
    for (const _step of notifier.applied(changes));
    for (const next of this.#later.splice(0)) next();
  }

  later(work: () => void): void {
    this.#later.push(work);
  }

  confirm(id: string, atMs: number): void {
    void this.notifier.confirmed(id, 'shown', atMs);
  }

  /** What fires from here on: number of the alert, and its severity. */
  poll(firing: ReadonlyMap<number, string>): void {
    this.#firing = new Map(firing);
    const alerts = [...firing].map(([number, severity]) => observed(number, severity));
    this.change((draft) =>
      observe(
        draft,
        { source: 'a', atMs: this.nowMs, serverStartedAtMs: 1, alerts },
        this.book.openAlerts(),
        {
          isFresh: () => true,
          groupBy: ['alertname'],
        },
      ),
    );
  }

  fire(...numbers: number[]): void {
    this.poll(new Map([...this.#firing, ...numbers.map((number) => [number, 'critical'] as const)]));
  }

  resolve(...numbers: number[]): void {
    this.poll(new Map([...this.#firing].filter(([number]) => !numbers.includes(number))));
  }

  hold(id: number, by: string | null): void {
    this.change((draft) => this.take(draft, id, by));
  }

  /** Somebody takes it, or lets go of it, in a turn. */
  take(draft: BookDraft, id: number, by: string | null): void {
    const incident = draft.incident(id);
    if (incident?.resolvedAtMs === null)
      draft.putIncident({
        ...incident,
        acknowledgedBy: by,
        acknowledgedAtMs: by === null ? null : this.nowMs,
      });
  }

  /** What else a person says of an incident that is open. */
  say(id: number, verdicts: Partial<IncidentVerdicts>): void {
    this.change((draft) => {
      const incident = draft.incident(id);
      if (incident?.resolvedAtMs !== null) return;
      draft.putIncident({ ...incident, verdicts: { ...incident.verdicts, ...verdicts } });
    });
  }

  /** Another manner of telling what is of this severity. */
  usually(level: SeverityLevel, manner: Partial<Manner>): void {
    const { usual } = this.policy;
    this.policy = { ...this.policy, usual: { ...usual, [level]: { ...usual[level], ...manner } } };
  }

  /** The core is killed, and another goes on with what the journal has. */
  restart(): void {
    this.#timers = [];
    this.#later = [];
    this.#waiting = null;
    this.book = replayed(this.journal);
    this.notifier = this.#newNotifier();
    this.notifier.resume();
    for (const next of this.#later.splice(0)) next();
  }

  /** Time passes while the machine runs. */
  pass(ms: number): void {
    const untilMs = this.runningMs + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.nowMs += Math.max(0, next.atMs - this.runningMs);
      this.runningMs = Math.max(this.runningMs, next.atMs);
      next.callback();
    }
    this.nowMs += untilMs - this.runningMs;
    this.runningMs = untilMs;
  }

  get timers(): number {
    return this.#timers.length;
  }

  get titles(): string[] {
    return this.host.shown.map(({ notification }) => notification.title);
  }

  /** Incidents that ask for somebody now. */
  wanted(): number[] {
    return [...this.book.incidents()]
      .filter((incident) => asksForSomebody(incident, this.nowMs))
      .filter(({ id }) => this.book.alertsOf(id).some(isFiring))
      .map(({ id }) => id);
  }

  /** The worst severity with which each incident was told, itself or in a summary. */
  toldAs(): Map<number, SeverityLevel> {
    const shown = new Set(this.host.shown.map(({ notification }) => notification.id));
    const worst = new Map<number, Severity>();
    for (const change of this.journal) {
      if (change.kind !== 'notification') continue;
      const { id, summaryId, incidentId, severity } = change.record;
      if (!shown.has(id) && (summaryId === null || !shown.has(summaryId))) continue;
      const before = worst.get(incidentId);
      if (before === undefined || compareSeverity(severity, before) < 0) worst.set(incidentId, severity);
    }
    return new Map([...worst].map(([id, { level }]) => [id, level]));
  }

  /** What it fires with now. */
  levelOf(id: number): SeverityLevel {
    return severityFiring(this.book.alertsOf(id).filter(isFiring)).level;
  }

  /** Incidents that a shown notification told, itself or in a summary that named their number. */
  told(): Set<number> {
    const shown = new Set(this.host.shown.map(({ notification }) => notification.id));
    const rows = this.journal.flatMap((change) => (change.kind === 'notification' ? [change.record] : []));
    return new Set(
      rows
        .filter(({ id, summaryId }) => shown.has(id) || (summaryId !== null && shown.has(summaryId)))
        .map(({ incidentId }) => incidentId)
        .filter((id) => id !== 0),
    );
  }
}

/** What a filter asks of an alert, where nobody told more than the journal has. */
export function factsOfAlert(alert: AlertRecord): AlertFacts {
  const { incidentId, fingerprint, labels, state, startsAtMs, endedAtMs } = alert;
  return {
    incidentId,
    fingerprint,
    labels,
    state,
    startsAtMs,
    ended: endedAtMs !== null,
    silencedBy: [...alert.silencedBy],
    inhibitedBy: [...alert.inhibitedBy],
    receivers: null,
    mutedBy: null,
    sources: alert.witnesses.map(({ source }) => source),
  };
}

function emptyBook(): IncidentBook {
  return new IncidentBook(emptyJournal);
}

function replayed(journal: readonly JournalChange[]): IncidentBook {
  const book = emptyBook();
  const draft = book.draft();
  for (const change of journal) {
    if (change.kind === 'incident') {
      while (draft.lastIncidentId < change.record.id) draft.nextIncidentId();
      draft.putIncident(change.record);
    }
    if (change.kind === 'alert') draft.putAlert(change.record);
    if (change.kind === 'watch') draft.putWatch(change.record);
  }
  book.apply(draft);
  return book;
}

function observed(number: number, severity: string): ObservedAlert {
  const labels = { alertname: `Alert${number}`, severity };
  return {
    fingerprint: fingerprintOf(labels),
    labels,
    annotations: {},
    startsAtMs: storyStartMs,
    generatorUrl: '',
    state: 'firing',
    silencedBy: [],
    inhibitedBy: [],
  };
}
