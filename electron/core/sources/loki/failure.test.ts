import { expect, test } from 'vitest';
import { failureOfLoki } from './failure.ts';

/** Refusals of which no exchange is recorded; the words are those of Loki's source. */
test.each([
  [401, 'no org id\n', 'unauthorised', 'X-Scope-OrgID'],
  [400, 'maximum of series (500) reached for a single query', 'too-large', 'at most 500 series'],
  [400, 'maximum number of series (500) reached for a single query; consider reducing', 'too-large', '500'],
  [
    400,
    'the query would read too many bytes (query: 2.1TB, limit: 150GB); consider adding',
    'too-large',
    '150GB',
  ],
  [
    400,
    'query too large to execute on a single querier: (query: 2.0TB, limit: 500GB). Consider adding',
    'too-large',
    '500GB',
  ],
  // That there are too many matchers is not mended by one more.
  [
    400,
    'max streams matchers per query exceeded, matchers-count > limit (1001 > 1000)',
    'bad-query',
    'at most 1000 matchers',
  ],
  [429, 'too many outstanding requests', 'rate-limited', 'shorter range'],
  [429, 'Ingestion rate limit exceeded for user fake', 'rate-limited', 'waits'],
  [
    504,
    'Request timed out, decrease the duration of the request or add more label matchers',
    'timeout',
    'Shorten',
  ],
  [504, 'upstream request timeout', 'timeout', 'proxy'],
  [499, 'The request was cancelled by the client.', 'timeout', 'Shorten'],
  [500, 'rpc error: code = Canceled desc = context canceled', 'timeout', 'proxy'],
  [500, 'context deadline exceeded', 'timeout', 'matcher'],
  [500, 'empty ring', 'server-error', '/ring'],
  [503, 'Ingester not ready: waiting for 15s after being ready', 'server-error', '/ready'],
  [500, 'something nobody has seen', 'server-error', 'Check'],
  [400, "tenant ID 'a/b' contains unsupported character '/'", 'unauthorised', 'X-Scope-OrgID'],
  [400, 'parse error : syntax error: unexpected $end', 'bad-query', 'selector'],
])('%i %s is %s', (status, text, code, nextStep) => {
  const failure = failureOfLoki(answerOf(status, text));
  expect(failure).toMatchObject({ code, status });
  expect(failure?.nextStep).toContain(nextStep);
  expect(failure?.message).toContain(text.trim().slice(0, 60));
});

test.each([
  ['max entries limit per query exceeded, limit > x (6000 > 5000)', { kind: 'limit', most: 5_000 }],
  [
    'the query time range exceeds the limit (query length: 800h1m40s, limit: 30d1h)',
    { kind: 'range', mostMs: 30 * 86_400_000 + 3_600_000 },
  ],
  ['the query time range exceeds the limit (query length: 8h, limit: soon)', undefined],
  ['the query would read too many bytes (query: 2.0TB, limit: 500GB)', { kind: 'share', share: 0.225 }],
  ['the query would read too many bytes (query: much, limit: less)', { kind: 'share', share: 0.5 }],
  ['maximum of series (500) reached for a single query', { kind: 'share', share: 0.5 }],
  ['parse error at line 2, col 11: syntax error', { kind: 'place', line: 2, column: 11 }],
  [
    'parse error : queries require at least one regexp or equality matcher that does not have an empty-compatible value.',
    { kind: 'matcher' },
  ],
  ['parse error : stage: error parsing regexp: missing closing )', { kind: 'plain-text' }],
  ['only log selector is supported', { kind: 'lines' }],
  ['no org id', { kind: 'source' }],
  ['too many outstanding requests', undefined],
])('the repair of: %s', (text, repair) => {
  expect(failureOfLoki(answerOf(400, text))?.repair).toEqual(repair);
});

test('a page of a proxy is no word of Loki, and a success no failure', () => {
  const page = answerOf(400, '<html><title>no org id</title></html>', 'text/html');
  expect(failureOfLoki(page)?.code).toBe('not-this-api');
  expect(failureOfLoki(answerOf(200, 'no org id'))).toBeNull();
});

function answerOf(status: number, text: string, mediaType = 'text/plain') {
  const body = new TextEncoder().encode(text);
  return { status, mediaType, retryAfterMs: null, redirectOrigin: null, body };
}
