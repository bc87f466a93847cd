import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { compareNanoseconds, type Nanoseconds } from '#shared/model/log.ts';
import type { KeyPair } from './certificates.ts';
import type { Cleanup } from './cleanup.ts';

/**
 * A loopback server that keeps lines in memory and gives them as Loki 3.4 does: start included, end not,
 * at most so many at once, and a tail that drops what its reader is too slow for and reports only some of
 * it, with the next frame. What a real one does is tested on a real one.
 */

export interface DoubleEntry {
  readonly stream: Labels;
  readonly timeNs: Nanoseconds;
  readonly text: string;
  readonly metadata?: Labels;
}

interface Tail {
  readonly socket: WebSocket;
  readonly matches: (stream: Labels) => boolean;
  readonly waiting: DoubleEntry[];
  isRegistered: boolean;
  dropped: DoubleEntry[];
}

const linesOfFrame = 100;
const flushEveryMs = 50;

export class LokiDouble {
  url = '';
  maxEntries = 5_000;
  /** Every so many lines, one is not given to tails; 0 for none. */
  dropEvery = 0;
  /** Dropped lines that are reported in a frame; the others are not told at all. */
  reportAtMost = 1_000;
  /** Lines that wait for one tail before more are dropped. */
  queueLines = 1_000;
  /** A tail has the lines from this long after its connection was opened. */
  registerAfterMs = 0;
  /** How long an answer takes. */
  answerAfterMs = 0;
  /** Answers instead of opening a tail. */
  refusal: { readonly status: number; readonly text: string } | null = null;
  droppedLines = 0;
  /** Of the last tail that was opened. */
  tailHeaders: IncomingHttpHeaders = {};
  readonly asked: { readonly path: string; readonly parameters: URLSearchParams; readonly flags: string }[] =
    [];
  readonly #entries: DoubleEntry[] = [];
  readonly #tails = new Set<Tail>();
  #isSorted = true;
  #pushed = 0;

  get tails(): number {
    return this.#tails.size;
  }

