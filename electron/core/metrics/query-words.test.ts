import { expect, it } from 'vitest';
import { missingText } from './query-words.ts';

it('times beyond all dates are told by their number', () => {
  const needed = {
    selector: 'up',
    fromMs: 0,
    toMs: 9e15,
    missingFromMs: 1_000,
    missingToMs: 9e15,
    isSummarised: false,
  };
  expect(missingText([needed])).toBe('up is not kept from 1970-01-01T00:00:01.000Z to 9000000000000 s');
});

it('samples of which only summaries are left are told from such as never were kept', () => {
  const needed = {
    selector: 'up',
    fromMs: 0,
    toMs: 1_000,
    missingFromMs: 0,
    missingToMs: 1_000,
    isSummarised: true,
  };
  expect(missingText([needed])).toMatch(/^up is kept as aggregates only from /);
});
