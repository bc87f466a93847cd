import type { Origin } from '#shared/model/origin.ts';
import type { Span, Trace, TraceList, TraceSummary } from '#shared/model/trace.ts';
import { success } from '#shared/result.ts';
import { detailOf } from '#shared/traces/detail.ts';
import { findInTrace } from '#shared/traces/find.ts';
import { outlineOf } from '#shared/traces/outline.ts';
import { summaryOf } from '#shared/traces/summary.ts';
import type { ScriptedQuestions } from './scripted-core.ts';

/** Traces for tests of the window: one of an incident, and one as long as wanted. */

const startNs = 1_763_694_713_881_000_000n;
const ms = 1_000_000;

/** @param part what differs from a span of 1 ms at the trace's start. */
export function span(
  id: number,
  parent: number,
  part: Partial<Span> & { readonly atMs?: number } = {},
): Span {
  const { atMs = 0, ...rest } = part;
  return {
    spanId: idOf(id),
    parentSpanId: parent === 0 ? '' : idOf(parent),
    process: 0,
    operation: `operation ${id}`,
    kind: 'internal',
    startNs: String(startNs + BigInt(Math.round(atMs * ms))),
    durationNs: ms,
    status: 'unset',
    statusMessage: '',
    attributes: [],
    events: [],
    links: [],
    warnings: [],
    ...rest,
  };
}

function idOf(id: number): string {
  return id.toString(16).padStart(16, '0');
}

/** The pool of a backend is full: two attempts wait for it, the second fails. */
export function slowTrace(part: Partial<Trace> = {}): Trace {
  const error = { status: 'error', statusMessage: 'QueuePool limit of size 20' } as const;
  return {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    processes: [
      { service: 'frontend', attributes: [] },
      { service: 'backend', attributes: [tag('host.name', 'backend-7c9f6d-q2x8m')] },
      { service: 'postgres', attributes: [] },
    ],
    spans: [
      span(1, 0, { operation: 'POST /api/v1/incidents', durationNs: 5_020 * ms, ...error }),
      span(2, 1, { operation: 'auth.session.verify', atMs: 2, durationNs: 9 * ms }),
      span(3, 1, { operation: 'POST backend', atMs: 15, durationNs: 5_000 * ms, process: 1, kind: 'server' }),
      span(4, 3, { operation: 'db.acquire', atMs: 33, durationNs: 2_000 * ms, process: 1 }),
      span(5, 4, { operation: 'pool.wait', atMs: 34, durationNs: 1_998 * ms, process: 1 }),
      span(6, 3, {
        operation: 'db.acquire',
        atMs: 2_433,
        durationNs: 2_500 * ms,
        process: 1,
        ...error,
        attributes: [tag('db.pool.size', '20'), tag('exception.type', 'TimeoutError')],
        events: [
          { timeNs: String(startNs + 4_900_000_000n), name: 'exception', attributes: [tag('attempt', '2')] },
        ],
        warnings: ['clock skew adjustment disabled; not applying calculated delta of 12ms'],
      }),
      span(7, 6, { operation: 'pool.wait', atMs: 2_434, durationNs: 2_490 * ms, process: 1 }),
      span(8, 3, { operation: 'pg.ping', atMs: 2_600, durationNs: 310 * ms, process: 2 }),
    ],
    warnings: [],
    ...part,
  };
}

export function tag(key: string, value: string): Span['attributes'][number] {
  return { key, type: 'string', value };
}

/** A root with groups of ten below it; the last span has an error. */
export function longTrace(count: number): Trace {
  const spans = Array.from({ length: count }, (_none, index) => {
    const id = index + 1;
    const parent = id === 1 ? 0 : id % 11 === 2 ? 1 : id - ((id - 2) % 11);
    return span(id, parent, {
      atMs: index / 10,
      durationNs: id === 1 ? count * ms : ms,
      status: id === count ? 'error' : 'unset',
    });
  });
  return { ...slowTrace(), traceId: 'f'.repeat(32), spans };
}

