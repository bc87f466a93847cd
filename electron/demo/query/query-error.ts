/**
 * How a query fails: the two kinds that Prometheus' API tells apart. Thrown inside the engine, whose
 * recursion has no other way out, and caught by `engine.ts` alone.
 */
export type QueryFailure =
  | { readonly kind: 'bad_data'; readonly message: string }
  | { readonly kind: 'execution'; readonly message: string };

export class QueryError extends Error {
  readonly failure: QueryFailure;

  constructor(failure: QueryFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What Prometheus' parser says of a place in the query. @param offset from 0, in UTF-16 units. */
export function parseError(query: string, offset: number, message: string): QueryError {
  if (query === '') {
    return new QueryError({ kind: 'bad_data', message: `unknown position: parse error: ${message}` });
  }
  const before = query.slice(0, offset).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new QueryError({ kind: 'bad_data', message: `${before.length}:${column}: parse error: ${message}` });
}

/** A query that is well-formed and cannot be answered. */
export function executionError(message: string): QueryError {
  return new QueryError({ kind: 'execution', message });
}

/** Something of PromQL that the demo does not evaluate: refused, never answered wrong. */
export function unsupported(what: string): QueryError {
  return executionError(`${what} is not supported by the demo fleet's Prometheus`);
}
