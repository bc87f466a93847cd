import type { SourceFailure } from '#shared/failure.ts';
import type { Series } from '#shared/model/series.ts';
import type { Result } from '#shared/result.ts';

/** What evidence asks of a source of metrics; a Prometheus client is one. */
export interface MetricSource {
  readonly name: string;
  /** Base address, to recognise the links it puts into its alerts. */
  readonly url: string;
  readonly isFresh: () => boolean;
  readonly queryRange: (
    query: string,
    range: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
    signal: AbortSignal,
  ) => Promise<Result<readonly Series[], SourceFailure>>;
  /** Raw samples of a selector in the window that ends at `atMs`. */
  readonly rawSamples: (
    selector: string,
    windowMs: number,
    atMs: number,
    signal: AbortSignal,
  ) => Promise<Result<readonly Series[], SourceFailure>>;
}

/**
 * The sources to ask about an alert, best first: the one whose address its link carries, then the fresh
 * ones, then the rest.
 */
export function sourcesFor(generatorUrl: string, sources: readonly MetricSource[]): MetricSource[] {
  const rank = (source: MetricSource): number =>
    (generatorUrl.startsWith(source.url.replace(/\/$/, '') + '/') ? 0 : 2) + (source.isFresh() ? 0 : 1);
  return sources.toSorted((left, right) => rank(left) - rank(right));
}
