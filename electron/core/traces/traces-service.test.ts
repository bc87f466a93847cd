import { expect, test } from 'vitest';
import { commandFailure, type CommandFailure, type SourceFailure } from '#shared/failure.ts';
import type { Trace, TraceSearch, TraceSummary } from '#shared/model/trace.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { summaryOf } from '#shared/traces/summary.ts';
import type { KeptSummaries, TraceCache, TraceToKeep } from '#core/store/cache/trace-records.ts';
import { OpenedTraces } from './opened-traces.ts';
import type { TraceClient, TraceSource } from './trace-source.ts';
import { errorSearch, TracesService } from './traces-service.ts';

const refused: SourceFailure = {
  code: 'refused',
  message: 'nothing accepts connections there.',
  nextStep: '',
  retryAfterMs: null,
  status: null,
};

function traceOf(traceId: string, ...services: string[]): Trace {
  return {
    traceId,
    processes: services.map((service) => ({ service, attributes: [] })),
    warnings: [],
    spans: services.map((_, index) => ({
      spanId: String(index + 1).padStart(16, '0'),
      parentSpanId: index === 0 ? '' : String(index).padStart(16, '0'),
      process: index,
      operation: `op ${index}`,
      kind: 'server' as const,
      startNs: String(1_000_000 + index),
      durationNs: 100 - index,
      status: 'unset' as const,
      statusMessage: '',
      attributes: [],
      events: [],
      links: [],
      warnings: [],
    })),
  };
}

/** A Jaeger with these traces; its search answers summaries, or whole traces as v1 does. */
function clientWith(traces: readonly Trace[], answersWhole = false): TraceClient & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    services: async () => success(['live']),
    operations: async () => success(['live op']),
    search: async () => {
      asked.push('search');
      return success({
        summaries: traces.map((trace) => summaryOf(trace, '')),
        traces: answersWhole ? traces : [],
      });
    },
    trace: async (traceId) => {
      asked.push(traceId);
      return success(traces.find((trace) => trace.traceId === traceId) ?? null);
    },
    dependencies: async () => success([{ parent: 'a', child: 'b', callCount: 5 }]),
  };
}

const failing: TraceClient = {
  services: async () => failed(refused),
  operations: async () => failed(refused),
  search: async () => failed(refused),
  trace: async () => failed(refused),
  dependencies: async () => failed(refused),
};

class MemoryCache implements TraceCache {
  readonly kept: TraceToKeep[] = [];

  /** What becomes of the next writes: kept, refused, or the cache breaks. */
  writes: 'kept' | 'refused' | 'broken' = 'kept';

  async putTraces(traces: readonly TraceToKeep[]): Promise<Result<void, CommandFailure>> {
    if (this.writes === 'broken') throw new Error('the cache broke');
    if (this.writes === 'refused') return failed(commandFailure('unavailable', 'the disk is full', ''));
    this.kept.push(...traces);
    return success(undefined);
  }
  async trace(source: string, traceId: string) {
    return (
      this.kept.find((one) => one.trace.traceId === traceId && (source === '' || one.source === source)) ??
      null
    );
  }
  async searchTraces(): Promise<KeptSummaries> {
    return this.#listed(this.kept);
  }
  async incidentTraces(incidentId: number): Promise<KeptSummaries> {
    return this.#listed(this.kept.filter((one) => one.incidentId === incidentId));
  }
  async traceServices(): Promise<readonly string[]> {
    return [...new Set(this.kept.flatMap(({ trace }) => trace.processes.map(({ service }) => service)))];
  }
  async traceOperations(): Promise<readonly string[]> {
    return this.kept.flatMap(({ trace }) => trace.spans.map(({ operation }) => operation));
  }
  #listed(kept: readonly TraceToKeep[]): KeptSummaries {
    const traces: TraceSummary[] = kept.map(({ summary }) => summary);
    return { traces, isMore: false, fetchedAtMs: kept[0]?.fetchedAtMs ?? null };
  }
}

function serviceOf(...sources: TraceSource[]): {
  service: TracesService;
  cache: MemoryCache;
  clock: { ms: number };
} {
  const cache = new MemoryCache();
  const clock = { ms: 1_000 };
  const service = new TracesService({ sources: () => sources, cache, nowMs: () => clock.ms });
  return { service, cache, clock };
}

function source(name: string, client: TraceClient, fresh: { is: boolean } = { is: true }): TraceSource {
  return { name, client, isFresh: () => fresh.is };
}

const search: TraceSearch = errorSearch('', 'shop', 0, 10_000);

