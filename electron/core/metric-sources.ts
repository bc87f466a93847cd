import type { MetricSource } from '#core/evidence/metric-source.ts';
import type { LiveAnswer, QueriedSource } from '#core/metrics/query-desk.ts';
import type { CatalogueSource } from '#core/overview/overview-reader.ts';
import type { PrometheusClient } from '#core/sources/prometheus/client.ts';
import type { GlobalSettings } from '#core/sources/prometheus/global-settings.ts';
import type { SeriesAnswer, ServerFlags } from '#core/sources/prometheus/model.ts';
import type { SourceSettings } from '#core/sources/source-settings.ts';
import type { SourceFailure } from '#shared/failure.ts';
import { failed, success, type Result } from '#shared/result.ts';

const histogramsRefused: SourceFailure = {
  code: 'bad-query',
  message: 'the answer is native histograms, which are not supported',
  nextStep: 'Ask for a quantile or a rate of them instead.',
  retryAfterMs: null,
  status: null,
};

/** What templates may say of the server itself, and how it evaluates. */
export type ServerFacts = GlobalSettings & ServerFlags & { readonly version: string };

/** A Prometheus as evidence, dashboards and local rules ask it. */
export interface AskedPrometheus extends MetricSource, CatalogueSource, QueriedSource {
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
    query: async (query, times, signal) => {
      const { fromMs, stepMs } = times;
      const answer =
        stepMs === 0
          ? await client.query(query, fromMs, { signal })
          : await client.queryRange(query, { fromMs, toMs: times.toMs, stepMs }, { signal });
      if (!answer.ok) return answer;
      return answer.value.unsupportedHistograms > 0
        ? failed(histogramsRefused)
        : success(liveAnswer(answer.value, fromMs));
    },
    facts: (signal) => factsOf(client, signal),
  };
}

async function factsOf(
  client: PrometheusClient,
  signal: AbortSignal,
): Promise<Result<ServerFacts, SourceFailure>> {
  const global = await client.globalSettings({ signal });
  if (!global.ok) return global;
  const flags = await client.flags({ signal });
  if (!flags.ok) return flags;
  const build = await client.buildInfo({ signal });
  return build.ok ? success({ ...global.value, ...flags.value, version: build.value.version }) : build;
}

function liveAnswer(answer: SeriesAnswer, atMs: number): LiveAnswer {
  const { resultType, series, text, warnings, infos } = answer;
  const remarks = { warnings, infos };
  if (resultType === 'vector' || resultType === 'matrix')
    return { result: { kind: resultType, series: [...series] }, ...remarks };
  const timeMs = series[0]?.timesMs[0] ?? atMs;
  if (resultType === 'scalar')
    return { result: { kind: 'scalar', timeMs, value: series[0]?.values[0] ?? Number.NaN }, ...remarks };
  return { result: { kind: 'string', timeMs, value: text ?? '' }, ...remarks };
}
