import { RE2JS } from 're2js';
import { readQuoted } from '#shared/promql/series/metric-text.ts';
import { durationMs, seriesOf, type ReadStatement, type ScriptLine } from './script-lines.ts';
import {
  ScriptError,
  type Evaluation,
  type ExpectedSeries,
  type ExpectedValue,
  type Range,
  type TextTest,
  type When,
} from './script.ts';

/** Reads one evaluation of the engine tests, with all that its lines expect. */
const instantHead = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?))?\s+(.+)$/;
const rangeHead = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$/;
const expectLine = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/;
const expectedRange = /^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$/;
const expectedString = /^expect string (.+)$/;
const legacyFailure = /^expected_fail_(message|regexp)(.*)$/;

interface Draft {
  readonly tests: Map<string, TextTest[]>;
  readonly series: ExpectedSeries[];
  scalar: number | null;
  string: string | null;
  range: Range | null;
}

export function readEvaluation([head, ...rest]: readonly ScriptLine[]): ReadStatement<Evaluation> {
  const line = head?.number ?? 0;
  const { mode, query, when } = readHead(head?.text ?? '', line);
  const draft: Draft = { tests: new Map(), series: [], scalar: null, string: null, range: null };
  if (mode !== undefined) add(draft, mode, anyText);
  let taken = 1;
  for (const body of rest) {
    taken++;
    if (readLine(body, mode === 'fail', draft) === 'last') break;
  }
  const tests = (name: string): readonly TextTest[] => draft.tests.get(name) ?? [];
  // The old suffixes ask for some remark; the new lines say which ones there may be.
  const remarks = (name: 'warn' | 'info') => ({
    wanted: mode === name ? tests(name).slice(1) : tests(name),
    none: tests(`no_${name}`).length > 0,
    some: mode === name,
  });
  const failures = tests('fail');
  const statement: Evaluation = {
    kind: 'evaluation',
    line,
    query,
    when,
    expected: {
      value: valueOf(draft),
      ordered: tests('ordered').length > 0,
      failure: failures.at(-1) ?? null,
      warnings: remarks('warn'),
      infos: remarks('info'),
    },
  };
  check(statement, line);
  return { statement, taken };
}

function readHead(text: string, line: number): { mode: string | undefined; query: string; when: When } {
  const instant = instantHead.exec(text);
  if (instant !== null) {
    const [, mode, at = '', query = ''] = instant;
    return { mode, query, when: { kind: 'instant', atMs: durationMs(at, line) } };
  }
  const range = rangeHead.exec(text);
  if (range === null) throw new ScriptError(line, 'the evaluation cannot be read');
  const [, mode, from = '', to = '', step = '', query = ''] = range;
  return { mode, query, when: { kind: 'range', ...readRange([from, to, step], line) } };
}

function readRange([from = '', to = '', step = '']: readonly string[], line: number): Range {
  return {
    startMs: durationMs(from, line),
    endMs: durationMs(to, line),
    stepMs: durationMs(step, line),
  };
}

function readLine(body: ScriptLine, legacy: boolean, draft: Draft): 'last' | 'more' {
  const { text, number } = body;
  const failure = legacy ? legacyFailure.exec(text) : null;
  if (failure !== null) {
    add(draft, 'fail', textTest(failure[1] === 'regexp' ? 'regex' : 'msg', failure[2] ?? ''));
    return 'last';
  }
  const range = expectedRange.exec(text);
  if (range !== null) {
    draft.range = readRange(range.slice(1), number);
    return 'more';
  }
  const string = expectedString.exec(text);
  if (string !== null) {
    const read = readQuoted(string[1] ?? '', 0);
    if (!read.ok) throw new ScriptError(number, read.failure);
    draft.string = read.value.value;
    return 'more';
  }
  if (text.split(' ')[0] === 'expect') {
    const match = expectLine.exec(text);
    if (match === null) throw new ScriptError(number, `"${text}" cannot be read`);
    add(draft, match[1] ?? '', textTest(match[2], match[3] ?? ''));
    return 'more';
  }
  draft.scalar = numberOf(text);
  if (draft.scalar !== null) return 'last';
  draft.series.push(seriesOf(body));
  return 'more';
}

function valueOf({ scalar, string, series, range }: Draft): ExpectedValue {
  if (scalar !== null) return { kind: 'scalar', value: scalar };
  return string === null ? { kind: 'series', series, range } : { kind: 'string', value: string };
}

function check({ expected, when }: Evaluation, line: number): void {
  for (const remarks of [expected.warnings, expected.infos])
    if (remarks.none && remarks.wanted.length > 0) throw new ScriptError(line, 'expects some and none');
  const { value } = expected;
  if (when.kind === 'instant' && value.kind === 'series' && value.range === null)
    if (value.series.some(({ samples }) => samples.length > 1))
      throw new ScriptError(line, 'expects several values of an instant');
}

function add(draft: Draft, name: string, test: TextTest): void {
  draft.tests.set(name, [...(draft.tests.get(name) ?? []), test]);
}

const anyText: TextTest = { description: 'any text', passes: () => true };

function textTest(kind: string | undefined, written: string): TextTest {
  const wanted = written.trim();
  if (kind === undefined) return anyText;
  if (kind === 'msg') return { description: `"${wanted}"`, passes: (text) => text === wanted };
  const pattern = RE2JS.compile(wanted);
  return { description: `/${wanted}/`, passes: (text) => pattern.test(text) };
}

const wholeNumber = /^([+-]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|\d+)$/;
const decimalNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const numberWord = /^([+-]?)(inf|infinity|nan)$/i;

/** As Go reads it: whole numbers may be in any base. */
function numberOf(text: string): number | null {
  const [, sign, whole] = wholeNumber.exec(text) ?? [];
  if (whole !== undefined) {
    const value = Number(whole.replace(/^0(?=\d)/, '0o'));
    return sign === '-' ? -value : value;
  }
  if (decimalNumber.test(text)) return Number(text);
  const [, wordSign, word] = numberWord.exec(text) ?? [];
  if (word === undefined) return null;
  if (word.toLowerCase() === 'nan') return Number.NaN;
  return wordSign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
