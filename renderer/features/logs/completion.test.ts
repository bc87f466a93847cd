import { describe, expect, it } from 'vitest';
import { completionsAt, placeAt, withCompletion } from './completion.ts';

describe('where a query is being written', () => {
  it.each([
    ['{', { kind: 'label', from: 1, typed: '' }],
    ['{ser', { kind: 'label', from: 1, typed: 'ser' }],
    ['{service=', { kind: 'operator', from: 8, typed: '=' }],
    ['{service="ba', { kind: 'value', label: 'service', from: 9, typed: 'ba' }],
    ['{service=~`ba', { kind: 'value', label: 'service', from: 10, typed: 'ba' }],
    ['{a="}", b', { kind: 'label', from: 8, typed: 'b' }],
    ['{a="\\"", po', { kind: 'label', from: 9, typed: 'po' }],
    ['{a="b"} |', { kind: 'stage', from: 8, typed: '|' }],
    ['{a="b"} |= "x', { kind: 'none' }],
    ['{a="b"', { kind: 'none' }],
    ['', { kind: 'none' }],
  ])('%s', (query, place) => {
    expect(placeAt(query, query.length)).toEqual(place);
  });

  it('offers what begins as typed before what contains it', () => {
    const place = placeAt('{po', 3);
    const names = ['compose', 'pod'];
    expect(completionsAt(place, names).map(({ label }) => label)).toEqual(['pod', 'compose']);
  });

  it('writes a value quoted, and its closing quote once', () => {
    const query = '{app="ba"}';
    const place = placeAt(query, 8);
    const [first] = completionsAt(place, ['back"end']);
    expect(first && withCompletion(query, 8, place, first)).toEqual({
      query: '{app="back\\"end"}',
      caret: 16,
    });
  });
});
