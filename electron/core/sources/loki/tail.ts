import type { SourceFailure } from '#shared/failure.ts';
import { readLogQuery } from '#shared/logql/read-query.ts';
import { compareNanoseconds, nanosecondsOf, type Nanoseconds } from '#shared/model/log.ts';
import { drop } from '#shared/result.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { malformed, sourceFailure } from '../source-failure.ts';
import { systemClock, type Clock } from '#core/clock/clock.ts';
import type { LokiClient } from './client.ts';
import { refusalOf } from './failure.ts';
import { StreamTable, type TailHead } from './lines-answer.ts';
import type { LokiLine, LokiLines, TailListener, TailRequest, TailStatus } from './model.ts';
import { SeenLines, Turns } from './seen-lines.ts';
import { Gap } from './tail-gap.ts';
import { TailSocket, type SocketEnd } from './tail-socket.ts';

/**
 * Follows the lines of a query without losing any. Loki drops lines of a tail that is slower than they
 * come, ends every tail after an hour, and tells nothing of the lines between two connections: whatever
 * was or may have been left out is asked for again and merged, each line given on exactly once.
 */

export interface TailOptions {
  readonly clock: Clock;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** How long more reports of dropped lines are waited for before they are fetched. */
  readonly fillAfterMs: number;
  /** After this long without a report one last look finds what was dropped and not told. */
  readonly settleMs: number;
  /** Lines that are known again when they come a second time. */
  readonly mostRemembered: number;
}

const defaults: TailOptions = {
  clock: systemClock,
  firstRetryMs: secondMs / 2,
  longestRetryMs: 30 * secondMs,
  fillAfterMs: secondMs / 2,
  settleMs: 3 * secondMs,
  mostRemembered: 100_000,
};

/** Lines do not come in the order of their times: what is fetched begins this long before what is known. */
const dropSlackMs = 2 * secondMs;
const reconnectSlackMs = 30 * secondMs;
/** A refusal of a query comes at once after the upgrade. */
const refusalWithinMs = 5 * secondMs;
const maxWaitingFrames = 32;
const maxStreams = 10_000;

/** Opens a tail. Its listener is called until `stop`, or until a status says `ended`. */
export function openTail(
  client: LokiClient,
  request: TailRequest,
  listener: TailListener,
  options: Partial<TailOptions> = {},
): { stop(): void } {
  return new LokiTail(client, request, listener, { ...defaults, ...options });
}

class LokiTail {
  readonly #client: LokiClient;
  readonly #request: TailRequest;
  readonly #listener: TailListener;
  readonly #options: TailOptions;
  readonly #seen: SeenLines;
  /** Loki keeps no two lines of one nanosecond that are alike; a query may make such. */
  readonly #isAsStored: boolean;
  /** Of the lines of this connection. */
  #turns = new Turns();
  readonly #table = new StreamTable();
  readonly #gap: Gap;
  readonly #fromNs: Nanoseconds;
  #socket: TailSocket | null = null;
  #cancelRetry: () => void = () => undefined;
  #attempts = 0;
  #openedAtMs: number | null = null;
  /** When the connection was last asked for. */
  #connectNs: Nanoseconds = '0';
  #hasBeenOpen = false;
  #frames: Promise<void> = Promise.resolve();
  #waitingFrames = 0;
  #framesOfSocket = 0;
  /** Time of the newest line, or of the frame that brought it where the line's is in the future. */
  #highNs: Nanoseconds;
  #told = 0;
  #isOver = false;
  #status: TailStatus = { state: 'connecting', received: 0, dropped: 0, recovered: 0, failure: null };

