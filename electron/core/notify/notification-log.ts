import type { JournalChange, NotificationRecord } from '#core/store/records.ts';
import type { Told } from './again.ts';
import { isSummary } from './intents.ts';

/**
 * The newest notification of each incident that is held in memory, and the newest summary. A copy of it
 * takes what a draft would change, and knows what that is.
 */
export class NotificationLog {
  readonly #byIncident: Map<number, NotificationRecord>;
  /** What was put into a copy. */
  readonly #changed = new Map<string, NotificationRecord>();
  /** When each was shown first since it began to ask. */
  readonly #firstToldAtMs: Map<number, number>;
  #isCopy = false;
  #summary: NotificationRecord | undefined;

  private constructor(from: NotificationLog | null) {
    this.#byIncident = new Map(from === null ? [] : from.#byIncident);
    this.#firstToldAtMs = new Map(from === null ? [] : from.#firstToldAtMs);
    this.#summary = from === null ? undefined : from.#summary;
  }

  /** @param known in any order; of those about incidents that are not held, only what is not told counts. */
  static of(known: readonly NotificationRecord[], isHeld: (incidentId: number) => boolean): NotificationLog {
    const log = new NotificationLog(null);
    for (const record of known.toSorted(oldestFirst))
      if (isSummary(record) || record.outcome === null || isHeld(record.incidentId)) log.put(record);
    return log;
  }

  /** A copy that has what a transaction writes. */
  with(changes: readonly JournalChange[]): NotificationLog {
    const log = new NotificationLog(this);
    for (const change of changes) if (change.kind === 'notification') log.put(change.record);
    log.#isCopy = true;
    return log;
  }

  get summary(): NotificationRecord | undefined {
    return this.#summary;
  }

  /** Its notification with when the first was shown since it began to ask. */
  toldOf(record: NotificationRecord): Told {
    return { record, firstToldAtMs: this.#firstToldAtMs.get(record.incidentId) ?? null };
  }

  /** Nobody is asked about it for now: when it asks again, that is told as if for the first time. */
  askedNobody(incidentId: number): void {
    this.#firstToldAtMs.delete(incidentId);
  }

  ofIncident(incidentId: number): NotificationRecord | undefined {
    return this.#byIncident.get(incidentId);
  }

  find(id: string): NotificationRecord | undefined {
    if (this.#summary?.id === id) return this.#summary;
    return [...this.#byIncident.values()].find((record) => record.id === id);
  }

  /** The same one as it is known. */
  before({ id, incidentId }: NotificationRecord): NotificationRecord | undefined {
    const known = incidentId === 0 ? this.#summary : this.#byIncident.get(incidentId);
    return known?.id === id ? known : undefined;
  }

  /** What a summary tells and has not told yet. */
  toldIn(summaryId: string): NotificationRecord[] {
    return [...this.#byIncident.values()].filter(
      (record) => record.summaryId === summaryId && record.outcome === null,
    );
  }

  *all(): Iterable<NotificationRecord> {
    yield* this.#byIncident.values();
    if (this.#summary !== undefined) yield this.#summary;
  }

  put(record: NotificationRecord): void {
    // In the order of what was decided last: the worst are asked for first.
    this.#changed.delete(record.id);
    if (this.#isCopy) this.#changed.set(record.id, record);
    if (!isSummary(record)) {
      this.#byIncident.set(record.incidentId, record);
      if (record.outcome === 'shown' && !this.#firstToldAtMs.has(record.incidentId))
        this.#firstToldAtMs.set(record.incidentId, record.outcomeAtMs ?? record.intendedAtMs);
    }
    // An older one is over once there is a newer.
    else if (
      this.#summary === undefined ||
      this.#summary.intendedAtMs <= record.intendedAtMs ||
      record.outcome === null
    )
      this.#summary = record;
  }

  /** What was put into this copy. */
  changed(): Iterable<NotificationRecord> {
    return this.#changed.values();
  }

  forget(incidentId: number): void {
    this.#byIncident.delete(incidentId);
    this.#firstToldAtMs.delete(incidentId);
  }
}

/** Of two of one moment the one that is not told yet is the newer. */
function oldestFirst(left: NotificationRecord, right: NotificationRecord): number {
  const order = left.intendedAtMs - right.intendedAtMs;
  return order === 0 ? Number(left.outcome === null) - Number(right.outcome === null) : order;
}
