import { crc32 } from 'node:zlib';
import { compileLineFilters, compileMatchers } from '#shared/logql/matching.ts';
import type { Labels } from '#shared/model/labels.ts';
import { logLevels, type LogLevel } from '#shared/model/log.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { DamagedContent } from '../../database.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { labelsOfText } from '../labels-text.ts';
import type { KeptLine, KeptLogQuery, KeptLogs, LogScope } from '../log-records.ts';
import { spanOfRow, type SpanRow } from './log-writer.ts';
import { narrowingOf, type Narrowing } from './needle.ts';
import { clipSpans, columnTime, joinSpans, wholeMilliseconds } from './spans.ts';
import * as sql from './statements.ts';

/**
 * Reads log lines in pages, so that a search through all of them keeps nobody waiting: a page is a piece of
 * the time asked for with a bounded number of lines in it, or all candidates that the index found where
 * they are few. Used by `Cache`; throws `DamagedContent` where a line is not what was written.
 */
export interface LogPageQuery extends KeptLogQuery {
  readonly limit: number;
  readonly direction: 'forward' | 'backward';
  /** The index was asked already, and has too many candidates. */
  readonly isScan: boolean;
}

export interface LogPage {
  readonly streams: readonly Labels[];
  /** In the direction asked for; `stream` is an index into `streams`. */
  readonly lines: readonly (KeptLine & { readonly stream: number })[];
  /** The part that is left, in the same direction; null once there is none. */
  readonly rest: { readonly fromNs: string; readonly toNs: string } | null;
  /** When the streams in it were last asked for; null where there are no lines. */
  readonly fetchedAtMs: number | null;
}

export interface LogCounts {
  readonly counts: readonly { readonly step: number; readonly level: LogLevel; readonly lines: number }[];
  readonly rest: LogPage['rest'];
  readonly fetchedAtMs: number | null;
}

export interface Covered {
  readonly coverage: KeptLogs['coverage'];
  readonly fetchedAtMs: number | null;
}

/** From here on a text is so common that a scan meets enough of it soon. */
const maxCandidates = 20_000;
/** Lines of one page: about 30 ms where SQLite can tell, and where each is looked at here. */
const plainPageLines = 50_000;
const checkedPageLines = 10_000;
/** UTF-16 units that one page looks at here, whatever the lines are long: some 0.3 s of a slow expression. */
const maxPageText = 4 * 1_048_576;
const maxIncidentLines = 10_000;
const levels: ReadonlySet<string> = new Set(logLevels);

interface LineRow {
  readonly streamId: number;
  readonly timeNs: string;
  readonly digest: number;
  readonly level: string;
  readonly text: string;
  readonly metadata: string | null;
}

interface StreamRow {
  readonly id: number;
  readonly labels: Labels;
  readonly fetchedAtMs: number;
}

/** A query made ready: what SQLite is asked, and what is left to check. */
interface Plan {
  readonly streams: ReadonlyMap<number, StreamRow>;
  readonly narrowing: Narrowing;
  readonly isIndexed: boolean;
  readonly passes: (line: string) => boolean;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly rest: LogPage['rest'];
  readonly parameters: object;
}

export class LogReader {
  readonly #statements: StatementCache;

  constructor(statements: StatementCache) {
    this.#statements = statements;
  }

  /** @returns a sentence where the query is none: a pattern that does not compile. */
  page(query: LogPageQuery): Result<LogPage, string> {
    const planned = this.#plan(query, query.direction, query.isScan);
    if (!planned.ok) return planned;
    const plan = planned.value;
    const isBackward = query.direction === 'backward';
    const scan = isBackward ? sql.linesNewestFirst : sql.linesOldestFirst;
    const lookUp = isBackward ? sql.candidatesNewestFirst : sql.candidatesOldestFirst;
    const collected = new Collected(plan.streams);
    const looking = new Looking(query, query.direction, plan.rest);
    if (plan.streams.size > 0) {
      const rows = this.#statements.each(plan.isIndexed ? lookUp : scan, plan.parameters);
      for (const row of rows as IterableIterator<LineRow>) {
        if (looking.isEnough(row)) break;
        if (!plan.passes(row.text)) continue;
        collected.add(row);
        if (collected.lines.length >= query.limit) break;
      }
    }
    return success({ ...collected.result(), rest: looking.rest });
  }

