import { drop } from '#shared/result.ts';

/** Does a few things at once and the others in their turn, so that a hundred changes are no flood. */
const mostAtOnce = 4;

export class Postman {
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #under = new Set<Promise<void>>();

  /** @param work handles its own failures. */
  bring(work: () => Promise<void>): void {
    this.#waiting.push(work);
    this.#next();
  }

  /** Resolves when nothing is under way and nothing waits. */
  async idle(): Promise<void> {
    while (this.#under.size > 0) await Promise.allSettled(this.#under);
  }

  #next(): void {
    if (this.#under.size >= mostAtOnce) return;
    const work = this.#waiting.shift();
    if (work === undefined) return;
    const done: Promise<void> = work().finally(() => {
      this.#under.delete(done);
      this.#next();
    });
    this.#under.add(done);
    drop(done, 'the work handles its own failures');
  }
}
