import { DurableWriter } from '#core/incidents/durable-writer.ts';
import { IncidentBook } from '#core/incidents/incident-book.ts';
import { IncidentDesk } from '#core/incidents/incident-desk.ts';
import { VerdictTimer } from '#core/incidents/verdict-timer.ts';
import { inMemory, openDatabase, type SqliteDatabase } from '#core/store/database.ts';
import { Journal } from '#core/store/journal/journal.ts';
import { journalMigrations } from '#core/store/journal/migrations.ts';
import { migrate } from '#core/store/migrate.ts';
import type { AlertRecord, IncidentRecord } from '#core/store/records.ts';
import { fingerprintOf } from '#shared/model/labels.ts';
import { success } from '#shared/result.ts';

/** Incidents over a real journal and a clock that the test moves: what verdicts and polls make of them. */

export interface WorldAlert {
  readonly alertname: string;
  readonly severity: string;
  readonly pod: string;
}

/** A firing alert as its source tells it. */
export function firing({ alertname, severity, pod }: WorldAlert) {
  const labels = { alertname, service: 'shop', severity, pod };
  return {
    fingerprint: fingerprintOf(labels),
    labels,
    annotations: {},
    startsAtMs: 500,
    generatorUrl: '',
    state: 'firing',
    silencedBy: [],
    inhibitedBy: [],
  } as const;
}

export class IncidentWorld {
  nowMs = 1_000_000;
  comeBackAfterMs = 0;
  book!: IncidentBook;
  desk!: IncidentDesk;
  readonly journal: Journal;
  readonly #database: SqliteDatabase;
  #timer!: VerdictTimer;
  #wake: { readonly atMs: number; readonly callback: () => void } | null = null;

  constructor() {
    this.#database = openDatabase(inMemory);
    migrate(this.#database, journalMigrations);
    this.journal = new Journal(this.#database, (what) => {
      throw new Error(`the journal cannot read its own ${what}`);
    });
    this.restart();
  }

  close(): void {
    this.#database.close();
  }

  /** What a core that starts now goes on from. */
  restart(): void {
    this.book = new IncidentBook(this.journal.load(0));
    this.desk = new IncidentDesk({
      book: this.book,
      writer: new DurableWriter({
        journal: { commit: async (changes) => this.journal.commitAll([changes])[0] ?? success(undefined) },
        onTrouble: (failure) => {
          if (failure !== null) throw new Error(failure.message);
        },
        onRefused: ({ message }) => {
          throw new Error(message);
        },
      }),
      nowMs: () => this.nowMs,
      groupBy: () => ['alertname'],
      isFresh: () => true,
      beforeCommit: () => undefined,
      show: () => [],
      onKept: (draft) => this.#timer.applied(draft),
    });
    this.#timer = new VerdictTimer({
      book: this.book,
      record: (change) => this.desk.record(change),
      comeBackAfterMs: () => this.comeBackAfterMs,
      clock: { nowMs: () => this.nowMs, after: (delayMs, callback) => this.#after(delayMs, callback) },
    });
    this.#timer.start();
  }

  /**
   * A good poll of the one source: exactly these fire.
   * @param serverStartedAtMs another than before: what it does not have it may have forgotten.
   */
  async poll(alerts: readonly WorldAlert[], serverStartedAtMs = 1): Promise<void> {
    const observation = { source: 'a', atMs: this.nowMs, serverStartedAtMs };
    await this.desk.observe({ ...observation, alerts: alerts.map(firing) });
    await this.desk.idle();
  }

  /** Time passes, with every timer that falls into it. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    for (let wake = this.#wake; wake !== null && wake.atMs <= endMs; wake = this.#wake) {
      this.nowMs = Math.max(this.nowMs, wake.atMs);
      this.#wake = null;
      wake.callback();
      await this.desk.idle();
    }
    this.nowMs = endMs;
  }

  incidents(): IncidentRecord[] {
    return [...this.book.incidents()];
  }

  alerts(): AlertRecord[] {
    return this.incidents().flatMap(({ id }) => this.book.alertsOf(id));
  }

  /** As the journal has it, oldest first. */
  audit(): { action: string; target: string; outcome: string; detail: string }[] {
    const rows = this.#database
      .prepare('SELECT action, target, outcome, detail FROM audit ORDER BY id')
      .all();
    return rows as { action: string; target: string; outcome: string; detail: string }[];
  }

  timeline(id: number): string[] {
    return this.journal.timeline(id).entries.map(({ kind, text }) => `${kind}: ${text}`);
  }

  #after(delayMs: number, callback: () => void): () => void {
    const wake = { atMs: this.nowMs + delayMs, callback };
    this.#wake = wake;
    return () => {
      if (this.#wake === wake) this.#wake = null;
    };
  }
}
