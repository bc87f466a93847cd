/**
 * What was held back, while the machine woke, over a pause, or by the policy: once it may be told, it is told
 * in one notification, however many incidents it is about.
 */
export class Gathering {
  #isOn = false;
  /** All that waits, whatever it is about. */
  #isAll: boolean;
  readonly #held = new Set<number>();
  #began = 0;

  /** @param isAll whether something was held back before this core began. */
  constructor(isAll: boolean) {
    this.#isAll = isAll;
  }

  /** Whether nothing is to be shown now. */
  get isOn(): boolean {
    return this.#isOn;
  }

  begin(): void {
    this.#isOn = true;
    this.#began += 1;
  }

  /** @returns what ends it when it is done, unless it began anew by then; null where nothing is gathered. */
  ending(): (() => void) | null {
    const began = this.#began;
    if (!this.#isOn) return null;
    return () => {
      if (!this.#isOn || this.#began !== began) return;
      this.#isOn = false;
      this.#isAll = true;
    };
  }

  /** A turn went by in which nothing could be shown. */
  holdAll(): void {
    this.#isAll = true;
  }

  /** Nothing waits any more, or it is asked for: what comes next is told as it comes. */
  letGo(): void {
    this.#isAll = false;
  }

  hold(incidentId: number): void {
    this.#held.add(incidentId);
  }

  forget(incidentId: number): void {
    this.#held.delete(incidentId);
  }

  isHeld(incidentId: number): boolean {
    return this.#isAll || this.#held.has(incidentId);
  }
}
