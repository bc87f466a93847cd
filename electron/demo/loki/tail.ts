import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { UpgradeHandler } from '../http-server.ts';
import type { LogStore } from './log-store.ts';
import { parseLogql } from './logql/parse.ts';
import { select } from './logql/select.ts';
import { LogqlError, type LogSelection } from './logql/syntax.ts';
import { timeParameter } from './parameters.ts';
import { grouped, isCategorized } from './query-routes.ts';

/** Live tail over a WebSocket: new lines twice a second, a ping every second. */
const beatMs = 500;
const pingMs = 1_000;
const entriesPerFrame = 100;
const mostDelaySeconds = 5;
const mostFrames = 10;
const mostTails = 10;
/** A client says nothing on this connection but pongs and its end. */
const mostIncomingBytes = 1_024;

/** @returns why a tail cannot be, as it is told before the connection is upgraded. */
export function tailRefusal(parameters: URLSearchParams): string | undefined {
  const query = parseLogql(parameters.get('query') ?? '');
  if (!query.ok) return query.failure.message;
  const delay = Number(parameters.get('delay_for') ?? '0');
  return delay > mostDelaySeconds ? `delay_for can't be greater than ${mostDelaySeconds}` : undefined;
}

export function createTail(store: LogStore, nowMs: () => number): UpgradeHandler {
  const server = new WebSocketServer({ noServer: true, maxPayload: mostIncomingBytes });
  return (incoming, socket, head) => {
    const target = URL.parse(incoming.url ?? '', 'http://127.0.0.1');
    if (target?.pathname !== '/loki/api/v1/tail') {
      refuse(socket, 404, '404 page not found\n');
      return;
    }
    const parameters = target.searchParams;
    const refusal = tailRefusal(parameters);
    if (refusal !== undefined) {
      refuse(socket, 400, refusal);
      return;
    }
    if (server.clients.size >= mostTails) {
      refuse(
        socket,
        400,
        `max concurrent tail requests limit exceeded, count > limit (${mostTails + 1} > ${mostTails})`,
      );
      return;
    }
    server.handleUpgrade(incoming, socket, head, (webSocket) =>
      follow(store, webSocket, parameters, incoming, nowMs),
    );
  };
}

function refuse(socket: Duplex, status: 400 | 404, body: string): void {
  const name = { 400: 'Bad Request', 404: 'Not Found' }[status];
  const head = [
    `HTTP/1.1 ${status} ${name}`,
    'Content-Type: text/plain; charset=utf-8',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function follow(
  store: LogStore,
  webSocket: WebSocket,
  parameters: URLSearchParams,
  incoming: IncomingMessage,
  nowMs: () => number,
): void {
  webSocket.on('error', () => webSocket.terminate());
  const query = parseLogql(parameters.get('query') ?? '');
  if (!query.ok || query.value.kind !== 'log') {
    webSocket.close(1011, 'only log selector is supported');
    return;
  }
  const send = sender(
    store,
    webSocket,
    query.value,
    isCategorized({ ...emptyRequest, headers: incoming.headers }),
  );
  const delayMs = Number(parameters.get('delay_for') ?? '0') * 1_000;
  const nowNs = (): bigint => BigInt(nowMs() - delayMs) * 1_000_000n;
  let sentNs: bigint;
  try {
    sentNs = timeParameter(parameters, 'start', BigInt(nowMs()) * 1_000_000n);
  } catch (error) {
    webSocket.close(1011, error instanceof LogqlError ? error.message.slice(0, 120) : 'internal error');
    return;
  }
  const beat = setInterval(() => {
    const untilNs = nowNs();
    if (untilNs <= sentNs) return;
    send(sentNs, untilNs);
    sentNs = untilNs;
  }, beatMs);
  const ping = setInterval(() => webSocket.ping(), pingMs);
  webSocket.once('close', () => {
    clearInterval(beat);
    clearInterval(ping);
  });
}

const emptyRequest = { method: 'GET', path: '', query: new URLSearchParams(), contentType: '', body: '' };

/** Sends lines in frames; what is more than a slow client's buffer holds is dropped and said. */
function sender(
  store: LogStore,
  webSocket: WebSocket,
  selection: LogSelection,
  categorized: boolean,
): (fromNs: bigint, toNs: bigint) => void {
  return (fromNs, toNs) => {
    const lines = [...select(store, selection, { fromNs, toNs }, 'forward')];
    // A tail that begins in the past gets the newest of it.
    const kept = lines.slice(-entriesPerFrame * mostFrames);
    const dropped = lines.slice(0, lines.length - kept.length).map(({ entry, line }) => ({
      timestamp: `${entry.atMs}${String(entry.nano).padStart(6, '0')}`,
      labels: line.stream,
    }));
    for (let from = 0; from < kept.length; from += entriesPerFrame) {
      const streams = grouped(kept.slice(from, from + entriesPerFrame), categorized);
      const frame = {
        streams,
        ...(from === 0 && dropped.length > 0 ? { dropped_entries: dropped.slice(-1_000) } : {}),
        ...(categorized ? { encodingFlags: ['categorize-labels'] } : {}),
      };
      webSocket.send(JSON.stringify(frame));
    }
  };
}
