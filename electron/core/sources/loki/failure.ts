import * as v from 'valibot';
import type { SourceFailure, SourceFailureCode } from '#shared/failure.ts';
import { parsePrometheusDuration } from '#shared/gotemplate/durations.ts';
import type { LogRepair } from '#shared/model/log-repair.ts';
import { failureOfStatus } from '../failure-of.ts';
import type { HttpAnswer } from '../http-message.ts';
import { plainText } from '../plain-text.ts';
import { sourceFailure } from '../source-failure.ts';

/**
 * What an answer other than a success means. Loki's errors are plain text, bare and without a code, so
 * each that people meet is known here by its words, with what to do about it.
 * Source: grafana/loki pkg/validation/limits.go, pkg/logql/errors.go, pkg/logqlmodel/error.go and
 * pkg/querier, 3.4 to 3.7.
 */

interface Refusal {
  readonly words: RegExp;
  readonly code: SourceFailureCode;
  readonly cause: string;
  readonly nextStep: (found: readonly string[]) => string;
  /** What one key can do about it, where there is such a thing. */
  readonly repair?: (found: readonly string[]) => LogRepair | undefined;
}

const toSource = (): LogRepair => ({ kind: 'source' });
const halfTheRange = (): LogRepair => ({ kind: 'share', share: 0.5 });

