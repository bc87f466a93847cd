import { expect, test } from 'vitest';
import { queryInstant } from '../engine.ts';
import { MemorySource } from '../model/memory-source.ts';
import { answerJson } from './answer-json.ts';

function valueOf(query: string): unknown {
  const answer: unknown = JSON.parse(answerJson(queryInstant(new MemorySource(), query, 0), query));
  return (answer as { data: { result: unknown } }).data.result;
}

test('numbers are written as servers do: a scalar in full, a sample with an exponent where it is short', () => {
  expect(valueOf('1e21')).toEqual([0, '1000000000000000000000']);
  expect(valueOf('0.0000001')).toEqual([0, '0.0000001']);
  expect(valueOf('-0')).toEqual([0, '-0']);
  expect(valueOf('Inf')).toEqual([0, '+Inf']);
  expect(valueOf('NaN')).toEqual([0, 'NaN']);
  expect(valueOf('vector(1e21)')).toEqual([{ metric: {}, value: [0, '1e+21'] }]);
  expect(valueOf('vector(0.0000001)')).toEqual([{ metric: {}, value: [0, '1e-07'] }]);
  expect(valueOf('vector(-0)')).toEqual([{ metric: {}, value: [0, '-0'] }]);
});
