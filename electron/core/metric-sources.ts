import type { MetricSource } from '#core/evidence/metric-source.ts';
import type { CatalogueSource } from '#core/overview/overview-reader.ts';
import type { PrometheusClient } from '#core/sources/prometheus/client.ts';
import type { GlobalSettings } from '#core/sources/prometheus/global-settings.ts';
import type { ServerFlags } from '#core/sources/prometheus/model.ts';
import type { SourceSettings } from '#core/sources/source-settings.ts';
import type { SourceFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import { failed, success, type Result } from '#shared/result.ts';

const histogramsRefused: SourceFailure = {
  code: 'bad-query',
  message: 'the answer is native histograms, which are not supported',
  nextStep: 'Ask for a quantile or a rate of them instead.',
  retryAfterMs: null,
  status: null,
};

function noVector(resultType: string): SourceFailure {
  const message = `rule result is not a vector or scalar but a ${resultType}`;
  return { ...histogramsRefused, message, nextStep: 'Make the expression an instant vector.' };
}

/** What templates may say of the server itself, and how it evaluates. */
export type ServerFacts = GlobalSettings & ServerFlags;

/** A Prometheus as evidence, dashboards and local rules ask it. */
export interface AskedPrometheus extends MetricSource, CatalogueSource {
  /** The value of each series at one moment. */
  readonly instant: (
    expression: string,
    atMs: number,
    signal: AbortSignal,
  ) => Promise<Result<readonly { readonly labels: Labels; readonly value: number }[], SourceFailure>>;
  readonly facts: (signal: AbortSignal) => Promise<Result<ServerFacts, SourceFailure>>;
}

/** A Prometheus as evidence asks it. An answer of native histograms is refused by name, never drawn as nothing. */
export function metricSourceOf(
  settings: SourceSettings,
  client: PrometheusClient,
  isFresh: () => boolean,
): AskedPrometheus {
  return {
    name: settings.name,
    url: settings.url,
    isFresh,
    queryRange: async (query, range, signal) => {
      const answer = await client.queryRange(query, range, { signal });
      if (!answer.ok) return answer;
      const { series, unsupportedHistograms } = answer.value;
      if (series.length > 0 || unsupportedHistograms === 0) return success(series);
      return failed(histogramsRefused);
    },
    labelValues: async (label, selectors, signal) => {
      const answer = await client.labelValues(label, selectors, null, { signal });
      return answer.ok ? success(answer.value.rows) : answer;
    },
    instant: async (expression, atMs, signal) => {
      const answer = await client.query(expression, atMs, { signal });
      if (!answer.ok) return answer;
      const { resultType, series, unsupportedHistograms } = answer.value;
      if (unsupportedHistograms > 0) return failed(histogramsRefused);
      if (resultType !== 'vector' && resultType !== 'scalar') return failed(noVector(resultType));
      return success(
        series.flatMap(({ labels, values }) => {
          const value = values.at(-1);
          return value === undefined ? [] : [{ labels, value }];
        }),
      );
    },
    facts: async (signal) => {
      const global = await client.globalSettings({ signal });
      if (!global.ok) return global;
      const flags = await client.flags({ signal });
      return flags.ok ? success({ ...global.value, ...flags.value }) : flags;
    },
    rawSamples: (selector, windowMs, atMs, signal) => client.rawSamples(selector, windowMs, atMs, { signal }),
  };
}
