import { compareLabelSets, type LabelSet } from '#shared/promql/model/label-set.ts';
import { parseMetricSelector } from '#shared/promql/syntax/parse.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { HttpResponse } from '../http-server.ts';
import type { SeriesStore } from '../series-store.ts';
import { fail, succeed, succeedLimited, type RequestProblem } from './envelope.ts';
import { invalid, limitParameter, timeParameter } from './parameters.ts';
import { metricMetadata } from './metric-metadata.ts';

/** What is there to query: series, label names, label values and metadata. */

const emptySelector = 'vector selector must contain at least one non-empty matcher';

export function answerSeries(store: SeriesStore, parameters: URLSearchParams): HttpResponse {
  if (parameters.getAll('match[]').length === 0) {
    return fail({ kind: 'bad-data', message: 'no match[] parameter provided' });
  }
  return limited(parameters, matched(store, parameters, 'match[]'), (series) =>
    series.toSorted(compareLabelSets).map((labels) => labels.toLabels()),
  );
}

export function answerLabels(store: SeriesStore, parameters: URLSearchParams): HttpResponse {
  return limited(parameters, matched(store, parameters), (series) =>
    [...new Set(series.flatMap(({ names }) => names))].sort(),
  );
}

export function answerLabelValues(
  store: SeriesStore,
  name: string,
  parameters: URLSearchParams,
): HttpResponse {
  return limited(parameters, matched(store, parameters), (series) =>
    [...new Set(series.map((labels) => labels.get(name)))].filter((value) => value !== '').sort(),
  );
}

export function answerMetadata(parameters: URLSearchParams): HttpResponse {
  const limit = limitParameter(parameters);
  if (!limit.ok) return fail({ kind: 'bad-data', message: 'limit must be a number' });
  const wanted = parameters.get('metric') ?? '';
  const entries = [...metricMetadata]
    .filter(([name]) => wanted === '' || name === wanted)
    .slice(0, limit.value)
    .map(([name, { type, help }]) => [name, [{ type, help, unit: '' }]]);
  return succeed(Object.fromEntries(entries));
}

function limited(
  parameters: URLSearchParams,
  series: Result<readonly LabelSet[], RequestProblem>,
  list: (series: readonly LabelSet[]) => readonly unknown[],
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
): Result<readonly LabelSet[], RequestProblem> {
  const start = timeParameter(parameters, 'start', Number.MIN_SAFE_INTEGER);
  if (!start.ok) return start;
  const end = timeParameter(parameters, 'end', Number.MAX_SAFE_INTEGER);
  if (!end.ok) return end;
  const refused = (message: string): Result<never, RequestProblem> => {
    const said = message.endsWith(emptySelector)
      ? 'match[] must contain at least one non-empty matcher'
      : message;
    return named === undefined ? failed({ kind: 'bad-data', message: said }) : invalid(named, said);
  };
  const selectors = parameters.getAll('match[]');
  const found = new Set<LabelSet>();
  const add = (matchers: Parameters<SeriesStore['select']>[0]): void => {
    for (const { labels } of store.select(matchers, start.value, end.value)) found.add(labels);
  };
  if (selectors.length === 0) add([]);
  for (const text of selectors) {
    const selector = parseMetricSelector(text);
    if (!selector.ok) return refused(selector.failure.message);
    add(selector.value);
  }
  return success([...found]);
}
