import { expect, test } from 'vitest';
import { QueryDesk } from '#core/metrics/query-desk.ts';
import type { QueryTimes } from '#shared/model/query.ts';
import { queryCommands } from './query-commands.ts';

const asked: string[] = [];
const desk = new QueryDesk({
  sources: () => [{ name: 'p', isFresh: () => false, query: () => Promise.reject(new Error('not asked')) }],
  kept: {
    ask: async ({ query, explain }) => {
      asked.push(`${explain ? 'explain ' : ''}${query}`);
      return { kind: 'unreadable', cause: 'x', isDamaged: false };
    },
  },
  traitsOf: async () => ({ semantics: 'v3', lookbackMs: 1, subqueryStepMs: 1 }),
  nowMs: () => 0,
});
const commands = queryCommands(desk);
const context = { signal: new AbortController().signal };

const at = (fromMs: number, toMs: number, stepMs: number): QueryTimes => ({ fromMs, toMs, stepMs });

test.each([
  [at(5, 5, 0), ''],
  [at(5, 0, 0), ''],
  [at(0, 10_999, 1), ''],
  [at(0, 11_000, 1), 'the range has 11001 steps; at most 11000 are answered'],
  [at(5, 0, 1), 'the range ends before it begins'],
])('times %j are %j', async (times, refusal) => {
  for (const command of [commands['metrics.query'], commands['metrics.explain']]) {
    asked.length = 0;
    const answer = await command({ source: '', query: 'up', times }, context);
    expect(answer.ok ? '' : answer.failure.message).toBe(refusal);
    expect(asked).toHaveLength(refusal === '' ? 1 : 0);
  }
});

test('an explanation asks for the parts', async () => {
  asked.length = 0;
  await commands['metrics.explain']({ source: 'p', query: 'up', times: at(0, 0, 0) }, context);
  expect(asked).toEqual(['explain up']);
});
