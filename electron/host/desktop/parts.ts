import { setTimeout as sleep } from 'node:timers/promises';
import type { DesktopPart, DesktopShell, MakeDesktopPart } from './desktop-parts.ts';

/**
 * The parts as one: made in order, told in order, closed in reverse. A fault in one of them must not silence
 * the others, nor end the console that watches: it is logged, and the rest goes on.
 */

/** How long one part may take to let go of what the system holds for it. */
const closeMs = 2_000;

export class Parts {
  readonly #log: DesktopShell['log'];
  #parts: readonly DesktopPart[] = [];

  constructor(log: DesktopShell['log']) {
    this.#log = log;
  }

  make(makers: readonly MakeDesktopPart[], shell: DesktopShell): void {
    this.#parts = makers.flatMap((make) => this.#survive(() => [make(shell)]) ?? []);
  }

  tell(what: (part: DesktopPart) => void): void {
    for (const part of this.#parts) this.#survive(() => what(part));
  }

  get keepRunning(): boolean {
    return this.#parts.some((part) => this.#survive(() => part.keepsRunning?.()) === true);
  }

  /** Never rejects, and takes no longer than each part may. */
  async close(): Promise<void> {
    for (const part of this.#parts.toReversed()) {
      const timer = new AbortController();
      const late = sleep(closeMs, undefined, { signal: timer.signal }).catch(() => undefined);
      const closed = Promise.resolve(this.#survive(() => part.close?.())).catch((error: unknown) =>
        this.#failed(error),
      );
      await Promise.race([closed, late]);
      timer.abort();
    }
  }

  #survive<Value>(act: () => Value): Value | undefined {
    try {
      return act();
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #failed(error: unknown): void {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#log('desktop.part-failed', { error: what });
  }
}
