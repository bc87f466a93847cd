import type { Labels } from '#shared/model/labels.ts';
import {
  nanosecondsOf,
  type LogAnswer,
  type LogFields,
  type LogLevel,
  type LogLine,
  type LogPatterns,
  type LogTail,
  type LogVolume,
} from '#shared/model/log.ts';
import { success } from '#shared/result.ts';
import type { ScriptedQuestions } from './scripted-core.ts';

/** Log lines of a night for a scripted core: a pool that runs dry, and what its services say about it. */

export const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

const nightStreams: readonly Labels[] = [
  { service: 'backend', pod: 'backend-7f9c-q2x8m', namespace: 'production' },
  { service: 'backend', pod: 'backend-7f9c-w7zkd', namespace: 'production' },
  { service: 'postgres', pod: 'pg-1', namespace: 'production' },
];

export function logLine(part: Partial<LogLine> & { readonly atMs?: number } = {}): LogLine {
  const { atMs = 1_000, ...rest } = part;
  return {
    timeNs: nanosecondsOf(atMs),
    stream: 0,
    text: 'GET /api/v1/incidents 200 in 38 ms user=user_2291',
    cutFrom: 0,
    level: 'info',
    metadata: {},
    parsed: {},
    ...rest,
  };
}

export function logAnswer(lines: readonly LogLine[], part: Partial<LogAnswer> = {}): LogAnswer {
  return {
    origin: { kind: 'live', source: 'loki', atMs: Date.now() },
    query: '{service=~".+"}',
    streams: [...nightStreams],
    lines: [...lines],
    isMore: false,
    coverage: [],
    warnings: [],
    ...part,
  };
}

export function logTail(part: Partial<LogTail> = {}): LogTail {
  const lines = part.lines ?? [];
  return {
    source: 'loki',
    query: '{service=~".+"}',
    streams: [...nightStreams],
    lines,
    state: 'live',
    received: lines.length,
    dropped: 0,
    recovered: 0,
    linesPerSecond: 61,
    failure: null,
    ...part,
  };
}

const poolError = JSON.stringify({
  timestamp: '2026-11-21T03:11:58.902Z',
  level: 'error',
  message: 'QueuePool limit of size 20 overflow 10 reached, connection timed out, timeout 5.00',
  category: 'database',
  context: { request_id: 'req_8f41d9', endpoint: '/api/v1/incidents', user_id: 'user_456' },
  metadata: { logger: 'app.db.pool', duration_ms: 5002 },
  trace_id: traceId,
  span_id: '00f067aa0ba902b7',
});

const said: readonly (readonly [LogLevel, number, string])[] = [
  ['info', 0, 'GET /api/v1/incidents 200 in 38 ms user=user_2291'],
  ['error', 0, poolError],
  ['error', 1, 'POST /api/v1/incidents 500 in 5018 ms request_id=req_8f41c2'],
  ['warn', 1, 'db.acquire waited 4410 ms, pool 30/30 in use, 17 waiting'],
  ['info', 2, 'checkpoint complete: wrote 1204 buffers (7.3 %), write=8.114 s, sync=0.031 s'],
  ['warn', 2, 'remaining connection slots are reserved for roles with the SUPERUSER attribute'],
  ['debug', 0, 'cache hit for incidents:list'],
];

/** The given number of lines, one in each 250 ms, the last now. */
export function nightLines(nowMs: number, count: number): readonly LogLine[] {
  return Array.from({ length: count }, (_none, index) => {
    const [level, stream, text] = said[index % said.length] ?? ['info' as const, 0, ''];
    return logLine({ atMs: nowMs - (count - 1 - index) * 250, level, stream, text });
  });
}

function nightVolume(fromMs: number, toMs: number, part: Partial<LogVolume> = {}): LogVolume {
  const steps = 90;
  const counts = (of: (index: number) => number): Float64Array<ArrayBuffer> =>
    Float64Array.from({ length: steps }, (_none, index) => Math.round(of(index)));
  const isLate = (index: number): boolean => index > 82;
  return {
    origin: { kind: 'live', source: 'loki', atMs: toMs },
    fromMs,
    toMs,
    stepMs: (toMs - fromMs) / steps,
    levels: [
      { level: 'error', counts: counts((index) => (isLate(index) ? 1_900 : 60)) },
      { level: 'warn', counts: counts((index) => (isLate(index) ? 700 : 90)) },
      { level: 'info', counts: counts((index) => 2_300 + 200 * Math.sin(index / 5)) },
      { level: 'debug', counts: counts(() => 190) },
    ],
    coverage: [],
    ...part,
  };
}

const values: Readonly<Record<string, readonly string[]>> = {
  service: ['backend', 'frontend', 'postgres'],
  pod: ['backend-7f9c-q2x8m', 'backend-7f9c-w7zkd', 'pg-1'],
};

const foundPatterns: readonly (readonly [string, number])[] = [
  ['checkpoint complete: wrote <_> buffers <_> write=<_> s, sync=<_> s', 214],
  ['GET <_> 200 in <_> ms user=<_>', 3_912],
  ['QueuePool limit of size <_> overflow <_> reached, connection timed out, timeout <_>', 61],
  ['db.acquire waited <_> ms, pool <_> in use, <_> waiting', 48],
];

function nightPatterns(fromMs: number, toMs: number): LogPatterns['patterns'] {
  const steps = 30;
  return foundPatterns.map(([pattern, count], rank) => ({
    pattern,
    count,
    samples: {
      timesMs: Float64Array.from({ length: steps }, (_none, at) => fromMs + (at * (toMs - fromMs)) / steps),
      counts: Float64Array.from({ length: steps }, (_none, at) =>
        rank < 2 ? 8 + (at % 5) : at > 26 ? 20 : 0,
      ),
    },
  }));
}

const nightFields: LogFields['fields'] = [
  { name: 'category', type: 'string', cardinality: 6, parsers: ['json'] },
  { name: 'context_request_id', type: 'string', cardinality: 812, parsers: ['json'] },
  { name: 'metadata_duration_ms', type: 'int', cardinality: 340, parsers: ['json'] },
  { name: 'trace_id', type: 'string', cardinality: 790, parsers: [] },
];

/** Answers every question of the logs view from the lines given. */
export function logQuestions(answer: LogAnswer): ScriptedQuestions {
  return {
    'logs.query': ({ query }) => success({ ...answer, query }),
    'logs.volume': ({ fromMs, toMs }) =>
      success(
        answer.origin.kind === 'live'
          ? nightVolume(fromMs, toMs)
          : nightVolume(fromMs, toMs, {
              origin: answer.origin,
              coverage: answer.coverage,
              ...(answer.origin.kind === 'unknown' ? { levels: [] } : {}),
            }),
      ),
    'logs.labels': () => success({ origin: answer.origin, names: ['namespace', 'pod', 'service'] }),
    'logs.labelValues': ({ label }) => success({ origin: answer.origin, names: [...(values[label] ?? [])] }),
    'logs.context': ({ timeNs }) => {
      const at = answer.lines.findIndex((line) => line.timeNs === timeNs);
      return success({ ...answer, lines: answer.lines.slice(Math.max(0, at - 2), at + 3) });
    },
    'logs.patterns': ({ fromMs, toMs }) =>
      success({ origin: answer.origin, patterns: nightPatterns(fromMs, toMs) }),
    'logs.fields': () => success({ origin: answer.origin, fields: [...nightFields] }),
    'logs.size': () => success({ streams: 14, chunks: 96, bytes: 1_240_000_000, entries: 4_100_000 }),
    'logs.tail': () => success({ id: 'tail-1' }),
  };
}