  push(entries: readonly DoubleEntry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      for (const tail of this.#tails) {
        if (tail.isRegistered && tail.matches(entry.stream)) this.#offer(tail, entry);
      }
    }
    this.#isSorted = false;
  }

  /** As a broken network would. */
  breakTails(): void {
    for (const { socket } of this.#tails) socket.terminate();
  }

  closeTails(code: number, reason: string): void {
    for (const { socket } of this.#tails) socket.close(code, reason);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loki');
    const flags = String(request.headers['x-loki-response-encoding-flags'] ?? '');
    this.asked.push({ path: pathname, parameters: searchParams, flags });
    if (!pathname.endsWith('/loki/api/v1/query_range')) return refuse(response, 404, '404 page not found\n');
    const limit = Number(searchParams.get('limit') ?? '100');
    const [start, end] = [searchParams.get('start') ?? '0', searchParams.get('end') ?? '0'];
    if (limit > this.maxEntries) return refuse(response, 400, tooMany(limit, this.maxEntries));
    if (compareNanoseconds(start, end) >= 0) {
      return refuse(response, 400, 'end timestamp must not be before or equal to start time');
    }
    const isBackward = searchParams.get('direction') !== 'forward';
    const matches = matcherOf(searchParams.get('query') ?? '');
    const found = this.#between(start, end).filter(({ stream }) => matches(stream));
    const taken = isBackward ? found.slice(-limit).toReversed() : found.slice(0, limit);
    const data = { resultType: 'streams', result: wireStreams(taken, flags), stats: {} };
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
      response.end(JSON.stringify({ status: 'success', data }));
    }, this.answerAfterMs);
  }

  openTail(socket: WebSocket, request: IncomingMessage): void {
    const { searchParams } = new URL(request.url ?? '/', 'http://loki');
    const flags = String(request.headers['x-loki-response-encoding-flags'] ?? '');
    this.tailHeaders = request.headers;
    const tail: Tail = {
      socket,
      matches: matcherOf(searchParams.get('query') ?? ''),
      waiting: [],
      isRegistered: this.registerAfterMs === 0,
      dropped: [],
    };
    this.#tails.add(tail);
    setTimeout(() => (tail.isRegistered = true), this.registerAfterMs);
    const timer = setInterval(() => this.#flush(tail, flags), flushEveryMs);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      this.#tails.delete(tail);
    });
  }

  #offer(tail: Tail, entry: DoubleEntry): void {
    const isUnlucky = this.dropEvery > 0 && ++this.#pushed % this.dropEvery === 0;
    if (!isUnlucky && tail.waiting.length < this.queueLines) tail.waiting.push(entry);
    else {
      this.droppedLines++;
      tail.dropped.push(entry);
    }
  }

  #flush(tail: Tail, flags: string): void {
    // As the real one: nothing is said, not even what was dropped, where no line is to be sent.
    if (tail.waiting.length === 0) return;
    for (let frame = 0; frame < 2 && tail.waiting.length > 0; frame++) {
      const streams = wireStreams(tail.waiting.splice(0, linesOfFrame), flags);
      const dropped = tail.dropped.slice(0, this.reportAtMost);
      tail.dropped = [];
      const dropped_entries = dropped.map(({ timeNs, stream }) => ({ timestamp: timeNs, labels: stream }));
      tail.socket.send(
        JSON.stringify({ streams, dropped_entries: dropped.length === 0 ? null : dropped_entries }),
      );
    }
  }

  #between(start: Nanoseconds, end: Nanoseconds): DoubleEntry[] {
    if (!this.#isSorted) this.#entries.sort((left, right) => compareNanoseconds(left.timeNs, right.timeNs));
    this.#isSorted = true;
    return this.#entries.filter(
      ({ timeNs }) => compareNanoseconds(timeNs, start) >= 0 && compareNanoseconds(timeNs, end) < 0,
    );
  }
}

/** Starts one and puts it away with the test. */
export async function startLokiDouble(
  cleanup: Pick<Cleanup, 'add'>,
  tls: KeyPair | null = null,
): Promise<LokiDouble> {
  const double = new LokiDouble();
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    double.answer(request, response);
  const server =
    tls === null
      ? createServer(listener)
      : createSecureServer({ cert: tls.certificate, key: tls.key }, listener);
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (double.refusal !== null) return void socket.end(refusalText(double.refusal));
    sockets.handleUpgrade(request, socket, head, (opened) => double.openTail(opened, request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  double.url = `${tls === null ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cleanup.add(async () => {
    double.breakTails();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });
  return double;
}

/** Equality matchers only; every stream for a selector without one. */
function matcherOf(query: string): (stream: Labels) => boolean {
  const wanted = [...query.matchAll(/(\w+)="([^"]*)"/g)];
  return (stream) => wanted.every(([, name = '', value = '']) => labelOf(stream, name) === value);
}

/** Without the flag metadata is a part of the stream, as Loki does it. */
function wireStreams(entries: readonly DoubleEntry[], flags: string): unknown[] {
  const isCategorised = flags === 'categorize-labels';
  const groups = Map.groupBy(entries, ({ stream, metadata = {} }) =>
    JSON.stringify(isCategorised ? stream : { ...stream, ...metadata }),
  );
  return [...groups].map(([stream, group]) => ({
    stream: JSON.parse(stream) as unknown,
    values: group.map(({ timeNs, text, metadata }) => {
      const beside = metadata === undefined ? {} : { structuredMetadata: metadata };
      return isCategorised ? [timeNs, text, beside] : [timeNs, text];
    }),
  }));
}

function tooMany(limit: number, most: number): string {
  return `max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${most})`;
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

function refusalText({ status, text }: { readonly status: number; readonly text: string }): string {
  const head = `HTTP/1.1 ${status} No\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n`;
  return `${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
