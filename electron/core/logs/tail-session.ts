import type { LogQueryParts } from '#shared/logql/read-query.ts';
import type { Labels } from '#shared/model/labels.ts';
import {
  applyLogTail,
  compareNanoseconds,
  maxTailLines,
  newestLines,
  type LogTail,
  type LogTailPatch,
} from '#shared/model/log.ts';
import { drop } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import type { LogOrigins } from './ask-source.ts';
import { keepTailed, notKept } from './keep-lines.ts';
import type { LogSource, SourceLine, SourceLines, TailStanding } from './log-source.ts';
import { shownLines } from './shown-lines.ts';

/**
 * One live tail: lines come as the source has them and go on in batches, so that a storm of lines is a few
 * patches a second. It ends itself when nobody has followed it for a while.
 */
export interface TailSessionOptions {
  readonly origins: LogOrigins;
  readonly source: LogSource;
  readonly query: string;
  readonly parts: LogQueryParts;
  readonly onClosed: () => void;
}

const batchMs = 200;
/** A window that has asked for a tail needs a moment to follow it, and one that reconnects another. */
const firstGraceMs = 15 * secondMs;
const graceMs = 5 * secondMs;
const rateWindowMs = 5 * secondMs;
/** More are no tail of a service: every stream's labels stay with the window until the tail ends. */
const maxStreams = 5_000;
/** Lines that wait to be kept, and as many again that are being written: of a storm the newest are kept. */
const maxUnkept = 20_000;
/** UTF-16 units of their texts, and of those that wait to be shown; and of the labels of all streams. */
const maxWaitingLength = 64 * 1_048_576;
const maxLabelLength = 16 * 1_048_576;

export class TailSession {
  readonly #options: TailSessionOptions;
  readonly #listeners = new Set<(patch: LogTailPatch) => void>();
  readonly #streams: Labels[] = [];
  readonly #rates: { readonly atMs: number; readonly lines: number }[] = [];
  readonly #startedAtMs: number;
  readonly #batches: NodeJS.Timeout;
  readonly #tailing: { readonly close: () => void };
  #grace: NodeJS.Timeout | undefined;
  #pending: SourceLine[] = [];
  #unkept: SourceLine[] = [];
  /** Lines that the cache has not written yet, long ones as several. */
  #beingKept = 0;
  #labelLength = 0;
  /** Of the lines that came since there were too many, or were last kept and shown. */
  #waitingLength = 0;
  /** How many of `#streams` the windows know. */
  #streamsShown = 0;
  #received = 0;
  #standing: TailStanding = { state: 'connecting', dropped: 0, recovered: 0, failure: null };
  #tail: LogTail;
  #isClosed = false;

