import { describe, expect, test } from 'vitest';
import { compileLineFilters, compileMatchers, type LabelMatcher, type LineFilter } from './matching.ts';

function matches(matcher: LabelMatcher, labels: Record<string, string>): boolean {
  const compiled = compileMatchers([matcher]);
  return compiled.ok && compiled.value(labels);
}

function passes(filter: LineFilter, line: string): boolean {
  const compiled = compileLineFilters([filter]);
  return compiled.ok && compiled.value(line);
}

describe('matching as Loki does', () => {
  test('patterns of matchers are anchored; a missing label is empty', () => {
    expect(matches({ name: 'a', operator: '=~', value: 'web|api' }, { a: 'web-1' })).toBe(false);
    expect(matches({ name: 'a', operator: '=~', value: 'web.*' }, { a: 'web-1' })).toBe(true);
    expect(matches({ name: 'a', operator: '!~', value: '.+' }, {})).toBe(true);
    expect(matches({ name: 'a', operator: '!=', value: '' }, {})).toBe(false);
    expect(matches({ name: '__proto__', operator: '=', value: '' }, {})).toBe(true);
  });

  test('filters are not anchored; any value lets a line pass, any value keeps it out', () => {
    expect(passes({ operator: '|=', values: ['x', 'b'] }, 'abc')).toBe(true);
    expect(passes({ operator: '!=', values: ['x', 'b'] }, 'abc')).toBe(false);
    expect(passes({ operator: '|~', values: ['^b', 'c$'] }, 'abc')).toBe(true);
    expect(passes({ operator: '!~', values: ['^b'] }, 'abc')).toBe(true);
  });

  test('a bad pattern is a failure', () => {
    expect(compileMatchers([{ name: 'a', operator: '=~', value: '(' }]).ok).toBe(false);
    expect(compileLineFilters([{ operator: '|~', values: ['a(?=b)'] }]).ok).toBe(false);
  });
});
