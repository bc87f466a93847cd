import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time.ts';
import type { HttpResponse } from '../http-server.ts';
import { createSimulation } from '../simulation/simulation.ts';
import { createJaegerApi } from './api.ts';
import { createTraceStore } from './trace-store.ts';

/**
 * The questions of Jaeger's own storage tests, put to the demo in all three ways of asking: as they are, and
 * moved to a service and a time that the demo has. Their licence keeps them out of this checkout.
 */
const file = new URL('../../../../shared/fixtures/jaeger/queries.json', import.meta.url);
const isThere = existsSync(file);

const querySchema = v.array(
  v.object({
    Caption: v.string(),
    Query: v.object({
      ServiceName: v.string(),
      OperationName: v.string(),
      Tags: v.nullable(v.record(v.string(), v.unknown())),
      StartTimeMin: v.string(),
      StartTimeMax: v.string(),
      DurationMin: v.number(),
      DurationMax: v.number(),
      NumTraces: v.number(),
    }),
  }),
);
type Query = v.InferOutput<typeof querySchema>[number]['Query'];
const queries = isThere ? v.parse(querySchema, JSON.parse(readFileSync(file, 'utf8'))) : [];

const simulation = createSimulation({ seed: 1, speed: 1, epochAtMs: 0 });
const epoch = Date.UTC(2026, 10, 21, 5);
const fault = simulation.schedule.faultsOf('pool-exhaustion', epoch, epoch + hourMs)[0];
const nowMs = (fault?.startsAtMs ?? epoch) + 5 * minuteMs;
const store = createTraceStore(simulation.requests, 3 * hourMs, () => nowMs);
const api = createJaegerApi({ store, nowMs: () => nowMs });

function get(path: string, query: Readonly<Record<string, string>>): HttpResponse {
  return api({ method: 'GET', path, query: new URLSearchParams(query), contentType: '', body: '' });
}

/** @param unit of the query's durations: Go's name for it. */
function asked(query: Query, unit: string): { readonly [name in 'v1' | 'v3' | 'summaries']: HttpResponse } {
  const tags = Object.entries(query.Tags ?? {}).map(([key, value]) => [key, String(value)]);
  const some = (parameters: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''));
  const least = query.DurationMin === 0 ? '' : `${query.DurationMin}${unit}`;
  const most = query.DurationMax === 0 ? '' : `${query.DurationMax}${unit}`;
  const attributes = tags.length === 0 ? '' : JSON.stringify(Object.fromEntries(tags));
  const third = some({
    'query.service_name': query.ServiceName,
    'query.operation_name': query.OperationName,
    'query.attributes': attributes,
    'query.start_time_min': query.StartTimeMin,
    'query.start_time_max': query.StartTimeMax,
    'query.duration_min': least,
    'query.duration_max': most,
    'query.num_traces': String(query.NumTraces),
  });
  const first = some({
    service: query.ServiceName,
    operation: query.OperationName,
    tags: attributes,
    start: String(Date.parse(query.StartTimeMin) * 1_000),
    end: String(Date.parse(query.StartTimeMax) * 1_000),
    minDuration: least,
    maxDuration: most,
    limit: String(query.NumTraces),
  });
  return {
    v1: get('/api/traces', first),
    v3: get('/api/v3/traces', third),
    summaries: get('/api/v3/trace-summaries', third),
  };
}

const nothing = {
  status: 404,
  contentType: 'text/plain; charset=utf-8',
  body: '{"error":{"httpCode":404,"message":"No traces found"}}\n',
};

function idsIn({ body }: HttpResponse): string[] {
  const ids = [...body.matchAll(/"trace(?:Id|ID)":"([0-9a-f]{32})"/g)].map(([, id = '']) => id);
  return [...new Set(ids)].toSorted();
}

describe.skipIf(!isThere)('queries of Jaeger (needs ../shared/fixtures/jaeger)', () => {
  /** Queries that found something, once those before are through. */
  let answered = 0;

  test.each(queries.map(({ Caption, Query }) => [Caption, Query] as const))('%s', (_caption, query) => {
    const { v1, v3, summaries } = asked(query, 'ns');
    expect([v1.status, v1.contentType, JSON.parse(v1.body)]).toEqual([
      200,
      'application/json',
      { data: [], total: 0, limit: 0, offset: 0, errors: null },
    ]);
    expect([v3, summaries]).toEqual([nothing, nothing]);

    const here = asked(
      {
        ...query,
        ServiceName: 'backend',
        OperationName: query.OperationName === '' ? '' : 'db.acquire',
        Tags: query.Tags === null ? null : { error: true },
        StartTimeMin: new Date(nowMs - minuteMs).toISOString(),
        StartTimeMax: new Date(nowMs).toISOString(),
      },
      'ms',
    );
    const ids = idsIn(here.v1);
    expect([here.v1.status, here.v1.contentType]).toEqual([200, 'application/json']);
    if (ids.length === 0) {
      expect([here.v3, here.summaries]).toEqual([nothing, nothing]);
      return;
    }
    answered++;
    for (const answer of [here.v3, here.summaries]) {
      expect([answer.status, answer.contentType]).toEqual([200, 'application/json']);
      expect(idsIn(answer)).toEqual(ids);
    }
  });

  test('many of them find something where the demo has it', () => expect(answered).toBeGreaterThan(12));
});
