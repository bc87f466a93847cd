import type { SeriesToKeep } from '#core/store/cache/samples/sample-writer.ts';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import type { SyncedSource, WindowQuery } from './synced-source.ts';

/**
 * Labels that a server adds to what remote read answers and to no query. They are taken off again, which is
 * right only where no series of the selector has a label of that name itself: there remote read is not used.
 */
export class ExternalLabels {
  readonly #source: SyncedSource;
  readonly #nowMs: () => number;
  #labels: Labels | null = null;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  /** By selector: until when what was found out holds, and whether remote read can be used. */
  readonly #usable = new Map<string, { readonly untilMs: number; readonly isUsable: boolean }>();
  /** By selector: the label names that its answers had. */
  readonly #names = new Map<string, Set<string>>();

  constructor(source: SyncedSource, nowMs: () => number) {
    this.#source = source;
    this.#nowMs = nowMs;
  }

  /** @returns what is added to the series of this selector; null where that cannot be told from their own. */
  async addedTo({ selector, span }: WindowQuery, signal: AbortSignal): Promise<Labels | null> {
    const labels = await this.#ask(this.#names.has(selector.text) ? longestKeptMs : freshMs, signal);
    if (labels === null) return null;
    const names = Object.keys(labels);
    if (names.length === 0) return labels;
    // A server takes a matcher of an external label for fulfilled, which it is not for the series here.
    if (selector.matchers.some(({ name }) => names.includes(name))) return null;
    const known = this.#usable.get(selector.text);
    if (known !== undefined && known.untilMs > this.#nowMs()) return known.isUsable ? labels : null;
    const own = await this.#source.labelNames(selector.text, span, signal);
    if (!own.ok) return null;
    const isUsable = !own.value.some((name) => names.includes(name));
    this.#usable.set(selector.text, { isUsable, untilMs: this.#nowMs() + hourMs });
    return isUsable ? labels : null;
  }

  /**
   * @returns the series without what was added; null where the server adds other labels by now, or may do so:
   * then the answer is of no use, and the next question finds out.
   */
  takeOff(selector: string, series: readonly SeriesToKeep[], added: Labels): SeriesToKeep[] | null {
    const entries = Object.entries(added);
    const names = new Set(this.#names.get(selector));
    const isFirst = names.size === 0;
    let hasNew = false;
    const stripped: SeriesToKeep[] = [];
    for (const one of series) {
      if (!entries.every(([name, value]) => labelOf(one.labels, name) === value))
        return this.#doubt(selector);
      const own = Object.entries(one.labels).filter(([name]) => !Object.hasOwn(added, name));
      for (const [name] of own) {
        if (names.has(name)) continue;
        names.add(name);
        hasNew = true;
      }
      stripped.push({ ...one, labels: Object.fromEntries(own) });
    }
    // A name that was not there before may be the server's newest label.
    const isOld = this.#nowMs() - this.#askedAtMs > freshMs;
    if (hasNew && isOld && !isFirst) return this.#doubt(selector);
    this.#names.set(selector, names);
    return stripped;
  }

  #doubt(selector: string): null {
    this.#askedAtMs = Number.NEGATIVE_INFINITY;
    this.#usable.delete(selector);
    this.#names.delete(selector);
    return null;
  }

  async #ask(keptMs: number, signal: AbortSignal): Promise<Labels | null> {
    const nowMs = this.#nowMs();
    if (nowMs - this.#askedAtMs <= keptMs) return this.#labels;
    const asked = await this.#source.externalLabels(signal);
    this.#labels = asked.ok ? asked.value : null;
    this.#askedAtMs = nowMs;
    return this.#labels;
  }
}

/** What a server adds changes with its configuration: seldom. */
const longestKeptMs = 10 * minuteMs;
/** Young enough to be told apart from the labels of a selector that was never read. */
const freshMs = minuteMs;
