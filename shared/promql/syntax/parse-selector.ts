import { messageOf, success, failed, type Result } from '#shared/result.ts';
import { metricNameLabel } from '../model/label-set.ts';
import { labelTest } from '../model/matching.ts';
import type { LabelMatcher, MatchOperator, TextSpan, VectorSelector } from './ast.ts';
import { ParseError } from './parse-problem.ts';
import { unquoted } from './strings.ts';
import { canNameMetric, type Token } from './token.ts';
import type { Place, TokenStream } from './token-stream.ts';

/** `name`, `name{…}` and `{…}`; what follows a selector is read elsewhere. */

const label: Place = { name: 'label matching', expected: 'identifier or "}"' };
const operator: Place = { name: 'label matching', expected: 'label matching operator' };
const value: Place = { name: 'label matching', expected: 'string' };
const separator: Place = { name: 'label matching', expected: '"," or "}"' };

export function parseSelector(stream: TokenStream): VectorSelector {
  const first = stream.peek();
  if (canNameMetric(first)) return parseNamedSelector(stream, stream.take());
  if (!stream.isNext('{')) return stream.unexpected();
  const matchers: LabelMatcher[] = [];
  return selector('', matchers, { start: first.start, end: parseMatchers(stream, matchers) });
}

/** @param name taken. */
export function parseNamedSelector(stream: TokenStream, name: Token): VectorSelector {
  const matchers: LabelMatcher[] = [];
  const end = stream.isNext('{') ? parseMatchers(stream, matchers) : name.end;
  matchers.push({ name: metricNameLabel, operator: '=', value: name.text });
  return selector(name.text, matchers, { start: name.start, end });
}

function selector(name: string, matchers: readonly LabelMatcher[], span: TextSpan): VectorSelector {
  return { kind: 'selector', span, name, matchers, offset: null, at: null, extension: null };
}

/** @returns where the closing brace ends. */
function parseMatchers(stream: TokenStream, matchers: LabelMatcher[]): number {
  stream.take();
  for (let isFirst = true; ; isFirst = false) {
    const closing = stream.takeIf('}');
    if (closing !== null) return closing.end;
    if (!isFirst) {
      stream.expect(',', separator);
      const afterComma = stream.takeIf('}');
      if (afterComma !== null) return afterComma.end;
    }
    matchers.push(parseMatcher(stream));
  }
}

function parseMatcher(stream: TokenStream): LabelMatcher {
  const token = stream.peek();
  if (token.kind !== 'identifier' && token.kind !== 'string') return stream.unexpected(label);
  stream.take();
  const name = token.kind === 'string' ? readString(token) : token.text;
  const written = stream.peek();
  const isOperator = matchOperators.has(written.name);
  // A quoted name alone is that of the metric.
  if (!isOperator && token.kind === 'string') return { name: metricNameLabel, operator: '=', value: name };
  if (!isOperator) return stream.unexpected(operator);
  stream.take();
  if (stream.peek().kind !== 'string') return stream.unexpected(value);
  const text = stream.take();
  const matcher = { name, operator: written.name as MatchOperator, value: readString(text) };
  const pattern = acceptsEmpty(matcher);
  if (!pattern.ok) throw new ParseError(pattern.failure, token.start, text.end);
  return matcher;
}

const matchOperators: ReadonlySet<string> = new Set(['=', '!=', '=~', '!~'] satisfies MatchOperator[]);

/** @throws ParseError where Go cannot unquote it. */
export function readString(token: Token): string {
  const text = unquoted(token.text);
  if (!text.ok) throw new ParseError(text.failure, token.start, token.end);
  return text.value;
}

/** Patterns come back with every query, and compiling one costs more than parsing the rest. */
const knownPatterns = new Map<string, Result<boolean, string>>();
const mostKnownPatterns = 1_000;
const longestKnownPattern = 1_000;

/** Whether the matcher lets series without the label pass, or what is wrong with its pattern. */
export function acceptsEmpty(matcher: LabelMatcher): Result<boolean, string> {
  if (matcher.operator === '=') return success(matcher.value === '');
  if (matcher.operator === '!=') return success(matcher.value !== '');
  const key = matcher.operator + matcher.value;
  const known = knownPatterns.get(key);
  if (known !== undefined) return known;
  const tested = testedPattern(matcher);
  if (key.length > longestKnownPattern) return tested;
  if (knownPatterns.size >= mostKnownPatterns) knownPatterns.clear();
  knownPatterns.set(key, tested);
  return tested;
}

function testedPattern(matcher: LabelMatcher): Result<boolean, string> {
  try {
    return success(labelTest(matcher, 'v3').acceptsEmpty);
  } catch (error) {
    return failed(messageOf(error));
  }
}