  constructor(client: LokiClient, request: TailRequest, listener: TailListener, options: TailOptions) {
    this.#client = client;
    this.#request = request;
    this.#listener = listener;
    this.#options = options;
    this.#seen = new SeenLines(options.mostRemembered);
    const read = readLogQuery(request.query);
    this.#isAsStored = read.ok && read.value.isAsStored;
    this.#fromNs = request.fromNs ?? this.#serverNowNs();
    this.#highNs = this.#fromNs;
    this.#gap = new Gap(client, request.query, options, {
      floorNs: () => this.#seen.floorNs,
      toNs: () => this.#serverNowNs(minuteMs),
      onLines: (lines, isHistory) => this.#give(lines, isHistory ? 'history' : 'recovered'),
      onChange: (failure) => this.#tell({ ...this.#openState(), failure }),
    });
    queueMicrotask(() => this.#connect());
  }

  stop(): void {
    this.#isOver = true;
    this.#cancelRetry();
    this.#gap.stop();
    this.#socket?.destroy();
    this.#socket = null;
  }

  #connect(): void {
    if (this.#isOver) return;
    this.#tell({ state: 'connecting' });
    const { query, delayForSeconds = 0 } = this.#request;
    // The past is not the tail's matter: it is fetched, and not limited to some lines.
    this.#connectNs = this.#serverNowNs();
    const parameters = new URLSearchParams({ query, limit: '100', start: this.#connectNs });
    if (delayForSeconds > 0) parameters.set('delay_for', String(delayForSeconds));
    this.#openedAtMs = null;
    this.#framesOfSocket = 0;
    this.#turns = new Turns();
    const events = {
      onOpen: () => this.#opened(),
      onFrame: (body: Uint8Array) => this.#queue(body),
      onEnd: (end: SocketEnd) => this.#ended(end),
    };
    this.#socket = new TailSocket(this.#client.http, parameters, events, this.#options.clock);
  }

  #opened(): void {
    this.#openedAtMs = this.#options.clock.monotonicMs();
    const fromNs = this.#hasBeenOpen ? earlier(this.#highNs, reconnectSlackMs) : this.#fromNs;
    const kind = this.#hasBeenOpen ? 'connection' : 'history';
    const silentFromNs = this.#hasBeenOpen ? this.#highNs : '0';
    this.#hasBeenOpen = true;
    // What the stream brings lies after this, but for lines that were written late.
    const edgeNs = earlier(this.#connectNs, dropSlackMs);
    this.#gap.open(edgeNs);
    this.#gap.add({ kind, fromNs: greatest(fromNs, edgeNs), toNs: null });
    this.#gap.addSilence({ kind, fromNs, toNs: edgeNs, silentFromNs });
    this.#tell({ ...this.#openState(), failure: null });
  }

  /** Frames are read one after the other; while too many wait, the server keeps the rest. */
  #queue(body: Uint8Array): void {
    const socket = this.#socket;
    this.#framesOfSocket++;
    if (++this.#waitingFrames >= maxWaitingFrames) socket?.pause();
    this.#frames = this.#frames.then(async () => {
      // A reader may keep the buffer: it gets one of its own.
      const whole = new Uint8Array(body);
      const answer = { body: whole, mediaType: 'application/json' };
      const read = await this.#client.http.reader.read('loki.tailFrame', answer);
      if (--this.#waitingFrames < maxWaitingFrames / 4) socket?.resume();
      if (this.#isOver) return;
      if (read.ok) this.#take(read.value.head, read.value.rows);
      else this.#lose(malformed(`a frame of the tail cannot be read (${read.failure.message}).`));
    });
    drop(this.#frames, 'failures are values here');
  }

  #take(head: TailHead, lines: readonly LokiLine[]): void {
    const knownNs = this.#highNs;
    this.#give({ streams: head.streams, lines }, 'live');
    if (head.dropped === null || this.#isOver) return;
    this.#status = { ...this.#status, dropped: this.#status.dropped + head.dropped.count };
    const fromNs = least(head.dropped.firstNs, earlier(knownNs, dropSlackMs));
    const toNs = later(greatest(head.dropped.lastNs, this.#highNs));
    this.#gap.add({ kind: 'drop', fromNs, toNs });
    this.#tell(this.#openState());
  }

  /** What cannot be read is a gap like any other. */
  #lose(failure: SourceFailure): void {
    const fromNs = earlier(this.#highNs, reconnectSlackMs);
    this.#gap.add({ kind: 'drop', fromNs, toNs: null });
    this.#tell({ ...this.#openState(), failure });
  }

  #give(batch: LokiLines, by: 'live' | 'history' | 'recovered'): void {
    if (this.#isOver) return;
    const numbers = batch.streams.map((stream) => this.#table.indexOf(stream));
    const lines: LokiLine[] = [];
    const turns = by === 'live' ? this.#turns : new Turns();
    turns.nextBatch();
    for (const line of batch.lines) {
      const stream = numbers[line.stream] ?? 0;
      const { timeNs, text } = line;
      const turn = this.#isAsStored ? 1 : turns.of(stream, timeNs, text);
      if (this.#seen.add(stream, timeNs, text, turn)) lines.push({ ...line, stream });
    }
    const last = batch.lines.at(-1);
    if (last !== undefined && by === 'live') this.#raise(last.timeNs);
    if (lines.length === 0) return;
    const streams = this.#table.streams.slice(this.#told);
    this.#told = this.#table.streams.length;
    const recovered = this.#status.recovered + (by === 'recovered' ? lines.length : 0);
    const dropped = Math.max(this.#status.dropped, recovered);
    this.#listener.onLines({ streams, lines });
    this.#tell({ received: this.#status.received + lines.length, dropped, recovered });
    if (this.#told > maxStreams) this.#finish(tooManyStreams());
  }

  #raise(timeNs: Nanoseconds): void {
    const nowNs = this.#serverNowNs();
    const candidate = compareNanoseconds(timeNs, nowNs) > 0 ? nowNs : timeNs;
    this.#highNs = greatest(this.#highNs, candidate);
  }

  #ended(end: SocketEnd): void {
    if (this.#isOver) return;
    this.#socket = null;
    this.#gap.close();
    const openMs = this.#openedAtMs === null ? 0 : this.#options.clock.monotonicMs() - this.#openedAtMs;
    const isAtOnce = openMs < refusalWithinMs && this.#framesOfSocket === 0;
    const { failure, isFinal } = meaningOf(end, isAtOnce);
    if (isFinal) this.#finish(failure);
    else this.#retry(failure, openMs);
  }

  #retry(failure: SourceFailure, openMs: number): void {
    const { clock, firstRetryMs, longestRetryMs } = this.#options;
    if (openMs >= refusalWithinMs || this.#framesOfSocket > 0) this.#attempts = 0;
    const growing = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#attempts++, 16));
    const delayMs = Math.max(failure.retryAfterMs ?? 0, growing * (0.75 + clock.random() / 2));
    this.#tell({ state: 'waiting', failure });
    this.#cancelRetry = clock.after(Math.min(delayMs, 5 * minuteMs), () => this.#connect());
  }

  #finish(failure: SourceFailure): void {
    this.#tell({ state: 'ended', failure });
    this.stop();
  }

  #openState(): Pick<TailStatus, 'state'> {
    if (this.#openedAtMs === null || this.#socket === null) return { state: this.#status.state };
    return { state: this.#gap.isRecovering ? 'recovering' : 'live' };
  }

  #tell(change: Partial<TailStatus>): void {
    if (this.#isOver) return;
    this.#status = { ...this.#status, ...change };
    this.#listener.onStatus(this.#status);
  }

  #serverNowNs(plusMs = 0): Nanoseconds {
    return nanosecondsOf(this.#options.clock.nowMs() + (this.#client.http.clockSkewMs ?? 0) + plusMs);
  }
}

/** Whether it is worth another try, and what to say meanwhile. */
function meaningOf(end: SocketEnd, isAtOnce: boolean): { failure: SourceFailure; isFinal: boolean } {
  if (end.kind === 'broken') return { failure: end.failure, isFinal: false };
  if (end.kind === 'refused') {
    const passing = ['rate-limited', 'server-error', 'timeout'].includes(end.failure.code);
    return { failure: end.failure, isFinal: !passing };
  }
  const known = refusalOf(end.reason);
  const says = `The server closed the tail (${end.code}${end.reason === '' ? '' : `: ${end.reason}`}).`;
  const isPassing = /max duration|ingester|connection|unavailable|EOF|rpc error|context/i.test(end.reason);
  // The hour that a tail may last ends with the same code as a query that is refused.
  const isFinal = known?.code === 'bad-query' || (end.code === 1011 && isAtOnce && !isPassing);
  const nextStep = isFinal
    ? 'Correct the query; the words are the server’s own.'
    : 'It is opened again; lines of the time between are fetched.';
  return {
    failure: known ?? sourceFailure(isFinal ? 'bad-query' : 'server-error', says, nextStep),
    isFinal,
  };
}

function tooManyStreams(): SourceFailure {
  return sourceFailure(
    'too-large',
    `The tail met more than ${maxStreams} streams.`,
    'Add a matcher to the selector, so that fewer streams match.',
  );
}

function earlier(timeNs: Nanoseconds, byMs: number): Nanoseconds {
  const ns = BigInt(timeNs) - BigInt(byMs) * 1_000_000n;
  return ns > 0n ? ns.toString() : '0';
}

function later(timeNs: Nanoseconds): Nanoseconds {
  return (BigInt(timeNs) + 1n).toString();
}

function least(left: Nanoseconds, right: Nanoseconds): Nanoseconds {
  return compareNanoseconds(left, right) <= 0 ? left : right;
}

function greatest(left: Nanoseconds, right: Nanoseconds): Nanoseconds {
  return compareNanoseconds(left, right) >= 0 ? left : right;
}
