import type { BookDraft, IncidentBook } from '#core/incidents/incident-book.ts';
import { incidentRow } from '#core/incidents/incident-row.ts';
import type { JournalChange, NotificationRecord } from '#core/store/records.ts';
import type { HostNotification, NotificationOutcome } from '#shared/host-window.ts';
import { incidentName, type IncidentRow } from '#shared/model/incident.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import { drop } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';

/**
 * One notification for each new incident. The intent is part of the transaction that opens the incident,
 * so neither exists without the other; it is shown by the host and confirmed in the journal after. An
 * intent without confirmation is asked for again when the core starts: the host shows the same one only
 * once, so only a host that died with the core can repeat it.
 */
export interface NotifierOptions {
  readonly book: IncidentBook;
  readonly nowMs: () => number;
  readonly notify: (notification: HostNotification) => void;
  readonly withdraw: (id: string) => void;
  /** Writes a change about an incident; shown even where the disk refuses. */
  readonly record: (change: (draft: BookDraft) => void) => Promise<void>;
}

const titleLength = 120;
const bodyLength = 240;

export class Notifier {
  readonly #options: NotifierOptions;
  /** The newest notification of each incident held in memory. */
  readonly #byIncident = new Map<number, NotificationRecord>();

  constructor(options: NotifierOptions, known: readonly NotificationRecord[]) {
    this.#options = options;
    for (const record of known) {
      const matters = record.outcome === null || options.book.incident(record.incidentId) !== undefined;
      if (matters) this.#byIncident.set(record.incidentId, record);
    }
  }

  /** Adds the intents that a draft calls for to its transaction. */
  decide(draft: BookDraft): void {
    for (const id of draft.changedIncidentIds()) {
      const incident = draft.incident(id);
      if (incident === undefined || incident.resolvedAtMs !== null || incident.acknowledgedBy !== null)
        continue;
      const known = this.#byIncident.get(id);
      if (known !== undefined && known.outcome !== 'withdrawn') continue;
      const alerts = draft.alertsOf(id);
      if (!alerts.some((alert) => alert.state === 'firing')) continue;
      const row = incidentRow(incident, alerts, (source) => draft.watch(source));
      draft.addChange({ kind: 'notification', record: intentFor(row, this.#options.nowMs()) });
    }
  }

  /** The draft is durable, or shown all the same: show its intents, take back what is not wanted now. */
  applied(changes: readonly JournalChange[]): void {
    for (const change of changes) {
      if (change.kind === 'notification') {
        this.#byIncident.set(change.record.incidentId, change.record);
        if (change.record.outcome === null) this.#options.notify(notificationOf(change.record));
      }
      if (
        change.kind === 'incident' &&
        (change.record.resolvedAtMs !== null || change.record.acknowledgedBy !== null)
      ) {
        this.#withdrawIfWaiting(change.record.id);
      }
    }
  }

  /** Incidents that are no longer held in memory: the journal keeps their notifications. */
  forget(incidentIds: Iterable<number>): void {
    for (const id of incidentIds) this.#byIncident.delete(id);
  }

  /** Asks the host again for every intent that was never confirmed. */
  resume(): void {
    for (const record of this.#byIncident.values()) {
      if (record.outcome !== null) continue;
      const incident = this.#options.book.incident(record.incidentId);
      const wanted =
        incident !== undefined && incident.resolvedAtMs === null && incident.acknowledgedBy === null;
      if (wanted) this.#options.notify(notificationOf(record));
      else this.#withdrawIfWaiting(record.incidentId);
    }
  }

  /** The host says what became of a notification. */
  async confirmed(id: string, outcome: NotificationOutcome, atMs: number): Promise<void> {
    const record = [...this.#byIncident.values()].find((known) => known.id === id);
    if (record === undefined || record.outcome === 'shown') return;
    const text = outcome === 'shown' ? 'Notified' : 'Notification not allowed';
    const detail = outcome === 'shown' ? 'this desktop' : 'the system or the browser denies notifications';
    await this.#settle({ ...record, outcome, outcomeAtMs: atMs }, (draft) =>
      draft.addTimeline({ incidentId: record.incidentId, atMs, kind: 'notified', text, detail, by: '' }),
    );
  }

  /** A person opened the incident from its notification. */
  async opened(incidentId: number, by: string): Promise<void> {
    const record = this.#byIncident.get(incidentId);
    if (record === undefined || record.openedAtMs !== null) return;
    const atMs = this.#options.nowMs();
    await this.#settle({ ...record, openedAtMs: atMs }, (draft) =>
      draft.addTimeline({
        incidentId,
        atMs,
        kind: 'notification-opened',
        text: 'Opened from its notification',
        detail: '',
        by,
      }),
    );
  }

  #withdrawIfWaiting(incidentId: number): void {
    const record = this.#byIncident.get(incidentId);
    if (record === undefined || record.outcome !== null) return;
    this.#options.withdraw(record.id);
    const settled = { ...record, outcome: 'withdrawn', outcomeAtMs: this.#options.nowMs() } as const;
    this.#byIncident.set(incidentId, settled);
    drop(
      this.#options.record((draft) => {
        // Until its turn it may have been wanted again, and that was written first.
        if (this.#byIncident.get(incidentId) !== settled) return;
        draft.addChange({ kind: 'notification', record: settled });
      }),
      "writing it is the journal's matter; nobody waits for it",
    );
  }

  #settle(record: NotificationRecord, more: (draft: BookDraft) => void): Promise<void> {
    this.#byIncident.set(record.incidentId, record);
    return this.#options.record((draft) => {
      draft.addChange({ kind: 'notification', record });
      more(draft);
    });
  }
}

function intentFor(row: IncidentRow, nowMs: number): NotificationRecord {
  const where = row.service === '' ? '' : ` ${row.service}`;
  const says = row.summary === '' ? `${incidentName(row.id)} is firing` : row.summary;
  // Nobody else is told of it: who answers must know that no other console rings.
  const local = row.sources.includes(localRulesSource) ? 'Local rule: ' : '';
  return {
    id: `incident-${row.id}-${row.openedAtMs}`,
    incidentId: row.id,
    title: plainText(`${row.severity.word}: ${row.title}${where}`, titleLength),
    body: plainText(local + says, bodyLength),
    severity: row.severity,
    intendedAtMs: nowMs,
    outcome: null,
    outcomeAtMs: null,
    openedAtMs: null,
    askedAtMs: nowMs,
    summaryId: null,
    snoozedUntilMs: null,
  };
}

function notificationOf(record: NotificationRecord): HostNotification {
  return {
    id: record.id,
    incidentId: record.incidentId,
    title: record.title,
    body: record.body,
    severity: record.severity,
  };
}
