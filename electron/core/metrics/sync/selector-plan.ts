import type { Selector } from '#core/store/cache/samples/selector.ts';
import type { SyncedSelector } from '#shared/model/sample-sync.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import type { Demand, WatchPriority } from './demands.ts';
import { clipSpans, joinSpans, lengthOfSpans, withoutSpans, type Span } from './spans.ts';
import { WindowSize } from './window-size.ts';

/** How far one selector of one source is, and what of it is to be fetched next. Knows no server and no clock. */

/** How much time must have passed before what is new is asked for. */
const tailEveryMs = 30 * secondMs;
/** Fetched again where a window follows on a complete one: for samples that were appended late. */
export const overlapMs = minuteMs;

export interface DuePieces {
  /** What ends with what is settled now. */
  readonly tail: Span | null;
  /** The newest that is missing before: what one looks for first, and what grows into one stretch. */
  readonly fill: Span | null;
}

export interface Refusal {
  readonly why: string;
  readonly untilMs: number;
}

export class SelectorPlan {
  readonly selector: Selector;
  readonly size = new WindowSize();
  priority: WatchPriority = 'rule';
  /** When its last window was answered. */
  servedAtMs = Number.NEGATIVE_INFINITY;
  /** When the server counted its series; null where that is to be asked. */
  countedAtMs: number | null = null;
  /** When the cache last said what it covers; null before. */
  recalledAtMs: number | null = null;
  way: SyncedSelector['way'] = null;
  /** Of its questions, in a row. */
  failures = 0;
  #failedSinceMs: number | null = null;
  #wanted: readonly Span[] = [];
  #covered: readonly Span[] = [];
  #refusal: Refusal | null = null;
  /** Of wider selectors of the same source. */
  #wider: readonly SelectorPlan[] = [];
  /** What the cache had and dropped is not fetched once more, to be dropped again. */
  #droppedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(selector: Selector) {
    this.selector = selector;
  }

  want({ wanted, priority }: Demand, wider: readonly SelectorPlan[]): void {
    this.#wanted = wanted;
    this.priority = priority;
    this.#wider = wider;
  }

  get wanted(): readonly Span[] {
    return this.#wanted;
  }

  get covered(): readonly Span[] {
    return joinSpans([...this.#covered, ...this.#wider.flatMap((one) => one.#covered)]);
  }

  refusal(nowMs: number): Refusal | null {
    return this.#refusal !== null && this.#refusal.untilMs > nowMs ? this.#refusal : null;
  }

  /** When the first of its questions that failed in a row did. */
  failedSinceMs(nowMs: number): number {
    this.#failedSinceMs ??= nowMs;
    return this.#failedSinceMs;
  }

  refuse(why: string, untilMs: number): void {
    this.#refusal = { why, untilMs };
    this.failures = 0;
    this.#failedSinceMs = null;
    this.countedAtMs = null;
  }

  cover(span: Span): void {
    this.#covered = joinSpans([...this.#covered, span]);
    this.#refusal = null;
    this.failures = 0;
    this.#failedSinceMs = null;
  }

  /** What the cache says of the span now is what there is. */
  recalled({ fromMs, toMs }: Span, covered: readonly Span[], nowMs: number): void {
    const known = this.recalledAtMs === null ? [] : clipSpans(this.#covered, fromMs, toMs);
    const dropped = withoutSpans(known, covered);
    this.#droppedUntilMs = Math.max(this.#droppedUntilMs, dropped.at(-1)?.toMs ?? Number.NEGATIVE_INFINITY);
    this.#covered = joinSpans(covered);
    this.recalledAtMs = nowMs;
  }

  missing(settledMs: number): Span[] {
    const wanted = clipSpans(this.#wanted, this.#droppedUntilMs + 1, settledMs);
    return withoutSpans(wanted, this.covered);
  }

  due(settledMs: number): DuePieces {
    const missing = this.missing(settledMs);
    const last = missing.at(-1) ?? null;
    if (last?.toMs !== settledMs) return { tail: null, fill: last };
    const isDue = last.toMs - last.fromMs + 1 >= tailEveryMs;
    return { tail: isDue ? last : null, fill: missing.at(-2) ?? null };
  }

  /** The window to ask for next: the end of the piece, as long as an answer may be. */
  windowOf(piece: Span): Span {
    const longestMs = this.size.longestMs();
    const before = this.covered.find(({ toMs }) => toMs === piece.fromMs - 1);
    const overlap = Math.min(overlapMs, Math.floor(longestMs / 2));
    const fromMs = before === undefined ? piece.fromMs : Math.max(before.fromMs, piece.fromMs - overlap);
    return { fromMs: Math.max(fromMs, piece.toMs - longestMs + 1), toMs: piece.toMs };
  }

  state(settledMs: number, nowMs: number): SyncedSelector {
    const last = this.covered.at(-1);
    return {
      selector: this.selector.text,
      wantedFromMs: this.#wanted[0]?.fromMs ?? settledMs,
      coveredFromMs: last?.fromMs ?? null,
      coveredUntilMs: last?.toMs ?? null,
      missingMs: lengthOfSpans(this.missing(settledMs)),
      series: this.countedAtMs === null && this.size.samplesPerSecond === null ? null : this.size.series,
      samplesPerSecond: this.size.samplesPerSecond,
      way: this.way,
      refusal: this.refusal(nowMs)?.why ?? '',
    };
  }
}