  /** Counts one page, oldest first. `originNs` is where the first step begins. */
  count(
    query: KeptLogQuery & { readonly originNs: string; readonly stepNs: string; readonly isScan: boolean },
  ): Result<LogCounts, string> {
    const planned = this.#plan(query, 'forward', query.isScan);
    if (!planned.ok) return planned;
    const { streams, narrowing, isIndexed, passes, rest, parameters } = planned.value;
    if (streams.size === 0) return success({ counts: [], rest, fetchedAtMs: null });
    const [originNs, stepNs] = [BigInt(query.originNs), BigInt(query.stepNs)];
    const fetchedAtMs = latestFetch([...streams.values()]);
    if (narrowing.isExact) {
      const statement = isIndexed ? sql.countCandidateLines : sql.countLines;
      const rows = this.#statements.all(statement, { ...parameters, originNs, stepNs }) as CountRow[];
      const counts = rows.map((row) => ({ ...row, level: levelOf(row.level) }));
      return success({ counts, rest, fetchedAtMs: counts.length === 0 ? null : fetchedAtMs });
    }
    const counts = new Map<string, { step: number; level: LogLevel; lines: number }>();
    const rows = this.#statements.each(
      isIndexed ? sql.candidatesOldestFirst : sql.linesOldestFirst,
      parameters,
    );
    const looking = new Looking(query, 'forward', rest);
    for (const row of rows as IterableIterator<LineRow>) {
      if (looking.isEnough(row)) break;
      if (!passes(row.text)) continue;
      const step = Number((BigInt(row.timeNs) - originNs) / stepNs);
      const key = `${step} ${row.level}`;
      const known = counts.get(key) ?? { step, level: levelOf(row.level), lines: 0 };
      counts.set(key, { ...known, lines: known.lines + 1 });
    }
    return success({
      counts: [...counts.values()],
      rest: looking.rest,
      fetchedAtMs: counts.size === 0 ? null : fetchedAtMs,
    });
  }

  covered(query: KeptLogQuery): Covered {
    const [fromNs, toNs] = [columnTime(query.fromNs), columnTime(query.toNs)];
    const { source, selector, filters } = query.scope;
    const place = { source, selector, filters, fromNs, toNs };
    const rows = this.#statements.all(sql.coverageOfQuestion, place) as SpanRow[];
    const spans = clipSpans(joinSpans(rows.map(spanOfRow)), fromNs, toNs);
    return {
      coverage: spans.flatMap((span) => wholeMilliseconds(span) ?? []),
      fetchedAtMs: latestFetch(spans),
    };
  }

  /** By name, then by value. */
  labels(source: string): { readonly name: string; readonly values: readonly string[] }[] {
    const values = new Map<string, Set<string>>();
    for (const { labels } of this.#streams(source)) {
      for (const [name, value] of Object.entries(labels)) {
        values.set(name, (values.get(name) ?? new Set()).add(value));
      }
    }
    return [...values]
      .map(([name, known]) => ({ name, values: [...known].sort() }))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** At most the newest 10,000 lines. */
  ofIncident(incidentId: number): (KeptLogs & { readonly scope: LogScope }) | null {
    const evidence = this.#statements.get(sql.logEvidence, { incidentId }) as
      | (LogScope & {
          readonly fromNs: string | null;
          readonly toNs: string | null;
          readonly fetchedAtMs: number;
        })
      | undefined;
    if (evidence === undefined) return null;
    const { source, selector, filters, fromNs, toNs, fetchedAtMs } = evidence;
    const page = { incidentId, limit: maxIncidentLines + 1 };
    const rows = this.#statements.all(sql.linesOfIncident, page) as (LineRow & { readonly labels: string })[];
    const streams = new Map(
      rows.map(({ streamId, labels }) => [
        streamId,
        { id: streamId, labels: labelsOfText(labels, 'stream of lines'), fetchedAtMs },
      ]),
    );
    const collected = new Collected(streams);
    for (const row of rows.slice(0, maxIncidentLines).reverse()) collected.add(row);
    const span = fromNs === null || toNs === null ? null : { fromNs: BigInt(fromNs), toNs: BigInt(toNs) };
    const covered = span === null ? null : wholeMilliseconds(span);
    return {
      scope: { source, selector, filters },
      ...collected.result(),
      fetchedAtMs,
      coverage: covered === null ? [] : [covered],
      isMore: rows.length > maxIncidentLines,
    };
  }

  #plan(query: KeptLogQuery, direction: 'forward' | 'backward', isScan: boolean): Result<Plan, string> {
    const matches = compileMatchers(query.matchers);
    if (!matches.ok) return matches;
    const passes = compileLineFilters(query.filters);
    if (!passes.ok) return passes;
    const all = this.#streams(query.scope.source);
    const wanted = all.filter(({ labels }) => matches.value(labels));
    const isAll = wanted.length === this.#statements.number(sql.countStreams);
    const narrowing = narrowingOf(query.filters);
    const { terms, needle, isExact } = narrowing;
    const limit = maxCandidates + 1;
    const isIndexed =
      !isScan &&
      terms !== null &&
      this.#statements.number(sql.countCandidates, { terms, limit }) <= maxCandidates;
    const whole = { fromNs: columnTime(query.fromNs), toNs: columnTime(query.toNs), rest: null };
    const part = isIndexed
      ? whole
      : this.#piece(whole, direction, isExact ? plainPageLines : checkedPageLines);
    if (query.fromNs.length > 19 && whole.fromNs >= whole.toNs)
      return failed('The range is after the year 2262');
    return success({
      ...part,
      streams: new Map(wanted.map((stream) => [stream.id, stream])),
      narrowing,
      isIndexed,
      passes: passes.value,
      parameters: {
        fromNs: part.fromNs,
        toNs: part.toNs,
        needle,
        streams: isAll ? null : JSON.stringify(wanted.map(({ id }) => id)),
        ...(isIndexed && { terms }),
      },
    });
  }

  /** The first piece of a range, in that direction, that holds about `rows` lines, and what is left. */
  #piece(
    { fromNs, toNs }: { readonly fromNs: bigint; readonly toNs: bigint },
    direction: 'forward' | 'backward',
    rows: number,
  ): Pick<Plan, 'fromNs' | 'toNs' | 'rest'> {
    const statement = direction === 'backward' ? sql.lineAtFromNewest : sql.lineAtFromOldest;
    const bound = this.#statements.get(statement, { fromNs, toNs, rows }) as { timeNs: string } | undefined;
    if (bound === undefined) return { fromNs, toNs, rest: null };
    const atNs = BigInt(bound.timeNs);
    if (direction === 'backward') {
      const rest = atNs > fromNs ? { fromNs: String(fromNs), toNs: String(atNs) } : null;
      return { fromNs: atNs, toNs, rest };
    }
    const rest = atNs + 1n < toNs ? { fromNs: String(atNs + 1n), toNs: String(toNs) } : null;
    return { fromNs, toNs: atNs + 1n, rest };
  }

  #streams(source: string): StreamRow[] {
    const rows = this.#statements.all(sql.streamsOfSource, { source }) as {
      readonly id: number;
      readonly labels: string;
      readonly fetchedAtMs: number;
    }[];
    return rows.map((row) => ({ ...row, labels: labelsOfText(row.labels, 'stream of lines') }));
  }
}