test('what was opened live is there when the source is not, with its age and why', async () => {
  const fresh = { is: true };
  const { service, cache, clock } = serviceOf(
    source('j', clientWith([traceOf('ab', 'shop', 'cart')]), fresh),
  );
  expect(await service.open('', 'ab')).toMatchObject({
    origin: { kind: 'live', source: 'j', atMs: 1_000 },
    outline: { services: ['shop', 'cart'] },
  });
  expect(cache.kept).toMatchObject([
    { source: 'j', incidentId: null, fetchedAtMs: 1_000, summary: { source: 'j' } },
  ]);
  fresh.is = false;
  clock.ms = 9_000;
  expect(await service.open('', 'ab')).toMatchObject({
    origin: { kind: 'cache', source: 'j', atMs: 1_000, reason: 'j does not answer' },
    outline: { services: ['shop', 'cart'] },
  });
  expect(await service.open('', 'cd')).toEqual({
    origin: { kind: 'unknown', reason: 'j does not answer' },
    outline: null,
  });
});

test('that there is no such trace is said only where every source said so', async () => {
  const empty = source('a', clientWith([]));
  expect(await serviceOf(empty).service.open('', 'ab')).toMatchObject({
    origin: { kind: 'live', source: 'a' },
    outline: null,
  });
  const { service } = serviceOf(empty, source('b', failing));
  expect(await service.open('', 'ab')).toMatchObject({ origin: { kind: 'unknown' }, outline: null });
  const other = serviceOf(empty, source('b', clientWith([traceOf('ab', 'shop')])));
  expect(await other.service.open('', 'ab')).toMatchObject({ origin: { source: 'b' }, outline: {} });
});

test('that an incident has no traces is said only where every source said so', async () => {
  const away = { is: true };
  const empty = source('a', clientWith([]));
  const { service } = serviceOf(empty, source('b', clientWith([traceOf('ab', 'shop')]), away));
  const found = await service.search(search, undefined, true);
  expect(found).toMatchObject({ origin: { kind: 'live', source: 'b' }, traces: [{ traceId: 'ab' }] });
  away.is = false;
  expect(await service.search(search, undefined, true)).toMatchObject({
    origin: { kind: 'unknown', reason: 'b does not answer' },
    traces: [],
  });
  expect(await serviceOf(empty).service.search(search, undefined, true)).toMatchObject({
    origin: { kind: 'live', source: 'a' },
  });
});

test('a search that answers whole traces keeps them; offline it is answered from what is kept', async () => {
  const fresh = { is: true };
  const traces = [traceOf('ab', 'shop'), traceOf('cd', 'cart')];
  const { service, cache } = serviceOf(source('j', clientWith(traces, true), fresh));
  const live = await service.search({ ...search, limit: 2 });
  expect(live).toMatchObject({ origin: { kind: 'live' }, isMore: true, warnings: [] });
  expect(live.traces.map((one) => one.source)).toEqual(['j', 'j']);
  expect(cache.kept.map(({ trace }) => trace.traceId)).toEqual(['ab', 'cd']);
  fresh.is = false;
  const kept = await service.search(search);
  expect(kept).toMatchObject({ origin: { kind: 'cache', atMs: 1_000 }, isMore: false, traces: [{}, {}] });
  expect(kept.warnings).toHaveLength(1);
});

test('without source and cache nothing is claimed', async () => {
  const { service } = serviceOf();
  const unknown = { kind: 'unknown', reason: 'no Jaeger is configured' };
  expect(await service.search(search)).toMatchObject({ origin: unknown, traces: [] });
  expect(await service.services('')).toEqual({ origin: unknown, names: [] });
  expect(await service.operations('x', 'shop')).toMatchObject({ origin: { reason: 'there is no Jaeger x' } });
  expect(await service.dependencies('', 0, 1)).toEqual({ origin: unknown, links: [] });
  expect(await service.span('', 'ab', 0)).toMatchObject({ failure: { code: 'not-found' } });
  expect(await service.find('', 'ab', 'x')).toMatchObject({ failure: { code: 'not-found' } });
});

test('why nobody answers names every source that was asked', async () => {
  const { service } = serviceOf(source('east', failing), source('west', clientWith([]), { is: false }));
  expect(await service.search(search)).toMatchObject({
    origin: {
      kind: 'unknown',
      reason: 'east: nothing accepts connections there; west does not answer',
    },
  });
});

test('names come from the source, else from the kept traces', async () => {
  const fresh = { is: true };
  const { service } = serviceOf(source('j', clientWith([traceOf('ab', 'shop')]), fresh));
  expect(await service.services('')).toMatchObject({ origin: { kind: 'live' }, names: ['live'] });
  await service.open('j', 'ab');
  fresh.is = false;
  expect(await service.services('')).toMatchObject({ origin: { kind: 'cache' }, names: ['shop'] });
  expect(await service.operations('', 'shop')).toMatchObject({ origin: { kind: 'cache' }, names: ['op 0'] });
});

