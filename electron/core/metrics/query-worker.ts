import { parentPort } from 'node:worker_threads';
import type { Series } from '#shared/model/series.ts';
import { KeptQueryReader } from './kept-query-reader.ts';
import type { FromQueryThread, KeptReading, ToQueryThread } from './query-protocol.ts';

/**
 * A query thread: evaluates over the cache, which it only reads, so that no query holds the core up, and hands
 * answers over in pieces, each small enough to be taken in within milliseconds. Started and spoken to by
 * `query-threads.ts`.
 */
const seriesPerPiece = 500;
/** Points that are copied with a piece, about: four megabytes. */
const pointsPerPiece = 250_000;
/** Smaller columns are cheaper to copy than to transfer. */
const transferBytes = 4_096;

const reader = new KeptQueryReader();

const port = parentPort;
if (port === null) throw new Error('query-worker runs as a worker thread only');

/** What is being handed over, and how many of its series are gone. */
let rest: { readonly reading: KeptReading; readonly series: readonly Series[]; handed: number } | null = null;

port.on('message', (message: ToQueryThread) => {
  if (message.kind === 'end') {
    reader.close();
    port.close();
    return;
  }
  if (message.kind === 'ask') {
    const reading = read(message);
    rest = { reading, series: seriesOf(reading), handed: 0 };
  }
  if (rest !== null) hand(rest);
});

function read({
  dataDirectory,
  question,
  timeoutMs,
  cancelled,
}: Extract<ToQueryThread, { kind: 'ask' }>): KeptReading {
  const flag = new Int32Array(cancelled);
  return reader.answer(dataDirectory, question, {
    deadlineMs: performance.now() + timeoutMs,
    nowMs: () => performance.now(),
    isCancelled: () => Atomics.load(flag, 0) !== 0,
  });
}

function seriesOf(reading: KeptReading): readonly Series[] {
  return reading.kind === 'answered' && 'series' in reading.result ? reading.result.series : [];
}

function hand(answer: NonNullable<typeof rest>): void {
  const { reading, series } = answer;
  const piece = pieceFrom(series, answer.handed);
  answer.handed += piece.length;
  if (answer.handed < series.length) {
    send({ kind: 'piece', series: piece }, piece);
    return;
  }
  rest = null;
  send({ kind: 'read', reading: withSeries(reading, piece) }, piece);
}

function pieceFrom(series: readonly Series[], first: number): Series[] {
  let end = first;
  for (let points = 0; end < series.length && end - first < seriesPerPiece; end++) {
    points += series[end]?.timesMs.length ?? 0;
    if (points > pointsPerPiece && end > first) break;
  }
  return series.slice(first, end);
}

function withSeries(reading: KeptReading, series: Series[]): KeptReading {
  if (reading.kind !== 'answered' || !('series' in reading.result)) return reading;
  return { ...reading, result: { ...reading.result, series } };
}

/** The values of an answer are its own; its times may be shared by many series, and are copied once a piece. */
function send(message: FromQueryThread, piece: readonly Series[]): void {
  const buffers = new Set<ArrayBuffer>();
  for (const { values } of piece)
    if (values.byteLength >= transferBytes && values.buffer instanceof ArrayBuffer)
      buffers.add(values.buffer);
  port?.postMessage(message, [...buffers]);
}
