import { parentPort } from 'node:worker_threads';
import { KeptQueryReader } from './kept-query-reader.ts';
import type { FromQueryThread, ToQueryThread } from './query-protocol.ts';

/**
 * A query thread: evaluates over the cache, which it only reads, so that no query holds the core up. Started
 * and spoken to by `query-threads.ts`.
 */
const reader = new KeptQueryReader();

const port = parentPort;
if (port === null) throw new Error('query-worker runs as a worker thread only');

port.on('message', (message: ToQueryThread | 'end') => {
  if (message === 'end') {
    reader.close();
    port.close();
    return;
  }
  const answer = answered(message);
  port.postMessage(answer, columnsOf(answer));
});

function answered({ dataDirectory, question, timeoutMs, cancelled }: ToQueryThread): FromQueryThread {
  const flag = new Int32Array(cancelled);
  return reader.answer(dataDirectory, question, {
    deadlineMs: performance.now() + timeoutMs,
    nowMs: () => performance.now(),
    isCancelled: () => Atomics.load(flag, 0) !== 0,
  });
}

/** Smaller columns are cheaper to copy than to transfer. */
const transferBytes = 4_096;

/** The values of an answer are its own; its times may be shared by many series, and are copied once. */
function columnsOf(answer: FromQueryThread): ArrayBuffer[] {
  if (answer.kind !== 'answered' || !('series' in answer.result)) return [];
  const buffers = new Set<ArrayBuffer>();
  for (const { values } of answer.result.series)
    if (values.byteLength >= transferBytes && values.buffer instanceof ArrayBuffer)
      buffers.add(values.buffer);
  return [...buffers];
}
