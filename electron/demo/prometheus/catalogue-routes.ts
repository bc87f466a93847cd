import type { HttpResponse } from '../http-server.ts';
import { labelOf } from '#shared/model/labels.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { signatureOf } from '../query/columns.ts';
import { caught } from '../query/engine.ts';
import { parseSelector } from '../query/parse.ts';
import type { QueryFailure } from '../query/query-error.ts';
import { samplesBetween, selectSeries } from '../query/selection.ts';
import type { SeriesStore, StoredSeries } from '../series-store.ts';
import { fail, succeed, succeedLimited } from './envelope.ts';
import { invalid, limitParameter, timeParameter } from './parameters.ts';
import { metricMetadata } from './metric-metadata.ts';

/** What is there to query: series, label names, label values and metadata. */

const emptySelector = 'vector selector must contain at least one non-empty matcher';

export function answerSeries(store: SeriesStore, parameters: URLSearchParams): HttpResponse {
  if (parameters.getAll('match[]').length === 0) {
    return fail({ kind: 'bad_data', message: 'no match[] parameter provided' });
  }
  return limited(parameters, matched(store, parameters, 'match[]'), (series) =>
    [...series]
      .sort((left, right) => (signatureOf(left.labels) < signatureOf(right.labels) ? -1 : 1))
      .map(({ labels }) => labels),
  );
}

export function answerLabels(store: SeriesStore, parameters: URLSearchParams): HttpResponse {
  return limited(parameters, matched(store, parameters), (series) =>
    [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))].sort(),
  );
}

export function answerLabelValues(
  store: SeriesStore,
  name: string,
  parameters: URLSearchParams,
): HttpResponse {
  return limited(parameters, matched(store, parameters), (series) =>
    [...new Set(series.map(({ labels }) => labelOf(labels, name)))].filter((value) => value !== '').sort(),
  );
}

export function answerMetadata(parameters: URLSearchParams): HttpResponse {
  const limit = limitParameter(parameters);
  if (!limit.ok) return fail({ kind: 'bad_data', message: 'limit must be a number' });
  const wanted = parameters.get('metric') ?? '';
  const entries = [...metricMetadata]
    .filter(([name]) => wanted === '' || name === wanted)
    .slice(0, limit.value)
    .map(([name, { type, help }]) => [name, [{ type, help, unit: '' }]]);
  return succeed(Object.fromEntries(entries));
}

function limited(
  parameters: URLSearchParams,
  series: Result<readonly StoredSeries[], QueryFailure>,
  list: (series: readonly StoredSeries[]) => readonly unknown[],
): HttpResponse {
  const limit = limitParameter(parameters);
  if (!limit.ok) return fail(limit.failure);
  return series.ok ? succeedLimited(list(series.value), limit.value) : fail(series.failure);
}

/**
 * The series of any of the selectors (all without one) that have a sample in the asked time.
 * @param named how a wrong selector is said to be one; `/labels` does not say which parameter it was.
 */
function matched(
  store: SeriesStore,
  parameters: URLSearchParams,
  named?: 'match[]',
): Result<readonly StoredSeries[], QueryFailure> {
  const start = timeParameter(parameters, 'start', Number.MIN_SAFE_INTEGER);
  if (!start.ok) return start;
  const end = timeParameter(parameters, 'end', Number.MAX_SAFE_INTEGER);
  if (!end.ok) return end;
  const refused = (message: string): Result<never, QueryFailure> => {
    const said = message.endsWith(emptySelector)
      ? 'match[] must contain at least one non-empty matcher'
      : message;
    return named === undefined ? failed({ kind: 'bad_data', message: said }) : invalid(named, said);
  };
  const selectors = parameters.getAll('match[]');
  const found = new Set<StoredSeries>(selectors.length === 0 ? store.list() : []);
  for (const text of selectors) {
    const selector = caught(() => parseSelector(text));
    if (!selector.ok) return refused(selector.failure.message);
    for (const series of selectSeries(store, selector.value.matchers)) found.add(series);
  }
  return success(
    [...found].filter((series) => samplesBetween(series, start.value - 1, end.value).times.length > 0),
  );
}
