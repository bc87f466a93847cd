import { failed, success, type Result } from '#shared/result.ts';
import { parseCondition, parseSelection, parseSelector } from './parse-selection.ts';
import { TokenReader } from './reader.ts';
import {
  LogqlError,
  unsupported,
  type Condition,
  type Grouping,
  type LogqlQuery,
  type Matcher,
  type MetricQuery,
  type Unwrap,
} from './syntax.ts';
import { durationMsOf } from './units.ts';

/** Parses LogQL: log queries and metric queries, as far as the demo's Loki evaluates them. */
const countedFunctions = new Set(['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate']);
const unwrappedFunctions = new Set([
  'rate',
  'sum_over_time',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'first_over_time',
  'last_over_time',
  'quantile_over_time',
]);
const otherFunctions = new Set([
  'absent_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'rate_counter',
  'label_replace',
  'approx_topk',
  'stddev',
  'stdvar',
]);
const aggregations = new Set(['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk', 'sort', 'sort_desc']);
const precedence: readonly (readonly string[])[] = [
  ['or', 'unless', 'and'],
  ['==', '!=', '>', '>=', '<', '<='],
  ['+', '-'],
  ['*', '/', '%'],
  ['^'],
];

export function parseLogql(query: string): Result<LogqlQuery, LogqlError> {
  return parsed(query, (reader) => expression(reader, 0));
}

/** @returns a query that must choose lines, not count them. */
export function parseMatchers(query: string): Result<readonly Matcher[], LogqlError> {
  return parsed(query, parseSelector);
}

function parsed<Value>(query: string, parse: (reader: TokenReader) => Value): Result<Value, LogqlError> {
  try {
    const reader = new TokenReader(query);
    const value = parse(reader);
    if (reader.peek().kind !== '$end') reader.refuse();
    return success(value);
  } catch (error) {
    if (error instanceof LogqlError) return failed(error);
    throw error;
  }
}

function expression(reader: TokenReader, level: number): LogqlQuery {
  const operators = precedence[level];
  if (operators === undefined) return operand(reader);
  let left = expression(reader, level + 1);
  for (;;) {
    const operator = reader.accept(...operators);
    if (operator === undefined) return left;
    const bool = reader.accept('bool') !== undefined;
    if (level === 0) throw unsupported(`the operator ${operator.kind}`);
    if (reader.accept('on', 'ignoring') !== undefined)
      throw unsupported('vector matching with on or ignoring');
    const right = expression(reader, level + 1);
    if (left.kind === 'log' || right.kind === 'log') reader.refuse(operator);
    left = { kind: 'binary', operator: operator.kind, bool, left, right };
  }
}

function operand(reader: TokenReader): LogqlQuery {
  const token = reader.peek();
  if (token.kind === '{') return parseSelection(reader);
  if (reader.accept('(') !== undefined) {
    const inner = expression(reader, 0);
    reader.expect([')'], []);
    return inner;
  }
  const sign = reader.accept('-') === undefined ? 1 : -1;
  const number = reader.accept('NUMBER');
  if (number !== undefined) return { kind: 'number', value: sign * Number(number.text) };
  if (token.kind !== 'IDENTIFIER') reader.refuse();
  if (otherFunctions.has(token.text)) throw unsupported(token.text);
  if (token.text === 'vector') {
    reader.take();
    reader.expect(['(']);
    const value = Number(reader.expect(['NUMBER']).text);
    reader.expect([')']);
    return { kind: 'vector', value };
  }
  if (aggregations.has(token.text)) return aggregation(reader);
  if (countedFunctions.has(token.text) || unwrappedFunctions.has(token.text)) return rangeFunction(reader);
  return reader.refuse();
}

function aggregation(reader: TokenReader): MetricQuery {
  const name = reader.take().text;
  let grouping = groupingOf(reader);
  reader.expect(['('], ['by', 'without', '(']);
  let parameter = 0;
  if (name === 'topk' || name === 'bottomk') {
    parameter = Number(reader.expect(['NUMBER'], []).text);
    reader.expect([',']);
  }
  const of = expression(reader, 0);
  if (of.kind === 'log') reader.refuse();
  reader.expect([')'], []);
  grouping ??= groupingOf(reader);
  return { kind: 'aggregate', name, grouping, parameter, of };
}

function rangeFunction(reader: TokenReader): MetricQuery {
  const name = reader.take().text;
  reader.expect(['(']);
  let parameter = 0;
  if (name === 'quantile_over_time') {
    parameter = Number(reader.expect(['NUMBER']).text);
    reader.expect([',']);
  }
  const selection = parseSelection(reader);
  const unwrap = unwrapOf(reader);
  reader.expect(['['], []);
  const rangeMs = durationOf(reader);
  reader.expect([']'], []);
  // Loki also takes the range before the pipeline.
  if (['|', '|=', '|~', '!=', '!~'].includes(reader.peek().kind))
    throw unsupported('a range before the pipeline');
  const offset = reader.accept('offset') === undefined ? 0 : durationOf(reader);
  reader.expect([')'], []);
  const grouping = groupingOf(reader);
  if (unwrap === null && !countedFunctions.has(name)) {
    throw new LogqlError(`parse error : invalid aggregation ${name} without unwrap`);
  }
  if (unwrap !== null && !unwrappedFunctions.has(name)) {
    throw new LogqlError(`parse error : invalid aggregation ${name} with unwrap`);
  }
  return { kind: 'range', name, selection, unwrap, rangeMs, offsetMs: offset, grouping, parameter };
}

function durationOf(reader: TokenReader): number {
  const sign = reader.accept('-') === undefined ? 1 : -1;
  return sign * (durationMsOf(reader.expect(['DURATION']).text) ?? 0);
}

function unwrapOf(reader: TokenReader): Unwrap | null {
  if (reader.accept('|') === undefined) return null;
  reader.take();
  let name = reader.expect(['IDENTIFIER'], []).text;
  let conversion: Unwrap['conversion'] = 'number';
  if (reader.accept('(') !== undefined) {
    conversion = name.startsWith('bytes') ? 'bytes' : 'duration';
    name = reader.expect(['IDENTIFIER'], []).text;
    reader.expect([')'], []);
  }
  const conditions: Condition[] = [];
  while (reader.accept('|') !== undefined) conditions.push(parseCondition(reader));
  return { name, conversion, conditions };
}

function groupingOf(reader: TokenReader): Grouping | null {
  const word = reader.accept('by', 'without');
  if (word === undefined) return null;
  reader.expect(['(']);
  const names: string[] = [];
  while (reader.peek().kind !== ')') {
    names.push(reader.expect(['IDENTIFIER'], ['IDENTIFIER', ')']).text);
    if (reader.accept(',') === undefined) break;
  }
  reader.expect([')'], [')', ',']);
  return { without: word.kind === 'without', names };
}
