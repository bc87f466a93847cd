import type { SourceFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { LogLevel, LogLine, Nanoseconds } from '#shared/model/log.ts';
import type { Series } from '#shared/model/series.ts';

/**
 * What a Loki tells, checked and mapped. A time of a line is Unix nanoseconds in decimal text, never a
 * number; times of samples are Unix milliseconds.
 */

/** A whole line, uncut, and what the server knows beside it. */
export interface LokiLine extends Omit<LogLine, 'cutFrom'> {
  readonly timeNs: Nanoseconds;
  readonly level: LogLevel;
}

/** Lines oldest first, and the index labels of the streams that they name by index. */
export interface LokiLines {
  readonly streams: readonly Labels[];
  readonly lines: readonly LokiLine[];
}

/** Which lines: from one nanosecond, included, to another, not included. */
export interface LinesRequest {
  readonly query: string;
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
  readonly limit: number;
  /** Which end of the range the limit keeps: `backward` the newest. */
  readonly direction: 'backward' | 'forward';
}

/** One answer of the server, at most its own limit of lines. */
export interface LinesPage extends LokiLines {
  readonly warnings: readonly string[];
}

/** Every line of the range up to the limit, over as many answers as it took. */
export interface LinesAnswer extends LinesPage {
  /** There are more lines in the range: older ones when asked backward, newer ones when asked forward. */
  readonly isMore: boolean;
  /** One nanosecond holds more lines than the server gives at once: some cannot be had. Also in `warnings`. */
  readonly isIncomplete: boolean;
}

/** Both ends included by most questions; without a range the server takes its own, the last hour. */
export interface MillisecondRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The result of a metric query: `scalar` and `vector` have one point a series. */
export interface LokiSeriesAnswer {
  readonly resultType: 'vector' | 'matrix' | 'scalar';
  readonly series: readonly Series[];
  readonly warnings: readonly string[];
}

/** What a query would touch. Counts flushed chunks only: zeros are no promise of silence. */
export interface IndexStats {
  readonly streams: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly entries: number;
}

export interface VolumeRequest extends MillisecondRange {
  readonly query: string;
  readonly limit?: number;
  /** Group by these labels instead of by all that the query names. */
  readonly targetLabels?: readonly string[];
  readonly aggregateBy?: 'series' | 'labels';
}

export interface DetectedField {
  readonly name: string;
  /** string, int, float, boolean, duration or bytes. */
  readonly type: string;
  readonly cardinality: number;
  /** Empty for structured metadata. */
  readonly parsers: readonly string[];
}

export interface DetectedLabel {
  readonly name: string;
  readonly cardinality: number;
}

export interface LokiPattern {
  readonly pattern: string;
  /** Over all samples. */
  readonly count: number;
  readonly timesMs: Float64Array<ArrayBuffer>;
  readonly counts: Float64Array<ArrayBuffer>;
}

export interface TailRequest {
  readonly query: string;
  /** Also the lines since then; without it from now on. */
  readonly fromNs?: Nanoseconds;
  /** Lets slow writers catch up; Loki takes at most 5. */
  readonly delayForSeconds?: number;
}

/** Lines that are new. `streams` follow those of earlier batches: the indexes count from the first. */
export type TailBatch = LokiLines;

export interface TailStatus {
  /** `recovering`: the stream is open and lines that it dropped are being fetched. */
  readonly state: 'connecting' | 'live' | 'recovering' | 'waiting' | 'ended';
  /** Lines given on since the tail began, those fetched afterwards included. */
  readonly received: number;
  /** Lines that the server said it dropped, and those known to have fallen into a gap of the connection. */
  readonly dropped: number;
  /** Lines that back-fill brought. */
  readonly recovered: number;
  /** Why it waits, cannot recover, or has ended. */
  readonly failure: SourceFailure | null;
}

export interface TailListener {
  readonly onLines: (batch: TailBatch) => void;
  readonly onStatus: (status: TailStatus) => void;
}
