import * as v from 'valibot';
import type { Silence } from '#shared/model/silence.ts';
import { identityOf } from '#shared/silences/label-kinds.ts';
import { clusterWith } from '../clusters.ts';
import { dueReminders, endOf, noticeIdOf, reminderOf } from './reminders.ts';
import { serverNowMs, type TendingOptions } from './tending-options.ts';

/** Reminds a person of silences that are about to end, each once, also over a restart. */
const mostRemembered = 300;
const rememberedSchema = v.pipe(v.string(), v.parseJson(), v.array(v.string()));

export class ReminderKeeper {
  readonly #options: TendingOptions;
  readonly #told = new Set<string>();
  /** By the key of the silence: the end that its notice tells. */
  readonly #shown = new Map<string, string>();

  constructor(options: TendingOptions) {
    this.#options = options;
  }

  async restore(): Promise<void> {
    const known = v.safeParse(rememberedSchema, await this.#options.reminded.read());
    for (const end of known.success ? known.output : []) {
      this.#told.add(end);
      this.#shown.set(end.slice(0, end.lastIndexOf(' ')), end);
    }
  }

  look(): void {
    const { silences, operator, times, reminded, remind } = this.#options;
    const rows = silences.rows();
    this.#takeBack(rows);
    const due = dueReminders(rows, {
      operator: operator(),
      leadMs: times().reminderLeadMs,
      told: this.#told,
      serverNowMs: (silence) => this.#serverNowMs(silence),
    });
    for (const silence of due) {
      const nowMs = this.#options.clock.nowMs();
      remind(
        reminderOf(silence, this.#namesOf(silence), nowMs, silence.endsAtMs - this.#serverNowMs(silence)),
      );
      this.#told.add(endOf(silence));
      this.#shown.set(silence.key, endOf(silence));
    }
    if (due.length > 0) reminded.write(JSON.stringify([...this.#told].slice(-mostRemembered)));
  }

  /** It has ended, or ends at another time now. One that nobody tells yet is as it was, until its end. */
  #takeBack(rows: readonly Silence[]): void {
    const byKey = new Map(rows.map((row) => [row.key, row]));
    const nowMs = this.#options.clock.nowMs();
    for (const [key, end] of this.#shown) {
      const row = byKey.get(key);
      const hasPassed = Number(end.slice(key.length)) <= nowMs;
      if (row === undefined ? !hasPassed : row.state === 'active' && endOf(row) === end) continue;
      this.#shown.delete(key);
      this.#options.takeBack(noticeIdOf(key));
    }
  }

  /** What would come back. */
  #namesOf({ id }: Silence): readonly string[] {
    const hidden = [...this.#options.book.openAlerts()].filter(({ silencedBy }) => silencedBy.includes(id));
    return hidden.map(({ labels }) => identityOf(labels)).toSorted();
  }

  #serverNowMs({ cluster }: Silence): number {
    const sources = clusterWith(this.#options.silences.clusters(), cluster)?.sources ?? [];
    return serverNowMs(this.#options, sources);
  }
}
