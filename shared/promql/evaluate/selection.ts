import { QueryError } from '../problem.ts';
import type { RawSeries } from '../model/samples.ts';
import type { TextSpan, VectorSelector } from '../syntax/ast.ts';
import type { Scope } from './scope.ts';

/**
 * The series of a selector with samples within the window, and maybe others besides.
 * @throws QueryError where there are more than a query may touch.
 */
export function selectedSeries(
  scope: Scope,
  selector: VectorSelector,
  fromMs: number,
  toMs: number,
): readonly RawSeries[] {
  const { shared, source, options } = scope.query;
  const series = shared.select(source, selector.matchers, fromMs, toMs, () => {
    scope.checkpoint();
  });
  // Each may be as large as one may be, and all stay until the query ends.
  const most = mostSelections * options.maxSamples;
  if (source.isInMemory !== true && shared.heldSamples(most) > most) throw tooManySamples(selector.span);
  if (series.length > options.maxSeries) throw tooManySeries(options.maxSeries, selector.span);
  return series;
}

/** What a query's selections may hold together, in times of what one evaluation may. */
const mostSelections = 2;

function tooManySamples(span: TextSpan): QueryError {
  const message = 'the selectors of the query load too many samples into memory together';
  return new QueryError({ kind: 'limit', message, span });
}

export function tooManySeries(most: number, span: TextSpan): QueryError {
  return new QueryError({ kind: 'limit', message: `more than ${most} series`, span });
}