  constructor(options: TailSessionOptions) {
    this.#options = options;
    this.#startedAtMs = options.origins.nowMs();
    this.#tail = {
      source: options.source.name,
      query: options.query,
      streams: [],
      lines: [],
      received: 0,
      linesPerSecond: 0,
      ...this.#standing,
    };
    this.#batches = setInterval(() => this.#flush(), batchMs);
    this.#awaitFollower(firstGraceMs);
    this.#tailing = options.source.openTail(options.query, {
      onLines: (lines) => this.#take(lines),
      onStanding: (standing) => {
        if (!this.#isClosed && this.#standing.state !== 'ended') this.#standing = standing;
      },
    });
  }

  follow(listener: (patch: LogTailPatch) => void): {
    readonly current: () => LogTail;
    readonly close: () => void;
  } {
    clearTimeout(this.#grace);
    this.#listeners.add(listener);
    return {
      current: () => this.#tail,
      close: () => {
        if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#awaitFollower(graceMs);
      },
    };
  }

  /** Tells its followers that it ended; nothing comes after. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#batches);
    clearTimeout(this.#grace);
    this.#tailing.close();
    if (this.#standing.state !== 'ended') this.#standing = { ...this.#standing, state: 'ended' };
    this.#flush();
    this.#options.onClosed();
  }

  #awaitFollower(ms: number): void {
    clearTimeout(this.#grace);
    if (!this.#isClosed) this.#grace = setTimeout(() => this.close(), ms);
  }

  #take({ streams, lines }: Pick<SourceLines, 'streams' | 'lines'>): void {
    if (this.#isClosed || this.#standing.state === 'ended') return;
    this.#streams.push(...streams);
    this.#received += lines.length;
    this.#rates.push({ atMs: this.#options.origins.nowMs(), lines: lines.length });
    this.#unkept.push(...lines);
    this.#pending.push(...lines);
    this.#waitingLength += lines.reduce((sum, { text }) => sum + text.length, 0);
    const isMuch = this.#waitingLength > maxWaitingLength;
    if (isMuch) this.#waitingLength = 0;
    if (isMuch || this.#unkept.length > maxUnkept)
      this.#unkept = newestLines(this.#unkept, maxUnkept, maxWaitingLength / 2);
    // Those that a window would drop at once are not held for it.
    if (isMuch || this.#pending.length > 2 * maxTailLines) this.#pending = newest(this.#pending);
    for (const labels of streams) this.#labelLength += JSON.stringify(labels).length;
    if (this.#streams.length > maxStreams || this.#labelLength > maxLabelLength) this.#end();
  }

  #end(): void {
    this.#tailing.close();
    const failure = {
      code: 'too-large',
      message: `more than ${maxStreams} streams match the query, or their labels are longer than can be held`,
      nextStep: 'Name fewer streams in the selector.',
      retryAfterMs: null,
      status: null,
    } as const;
    this.#standing = { ...this.#standing, state: 'ended', failure };
  }

  /** A cache that is slower than the lines come is not given more than it can write. */
  #keep(): void {
    const { origins, source, parts } = this.#options;
    const lines = this.#unkept;
    if (lines.length === 0 || this.#beingKept >= maxUnkept) return;
    this.#unkept = [];
    // A long line is written as slowly as many short ones.
    const length = lines.reduce((sum, { text }) => sum + text.length, 0);
    const weight = lines.length + Math.floor((length * maxUnkept) / maxWaitingLength);
    this.#beingKept += weight;
    const kept = keepTailed(origins, source.name, parts, { streams: this.#streams, lines });
    drop(
      kept.finally(() => (this.#beingKept -= weight)),
      notKept,
    );
  }

  #flush(): void {
    this.#keep();
    const patch: LogTailPatch = {
      streams: this.#streams.slice(this.#streamsShown),
      lines: shownLines(newest(this.#pending)),
      received: this.#received,
      linesPerSecond: this.#rate(),
      ...this.#standing,
    };
    if (patch.lines.length === 0 && patch.streams.length === 0 && this.#isAsShown(patch)) return;
    this.#pending = [];
    if (this.#unkept.length === 0) this.#waitingLength = 0;
    this.#streamsShown = this.#streams.length;
    this.#tail = applyLogTail(this.#tail, patch);
    for (const listener of this.#listeners) listener(patch);
  }

  #isAsShown({ state, failure, dropped, recovered, received, linesPerSecond }: LogTailPatch): boolean {
    const shown = this.#tail;
    return (
      state === shown.state &&
      failure === shown.failure &&
      dropped === shown.dropped &&
      recovered === shown.recovered &&
      received === shown.received &&
      linesPerSecond === shown.linesPerSecond
    );
  }

  /** Over the last seconds, or over the tail's life while it is shorter. */
  #rate(): number {
    const nowMs = this.#options.origins.nowMs();
    while ((this.#rates[0]?.atMs ?? Infinity) <= nowMs - rateWindowMs) this.#rates.shift();
    const lines = this.#rates.reduce((sum, one) => sum + one.lines, 0);
    const spanMs = Math.min(rateWindowMs, Math.max(secondMs, nowMs - this.#startedAtMs));
    return Math.round((lines / spanMs) * secondMs * 10) / 10;
  }
}

/** As many as a window holds, oldest first; of equal times the one that came later is later. */
function newest(lines: readonly SourceLine[]): SourceLine[] {
  const sorted = lines.toSorted((left, right) => compareNanoseconds(left.timeNs, right.timeNs));
  return newestLines(sorted, maxTailLines, maxWaitingLength / 2);
}
