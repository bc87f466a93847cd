import { Dice } from '../simulation/dice.ts';
import type { DemoRequest } from '../simulation/requests.ts';
import { writePoolTimeout, writePoolWait } from './pool-trace.ts';
import { redisSpan, TraceWriter, type DemoTrace, type SpanWriter } from './trace.ts';

/** The spans of one request, by what happened to it. */
export function traceOfRequest(request: DemoRequest): DemoTrace {
  const writer = new TraceWriter(request);
  const dice = new Dice(request.traceId, 'spans');
  switch (request.service) {
    case 'pipeline':
      writeRun(writer, request);
      break;
    case 'frontend':
      writePage(writer, request);
      break;
    case 'security':
      writeLogin(writer, request);
      break;
    default:
      writeCall(writer, request, dice);
  }
  return writer.finish();
}

function http(request: DemoRequest): Readonly<Record<string, string | number>> {
  return {
    'http.request.method': request.method,
    'http.route': request.path,
    'http.response.status_code': request.status,
    'enduser.id': request.user,
    'request.id': request.requestId,
  };
}

/** A request through the frontend to the backend. */
function writeCall(writer: TraceWriter, request: DemoRequest, dice: Dice): void {
  const total = request.durationMs;
  const operation = `${request.method} ${request.path}`;
  const error = request.status >= 500;
  const common = { kind: 'server', operation, error, tags: http(request) } as const;
  const root = writer.add('root', {
    ...common,
    parent: null,
    service: 'frontend',
    afterMs: 0,
    tookMs: total + 4,
  });
  const verify = writer.add('verify', {
    parent: root,
    service: 'frontend',
    operation: 'auth.session.verify',
    afterMs: 0.4,
    tookMs: 1.6,
  });
  redisSpan(writer, 'session', verify, 'GET session:*', 0.7, 1.1);
  const client = writer.add('client', {
    parent: root,
    service: 'frontend',
    operation: `http.client ${request.method} backend`,
    kind: 'client',
    afterMs: 2.2,
    tookMs: total + 1.4,
    error,
  });
  const work = writer.add('work', {
    ...common,
    parent: client,
    service: 'backend',
    afterMs: 3,
    tookMs: total,
  });
  const middleware = writer.add('middleware', {
    parent: work,
    service: 'backend',
    operation: 'middleware.auth',
    afterMs: 3.3,
    tookMs: Math.min(6, total * 0.12),
  });
  redisSpan(writer, 'token', middleware, 'GET token:*', 3.6, Math.min(1.1, total * 0.04));
  if (request.outcome === 'pool-timeout' || request.outcome === 'circuit-open') {
    writePoolTimeout(writer, request, work);
  } else if (request.outcome === 'pool-wait') writePoolWait(writer, request, work);
  else writeWork(writer, request, work, dice);
}

function writeWork(writer: TraceWriter, request: DemoRequest, work: SpanWriter, dice: Dice): void {
  const total = request.durationMs;
  const began = 3 + total * 0.15;
  const what = request.path.slice(request.path.lastIndexOf('/') + 1);
  const service = writer.add('service', {
    parent: work,
    service: 'backend',
    operation: `service.${what}.${request.method === 'POST' ? 'create' : 'list'}`,
    afterMs: began,
    tookMs: total * 0.82,
    error: request.status >= 500,
    ...(request.outcome === 'failed'
      ? { tags: { 'exception.type': 'KeyError', 'exception.message': "'severity'" } }
      : {}),
  });
  const missed = request.outcome === 'cache-miss';
  redisSpan(writer, 'cache', service, `GET ${what}:*`, began + total * 0.02, total * 0.04, {
    'cache.hit': !missed && request.method === 'GET',
  });
  const delta = dice.chance(0.03) ? dice.between(4, 30) : 0;
  writer.add('query', {
    parent: service,
    service: 'postgres',
    operation: request.method === 'POST' ? `INSERT ${what}` : `SELECT ${what}`,
    kind: 'client',
    afterMs: began + total * 0.1 - delta,
    tookMs: total * (missed ? 0.68 : 0.5),
    tags: { 'db.system': 'postgresql', 'db.name': 'opssight', 'net.peer.name': 'pg-1' },
    ...(delta > 0
      ? {
          warnings: [
            `clock skew adjustment disabled; not applying calculated delta of ${delta.toFixed(3)}ms`,
          ],
        }
      : {}),
  });
}

