import type { SourceFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { LogFields, LogLine, LogPatterns, LogQuery, LogTail } from '#shared/model/log.ts';
import type { Series } from '#shared/model/series.ts';
import type { Result } from '#shared/result.ts';

/** What the logs service asks of a source of log lines; `loki-source.ts` makes one of a Loki. */

/** A line whole, as the source has it; `stream` is an index into the streams it comes with. */
export type SourceLine = Omit<LogLine, 'cutFrom'>;

export interface SourceLines {
  readonly streams: readonly Labels[];
  /** Oldest first; lines of one nanosecond in the order in which their stream has them. */
  readonly lines: readonly SourceLine[];
  /** There are more in the range than the limit let through. */
  readonly isMore: boolean;
  readonly warnings: readonly string[];
}

export type LinesRequest = Omit<LogQuery, 'source'>;

/** The streams of a query over a time; all of them where the query is empty. */
export interface LogScopeRequest {
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface LogSize {
  readonly streams: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly entries: number;
}

/** How a tail stands. Counts are since it began. */
export type TailStanding = Pick<LogTail, 'state' | 'dropped' | 'recovered' | 'failure'>;

export interface TailListener {
  /**
   * Lines that were not given before, dropped and fetched again ones among them. `streams` follow those of
   * earlier batches: the indexes of the lines count from the first.
   */
  readonly onLines: (lines: Pick<SourceLines, 'streams' | 'lines'>) => void;
  readonly onStanding: (standing: TailStanding) => void;
}

type Answered<Value> = Promise<Result<Value, SourceFailure>>;

export interface LogSource {
  readonly name: string;
  /** Whether its last poll is still worth something; one out of sight is not waited for. */
  readonly isFresh: () => boolean;
  readonly queryLines: (request: LinesRequest, signal: AbortSignal) => Answered<SourceLines>;
  /** A metric query at each step from `fromMs` to `toMs`, both included. */
  readonly queryRange: (
    query: string,
    range: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
    signal: AbortSignal,
  ) => Answered<readonly Series[]>;
  readonly labels: (request: LogScopeRequest, signal: AbortSignal) => Answered<readonly string[]>;
  readonly labelValues: (
    label: string,
    request: LogScopeRequest,
    signal: AbortSignal,
  ) => Answered<readonly string[]>;
  readonly fields: (request: LogScopeRequest, signal: AbortSignal) => Answered<LogFields['fields']>;
  readonly patterns: (request: LogScopeRequest, signal: AbortSignal) => Answered<LogPatterns['patterns']>;
  /** @param request its query is a selector alone; of `patterns` too. */
  readonly size: (request: LogScopeRequest, signal: AbortSignal) => Answered<LogSize>;
  /** Goes on, connecting again where it must, until it is closed or says that it ended. */
  readonly openTail: (query: string, listener: TailListener) => { readonly close: () => void };
}
