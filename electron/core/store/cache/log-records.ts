import type { CommandFailure } from '#shared/failure.ts';
import type { LabelMatcher, LineFilter } from '#shared/logql/matching.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { LogLevel, Nanoseconds } from '#shared/model/log.ts';
import type { Result } from '#shared/result.ts';

/** Log lines as the cache takes and gives them. */

export interface KeptLine {
  readonly timeNs: Nanoseconds;
  readonly text: string;
  readonly level: LogLevel;
  readonly metadata: Labels;
}

/**
 * What makes two questions the same one: the stream selector and the line filters after it, each printed
 * in one way. Coverage is recorded and looked up by them; a question without filters covers all others
 * with its selector.
 */
export interface LogScope {
  readonly source: string;
  readonly selector: string;
  readonly filters: string;
}

export interface LogsToKeep {
  readonly scope: LogScope;
  readonly fetchedAtMs: number;
  /** The incident that holds on to the lines; null for none. */
  readonly incidentId: number | null;
  readonly streams: readonly { readonly labels: Labels; readonly lines: readonly KeptLine[] }[];
  /** Where the lines are all there are; null where that is not known. Start included, end not. */
  readonly coverage: { readonly fromNs: Nanoseconds; readonly toNs: Nanoseconds } | null;
}

export interface KeptLogQuery {
  readonly scope: LogScope;
  readonly matchers: readonly LabelMatcher[];
  readonly filters: readonly LineFilter[];
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
}

export interface KeptLogs {
  readonly streams: readonly Labels[];
  /** Oldest first; `stream` is an index into `streams`. */
  readonly lines: readonly (KeptLine & { readonly stream: number })[];
  readonly isMore: boolean;
  readonly coverage: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** When the newest of it was fetched; null where nothing is kept. */
  readonly fetchedAtMs: number | null;
}

export interface KeptVolume {
  readonly levels: readonly { readonly level: LogLevel; readonly counts: Float64Array }[];
  readonly coverage: KeptLogs['coverage'];
  readonly fetchedAtMs: number | null;
}

/** What the logs service asks of the store. Reads answer that nothing is kept where the cache cannot be read. */
export interface LogCache {
  putLogs(logs: LogsToKeep): Promise<Result<void, CommandFailure>>;
  logs(
    query: KeptLogQuery & { readonly limit: number; readonly direction: 'forward' | 'backward' },
  ): Promise<KeptLogs>;
  /** Counts by level in each of `steps` steps from `fromNs`. */
  logVolume(query: KeptLogQuery & { readonly stepMs: number; readonly steps: number }): Promise<KeptVolume>;
  /** Labels and values of the kept streams of a source: name, then its values, both sorted. */
  logLabels(
    source: string,
  ): Promise<readonly { readonly name: string; readonly values: readonly string[] }[]>;
  /** Lines that an incident holds, oldest first, with when they were fetched. */
  incidentLogs(incidentId: number): Promise<(KeptLogs & { readonly scope: LogScope }) | null>;
}