test('spans and texts of an opened trace are answered without asking again', async () => {
  const client = clientWith([traceOf('ab', 'shop', 'cart')]);
  const { service } = serviceOf(source('j', client));
  await service.open('', 'ab');
  expect(await service.span('', 'ab', 1)).toMatchObject({ value: { process: { service: 'cart' } } });
  expect(await service.find('', 'ab', 'CART')).toEqual(success({ rows: Float64Array.of(1) }));
  expect(await service.span('', 'ab', 2)).toMatchObject({ failure: { code: 'not-found' } });
  expect(client.asked).toEqual(['ab']);
});

test('dependencies are the server’s, else counted in kept traces, which they say', async () => {
  const fresh = { is: true };
  const { service } = serviceOf(
    source('j', clientWith([traceOf('ab', 'shop', 'cart', 'cart', 'db')]), fresh),
  );
  expect(await service.dependencies('', 0, 1)).toMatchObject({
    origin: { kind: 'live' },
    links: [{ callCount: 5 }],
  });
  await service.open('', 'ab');
  fresh.is = false;
  expect(await service.dependencies('', 0, 1)).toEqual({
    origin: {
      kind: 'cache',
      source: 'j',
      atMs: 1_000,
      reason: 'j does not answer; counted in 1 kept traces, not in all there were',
    },
    links: [
      { parent: 'shop', child: 'cart', callCount: 1 },
      { parent: 'cart', child: 'db', callCount: 1 },
    ],
  });
});

test.each([true, false])('traces with errors are held for an incident (whole traces: %s)', async (whole) => {
  const traces = ['ab', 'cd', 'ef'].map((id) => traceOf(id, 'shop'));
  const { service, cache } = serviceOf(source('down', failing), source('j', clientWith(traces, whole)));
  const wanted = { service: 'shop', fromMs: 0, toMs: 1, limit: 2, incidentId: 7 };
  expect(await service.captureErrors(wanted)).toEqual(success(2));
  expect(cache.kept.map(({ trace, source: of, incidentId }) => [trace.traceId, of, incidentId])).toEqual([
    ['ab', 'j', 7],
    ['cd', 'j', 7],
  ]);
  expect((await service.incidentTraces(7, search, 'x')).traces).toHaveLength(2);
  const none = serviceOf(source('down', failing));
  expect(await none.service.captureErrors(wanted)).toMatchObject({ ok: false });
});

test.each(['refused', 'broken'] as const)('a cache whose writes are %s fails no answer', async (writes) => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): number => rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', onRejection);
  const { service, cache } = serviceOf(source('j', clientWith([traceOf('ab', 'shop')], true)));
  cache.writes = writes;
  expect(await service.search(search)).toMatchObject({ origin: { kind: 'live' }, traces: [{}] });
  expect(await service.open('', 'ab')).toMatchObject({ outline: { services: ['shop'] } });
  const wanted = { service: 'shop', fromMs: 0, toMs: 1, limit: 2, incidentId: 7 };
  expect(await service.captureErrors(wanted)).toMatchObject({
    ok: false,
    failure: expect.stringMatching(/^the traces could not be kept: the (?:disk is full|cache broke)$/),
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', onRejection);
  process.off('uncaughtException', onRejection);
  expect(rejections).toEqual([]);
});

test('opened traces are forgotten by their spans, the one used last never', () => {
  const opened = new OpenedTraces(3);
  opened.open('', 'a', traceOf('a', 'x', 'x'));
  opened.open('', 'b', traceOf('b', 'x'));
  expect(opened.find('', '000a')).toBeDefined();
  opened.open('', 'c', traceOf('c', 'x'));
  expect([opened.find('', 'a'), opened.find('', 'b')]).toEqual([expect.anything(), undefined]);
  opened.open('', 'd', traceOf('d', 'x', 'x', 'x', 'x'));
  expect([opened.find('', 'a'), opened.find('', 'd')]).toEqual([undefined, expect.anything()]);
});

test('a source that goes between the search and its traces has not been captured', async () => {
  const found = clientWith([traceOf('a', 'shop'), traceOf('b', 'shop')]);
  const going: TraceClient = {
    ...found,
    trace: async (traceId) => (traceId === 'a' ? found.trace(traceId) : failed(refused)),
  };
  const { service, cache } = serviceOf(source('j', going));
  const wanted = { service: 'shop', fromMs: 0, toMs: 1, limit: 10, incidentId: 7 };
  expect(await service.captureErrors(wanted)).toEqual(failed(`j: ${refused.message}`));
  expect(cache.kept.map(({ trace }) => trace.traceId)).toEqual(['a']);
});
