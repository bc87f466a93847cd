/**
 * A bounded way through to one server: so many requests at once, so many waiting, the rest turned away
 * at once. Used by `SourceHttp`, with a lane of its own for polls so that no chart delays one.
 */
export class Lane {
  readonly #maxRunning: number;
  readonly #maxWaiting: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Waits for a place, first come first served. Whoever `entered` calls `leave` exactly once.
   * @returns `full` at once where the queue is full; `aborted` when the signal came first.
   */
  async enter(signal: AbortSignal): Promise<'entered' | 'full' | 'aborted'> {
    if (signal.aborted) return 'aborted';
    if (this.#running < this.#maxRunning) {
      this.#running++;
      return 'entered';
    }
    if (this.#waiting.length >= this.#maxWaiting) return 'full';
    return new Promise((resolve) => {
      const admit = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve('entered');
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(admit), 1);
        resolve('aborted');
      };
      this.#waiting.push(admit);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Gives the place to the next in line. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}
