import type { CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';

/**
 * What happened to the console itself: shown until a person puts it away, or until it is over. Anything
 * that must survive the process is also journalled by whoever raises it.
 */
export class NoticeBoard {
  readonly #notices = new Map<string, Notice>();
  readonly #onChange: (notices: readonly Notice[]) => void;

  constructor(known: readonly Notice[], onChange: (notices: readonly Notice[]) => void) {
    for (const notice of known) this.#notices.set(notice.id, notice);
    this.#onChange = onChange;
  }

  list(): Notice[] {
    return [...this.#notices.values()];
  }

  raise(notice: Notice): void {
    this.#notices.set(notice.id, notice);
    this.#onChange(this.list());
  }

  /** Puts a failure on the board, or takes it off again once it is over (null). */
  follow(id: string, failure: CommandFailure | null, atMs: number): void {
    if (failure === null) return void this.dismiss(id);
    if (this.#notices.get(id)?.message === failure.message) return;
    this.raise({ id, severity: 'error', message: failure.message, nextStep: failure.nextStep, atMs });
  }

  /** @returns whether there was such a notice. */
  dismiss(id: string): boolean {
    const known = this.#notices.delete(id);
    if (known) this.#onChange(this.list());
    return known;
  }
}
