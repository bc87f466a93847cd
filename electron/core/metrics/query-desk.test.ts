import { describe, expect, it } from 'vitest';
import type { SourceFailure } from '#shared/failure.ts';
import type { QueryTimes } from '#shared/model/query.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { KeptQuestion } from './kept-query.ts';
import { QueryDesk, type LiveAnswer, type QueriedSource } from './query-desk.ts';
import type { ThreadAnswer } from './query-threads.ts';

const times: QueryTimes = { fromMs: 0, toMs: 0, stepMs: 0 };
const live: LiveAnswer = {
  result: { kind: 'scalar', timeMs: 0, value: 1 },
  warnings: ['careful'],
  infos: [],
};
const kept: ThreadAnswer = {
  kind: 'answered',
  result: { kind: 'scalar', timeMs: 0, value: 2 },
  warnings: [],
  infos: [],
  fetchedAtMs: 5,
  root: null,
  part: null,
};

function failure(code: SourceFailure['code']): Result<never, SourceFailure> {
  return failed({ code, message: 'it said no', nextStep: 'x', retryAfterMs: null, status: null });
}

function deskOf(
  answer: Result<LiveAnswer, SourceFailure>,
  fromCache: ThreadAnswer = kept,
  isFresh = true,
): { readonly desk: QueryDesk; readonly asked: KeptQuestion[] } {
  const asked: KeptQuestion[] = [];
  const source: QueriedSource = { name: 'p', isFresh: () => isFresh, query: async () => answer };
  const desk = new QueryDesk({
    sources: () => [source],
    kept: {
      ask: async (question) => {
        asked.push(question);
        return fromCache;
      },
    },
    traitsOf: async () => ({ semantics: 'v2', lookbackMs: 7, subqueryStepMs: 9 }),
    nowMs: () => 100,
  });
  return { desk, asked };
}

const signal = new AbortController().signal;

