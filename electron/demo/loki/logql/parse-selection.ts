import { labelMatcher, type MatchOperator } from '../../label-matcher.ts';
import { messageOf } from '#shared/result.ts';
import { RE2JS } from 're2js';
import type { TokenReader } from './reader.ts';
import {
  LogqlError,
  unsupported,
  type Comparison,
  type Condition,
  type LogSelection,
  type Matcher,
  type Stage,
} from './syntax.ts';
import { bytesOf, durationMsOf } from './units.ts';

/** Parses the part of LogQL that chooses lines: selector, line filters, parsers and label filters. */
export function parseSelector(reader: TokenReader): readonly Matcher[] {
  reader.expect(['{']);
  const matchers: Matcher[] = [];
  while (reader.peek().kind !== '}') {
    const name = reader.expect(['IDENTIFIER'], ['IDENTIFIER', '}']).text;
    const operator = reader.expect(['=', '!=', '=~', '!~']).text as MatchOperator;
    const value = reader.expect(['STRING']).text;
    matchers.push(checkedMatcher({ name, operator, value }));
    if (reader.accept(',') === undefined) break;
  }
  reader.expect(['}'], ['}', ',']);
  if (matchers.every((one) => labelMatcher(one.name, one.operator, one.value).matches(''))) {
    throw new LogqlError(
      'parse error : queries require at least one regexp or equality matcher that does not have an ' +
        'empty-compatible value. For instance, app=~".*" does not meet this requirement, but app=~".+" will',
    );
  }
  return matchers;
}

export function parseSelection(reader: TokenReader): LogSelection {
  const matchers = parseSelector(reader);
  const stages: Stage[] = [];
  for (;;) {
    const filter = reader.accept('|=', '!=', '|~', '!~');
    if (filter !== undefined) stages.push(lineFilter(reader, filter.kind as '|=' | '!=' | '|~' | '!~'));
    else if (reader.accept('|>', '!>') !== undefined) throw unsupported('the pattern filter');
    else if (reader.peek().kind === '|' && reader.peek(1).text !== 'unwrap') stages.push(stage(reader));
    else return { kind: 'log', matchers, stages };
  }
}

function lineFilter(reader: TokenReader, operator: '|=' | '!=' | '|~' | '!~'): Stage {
  const values: string[] = [];
  do {
    if (reader.peek().text === 'ip' && reader.peek(1).kind === '(') throw unsupported('ip()');
    const value = reader.expect(['STRING'], ['STRING', 'ip']).text;
    if (operator.endsWith('~')) checkPattern(value, `stage '${operator} ${JSON.stringify(value)}' : `);
    values.push(value);
  } while (reader.accept('or') !== undefined);
  return { kind: 'line', operator, values };
}

const parsers = new Set(['json', 'logfmt', 'decolorize']);
const otherStages = new Set(['regexp', 'pattern', 'unpack', 'line_format', 'label_format', 'distinct']);

function stage(reader: TokenReader): Stage {
  reader.expect(['|']);
  const { text, kind } = reader.peek();
  const next = reader.peek(1).kind;
  const isStage = kind === 'IDENTIFIER' && !/^(?:=|==|!=|=~|!~|>|>=|<|<=)$/.test(next);
  if (isStage && parsers.has(text)) {
    reader.take();
    if (reader.peek().kind === 'IDENTIFIER') throw unsupported(`${text} with expressions`);
    return { kind: text as 'json' };
  }
  if (isStage && otherStages.has(text)) throw unsupported(`the stage ${text}`);
  if (isStage && (text === 'drop' || text === 'keep')) {
    reader.take();
    const names: string[] = [];
    do names.push(reader.expect(['IDENTIFIER']).text);
    while (reader.accept(',') !== undefined);
    return { kind: text, names };
  }
  return { kind: 'where', condition: parseCondition(reader) };
}

/** Label filters: `and`, a comma or nothing between two binds them more than `or`. */
export function parseCondition(reader: TokenReader): Condition {
  let left = conjunction(reader);
  while (reader.accept('or') !== undefined) left = { kind: 'or', left, right: conjunction(reader) };
  return left;
}

function conjunction(reader: TokenReader): Condition {
  let left = comparison(reader);
  for (;;) {
    if (reader.accept('and', ',') === undefined && !['IDENTIFIER', '('].includes(reader.peek().kind))
      return left;
    left = { kind: 'and', left, right: comparison(reader) };
  }
}

function comparison(reader: TokenReader): Condition {
  if (reader.accept('(') !== undefined) {
    const inner = parseCondition(reader);
    reader.expect([')']);
    return inner;
  }
  const name = reader.expect(['IDENTIFIER'], []).text;
  const operator = reader.expect(['=', '==', '!=', '=~', '!~', '>', '>=', '<', '<='], []).kind;
  const { kind, text } = reader.peek();
  if (kind === 'STRING' && /^(?:=|!=|=~|!~)$/.test(operator)) {
    const value = reader.take().text;
    return { kind: 'text', matcher: checkedMatcher({ name, operator: operator as MatchOperator, value }) };
  }
  if (text === 'ip') throw unsupported('ip()');
  if (operator === '=~' || operator === '!~') reader.refuse(reader.peek(), ['STRING']);
  const sign = reader.accept('-') === undefined ? 1 : -1;
  const token = reader.expect(['NUMBER', 'DURATION', 'BYTES'], []);
  const base = { kind: 'number', name, comparison: operator as Comparison } as const;
  if (token.kind === 'DURATION')
    return { ...base, unit: 'duration', value: sign * (durationMsOf(token.text) ?? 0) };
  if (token.kind === 'BYTES') return { ...base, unit: 'bytes', value: sign * (bytesOf(token.text) ?? 0) };
  return { ...base, unit: 'number', value: sign * Number(token.text) };
}

function checkedMatcher(matcher: Matcher): Matcher {
  if (matcher.operator.endsWith('~')) checkPattern(matcher.value, '');
  return matcher;
}

function checkPattern(pattern: string, where: string): void {
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    throw new LogqlError(`parse error : ${where}${messageOf(error)}`);
  }
}
