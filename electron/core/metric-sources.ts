import type { MetricSource } from '#core/evidence/metric-source.ts';
import type { PrometheusClient } from '#core/sources/prometheus/client.ts';
import type { SourceSettings } from '#core/sources/source-settings.ts';
import { failed, success } from '#shared/result.ts';

/** A Prometheus as evidence asks it. An answer of native histograms is refused by name, never drawn as nothing. */
export function metricSourceOf(
  settings: SourceSettings,
  client: PrometheusClient,
  isFresh: () => boolean,
): MetricSource {
  return {
    name: settings.name,
    url: settings.url,
    isFresh,
    queryRange: async (query, range, signal) => {
      const answer = await client.queryRange(query, range, { signal });
      if (!answer.ok) return answer;
      const { series, unsupportedHistograms } = answer.value;
      if (series.length > 0 || unsupportedHistograms === 0) return success(series);
      return failed({
        code: 'bad-query',
        message: 'the answer is native histograms, which are not supported',
        nextStep: 'Draw a quantile or a rate of them instead.',
        retryAfterMs: null,
        status: null,
      });
    },
    rawSamples: (selector, windowMs, atMs, signal) => client.rawSamples(selector, windowMs, atMs, { signal }),
  };
}