const refusals: readonly Refusal[] = [
  {
    words: /no org id/i,
    code: 'unauthorised',
    cause: 'The server keeps tenants apart and was told none',
    nextStep: () => 'Give the source a tenant: the header X-Scope-OrgID with the name of the tenant.',
    repair: toSource,
  },
  {
    words: /multiple org IDs present/i,
    code: 'bad-query',
    cause: 'The question cannot be asked of several tenants at once',
    nextStep: () => 'Give the source one tenant only in X-Scope-OrgID: a tail follows one.',
    repair: toSource,
  },
  {
    words: /^tenant ID .*unsupported character|invalid tenant/i,
    code: 'unauthorised',
    cause: 'The name of the tenant is not one',
    nextStep: () => 'Correct the header X-Scope-OrgID of the source: letters, digits and !-_.*’() only.',
    repair: toSource,
  },
  {
    words: /max entries limit per query exceeded.*\((\d+) > (\d+)\)/i,
    code: 'too-large',
    cause: 'More lines were asked for at once than the server gives',
    nextStep: ([, , most = '']) =>
      `Ask for at most ${most} lines, or raise max_entries_limit_per_query of the server.`,
    repair: ([, , most = '']) => (Number(most) >= 1 ? { kind: 'limit', most: Number(most) } : undefined),
  },
  {
    words: /query time range exceeds the limit \(query length: ([^,]+), limit: ([^)]+)\)/i,
    code: 'too-large',
    cause: 'The range is longer than the server allows',
    nextStep: ([, , most = '']) =>
      `Choose a range of at most ${most}, or raise max_query_length of the server.`,
    repair: ([, , most = '']) => {
      const mostMs = parsePrometheusDuration(most);
      return mostMs === null || mostMs === 0 ? undefined : { kind: 'range', mostMs };
    },
  },
  {
    words: /maximum (?:number )?of series \(?(\d+)\)? reached/i,
    code: 'too-large',
    cause: 'The query makes more series than the server allows',
    nextStep: ([, most = '']) =>
      `Group by fewer labels, so that at most ${most} series come out: sum by (…) (…), or add a matcher.`,
    repair: halfTheRange,
  },
  {
    words: /exceeded maximum resolution of ([\d,]+) points/i,
    code: 'too-large',
    cause: 'The step is too fine for the range',
    nextStep: ([, most = '']) => `Choose a coarser step or a shorter range: at most ${most} steps.`,
    repair: halfTheRange,
  },
  {
    words:
      /(?:would read too many bytes|too large to execute on a single querier):? \(query: ([^,]+), limit: ([^)]+)\)/i,
    code: 'too-large',
    cause: 'The query would read more than the server allows',
    nextStep: ([, , most = '']) => `Add a matcher or shorten the range until it reads less than ${most}.`,
    repair: ([, asked = '', most = '']) => ({ kind: 'share', share: shareOf(asked, most) }),
  },
  {
    words: /max streams matchers per query exceeded.*\((\d+) > (\d+)\)/i,
    code: 'bad-query',
    cause: 'The selector has more matchers than the server allows',
    nextStep: ([, , most = '']) =>
      `Write at most ${most} matchers: join those of one label with =~"…|…", or raise max_streams_matchers_per_query of the server.`,
  },
  {
    words: /max concurrent tail requests/i,
    code: 'rate-limited',
    cause: 'As many tails are open as the server allows',
    nextStep: () => 'Close another tail of this tenant; this one is tried again.',
  },
  {
    words: /too many outstanding requests/i,
    code: 'rate-limited',
    cause: 'The queue of the server is full',
    nextStep: () =>
      'Wait, or ask for a shorter range; max_outstanding_per_tenant of the server is the bound.',
  },
  {
    words: /at least one regexp or equality matcher that does not have an empty-compatible value/i,
    code: 'bad-query',
    cause: 'No matcher of the selector requires a label to be there',
    nextStep: () => 'Add a matcher that does not match nothing, such as app=~".+" or app="checkout".',
    repair: () => ({ kind: 'matcher' }),
  },
  {
    words: /error parsing regexp: (.*)$/i,
    code: 'bad-query',
    cause: 'A regular expression of the query is broken',
    nextStep: ([, what = '']) =>
      `Correct it (${plainText(what, 80)}), or search for plain text with |= instead of |~.`,
    repair: () => ({ kind: 'plain-text' }),
  },
  {
    words: /parse error at line (\d+), col (\d+): (.*)$/i,
    code: 'bad-query',
    cause: 'The query is not LogQL',
    nextStep: ([, line = '', column = '']) => `Correct the query at line ${line}, column ${column}.`,
    repair: ([, line = '', column = '']) => ({ kind: 'place', line: Number(line), column: Number(column) }),
  },
  {
    words: /parse error : .*unexpected \$end/i,
    code: 'bad-query',
    cause: 'The query ends too early',
    nextStep: () => 'Write at least a selector, such as {app="checkout"}.',
    repair: () => ({ kind: 'place', line: 1, column: 1 }),
  },
  {
    words: /pipeline error: '(\w+)' for series/i,
    code: 'bad-query',
    cause: 'A stage of the query failed on some lines, and a metric query cannot go on without them',
    nextStep: ([, error = '']) =>
      `Add | __error__="" after the stage to leave those lines out, or find them with | __error__="${error}".`,
  },
  {
    words: /log queries are not supported as an instant query/i,
    code: 'bad-query',
    cause: 'The query selects lines, which need a range of time and not a moment',
    nextStep: () => 'Ask it over a range, or wrap it: count_over_time({…}[5m]).',
  },
  {
    words: /only log selector is supported/i,
    code: 'bad-query',
    cause: 'Only lines can be followed, no numbers',
    nextStep: () => 'Leave the function and its range out: follow the selector and its filters.',
    repair: () => ({ kind: 'lines' }),
  },
  {
    words: /delay_for can't be greater than (\d+)/i,
    code: 'bad-query',
    cause: 'The tail was to wait longer than the server does',
    nextStep: ([, most = '']) => `Choose a delay of at most ${most} seconds.`,
  },
  {
    words: /^Bad Request$/,
    code: 'not-this-api',
    cause: 'The server got a plain request where a WebSocket should be opened',
    nextStep: () => 'Let the proxies before the server pass the Upgrade and Connection headers of a tail.',
  },
  {
    words: /end timestamp must not be before or equal to start/i,
    code: 'bad-query',
    cause: 'The range ends before it begins',
    nextStep: () => 'Choose an end after the start.',
  },
  {
    words: /query timed out|context deadline exceeded|request timed out|timeout: query/i,
    code: 'timeout',
    cause: 'The server gave up for want of time',
    nextStep: () => 'Shorten the range, add a matcher, or filter by text before parsing.',
    repair: halfTheRange,
  },
  {
    words: /context canceled/i,
    code: 'timeout',
    cause: 'Something between here and the data stopped the query',
    nextStep: () =>
      'Shorten the range, or look for a proxy before the server with a shorter timeout than query_timeout.',
  },
  {
    words: /not ready: |empty ring|too many unhealthy instances/i,
    code: 'server-error',
    cause: 'The server is starting or has lost its ingesters',
    nextStep: () => 'Wait half a minute; if it stays so, look at /ready and /ring of the server.',
  },
];