describe('a query', () => {
  it('is answered by its server while it answers', async () => {
    const { desk, asked } = deskOf(success(live));
    expect(await desk.ask('', '1', times, signal)).toMatchObject({
      ok: true,
      value: {
        origin: { kind: 'live', source: 'p', atMs: 100 },
        result: { value: 1 },
        warnings: ['careful'],
      },
    });
    expect(asked).toEqual([]);
  });

  it('is answered from the cache as the server would, with age and reason, where it does not', async () => {
    const { desk, asked } = deskOf(failure('timeout'));
    expect(await desk.ask('p', '1', times, signal)).toMatchObject({
      ok: true,
      value: {
        origin: { kind: 'cache', source: 'p', atMs: 5, reason: 'p: it said no' },
        result: { value: 2 },
      },
    });
    expect(asked).toMatchObject([{ source: 'p', traits: { semantics: 'v2', lookbackMs: 7 } }]);
  });

  it('does not wait for a server that is out of sight', async () => {
    const { desk } = deskOf(success(live), kept, false);
    expect(await desk.ask('', '1', times, signal)).toMatchObject({
      ok: true,
      value: { origin: { kind: 'cache', reason: 'p does not answer' } },
    });
  });

  it('that must be answered is asked even of a server out of sight, once nothing is kept', async () => {
    const missing = [
      { selector: 'up', fromMs: 0, toMs: 0, missingFromMs: 0, missingToMs: 0, isSummarised: false },
    ];
    const uncovered: ThreadAnswer = { kind: 'uncovered', missing };
    const originOf = async ({ desk }: ReturnType<typeof deskOf>): Promise<string> => {
      const answer = await desk.insist('p', 'up', times, signal);
      if (!answer.ok) return answer.failure.code;
      const { origin } = answer.value;
      return origin.kind === 'unknown' ? origin.reason : origin.kind;
    };
    expect(await originOf(deskOf(success(live), kept, false))).toBe('cache');
    expect(await originOf(deskOf(success(live), uncovered, false))).toBe('live');
    expect(await originOf(deskOf(success(live), uncovered, true))).toBe('live');
    expect(await originOf(deskOf(failure('bad-query'), uncovered, false))).toBe('source-failed');
    expect(await originOf(deskOf(failure('timeout'), uncovered, false))).toBe(
      'p: it said no; up is not kept from 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:00.000Z',
    );
  });

  it('that the server refuses is not asked of the cache', async () => {
    const { desk, asked } = deskOf(failure('bad-query'));
    expect(await desk.ask('', 'sum(', times, signal)).toMatchObject({
      ok: false,
      failure: { code: 'source-failed' },
    });
    expect(asked).toEqual([]);
  });

  it('is unknown where something is missing, and says what', async () => {
    const missing = [
      {
        selector: 'up',
        fromMs: 0,
        toMs: 60_000,
        missingFromMs: 30_000,
        missingToMs: 60_000,
        isSummarised: false,
      },
      {
        selector: 'down',
        fromMs: 0,
        toMs: 60_000,
        missingFromMs: 0,
        missingToMs: 60_000,
        isSummarised: false,
      },
    ];
    const { desk } = deskOf(failure('refused'), { kind: 'uncovered', missing });
    expect(await desk.ask('', 'up', times, signal)).toMatchObject({
      ok: true,
      value: {
        origin: {
          kind: 'unknown',
          reason:
            'p: it said no; up is not kept from 1970-01-01T00:00:30.000Z to 1970-01-01T00:01:00.000Z, nor all of 1 more selectors',
        },
        result: null,
        missing,
      },
    });
  });

  it.each([
    [{ kind: 'refused', problem: { kind: 'bad-data', message: 'x', span: null } }, 'invalid-input'],
    [{ kind: 'refused', problem: { kind: 'not-supported', message: 'x', span: null } }, 'not-supported'],
    [{ kind: 'refused', problem: { kind: 'timeout', message: 'x', span: null } }, 'deadline-exceeded'],
    [{ kind: 'unanswered', cause: 'busy', message: 'x' }, 'overloaded'],
    [{ kind: 'unanswered', cause: 'cancelled', message: 'x' }, 'cancelled'],
  ] as const)('fails by name where the cache does: %j', async (answer, code) => {
    const { desk } = deskOf(failure('refused'), answer);
    expect(await desk.ask('', 'up', times, signal)).toMatchObject({
      ok: false,
      failure: { code, message: 'x.' },
    });
  });

  it('for a drawing is evaluated over what is kept alone, in part where that is all there is', async () => {
    const matrix: ThreadAnswer = { ...kept, result: { kind: 'matrix', series: [] } };
    const range: QueryTimes = { fromMs: 0, toMs: 100, stepMs: 10 };
    const { desk, asked } = deskOf(success(live), matrix);
    expect(await desk.evaluateKept('p', 'up', range, signal)).toEqual({
      kind: 'evaluated',
      series: [],
      atMs: 5,
      runs: [{ firstMs: 0, lastMs: 100 }],
      missing: '',
    });
    expect(asked).toMatchObject([{ times: range, mayBePart: true }]);
    const missing = [
      { selector: 'up', fromMs: 0, toMs: 100, missingFromMs: 50, missingToMs: 100, isSummarised: false },
    ];
    const runs = [{ firstMs: 0, lastMs: 40 }];
    const part = deskOf(success(live), { ...matrix, part: { runs, missing } });
    expect(await part.desk.evaluateKept('p', 'up', range, signal)).toMatchObject({
      runs,
      missing: expect.stringContaining('up is not kept from'),
    });
    for (const answer of [
      { kind: 'uncovered', missing },
      { kind: 'unreadable', cause: 'x', isDamaged: false },
      { kind: 'refused', problem: { kind: 'limit', message: 'x', span: null } },
      { kind: 'unanswered', cause: 'busy', message: 'x' },
    ] as const) {
      const { desk: other } = deskOf(success(live), answer);
      expect(await other.evaluateKept('p', 'up', range, signal)).toMatchObject({ kind: 'unknown' });
    }
  });

  it('is unknown without any server, or without the one that was named', async () => {
    const { desk } = deskOf(success(live));
    expect(await desk.ask('other', '1', times, signal)).toMatchObject({
      ok: true,
      value: { origin: { kind: 'unknown', reason: 'no Prometheus named other is configured' } },
    });
  });
});
