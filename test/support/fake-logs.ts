import type { KeptLogQuery, KeptLogs, LogCache, LogsToKeep } from '#core/store/cache/log-records.ts';
import type { SourceFailure } from '#shared/failure.ts';
import { compileLineFilters, compileMatchers } from '#shared/logql/matching.ts';
import { readLogQuery } from '#shared/logql/read-query.ts';
import { fingerprintOf, labelOf, type Labels } from '#shared/model/labels.ts';
import { compareNanoseconds, millisecondsOf, type LogLevel } from '#shared/model/log.ts';
import { failed, success } from '#shared/result.ts';
import type {
  LinesRequest,
  LogSource,
  SourceLine,
  SourceLines,
  TailListener,
} from '#core/logs/log-source.ts';

/** A source and a cache of log lines in memory, for tests: small, and plainly right. */

export interface FakeLine {
  readonly labels: Labels;
  readonly timeNs: string;
  readonly text: string;
  readonly level?: LogLevel;
}

export const refusedFailure: SourceFailure = {
  code: 'refused',
  message: 'connection refused',
  nextStep: 'Start it.',
  retryAfterMs: null,
  status: null,
};

function passing(lines: readonly FakeLine[], query: string): FakeLine[] {
  const read = readLogQuery(query);
  if (!read.ok) throw new Error(read.failure.message);
  const matchers = compileMatchers(read.value.selector);
  const filters = compileLineFilters(read.value.filters);
  if (!matchers.ok || !filters.ok) throw new Error('bad pattern');
  const isErrorsOnly = read.value.unanswered.some((stage) => stage.startsWith('detected_level=~'));
  return lines.filter(
    (line) =>
      matchers.value(line.labels) &&
      filters.value(line.text) &&
      (!isErrorsOnly || /error|critical/.test(line.level ?? '')),
  );
}

/** The lines of a range up to its limit, oldest first, each stream once. */
export function answerOf(
  lines: readonly FakeLine[],
  range: Omit<LinesRequest, 'query'>,
): Omit<SourceLines, 'warnings'> {
  const within = lines
    .filter(
      ({ timeNs }) =>
        compareNanoseconds(timeNs, range.fromNs) >= 0 && compareNanoseconds(timeNs, range.toNs) < 0,
    )
    .toSorted((left, right) => compareNanoseconds(left.timeNs, right.timeNs));
  const kept = range.direction === 'forward' ? within.slice(0, range.limit) : within.slice(-range.limit);
  const streams: Labels[] = [];
  const indexes = new Map<string, number>();
  const rows = kept.map(({ labels, timeNs, text, level }): SourceLine => {
    const key = fingerprintOf(labels);
    const stream = indexes.get(key) ?? streams.push(labels) - 1;
    indexes.set(key, stream);
    return { timeNs, stream, text, level: level ?? 'unknown', metadata: {}, parsed: {} };
  });
  return { streams, lines: rows, isMore: within.length > rows.length };
}

export class FakeSource implements LogSource {
  readonly name: string;
  lines: FakeLine[] = [];
  failure: SourceFailure | null = null;
  fresh = true;
  warnings: string[] = [];
  asked: string[] = [];
  tails: { query: string; listener: TailListener; isOpen: boolean }[] = [];
  counts: Awaited<ReturnType<LogSource['queryRange']>> = success([]);
  readonly isFresh = () => this.fresh;

  constructor(name: string) {
    this.name = name;
  }

  readonly queryLines: LogSource['queryLines'] = async (request) => {
    this.asked.push(request.query);
    if (this.failure !== null) return failed(this.failure);
    return success({ ...answerOf(passing(this.lines, request.query), request), warnings: this.warnings });
  };

  readonly queryRange: LogSource['queryRange'] = async (query, range) => {
    this.asked.push(`${query} ${range.fromMs} ${range.toMs} ${range.stepMs}`);
    return this.failure === null ? this.counts : failed(this.failure);
  };

  readonly labels: LogSource['labels'] = async () =>
    this.failure === null
      ? success([...new Set(this.lines.flatMap(({ labels }) => Object.keys(labels)))].sort())
      : failed(this.failure);

  readonly labelValues: LogSource['labelValues'] = async (label) =>
    this.failure === null
      ? success([...new Set(this.lines.map(({ labels }) => labelOf(labels, label)))].sort())
      : failed(this.failure);

  readonly fields: LogSource['fields'] = async () =>
    this.failure === null
      ? success([{ name: 'status', type: 'int', cardinality: 3, parsers: ['json'] }])
      : failed(this.failure);

