import type { NotedSample } from '#shared/promql/series/series-notation.ts';

/** A file of Prometheus' engine tests, read: what it loads, asks and expects, in order. */
export type Statement = ClearStatement | LoadStatement | Evaluation;

export interface ClearStatement {
  readonly kind: 'clear';
}

/** Sample i of every series is i steps after the epoch. */
export interface LoadStatement {
  readonly kind: 'load';
  readonly stepMs: number;
  /** Classic histograms are stored as native ones with custom bounds, too. */
  readonly addsNativeHistograms: boolean;
  readonly series: readonly LoadedSeries[];
}

export interface LoadedSeries {
  readonly labels: ReadonlyMap<string, string>;
  readonly samples: readonly NotedSample[];
  /** When each sample's counter began, from the sample's time; null where not said. */
  readonly startOffsetsMs: readonly (number | null)[];
}

export interface Evaluation {
  readonly kind: 'evaluation';
  /** From 1. */
  readonly line: number;
  readonly query: string;
  readonly when: When;
  readonly expected: Expectation;
}

export type When = { readonly kind: 'instant'; readonly atMs: number } | ({ readonly kind: 'range' } & Range);

export interface Range {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

export interface Expectation {
  readonly value: ExpectedValue;
  readonly ordered: boolean;
  /** Null where it must not fail. */
  readonly failure: TextTest | null;
  readonly warnings: RemarkTest;
  readonly infos: RemarkTest;
}

export type ExpectedValue =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | {
      readonly kind: 'series';
      readonly series: readonly ExpectedSeries[];
      /** The range a query at an instant is expected to answer with, its first and last sample. */
      readonly range: Range | null;
    };

export interface ExpectedSeries {
  readonly labels: ReadonlyMap<string, string>;
  readonly samples: readonly NotedSample[];
}

/** What a text must be: one exactly, one that a pattern is found in, any. */
export interface TextTest {
  readonly description: string;
  readonly passes: (text: string) => boolean;
}

export interface RemarkTest {
  /** Each must be met, and if there is one, each remark must be one of them. */
  readonly wanted: readonly TextTest[];
  readonly none: boolean;
  /** Some remark there must be, whatever it says. */
  readonly some: boolean;
}

/** The file is not in the notation; a mistake of the file or of this reader. */
export class ScriptError extends Error {
  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`);
  }
}
