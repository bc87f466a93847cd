import { minuteMs } from '#shared/time.ts';

/**
 * How many notifications a minute a person gets: five, and one summary of all the others. What the host was
 * asked for and has not answered counts as shown, since it may be at any moment. Times are those of a clock
 * that never goes back.
 */
const singlesPerMinute = 5;

interface Slot {
  readonly isSummary: boolean;
  /** When it was shown; null while the host has not said. */
  readonly shownAtMs: number | null;
  readonly takenAtMs: number;
}

export class RateWindow {
  readonly #slots = new Map<string, Slot>();

  take(id: string, isSummary: boolean, nowMs: number): void {
    this.#slots.set(id, { isSummary, shownAtMs: null, takenAtMs: nowMs });
  }

  /** It was shown then, or may have been. */
  settle(id: string, isSummary: boolean, shownAtMs: number): void {
    this.#slots.set(id, { isSummary, shownAtMs, takenAtMs: shownAtMs });
  }

  /** It was never shown. */
  free(id: string): void {
    this.#slots.delete(id);
  }

  /** How many may be shown now on their own. */
  singles(nowMs: number): number {
    this.#forget(nowMs);
    const taken = [...this.#slots.values()].filter(({ isSummary }) => !isSummary).length;
    return Math.max(0, singlesPerMinute - taken);
  }

  /** A summary that the host keeps back does not keep back the next, which replaces it. */
  hasSummary(nowMs: number): boolean {
    this.#forget(nowMs);
    return ![...this.#slots.values()].some(({ isSummary }) => isSummary);
  }

  /** @returns milliseconds until time alone makes room for something; null where it does not. */
  nextRoomMs(nowMs: number): number | null {
    this.#forget(nowMs);
    const ends = [...this.#slots.values()].flatMap((slot) => endOf(slot) ?? []);
    return ends.length === 0 ? null : Math.min(...ends) - nowMs;
  }

  #forget(nowMs: number): void {
    for (const [id, slot] of this.#slots) if ((endOf(slot) ?? Infinity) <= nowMs) this.#slots.delete(id);
  }
}

function endOf({ isSummary, shownAtMs, takenAtMs }: Slot): number | null {
  if (shownAtMs !== null) return shownAtMs + minuteMs;
  return isSummary ? takenAtMs + minuteMs : null;
}
