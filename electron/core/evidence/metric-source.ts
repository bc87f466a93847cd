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
}

/**
 * The sources to ask about an alert. Where its link carries the address of a source, that one alone: what
 * another server has under the same names is not what raised it. Else all of them, fresh ones first.
 */
export function sourcesFor(generatorUrl: string, sources: readonly MetricSource[]): MetricSource[] {
  const link = addressOf(generatorUrl);
  const longestFirst = sources.toSorted((left, right) => right.url.length - left.url.length);
  const maker = longestFirst.find((source) => link.startsWith(addressOf(source.url).replace(/\/*$/, '/')));
  if (maker !== undefined) return [maker];
  return sources.toSorted((left, right) => Number(right.isFresh()) - Number(left.isFresh()));
}

/** Without what two spellings of one address may differ in: case of the host, the default port. */
function addressOf(url: string): string {
  return URL.parse(url)?.href ?? url;
}
