import { describe, expect, it } from 'vitest';
import { incidentRow } from '#support/models.ts';
import { compileFilter, needsPatterns, parseFilter } from './filter.ts';
import { loadPatternCompiler } from './patterns.ts';

const row = incidentRow({
  id: 412,
  title: 'HighErrorRate',
  service: 'backend',
  summary: '5xx 7.79/s on q2x8m',
  severity: { level: 'critical', word: 'page' },
  labels: { team: 'payments', pod: 'api "one"', empty: '' },
  acknowledged: { by: 'ada', atMs: 1 },
  sources: ['am-a'],
});

async function holds(text: string): Promise<boolean | string> {
  const filter = compileFilter(parseFilter(text), await loadPatternCompiler());
  return filter.ok ? filter.value(row) : filter.failure;
}

describe('the filter', () => {
  it.each([
    ['a word in the title', 'error', true],
    ['a severity level', 'critical', true],
    ['a severity word', 'PAGE', true],
    ['the number', 'inc-412', true],
    ['a label value', 'payments', true],
    ['a quoted phrase', '"7.79/s on"', true],
    ['a phrase that is not there', '"on 7.79/s"', false],
    ['two words, both needed', 'error nowhere', false],
    ['a label', 'team=payments', true],
    ['a label with another value', 'team=billing', false],
    ['a label with spaces and quotes', String.raw`pod="api \"one\""`, true],
    ['unequal', 'team!=billing', true],
    ['unequal to its own', 'team!=payments', false],
    ['a missing label is empty', 'zone=""', true],
    ['a missing label does not equal', 'zone=eu', false],
    ['a missing label differs', 'zone!=eu', true],
    ['a name of Object.prototype', 'constructor=""', true],
    ['severity as a field', 'severity=critical', true],
    ['owner', 'owner=ada', true],
    ['state', 'state=firing', true],
    ['source', 'source=am-a', true],
    ['a pattern, whole value', 'team=~"pay.*"', true],
    ['a pattern that matches a part only', 'team=~pay', false],
    ['a negated pattern', 'team!~pay', true],
    ['everything together', 'severity=critical team=~pay.+ error', true],
  ])('%s: %s', async (_name, text, expected) => {
    expect(await holds(text)).toBe(expected);
  });

  it('says what is wrong with a pattern that RE2 does not have, or that is too long', async () => {
    expect(await holds('team=~"(?=x)"')).toBe('(?=x) is not a pattern that RE2 accepts.');
    expect(await holds(`team=~${'a'.repeat(1_001)}`)).toMatch(/is not a pattern/);
  });

  it('is quick on a pattern that would hang a backtracking engine', async () => {
    const compile = await loadPatternCompiler();
    expect(compile('(a+)+$')?.(`${'a'.repeat(5_000)}b`)).toBe(false);
  });

  it('asks for the pattern engine only where there is a pattern', () => {
    expect(needsPatterns(parseFilter('a b=c "d=~e"'))).toBe(false);
    expect(needsPatterns(parseFilter('a b=~c'))).toBe(true);
  });
});