const invalidQuery = v.object({ status: v.literal('invalid-query'), error: v.string() });
/** Where such words may stand; any other status speaks for itself. */
const worded = new Set([400, 401, 413, 422, 429, 499, 500, 502, 503, 504]);

/** @returns null for a success that may have the promised content. */
export function failureOfLoki(answer: HttpAnswer): SourceFailure | null {
  const byStatus = failureOfStatus(answer);
  if (byStatus === null || !worded.has(answer.status) || answer.mediaType === 'text/html') return byStatus;
  const { status, retryAfterMs } = answer;
  const known = refusalOf(wordsOf(answer), { status, retryAfterMs });
  if (known !== null) return known;
  if (status !== 499 && status !== 504) return byStatus;
  const nextStep = 'Shorten the range, or look for a proxy before the server with too short a timeout.';
  return sourceFailure('timeout', `The server gave up: ${byStatus.message}`, nextStep, { status });
}

/** @returns the failure that the server's words are known to mean; null for words that nobody knows here. */
export function refusalOf(
  words: string,
  http: { readonly status?: number; readonly retryAfterMs?: number | null } = {},
): SourceFailure | null {
  for (const refusal of refusals) {
    const found = refusal.words.exec(words);
    if (found === null) continue;
    const message = `${refusal.cause}. Loki says: ${words.replace(/\.$/, '')}.`;
    const failure = sourceFailure(refusal.code, message, refusal.nextStep(found), http);
    const repair = refusal.repair?.(found);
    return repair === undefined ? failure : { ...failure, repair };
  }
  return null;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** The part of the range that would be let through, with some room; half of it where the sizes say nothing. */
function shareOf(asked: string, most: string): number {
  const share = bytesOf(most) / bytesOf(asked);
  return share > 0 && share < 1 ? Math.floor(share * 900) / 1_000 : 0.5;
}

/** `2.1TB`, as dustin/go-humanize writes it. */
function bytesOf(text: string): number {
  const [, value = '', unit = ''] = /^([\d.]+)\s*(\w+)$/.exec(text) ?? [];
  return Number(value) * 1_000 ** byteUnits.indexOf(unit);
}

/** An endpoint that this Loki does not have, or does not have switched on. */
export function notOffered(what: string): SourceFailure {
  return sourceFailure(
    'not-this-api',
    `This Loki does not offer ${what}.`,
    'Logs can be searched all the same; a newer Loki, or one with this part switched on, has it.',
    { status: 404 },
  );
}

/** The text of an error, or what is in the one JSON error that Loki has, of `format_query`. */
function wordsOf(answer: HttpAnswer): string {
  const text = new TextDecoder().decode(answer.body.subarray(0, 8_192));
  if (!answer.mediaType.endsWith('json')) return plainText(text, 320);
  try {
    const json = v.safeParse(invalidQuery, JSON.parse(text));
    return plainText(json.success ? json.output.error : text, 320);
  } catch {
    return plainText(text, 320);
  }
}
