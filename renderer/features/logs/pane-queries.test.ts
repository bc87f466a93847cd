import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLineFilters } from '#shared/logql/matching.ts';
import { readLogQuery } from '#shared/logql/read-query.ts';
import { queryWithDetected, queryWithPattern } from './pane-queries.ts';

const query = '{app="web"}';

/** Whether the query's own filters let a line pass. */
function passes(asked: string | null, line: string): boolean {
  const read = readLogQuery(asked ?? '');
  if (!read.ok) throw new Error(read.failure.message);
  const filters = compileLineFilters(read.value.filters);
  return filters.ok && filters.value(line);
}

describe('a pattern in a query', () => {
  it.each([
    ['<_> GET <_> 200', '10.0.0.1 GET /a 200', true],
    ['<_> GET <_> 200', '10.0.0.1 POST /a 200', false],
    ['pool <_> (of 20)', '{"message":"pool of (of 20)","a":1}', true],
    ['say "<_>" twice', '{"message":"say \\"x\\" twice"}', true],
    ['say "<_>" twice', 'say "x" twice', true],
    ['a.b', 'axb', false],
  ])('%s finds %s: %s', (pattern, line, isFound) => {
    expect(passes(queryWithPattern(query, pattern, '='), line)).toBe(isFound);
    expect(passes(queryWithPattern(query, pattern, '!='), line)).toBe(!isFound);
  });

  it('is none where it says nothing, or the query cannot be read', () => {
    expect(queryWithPattern(query, '<_> <_>', '=')).toBeNull();
    expect(queryWithPattern('{app=', 'a', '=')).toBeNull();
  });

  it('finds every line that was made of it', () => {
    const word = fc.string({ unit: 'grapheme-ascii', minLength: 1 }).filter((text) => !text.includes('<'));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 5 }), (pairs) => {
        const pattern = pairs.map(([literal]) => literal).join('<_>');
        const asked = queryWithPattern(query, pattern, '=');
        if (asked === null) return;
        const line = pairs.map(([literal, filler]) => literal + filler).join('');
        expect(passes(asked, line)).toBe(true);
      }),
    );
  });
});

it.each([
  [['json'], '=', '{app="web"} | json | status!=""'],
  [['json'], '!=', '{app="web"} | json | status=""'],
  [['json | drop app'], '=', '{app="web"} | status!=""'],
  [[], '=', '{app="web"} | status!=""'],
] as const)('a field of the parsers %j, %s', (parsers, operator, result) => {
  const field = { name: 'status', type: 'int', cardinality: 3, parsers: [...parsers] };
  expect(queryWithDetected(query, field, operator)).toBe(result);
  expect(queryWithDetected(`${query} | json`, field, operator)).toContain('{app="web"} | json | status');
});
