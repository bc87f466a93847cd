import type { SeriesToKeep } from '#core/store/cache/samples/sample-writer.ts';
import type { Selector } from '#core/store/cache/samples/selector.ts';
import type { SourceFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { LabelMatcher } from '#shared/promql/syntax/ast.ts';
import type { Result } from '#shared/result.ts';
import type { Span } from './spans.ts';

/** What synchronisation asks of a source; a Prometheus client is one. */
export interface SyncedSource {
  readonly name: string;
  readonly isFresh: () => boolean;
  /** Its clock minus ours; 0 where it never told. */
  readonly clockSkewMs: () => number;
  /** How it evaluates, as far as it ever told. */
  readonly traits: () => { readonly lookbackMs: number; readonly subqueryStepMs: number };
  /** The samples of a selector in `(atMs - windowMs, atMs]`; one at the very start may come as well. */
  readonly rawSamples: (
    selector: string,
    windowMs: number,
    atMs: number,
    signal: AbortSignal,
  ) => Answered<{ readonly series: readonly SeriesToKeep[]; readonly unsupportedHistograms: number }>;
  /** Both ends included, with stale markers, native histograms and the source's external labels. */
  readonly remoteRead: (
    query: Span & { readonly matchers: readonly LabelMatcher[] },
    signal: AbortSignal,
  ) => Answered<readonly SeriesToKeep[]>;
  /** Of the series that a selector has at a moment, a stale one not among them. */
  readonly present: (selector: string, atMs: number, signal: AbortSignal) => Answered<readonly Labels[]>;
  readonly count: (selector: string, atMs: number, signal: AbortSignal) => Answered<number>;
  readonly labelNames: (selector: string, span: Span, signal: AbortSignal) => Answered<readonly string[]>;
  readonly externalLabels: (signal: AbortSignal) => Answered<Labels>;
}

type Answered<Value> = Promise<Result<Value, SourceFailure>>;

/** What came of one window. */
export interface FetchedWindow {
  readonly series: readonly SeriesToKeep[];
  readonly samples: number;
  readonly way: 'remote-read' | 'query';
  /** To be called once it is in the cache: what was found out about it is not found out again. */
  readonly onKept: () => void;
}

export type FetchProblem =
  | { readonly kind: 'source'; readonly failure: SourceFailure }
  /** This selector cannot be kept whole from this source. */
  | { readonly kind: 'refused'; readonly why: string };

export interface WindowQuery {
  readonly selector: Selector;
  readonly span: Span;
}
