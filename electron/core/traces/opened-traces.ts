import type { Trace, TraceOutline } from '#shared/model/trace.ts';
import { outlineOf } from '#shared/traces/outline.ts';

/** A trace that a window looks at, with what it was drawn from. */
export interface OpenedTrace {
  readonly trace: Trace;
  readonly outline: TraceOutline;
}

/** Some 400 MiB at the worst, and a fraction of that for spans as they usually are. */
const mostSpans = 200_000;

/**
 * The traces opened last, so that spans are told and texts found without asking again. Bounded by their
 * spans; the trace opened last stays whatever its size.
 */
export class OpenedTraces {
  readonly #mostSpans: number;
  /** By source and id, the one used last at the end. */
  readonly #opened = new Map<string, OpenedTrace>();
  #spans = 0;

  constructor(most: number = mostSpans) {
    this.#mostSpans = most;
  }

  /** @param source the one that was asked for, and `traceId` likewise: they find it again. */
  open(source: string, traceId: string, trace: Trace): OpenedTrace {
    const opened = { trace, outline: outlineOf(trace) };
    this.#forget(keyOf(source, traceId));
    this.#opened.set(keyOf(source, traceId), opened);
    this.#spans += trace.spans.length;
    for (const key of this.#opened.keys()) {
      if (this.#spans <= this.#mostSpans || this.#opened.size === 1) break;
      this.#forget(key);
    }
    return opened;
  }

  find(source: string, traceId: string): OpenedTrace | undefined {
    const key = keyOf(source, traceId);
    const opened = this.#opened.get(key);
    if (opened === undefined) return undefined;
    this.#opened.delete(key);
    this.#opened.set(key, opened);
    return opened;
  }

  #forget(key: string): void {
    this.#spans -= this.#opened.get(key)?.trace.spans.length ?? 0;
    this.#opened.delete(key);
  }
}

/** A trace is asked for under any length of its id, and without a name of a source for the first one. */
function keyOf(source: string, traceId: string): string {
  return `${traceId.padStart(32, '0')} ${source}`;
}
