import { plainText } from '#shared/text.ts';
import { readLogQuery, type LogQueryParts } from '#shared/logql/read-query.ts';
import { backwardRange, type CommandFailure } from '#shared/failure.ts';
import { compareNanoseconds, type LogAnswer, type LogQuery } from '#shared/model/log.ts';
import type { Origin } from '#shared/model/origin.ts';
import { drop, failed, success, type Result } from '#shared/result.ts';
import { askSource, invalidInput, noLinesOfMetric, type LogOrigins } from './ask-source.ts';
import { keepLines, notKept } from './keep-lines.ts';
import { shownLines, sourceLinesOf } from './shown-lines.ts';

/** Lines of a query: of the source, else of what is kept where that can answer the query, else unknown. */
export async function queryLogs(
  origins: LogOrigins,
  query: LogQuery,
  signal: AbortSignal,
): Promise<Result<LogAnswer, CommandFailure>> {
  if (compareNanoseconds(query.fromNs, query.toNs) >= 0) {
    return failed(backwardRange('Ns'));
  }
  const read = readLogQuery(query.query);
  if (read.ok && read.value.isMetric) {
    return failed(noLinesOfMetric());
  }
  const { source: name, ...request } = query;
  const asked = await askSource(origins, name, (source) => source.queryLines(request, signal), signal);
  if (!asked.ok) return asked;
  const { source, answered, reason } = asked.value;
  if (answered === null) return keptAnswer(origins, { ...query, source }, reason);
  drop(keepLines(origins, source, request, answered.value, null), notKept);
  const { streams, lines, isMore, warnings } = answered.value;
  return success({
    origin: answered.origin,
    query: query.query,
    streams: [...streams],
    lines: shownLines(lines),
    isMore,
    coverage: [],
    warnings: [...warnings],
  });
}

/**
 * What is kept of a query. One whose stages decide which lines belong to the answer is not answered: more
 * lines than asked for would look like the answer.
 * @param reason why the source was not asked or did not answer.
 */
export async function keptAnswer(
  { cache }: LogOrigins,
  query: LogQuery,
  reason: string,
): Promise<Result<LogAnswer, CommandFailure>> {
  const read = answerableByKept(query.query, reason);
  if (!read.ok) return read;
  const { parts, unanswerable } = read.value;
  if (query.source === '' || unanswerable !== null) {
    return success(unknownAnswer(query.query, unanswerable ?? reason));
  }
  const kept = await cache.logs({
    scope: { source: query.source, selector: parts.selectorText, filters: parts.filtersText },
    matchers: parts.selector,
    filters: parts.filters,
    fromNs: query.fromNs,
    toNs: query.toNs,
    limit: query.limit,
    direction: query.direction,
  });
  if (kept.fetchedAtMs === null || (kept.lines.length === 0 && kept.coverage.length === 0)) {
    return success(unknownAnswer(query.query, `${reason}; nothing of it is kept`));
  }
  return success({
    origin: { kind: 'cache', source: query.source, atMs: kept.fetchedAtMs, reason },
    query: query.query,
    streams: [...kept.streams],
    lines: shownLines(sourceLinesOf(kept)),
    isMore: kept.isMore,
    coverage: [...kept.coverage],
    warnings: ignoredWarnings(parts),
  });
}

/** A query as the cache is asked it, or why the cache cannot answer it. Fails where it is not LogQL. */
export function answerableByKept(
  query: string,
  reason: string,
): Result<{ readonly parts: LogQueryParts; readonly unanswerable: string | null }, CommandFailure> {
  const read = readLogQuery(query);
  if (!read.ok) {
    const { message, from } = read.failure;
    return failed(invalidInput(`${plainText(message, 300)} (column ${from + 1})`, 'Correct the query.'));
  }
  const { unanswered } = read.value;
  if (unanswered.length === 0) return success({ parts: read.value, unanswerable: null });
  const said = unanswered.map((stage) => plainText(stage, 100)).join('; ');
  return success({ parts: read.value, unanswerable: `${reason}; kept lines cannot answer: ${said}` });
}

export function unknownAnswer(query: string, reason: string): LogAnswer {
  const origin: Origin = { kind: 'unknown', reason };
  return { origin, query, streams: [], lines: [], isMore: false, coverage: [], warnings: [] };
}

function ignoredWarnings({ ignored }: LogQueryParts): string[] {
  return ignored.map((stage) => `not done on kept lines: ${plainText(stage, 100)}`);
}