  readonly patterns: LogSource['patterns'] = async ({ query }) =>
    this.failure === null ? success([{ pattern: query, count: 1 }]) : failed(this.failure);

  readonly size: LogSource['size'] = async ({ query }) => {
    this.asked.push(query);
    return this.failure === null
      ? success({ streams: 1, chunks: 2, bytes: 3, entries: 4 })
      : failed(this.failure);
  };

  readonly openTail: LogSource['openTail'] = (query, listener) => {
    const tail = { query, listener, isOpen: true };
    this.tails.push(tail);
    return { close: () => void (tail.isOpen = false) };
  };
}

export class FakeCache implements LogCache {
  puts: LogsToKeep[] = [];

  async putLogs(logs: LogsToKeep): ReturnType<LogCache['putLogs']> {
    this.puts.push(logs);
    return success(undefined);
  }

  async logs(
    query: KeptLogQuery & { readonly limit: number; readonly direction: 'forward' | 'backward' },
  ): Promise<KeptLogs> {
    return this.#answer(this.puts, query, query);
  }

  async logVolume(query: Parameters<LogCache['logVolume']>[0]): ReturnType<LogCache['logVolume']> {
    const { lines, coverage, fetchedAtMs } = this.#answer(this.puts, query, {
      ...query,
      limit: Infinity,
      direction: 'forward',
    });
    const counts = new Map<LogLevel, Float64Array>();
    for (const { level, timeNs } of lines) {
      const ofLevel = counts.get(level) ?? new Float64Array(query.steps);
      counts.set(level, ofLevel);
      const step = Math.floor((millisecondsOf(timeNs) - millisecondsOf(query.fromNs)) / query.stepMs);
      ofLevel[step] = (ofLevel[step] ?? 0) + 1;
    }
    const levels = [...counts].map(([level, ofLevel]) => ({ level, counts: ofLevel }));
    return { levels, coverage, fetchedAtMs };
  }

  async logLabels(source: string): ReturnType<LogCache['logLabels']> {
    const values = new Map<string, Set<string>>();
    for (const { scope, streams } of this.puts) {
      if (scope.source !== source) continue;
      for (const [name, value] of streams.flatMap(({ labels }) => Object.entries(labels)))
        values.set(name, (values.get(name) ?? new Set()).add(value));
    }
    return [...values]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, found]) => ({ name, values: [...found].sort() }));
  }

  async incidentLogs(incidentId: number): ReturnType<LogCache['incidentLogs']> {
    const puts = this.puts.filter((put) => put.incidentId === incidentId && put.streams.length > 0);
    const [first] = puts;
    if (first === undefined) return null;
    const everything = {
      fromNs: '0',
      toNs: '99999999999999999999',
      limit: Infinity,
      direction: 'forward',
    } as const;
    const scope = { ...first.scope, filters: '' };
    return { ...this.#answer(puts, { scope, matchers: [], filters: [] }, everything), scope };
  }

  #answer(
    puts: readonly LogsToKeep[],
    query: Pick<KeptLogQuery, 'scope' | 'matchers' | 'filters'>,
    range: Omit<LinesRequest, 'query'>,
  ): KeptLogs {
    const matchers = compileMatchers(query.matchers);
    const filters = compileLineFilters(query.filters);
    if (!matchers.ok || !filters.ok) throw new Error('bad pattern');
    const ofSource = puts.filter((put) => put.scope.source === query.scope.source);
    const kept = new Map<string, FakeLine>();
    for (const { labels, lines } of ofSource.flatMap(({ streams }) => streams))
      for (const line of lines)
        if (matchers.value(labels) && filters.value(line.text))
          kept.set(`${fingerprintOf(labels)} ${line.timeNs} ${line.text}`, { labels, ...line });
    const covering = ofSource.filter(
      ({ scope }) =>
        scope.selector === query.scope.selector &&
        (scope.filters === '' || scope.filters === query.scope.filters),
    );
    const coverage = covering.flatMap((put) =>
      put.coverage === null
        ? []
        : [{ fromMs: millisecondsOf(put.coverage.fromNs), toMs: millisecondsOf(put.coverage.toNs) }],
    );
    const answer = answerOf([...kept.values()], range);
    const fetchedAtMs = Math.max(...ofSource.map((put) => put.fetchedAtMs));
    return { ...answer, coverage, fetchedAtMs: Number.isFinite(fetchedAtMs) ? fetchedAtMs : null };
  }
}
