import { describe, expect, test } from 'vitest';
import { runScript } from './run-script.ts';

/** The runner itself: what it must let pass, and what it must not. */
function verdictsOf(script: string): string[] {
  return runScript(script).map(({ verdict }) =>
    verdict.kind === 'failed'
      ? `${verdict.failure.difference.expected} / ${verdict.failure.difference.got}`
      : verdict.kind,
  );
}

const load = `load 1m
  m{a="1"} 1+1x10
  m{a="2"} 10 20 _ _ stale
  up 1x10
`;

function verdictOf(...lines: string[]): string {
  const [verdict = 'nothing'] = verdictsOf(`${load}\n${lines.join('\n')}`);
  return verdict;
}

describe('values', () => {
  test.each([
    [['eval instant at 1m m', '  m{a="1"} 2', '  m{a="2"} 20']],
    [['eval instant at 1m sum(m)', '  {} 22.00001']],
    [['eval instant at 3m m{a="2"}', '  m{a="2"} 20']],
    [['eval instant at 4m m{a="2"}']],
    [['eval instant at 1m 0x10', '  16']],
    [['eval instant at 1m "a"', '  expect string `a`']],
    [['eval range from 0 to 3m step 1m m', '  m{a="1"} 1 2 3 4', '  m{a="2"} 10 20 20 20']],
    [['eval instant at 1m sort_desc(m)', '  expect ordered', '  m{a="2"} 20', '  m{a="1"} 2']],
    [['eval instant at 2m m{a="1"}[2m]', '  expect range vector from 1m to 2m step 1m', '  m{a="1"} 2 3']],
  ])('%j passes', (lines) => {
    expect(verdictOf(...lines)).toBe('passed');
  });

  test.each([
    [['eval instant at 1m m{a="1"}', '  m{a="1"} 3'], '{__name__="m", a="1"} 3 / 2'],
    [['eval instant at 1m m{a="1"}'], 'no such series / {__name__="m", a="1"} 2'],
    [['eval instant at 1m m{a="1"}', '  m{a="1"} 2', '  n 1'], '{__name__="n"} 1 / no such series'],
    [['eval instant at 1m 1', '  2'], 'scalar 2 / scalar 1'],
    [['eval instant at 1m vector(1)', '  1'], 'scalar 1 / vector of 1'],
    [['eval range from 0 to 1m step 1m up', '  up 1'], '{__name__="up"} 1@0 / {__name__="up"} 1@0 1@60000'],
    [
      ['eval instant at 1m sort(m)', '  expect ordered', '  m{a="2"} 20', '  m{a="1"} 2'],
      '{__name__="m", a="1"} at place 2 / at place 1',
    ],
  ])('%j does not', (lines, what) => {
    expect(verdictOf(...lines)).toBe(what);
  });
});

describe('errors and remarks', () => {
  const twice = 'eval instant at 1m m + on() m';
  test('an error must come, and be the one', () => {
    expect(verdictOf(twice, '  expect fail')).toBe('passed');
    expect(verdictOf(twice, '  expect fail regex: found duplicate series')).toBe('passed');
    expect(verdictOf(twice, '  expect fail msg: found')).toMatch(
      /^the error "found" \/ found duplicate series/,
    );
    expect(verdictOf('eval_fail instant at 1m up')).toBe('the error any text / vector');
    expect(verdictOf(twice)).toMatch(/^an answer \/ execution: found duplicate/);
  });

  test('remarks wanted must be there, others not, with their place', () => {
    const wrong = 'eval instant at 1m count(quantile(2, up))';
    expect(verdictOf(wrong, '  expect warn', '  {} 1')).toBe('passed');
    expect(verdictOf(wrong, '  expect warn regex: got 2 \\(1:\\d+\\)', '  {} 1')).toBe('passed');
    expect(verdictOf(wrong, '  expect no_warn', '  {} 1')).toMatch(/^no warning \//);
    expect(verdictOf(wrong, '  expect warn msg: x', '  {} 1')).toMatch(/^warning "x" \//);
    expect(verdictOf('eval instant at 1m up', '  expect info', '  up 1')).toBe('info any text / no info');
  });
});

test('native histograms are refused, whoever made them', () => {
  const script = `load_with_nhcb 1m
  h_bucket{le="1"} 1
  h_bucket{le="+Inf"} 2

eval instant at 0 h_bucket{le="1"}
  h_bucket{le="1"} 1

eval instant at 0 h
  {} 1

clear

eval instant at 0 h_bucket
`;
  expect(verdictsOf(script)).toEqual(['passed', 'not-supported', 'passed']);
  expect(runScript(script).map((one) => one.class)).toEqual(['core', 'native-histograms', 'core']);
});
