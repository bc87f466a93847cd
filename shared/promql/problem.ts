import type { TextSpan } from './syntax/ast.ts';

/**
 * How a query can fail, in the words and with the kinds of Prometheus' HTTP API. `not-supported` is ours:
 * what this engine refuses rather than answer wrongly. Inside the engine a `QueryError` is thrown; its
 * doors catch it and give the problem as a value.
 */
export interface QueryProblem {
  /**
   * `bad-data`: the text is no query. `execution`: it cannot be answered over these samples. `limit`: more
   * samples, series, points, depth or time than allowed. `cancelled`: nobody wants the answer any more.
   */
  readonly kind: 'bad-data' | 'execution' | 'not-supported' | 'limit' | 'timeout' | 'cancelled';
  readonly message: string;
  readonly span: TextSpan | null;
}

export class QueryError extends Error {
  readonly problem: QueryProblem;

  constructor(problem: QueryProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

export function executionError(message: string): QueryError {
  return new QueryError({ kind: 'execution', message, span: null });
}

/** @param what as it stands in the sentence "… is not supported". */
export function notSupported(what: string, span: TextSpan | null = null): QueryError {
  return new QueryError({ kind: 'not-supported', message: `${what} is not supported`, span });
}

/** A remark on an answer that was given all the same; Prometheus sends them as `warnings` and `infos`. */
export interface Annotation {
  readonly level: 'warning' | 'info';
  /** Without the place, which the door adds as ` (line:column)`. */
  readonly message: string;
  readonly span: TextSpan;
}
