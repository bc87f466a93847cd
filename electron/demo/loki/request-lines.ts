import { Dice } from '../simulation/dice.ts';
import { spanIdOf, type DemoRequest } from '../simulation/requests.ts';
import { jsonLine, streamOfPod, type JsonLine, type Level, type LogEntry } from './log-entry.ts';

/** What the platform writes about one request: each line names the trace and the span it belongs to. */
export function linesOfRequest(request: DemoRequest): readonly LogEntry[] {
  const dice = new Dice(request.traceId);
  const drafts = draftsOf(request, dice);
  return drafts.map(({ afterMs, pod, span, ...line }) => {
    const atMs = request.startsAtMs + Math.floor(afterMs);
    const trace = { trace_id: request.traceId, span_id: spanIdOf(request.traceId, span) };
    return {
      atMs,
      nano: dice.whole(0, 999_999),
      stream: streamOfPod(pod),
      // Written when somebody reads it: most queries count lines by their labels alone.
      get line() {
        return jsonLine(atMs, line);
      },
      metadata: { detected_level: line.level, ...trace },
    };
  });
}

interface LineDraft extends JsonLine {
  readonly afterMs: number;
  readonly pod: string;
  /** Name of the span that it is written in. */
  readonly span: string;
}

function draftsOf(request: DemoRequest, dice: Dice): readonly LineDraft[] {
  switch (request.outcome) {
    case 'pool-timeout':
      return poolTimeout(request, dice);
    case 'circuit-open':
      return circuitOpen(request, dice);
    case 'pool-wait':
      return [
        poolWaited(request, dice, request.durationMs - 40, request.durationMs - 60),
        answered(request, 'info'),
      ];
    case 'cache-miss':
      return [
        about(request, 6, 'warn', 'cache', 'app.cache', `cache miss for ${keyOf(request)}, asking postgres`),
        answered(request, 'info'),
      ];
    case 'slow-page':
      return slowPage(request);
    case 'login-refused':
    case 'run-succeeded':
    case 'run-failed':
      return [otherEnd(request, dice)];
    case 'failed':
      return [
        about(
          request,
          request.durationMs,
          'error',
          'error',
          'app.errors',
          'unhandled KeyError in serializer',
        ),
        answered(request, 'error'),
      ];
    case 'not-found':
      return [answered(request, 'warn')];
    case 'ok':
      return healthy(request, dice);
  }
}

function healthy(request: DemoRequest, dice: Dice): readonly LineDraft[] {
  if (request.service === 'security') return [otherEnd(request, dice)];
  if (request.service === 'frontend' || !dice.chance(0.3)) return [answered(request, 'info')];
  const cached = about(request, 4, 'debug', 'cache', 'app.cache', `cache hit for ${keyOf(request)}`);
  return dice.chance(0.4)
    ? [cached, answered(request, 'info')]
    : [fromFrontend(request, 'info'), answered(request, 'info')];
}

function poolTimeout(request: DemoRequest, dice: Dice): readonly LineDraft[] {
  const end = request.durationMs;
  const given = about(
    request,
    end - 20,
    'error',
    'database',
    'app.db.pool',
    'QueuePool limit of size 20 overflow 10 reached, connection timed out, timeout 5.00',
    { duration_ms: Math.round(end - 16) },
    'db.acquire.3',
  );
  const retry = about(
    request,
    end - 24,
    'warn',
    'database',
    'app.db.session',
    'retry 3 of 3 for session.commit, giving up on pool checkout',
    {},
    'service',
  );
  return [
    ...(dice.chance(0.5) ? [poolWaited(request, dice, 2_020, 2_000)] : []),
    ...(dice.chance(0.35) ? [retry] : []),
    given,
    answered(request, 'error'),
    ...(dice.chance(0.3) ? [fromFrontend(request, 'error')] : []),
  ];
}