/** Ends a page where its lines are too long to be looked at without keeping others waiting. */
class Looking {
  rest: LogPage['rest'];
  readonly #query: KeptLogQuery;
  readonly #direction: 'forward' | 'backward';
  #left = maxPageText;
  #timeNs = '';

  constructor(query: KeptLogQuery, direction: 'forward' | 'backward', rest: LogPage['rest']) {
    this.#query = query;
    this.#direction = direction;
    this.rest = rest;
  }

  /** @returns true before a line that is left to the next page, with all lines of its nanosecond. */
  isEnough({ timeNs, text }: LineRow): boolean {
    if (this.#left < 0 && timeNs !== this.#timeNs) {
      const { fromNs, toNs } = this.#query;
      const isForward = this.#direction === 'forward';
      this.rest = isForward ? { fromNs: timeNs, toNs } : { fromNs, toNs: String(BigInt(timeNs) + 1n) };
      return true;
    }
    this.#left -= text.length;
    this.#timeNs = timeNs;
    return false;
  }
}

/** Of what may be more than the arguments of one call; null of nothing. */
function latestFetch(fetched: readonly { readonly fetchedAtMs: number }[]): number | null {
  return fetched.reduce<number | null>(
    (latest, { fetchedAtMs }) => Math.max(latest ?? fetchedAtMs, fetchedAtMs),
    null,
  );
}

interface CountRow {
  readonly step: number;
  readonly level: string;
  readonly lines: number;
}

/** Lines as an answer has them: each checked, its stream by index. */
class Collected {
  readonly lines: (KeptLine & { readonly stream: number })[] = [];
  readonly #known: ReadonlyMap<number, StreamRow>;
  readonly #indices = new Map<number, number>();

  constructor(streams: ReadonlyMap<number, StreamRow>) {
    this.#known = streams;
  }

  add({ streamId, timeNs, digest, level, text, metadata }: LineRow): void {
    if (crc32(text) !== digest) throw new DamagedContent('a log line does not match its checksum');
    const stream = this.#indices.get(streamId) ?? this.#indices.size;
    this.#indices.set(streamId, stream);
    this.lines.push({
      timeNs,
      text,
      level: levelOf(level),
      metadata: metadata === null ? {} : labelsOfText(metadata, 'log line'),
      stream,
    });
  }

  result(): Pick<LogPage, 'streams' | 'lines' | 'fetchedAtMs'> {
    const streams = [...this.#indices.keys()].flatMap((id) => this.#known.get(id) ?? []);
    return {
      streams: streams.map(({ labels }) => labels),
      lines: this.lines,
      fetchedAtMs: latestFetch(streams),
    };
  }
}

function levelOf(level: string): LogLevel {
  return levels.has(level) ? (level as LogLevel) : 'unknown';
}
