/**
 * One question at a time to each source, and a bound on how many sources are asked at once. Who cannot wait
 * comes before what is only due, and is held up by nothing but the question that is under way.
 */
export class Lanes {
  readonly #mostAtOnce: number;
  readonly #taken = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(mostAtOnce: number) {
    this.#mostAtOnce = mostAtOnce;
  }

  /** @returns whether it was free; who got it calls `leave` once. */
  tryEnter(source: string): boolean {
    if (this.#taken.has(source) || this.#taken.size >= this.#mostAtOnce) return false;
    this.#taken.add(source);
    return true;
  }

  /** Resolves when it is this one's turn, the first who asked first; then `leave` is called once. */
  async enter(source: string): Promise<void> {
    if (!this.#taken.has(source)) {
      this.#taken.add(source);
      return;
    }
    await new Promise<void>((resolve) => {
      const waiting = this.#waiting.get(source) ?? [];
      this.#waiting.set(source, waiting);
      waiting.push(resolve);
    });
  }

  leave(source: string): void {
    const next = this.#waiting.get(source)?.shift();
    if (next === undefined) this.#taken.delete(source);
    else next();
  }
}