function circuitOpen(request: DemoRequest, dice: Dice): readonly LineDraft[] {
  const message = 'circuit db-write open after 5 failures, half-open in 2 s';
  return [
    poolWaited(request, dice, 2_000, 1_990),
    about(request, request.durationMs - 8, 'warn', 'database', 'app.db.circuit', message, {}, 'service'),
    answered(request, 'error'),
  ];
}

function poolWaited(request: DemoRequest, dice: Dice, afterMs: number, waitedMs: number): LineDraft {
  const waited = Math.round(waitedMs);
  const message = `db.acquire waited ${waited} ms, pool 30/30 in use, ${dice.whole(9, 24)} waiting`;
  return about(
    request,
    afterMs,
    'warn',
    'database',
    'app.db.pool',
    message,
    { duration_ms: waited },
    'db.acquire.1',
  );
}

function slowPage(request: DemoRequest): readonly LineDraft[] {
  const took = Math.round(request.durationMs);
  const message = `render of ${request.path} blocked the event loop for ${Math.round(took * 0.8)} ms`;
  return [
    about(request, took - 30, 'warn', 'performance', 'web.render', message, { duration_ms: took }, 'render'),
    answered(request, 'info'),
  ];
}

/** What security and pipeline say when one of theirs ends. */
function otherEnd(request: DemoRequest, dice: Dice): LineDraft {
  const end = request.durationMs;
  if (request.service === 'security') {
    const refused = request.outcome === 'login-refused';
    const message = refused
      ? `auth_failed for ${request.user} from ${request.address}: bad password`
      : `login of ${request.user} from ${request.address} accepted`;
    const level = refused ? 'warn' : 'info';
    return about(
      request,
      end,
      level,
      'authentication',
      'auth.login',
      message,
      { status: request.status },
      'auth',
    );
  }
  const run = `run ${dice.whole(4_000, 4_999)} of ${request.path}`;
  const seconds = (end / 1_000).toFixed(1);
  if (request.outcome === 'run-succeeded') {
    return about(
      request,
      end,
      'info',
      'pipeline',
      'pipeline.runner',
      `${run} succeeded in ${seconds} s`,
      {},
      'run',
    );
  }
  const message = `${run} failed in step ${dice.pick(['checkout', 'test', 'push'])}: exit code 1 after ${seconds} s`;
  return about(request, end, 'error', 'pipeline', 'pipeline.runner', message, {}, 'run');
}

/** The access line: the last of a request. */
function answered(request: DemoRequest, level: Level): LineDraft {
  const { method, path, status, durationMs } = request;
  const took = Math.round(durationMs);
  const who = status >= 500 ? `request_id=${request.requestId}` : `user=${request.user}`;
  const logger = request.service === 'frontend' ? 'web.access' : 'app.access';
  const message = `${method} ${path} ${status} in ${took} ms ${who}`;
  return about(request, durationMs, level, 'api_request', logger, message, { duration_ms: took, status });
}

function fromFrontend(request: DemoRequest, level: Level): LineDraft {
  const took = Math.round(request.durationMs) + 4;
  const message = `upstream backend answered ${request.method} ${request.path} ${request.status} in ${took} ms`;
  return {
    ...about(request, took, level, 'api_request', 'web.upstream', message, { duration_ms: took }, 'client'),
    pod: request.frontendPod,
    component: 'frontend',
  };
}

function about(
  request: DemoRequest,
  afterMs: number,
  level: Level,
  category: string,
  logger: string,
  message: string,
  metadata: JsonLine['metadata'] = {},
  span = 'work',
): LineDraft {
  const context = { request_id: request.requestId, user_id: request.user, endpoint: request.path };
  const { pod, service } = request;
  return { afterMs, pod, span, level, category, component: service, logger, message, context, metadata };
}

function keyOf({ path, user }: DemoRequest): string {
  return `${path.slice(path.lastIndexOf('/') + 1)}:${user}`;
}
