import { existsSync, readFileSync, readdirSync } from 'node:fs';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TraceSearch } from '#shared/model/trace.ts';
import { readTraceText } from '#shared/traces/read-trace.ts';
import { summaryOf } from '#shared/traces/summary.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { Cache } from '../cache.ts';

/**
 * The questions that Jaeger's own tests put to every storage, put to the cache: kept traces are found by
 * the same rules as those of a server. Their licence keeps them out of this checkout.
 */
const folder =
  process.env['OPSSIGHT_JAEGER_FIXTURES'] ??
  new URL('../../../../../../shared/fixtures/jaeger', import.meta.url).pathname;
const isThere = existsSync(folder);

const nowMs = Date.UTC(2017, 0, 27);

const querySchema = v.array(
  v.object({
    Caption: v.string(),
    Query: v.object({
      ServiceName: v.string(),
      OperationName: v.string(),
      Tags: v.nullable(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
      StartTimeMin: v.string(),
      StartTimeMax: v.string(),
      DurationMin: v.number(),
      DurationMax: v.number(),
      NumTraces: v.number(),
    }),
    ExpectedFixtures: v.array(v.string()),
  }),
);

const queries = isThere
  ? v.parse(querySchema, JSON.parse(readFileSync(`${folder}/queries.json`, 'utf8')))
  : [];

function searchOf({ Query: query }: (typeof queries)[number]): TraceSearch {
  return {
    source: '',
    service: query.ServiceName,
    operation: query.OperationName,
    tags: Object.entries(query.Tags ?? {}).map(([key, value]) => ({ key, value: String(value) })),
    minDurationNs: query.DurationMin === 0 ? null : query.DurationMin,
    maxDurationNs: query.DurationMax === 0 ? null : query.DurationMax,
    fromMs: Date.parse(query.StartTimeMin),
    toMs: Date.parse(query.StartTimeMax),
    limit: query.NumTraces,
  };
}

describe.skipIf(!isThere)('queries of Jaeger (needs ../shared/fixtures/jaeger)', () => {
  const cleanup = new Cleanup();
  const ids = new Map<string, string[]>();
  let cache: Cache;

  beforeAll(() => {
    const directory = temporaryFolder(cleanup);
    cache = new Cache({ directory, isLeftAlone: false, onNotice: () => undefined }, nowMs);
    cleanup.add(() => cache.close());
    for (const name of readdirSync(`${folder}/traces`)) {
      const traces = readTraceText(readFileSync(`${folder}/traces/${name}`, 'utf8'));
      if (!traces.ok) throw new Error(`${name}: ${traces.failure}`);
      ids.set(
        name.replace('.json', ''),
        traces.value.map(({ traceId }) => traceId),
      );
      for (const trace of traces.value) {
        const summary = summaryOf(trace, 'jaeger');
        const put = cache.putTrace(
          { source: 'jaeger', trace, summary, fetchedAtMs: 1, incidentId: null },
          nowMs,
        );
        if (!put.ok) throw new Error(`${name}: ${put.failure.message}`);
      }
    }
  });
  afterAll(() => cleanup.run());

  test('all are there', () => expect(queries).toHaveLength(25));

  test.each(queries.map((query) => [query.Caption, query] as const))('%s', (_caption, query) => {
    const { traces } = cache.searchTraces(searchOf(query), query.Query.NumTraces, null, nowMs);
    const expected = query.ExpectedFixtures.flatMap((name) => ids.get(name) ?? [`no fixture ${name}`]);
    const found = traces.map(({ traceId }) => traceId);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });
});