function writePage(writer: TraceWriter, request: DemoRequest): void {
  const total = request.durationMs;
  const slow = request.outcome === 'slow-page';
  const work = writer.add('work', {
    parent: null,
    service: 'frontend',
    operation: `${request.method} ${request.path}`,
    kind: 'server',
    afterMs: 0,
    tookMs: total,
    tags: http(request),
    error: request.status >= 500,
  });
  redisSpan(writer, 'session', work, 'GET session:*', total * 0.02, Math.min(2, total * 0.03));
  const fetched = total * (slow ? 0.1 : 0.4);
  const client = writer.add('client', {
    parent: work,
    service: 'frontend',
    operation: 'http.client GET backend',
    kind: 'client',
    afterMs: total * 0.06,
    tookMs: fetched,
  });
  const answer = writer.add('answer', {
    parent: client,
    service: 'backend',
    operation: 'GET /api/v1/incidents',
    kind: 'server',
    afterMs: total * 0.06 + fetched * 0.1,
    tookMs: fetched * 0.8,
  });
  redisSpan(writer, 'cache', answer, 'GET incidents:*', total * 0.06 + fetched * 0.3, fetched * 0.2);
  const renderAt = total * 0.07 + fetched;
  const render = writer.add('render', {
    parent: work,
    service: 'frontend',
    operation: 'render.page',
    afterMs: renderAt,
    tookMs: total - renderAt - total * 0.02,
    tags: slow ? { 'render.cache': 'disabled', 'event_loop.blocked_ms': Math.round(total * 0.8) } : {},
  });
  if (!slow) return;
  writer.add('serialize', {
    parent: render,
    service: 'frontend',
    operation: 'render.serialize_state',
    afterMs: renderAt + total * 0.03,
    tookMs: total * 0.62,
  });
}

function writeLogin(writer: TraceWriter, request: DemoRequest): void {
  const total = request.durationMs;
  const refused = request.outcome === 'login-refused';
  const tags = { ...http(request), 'client.address': request.address };
  const operation = 'POST /api/v1/auth/login';
  const root = writer.add('root', {
    parent: null,
    service: 'frontend',
    operation,
    kind: 'server',
    afterMs: 0,
    tookMs: total + 3,
    tags,
  });
  const work = writer.add('auth', {
    parent: root,
    service: 'security',
    operation: 'auth.login',
    kind: 'server',
    afterMs: 1.5,
    tookMs: total,
    tags: { ...tags, 'auth.result': refused ? 'auth_failed' : 'accepted' },
    error: refused,
  });
  redisSpan(writer, 'attempts', work, 'INCR attempts:*', 2.4, 1.2);
  writer.add('query', {
    parent: work,
    service: 'postgres',
    operation: 'SELECT users',
    kind: 'client',
    afterMs: 4,
    tookMs: total * 0.1,
    tags: { 'db.system': 'postgresql', 'db.name': 'opssight' },
  });
  writer.add('hash', {
    parent: work,
    service: 'security',
    operation: 'password.verify',
    afterMs: 5 + total * 0.1,
    tookMs: total * 0.7,
  });
}

function writeRun(writer: TraceWriter, request: DemoRequest): void {
  const total = request.durationMs;
  const failed = request.outcome === 'run-failed';
  const run = writer.add('run', {
    parent: null,
    service: 'pipeline',
    operation: `run ${request.path}`,
    kind: 'server',
    afterMs: 0,
    tookMs: total,
    error: failed,
    tags: { 'pipeline.type': request.path, 'pipeline.exit_code': request.status },
  });
  redisSpan(writer, 'pop', run, 'BLPOP queue:*', 1, 6);
  let at = 10;
  for (const [step, share] of [
    ['checkout', 0.12],
    ['test', 0.62],
    ['push', 0.2],
  ] as const) {
    const tookMs = total * share;
    const error = failed && step === 'test';
    writer.add(step, {
      parent: run,
      service: 'pipeline',
      operation: `step ${step}`,
      afterMs: at,
      tookMs,
      error,
    });
    at += tookMs;
    if (error) break;
  }
  writer.add('record', {
    parent: run,
    service: 'postgres',
    operation: 'UPDATE runs',
    kind: 'client',
    afterMs: Math.min(at, total - 4),
    tookMs: 2.8,
    tags: { 'db.system': 'postgresql', 'db.name': 'opssight' },
  });
}
