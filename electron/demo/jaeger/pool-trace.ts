import type { DemoRequest } from '../simulation/requests.ts';
import { redisSpan, type SpanWriter, type TagValue, type TraceWriter } from './trace.ts';

/** What the backend does while its connection pool is used up: it waits, gives up, tries again. */
const pool: Readonly<Record<string, TagValue>> = {
  'db.system': 'postgresql',
  'db.pool.size': 20,
  'db.pool.overflow': 10,
  'db.pool.in_use': 30,
};
const exhausted = 'QueuePool limit of size 20 overflow 10 reached, connection timed out, timeout 5.00';

/** Three tries with growing pauses; of a request that the open circuit refuses only the first. */
export function writePoolTimeout(writer: TraceWriter, request: DemoRequest, work: SpanWriter): void {
  const total = request.durationMs;
  const service = begin(writer, request, work, total - 24, true);
  const tries =
    request.outcome === 'circuit-open'
      ? [1_980]
      : [total * 0.4, total * 0.24, Math.max(100, total - 44 - total * 0.64 - 1_200)];
  let at = 33;
  tries.forEach((tookMs, index) => {
    if (index > 0) {
      const pauseMs = 400 * index;
      const sleep = { parent: service, service: 'backend', operation: 'retry.sleep' };
      writer.add(`sleep.${index}`, { ...sleep, afterMs: at, tookMs: pauseMs });
      at += pauseMs;
    }
    acquire(writer, service, at, tookMs, index + 1, true);
    at += tookMs;
  });
  sideWork(writer, service);
  writer.add('handler', {
    parent: work,
    service: 'backend',
    operation: 'error.handler',
    afterMs: total - 8,
    tookMs: 9,
  });
}

export function writePoolWait(writer: TraceWriter, request: DemoRequest, work: SpanWriter): void {
  const total = request.durationMs;
  const service = begin(writer, request, work, total - 20, false);
  acquire(writer, service, 33, total - 90, 1, false);
  writer.add('query', {
    parent: service,
    service: 'postgres',
    operation: 'INSERT incidents',
    kind: 'client',
    afterMs: total - 52,
    tookMs: 38,
    tags: { 'db.system': 'postgresql', 'db.name': 'opssight', 'net.peer.name': 'pg-1' },
  });
}

function begin(
  writer: TraceWriter,
  request: DemoRequest,
  work: SpanWriter,
  tookMs: number,
  error: boolean,
): SpanWriter {
  writer.add('validate', {
    parent: work,
    service: 'backend',
    operation: 'validate.body',
    afterMs: 10,
    tookMs: 4,
  });
  const what = request.path.slice(request.path.lastIndexOf('/') + 1);
  const operation = `service.${what}.${request.method === 'POST' ? 'create' : 'list'}`;
  const service = writer.add('service', {
    parent: work,
    service: 'backend',
    operation,
    afterMs: 15,
    tookMs,
    error,
  });
  const lookup = { parent: service, service: 'backend', operation: 'repo.severity.lookup' };
  writer.add('lookup', { ...lookup, afterMs: 20, tookMs: 3 });
  return service;
}

function acquire(
  writer: TraceWriter,
  service: SpanWriter,
  afterMs: number,
  tookMs: number,
  attempt: number,
  timedOut: boolean,
): void {
  const waiting = { 'db.pool.waiting': 9 + ((attempt * 8) % 16) };
  const failure = { 'exception.type': 'TimeoutError', 'exception.message': exhausted };
  const span = writer.add(`db.acquire.${attempt}`, {
    parent: service,
    service: 'backend',
    operation: 'db.acquire',
    afterMs,
    tookMs,
    error: timedOut,
    tags: { ...pool, ...waiting, 'db.attempt': attempt, ...(timedOut ? failure : {}) },
    events: [
      { afterMs: afterMs + tookMs * 0.95, fields: { event: 'pool 30/30 in use', level: 'warn' } },
      ...(timedOut ? [{ afterMs: afterMs + tookMs, fields: { event: 'exception', ...failure } }] : []),
    ],
  });
  const wait = { parent: span, service: 'backend', operation: 'pool.wait' };
  writer.add(`pool.wait.${attempt}`, { ...wait, afterMs: afterMs + 1, tookMs: tookMs - 2, tags: pool });
}

/** What goes on beside the waiting. */
function sideWork(writer: TraceWriter, service: SpanWriter): void {
  const backend = { parent: service, service: 'backend' };
  const audit = writer.add('audit', { ...backend, operation: 'audit.publish', afterMs: 33, tookMs: 210 });
  redisSpan(writer, 'xadd', audit, 'XADD audit', 40, 1.4);
  const queued = { service: 'pipeline', kind: 'producer' } as const;
  const enqueue = writer.add('enqueue', {
    ...queued,
    parent: service,
    operation: 'events.enqueue',
    afterMs: 48,
    tookMs: 640,
  });
  writer.add('push', { ...queued, parent: enqueue, operation: 'queue.push', afterMs: 52, tookMs: 580 });
  writer.add('ping', {
    parent: service,
    service: 'postgres',
    operation: 'pg.ping',
    kind: 'client',
    afterMs: 1_440,
    tookMs: 310,
    tags: { 'db.system': 'postgresql', 'net.peer.name': 'pg-1' },
  });
}
