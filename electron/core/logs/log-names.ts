import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { readLogQuery } from '#shared/logql/read-query.ts';
import { nanosecondsOf, type LogFields, type LogPatterns } from '#shared/model/log.ts';
import type { Origin } from '#shared/model/origin.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { askSource, type Asked, type LogOrigins } from './ask-source.ts';
import { keptAnswer } from './log-query.ts';
import type { LogScopeRequest, LogSize } from './log-source.ts';

/** What there is to ask for: labels, values, fields, patterns, and how much a query would touch. */

interface NamesRequest extends LogScopeRequest {
  /** Name of the source; empty for the first. */
  readonly source: string;
}

export interface Names {
  readonly origin: Origin;
  readonly names: string[];
}

type Answered<Value> = Promise<Result<Value, CommandFailure>>;

/** As many as a list that a person searches can hold. */
const maxNames = 10_000;
const fieldSample = 1_000;

export async function labelNames(
  origins: LogOrigins,
  request: NamesRequest,
  signal: AbortSignal,
): Answered<Names> {
  const asked = await askSource(
    origins,
    request.source,
    (one) => one.labels(selectorOnly(request), signal),
    signal,
  );
  return namesOf(origins, asked, (kept) => kept.map(({ name }) => name));
}

export async function labelValues(
  origins: LogOrigins,
  request: NamesRequest & { readonly label: string },
  signal: AbortSignal,
): Answered<Names> {
  const asked = await askSource(
    origins,
    request.source,
    (one) => one.labelValues(request.label, selectorOnly(request), signal),
    signal,
  );
  return namesOf(origins, asked, (kept) => kept.find(({ name }) => name === request.label)?.values ?? []);
}

type KeptLabels = Awaited<ReturnType<LogOrigins['cache']['logLabels']>>;

/** Kept labels are those of all kept streams, of whatever query and time: they are for completing, not for proof. */
async function namesOf(
  { cache, nowMs }: LogOrigins,
  asked: Result<Asked<readonly string[]>, CommandFailure>,
  pick: (kept: KeptLabels) => readonly string[],
): Answered<Names> {
  if (!asked.ok) return asked;
  const { source, answered, reason } = asked.value;
  if (answered !== null)
    return success({ origin: answered.origin, names: answered.value.slice(0, maxNames) });
  const names = source === '' ? [] : pick(await cache.logLabels(source));
  const newest =
    names.length === 0
      ? null
      : await cache.logs({
          scope: { source, selector: '{}', filters: '' },
          matchers: [],
          filters: [],
          fromNs: '0',
          toNs: nanosecondsOf(nowMs()),
          limit: 1,
          direction: 'backward',
        });
  if (newest === null || newest.fetchedAtMs === null) {
    return success({ origin: { kind: 'unknown', reason }, names: [] });
  }
  const origin: Origin = { kind: 'cache', source, atMs: newest.fetchedAtMs, reason };
  return success({ origin, names: names.slice(0, maxNames) });
}

/** Fields that the source detects; of kept lines only their structured metadata, in the newest of them. */
export async function logFields(
  origins: LogOrigins,
  request: NamesRequest,
  signal: AbortSignal,
): Answered<LogFields> {
  const asked = await askSource(origins, request.source, (one) => one.fields(request, signal), signal);
  if (!asked.ok) return asked;
  const { source, answered, reason } = asked.value;
  if (answered !== null)
    return success({ origin: answered.origin, fields: answered.value.slice(0, maxNames) });
  const query = {
    source,
    query: request.query,
    fromNs: nanosecondsOf(request.fromMs),
    toNs: nanosecondsOf(request.toMs),
    limit: fieldSample,
    direction: 'backward',
  } as const;
  const kept = await keptAnswer(origins, query, reason);
  if (!kept.ok) return kept;
  const values = new Map<string, Set<string>>();
  for (const { metadata } of kept.value.lines) {
    for (const [name, value] of Object.entries(metadata)) {
      const seen = values.get(name);
      if (seen === undefined) values.set(name, new Set([value]));
      else seen.add(value);
    }
  }
  const fields = [...values].map(([name, seen]) => ({
    name,
    type: 'string',
    cardinality: seen.size,
    parsers: [],
  }));
  return success({ origin: kept.value.origin, fields });
}

/** Only the source finds patterns. */
export async function logPatterns(
  origins: LogOrigins,
  request: NamesRequest,
  signal: AbortSignal,
): Answered<LogPatterns> {
  const asked = await askSource(
    origins,
    request.source,
    (one) => one.patterns(selectorOnly(request), signal),
    signal,
  );
  if (!asked.ok) return asked;
  const { answered, reason } = asked.value;
  if (answered !== null)
    return success({ origin: answered.origin, patterns: answered.value.slice(0, maxNames) });
  return success({ origin: { kind: 'unknown', reason }, patterns: [] });
}

/** Only the source's index knows. */
export async function logSize(
  origins: LogOrigins,
  request: NamesRequest,
  signal: AbortSignal,
): Answered<LogSize> {
  const asked = await askSource(
    origins,
    request.source,
    (one) => one.size(selectorOnly(request), signal),
    signal,
  );
  if (!asked.ok) return asked;
  const { answered, reason } = asked.value;
  if (answered !== null) return success(answered.value);
  return failed(commandFailure('unavailable', reason, 'Look at it under Sources.'));
}

/** These are asked of streams: what follows the selector is left out. A query that cannot be read asks of all. */
function selectorOnly({ query, fromMs, toMs }: LogScopeRequest): LogScopeRequest {
  const read = readLogQuery(query);
  return { query: read.ok && read.value.selector.length > 0 ? read.value.selectorText : '', fromMs, toMs };
}
