import { failed, success, type Result } from '#shared/result.ts';
import { readNumber } from './numbers.ts';

/**
 * Native histograms as the series notation writes them: `{{schema:1 sum:4 count:3 buckets:[1 2]}}`. They
 * are read in full, so that nothing of a line is lost; the engine answers with none of them.
 */
export interface NotedHistogram {
  /** -53: the bounds are `customValues`. */
  readonly schema: number;
  readonly sum: number;
  readonly count: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly customValues: readonly number[];
  readonly positive: BucketRun;
  readonly negative: BucketRun;
  /** Null where it was not written. */
  readonly counterResetHint: CounterResetHint | null;
}

/** Counts of neighbouring buckets, from the bucket of index `offset` on. */
export interface BucketRun {
  readonly offset: number;
  readonly counts: readonly number[];
}

const counterResetHints = ['unknown', 'reset', 'not_reset', 'gauge'] as const;
export type CounterResetHint = (typeof counterResetHints)[number];

const numberKeys = ['schema', 'sum', 'count', 'z_bucket', 'z_bucket_w', 'offset', 'n_offset'] as const;
const listKeys = ['custom_values', 'buckets', 'n_buckets'] as const;
const wholeKeys: ReadonlySet<string> = new Set(['schema', 'offset', 'n_offset']);
const hintKey = 'counter_reset_hint';
const entry = /\s*([a-z_]+):(?:\[([^\]]*)\]|([^\s\]]+))\s*/y;

/** @param body what stands between the double braces. */
export function readHistogram(body: string): Result<NotedHistogram, string> {
  const numbers = new Map<string, number>();
  const lists = new Map<string, readonly number[]>();
  let hint: CounterResetHint | null = null;
  entry.lastIndex = 0;
  let at = body.trim() === '' ? body.length : 0;
  while (at < body.length) {
    const match = entry.exec(body);
    if (match === null) return failed(`the histogram cannot be read from "${body.slice(at)}" on`);
    at = entry.lastIndex;
    const [, key = '', list, single = ''] = match;
    if (isOneOf(listKeys, key) && list !== undefined) {
      const values = readList(list);
      if (values === null) return failed(`the histogram's ${key} are no numbers`);
      lists.set(key, values);
    } else if (isOneOf(numberKeys, key) && list === undefined) {
      const value = readNumber(single);
      if (value === null || (wholeKeys.has(key) && !Number.isInteger(value)))
        return failed(`the histogram's ${key} is no ${wholeKeys.has(key) ? 'whole ' : ''}number`);
      numbers.set(key, value);
    } else if (key === hintKey && isOneOf(counterResetHints, single)) hint = single;
    else return failed(`a histogram has no ${key} of that kind`);
  }
  return success(assemble(numbers, lists, hint));
}

function assemble(
  numbers: ReadonlyMap<string, number>,
  lists: ReadonlyMap<string, readonly number[]>,
  counterResetHint: CounterResetHint | null,
): NotedHistogram {
  const number = (key: (typeof numberKeys)[number]): number => numbers.get(key) ?? 0;
  const list = (key: (typeof listKeys)[number]): readonly number[] => lists.get(key) ?? [];
  return {
    schema: number('schema'),
    sum: number('sum'),
    count: number('count'),
    zeroThreshold: number('z_bucket_w'),
    zeroCount: number('z_bucket'),
    customValues: list('custom_values'),
    positive: { offset: number('offset'), counts: list('buckets') },
    negative: { offset: number('n_offset'), counts: list('n_buckets') },
    counterResetHint,
  };
}

function readList(text: string): readonly number[] | null {
  const values = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(readNumber);
  return values.every((value) => value !== null) ? values : null;
}

function isOneOf<Word extends string>(words: readonly Word[], text: string): text is Word {
  return (words as readonly string[]).includes(text);
}