/** The same trace, begun at another moment. */
export function movedTrace(trace: Trace, toMs: number): Trace {
  const byNs = BigInt(Math.round(toMs)) * 1_000_000n - startNs;
  const moved = (timeNs: string): string => String(BigInt(timeNs) + byNs);
  return {
    ...trace,
    spans: trace.spans.map((one) => ({
      ...one,
      startNs: moved(one.startNs),
      events: one.events.map((event) => ({ ...event, timeNs: moved(event.timeNs) })),
    })),
  };
}

/** Traces of the last half hour, the newest first: every fourth waits for the pool and fails. */
export function tracesOfNight(nowMs: number, count = 14): readonly Trace[] {
  const slow = slowTrace();
  const quick = (index: number): Trace => ({
    ...slow,
    spans: [
      span(1, 0, { operation: 'GET /api/v1/incidents', durationNs: (38 + index * 11) * ms }),
      span(2, 1, { operation: 'GET backend', atMs: 3, durationNs: 30 * ms, process: 1, kind: 'server' }),
    ],
  });
  return Array.from({ length: count }, (_none, index) => {
    const trace = index % 4 === 0 ? slow : quick(index);
    const traceId = index === 0 ? slow.traceId : (index + 1).toString(16).padStart(32, 'b');
    return { ...movedTrace(trace, nowMs - (index + 1) * 110_000), traceId };
  });
}

const liveJaeger: Origin = { kind: 'live', source: 'jaeger', atMs: 1_763_694_720_000 };

function traceList(traces: readonly TraceSummary[], part: Partial<TraceList> = {}): TraceList {
  const fromMs = Number(startNs / 1_000_000n) - 60_000;
  return {
    origin: liveJaeger,
    search: {
      source: '',
      service: 'frontend',
      operation: '',
      tags: [],
      minDurationNs: null,
      maxDurationNs: null,
      fromMs,
      toMs: fromMs + 120_000,
      limit: 20,
    },
    traces: [...traces],
    isMore: false,
    warnings: [],
    ...part,
  };
}

/** Answers of a Jaeger that has these traces; a search finds all of them. */
export function jaegerOf(traces: readonly Trace[], origin: Origin = liveJaeger): ScriptedQuestions {
  const find = (traceId: string): Trace | undefined => traces.find((trace) => trace.traceId === traceId);
  const known = traces.map((trace) => ({ trace, outline: outlineOf(trace) }));
  const outlineIn = (traceId: string) =>
    known.find(({ trace }) => trace.traceId === traceId)?.outline ?? null;
  return {
    'traces.services': () => success({ origin, names: ['frontend', 'backend'] }),
    'traces.operations': () => success({ origin, names: ['POST /api/v1/incidents'] }),
    'traces.search': (search) =>
      success(
        traceList(
          traces.map((trace) => summaryOf(trace, 'jaeger')),
          { origin, search },
        ),
      ),
    'traces.open': ({ traceId }) => success({ origin, outline: outlineIn(traceId) }),
    'traces.span': ({ traceId, row }) => {
      const trace = find(traceId);
      const outline = outlineIn(traceId);
      const detail = trace === undefined || outline === null ? undefined : detailOf(trace, outline, row);
      if (detail === undefined) throw new Error(`no span in row ${row} was scripted`);
      return success(detail);
    },
    'traces.find': ({ traceId, text }) => {
      const trace = find(traceId);
      const outline = outlineIn(traceId);
      const rows =
        trace === undefined || outline === null ? new Float64Array() : findInTrace(trace, outline, text);
      return success({ rows: Float64Array.from(rows) });
    },
    'traces.dependencies': () =>
      success({
        origin,
        links: [
          { parent: 'frontend', child: 'backend', callCount: 1_200 },
          { parent: 'backend', child: 'postgres', callCount: 88 },
        ],
      }),
  };
}
