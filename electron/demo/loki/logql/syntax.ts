import type { MatchOperator } from '../../label-matcher.ts';

/** LogQL as the demo's Loki understands it, parsed. */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

export type Stage =
  | {
      readonly kind: 'line';
      readonly operator: '|=' | '!=' | '|~' | '!~';
      readonly values: readonly string[];
    }
  | { readonly kind: 'json' | 'logfmt' | 'decolorize' }
  | { readonly kind: 'drop' | 'keep'; readonly names: readonly string[] }
  | { readonly kind: 'where'; readonly condition: Condition };

export type Comparison = '=' | '==' | '!=' | '>' | '>=' | '<' | '<=';

export type Condition =
  | { readonly kind: 'text'; readonly matcher: Matcher }
  | {
      readonly kind: 'number';
      readonly name: string;
      readonly comparison: Comparison;
      readonly value: number;
      readonly unit: 'number' | 'duration' | 'bytes';
    }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition };

export interface LogSelection {
  readonly kind: 'log';
  readonly matchers: readonly Matcher[];
  readonly stages: readonly Stage[];
}

export interface Unwrap {
  readonly name: string;
  readonly conversion: 'number' | 'duration' | 'bytes';
  /** Filters that stand behind it, such as `__error__=""`. */
  readonly conditions: readonly Condition[];
}

export interface Grouping {
  readonly without: boolean;
  readonly names: readonly string[];
}

export type MetricQuery =
  | {
      readonly kind: 'range';
      readonly name: string;
      readonly selection: LogSelection;
      readonly unwrap: Unwrap | null;
      readonly rangeMs: number;
      readonly offsetMs: number;
      readonly grouping: Grouping | null;
      /** Of quantile_over_time. */
      readonly parameter: number;
    }
  | {
      readonly kind: 'aggregate';
      readonly name: string;
      readonly grouping: Grouping | null;
      readonly parameter: number;
      readonly of: MetricQuery;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly bool: boolean;
      readonly left: MetricQuery;
      readonly right: MetricQuery;
    }
  | { readonly kind: 'number' | 'vector'; readonly value: number };

export type LogqlQuery = LogSelection | MetricQuery;

/** A failure that Loki would answer with this status and text; thrown within, a value outside of `logql/`. */
export class LogqlError extends Error {
  readonly status: 400 | 501;

  constructor(message: string, status: 400 | 501 = 400) {
    super(message);
    this.status = status;
  }
}

export function unsupported(what: string): LogqlError {
  return new LogqlError(`${what} is not supported by the demo's Loki`, 501);
}
