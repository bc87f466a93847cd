import type { SyncedSource } from '#core/metrics/sync/synced-source.ts';
import type { SeriesToKeep } from '#core/store/cache/samples/sample-writer.ts';
import type { SourceFailure, SourceFailureCode } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import { failed, success, type Result } from '#shared/result.ts';

/** A source of samples for tests: what it answers is set, what it was asked is noted. */
export interface SyncedSourceDouble extends SyncedSource {
  readonly asked: string[];
  isFresh: () => boolean;
  skewMs: number;
  /** Of both ways; of a query without its stale markers. */
  series: readonly SeriesToKeep[];
  presentNow: readonly Labels[];
  histograms: number;
  external: Labels | null;
  names: readonly string[];
  /** By what is asked: how it fails. */
  failing: Partial<Record<'query' | 'remote read' | 'count' | 'present', SourceFailureCode>>;
  /** Before each answer. */
  before: (what: string) => Promise<void>;
}

function failureWith(code: SourceFailureCode, retryAfterMs: number | null = null): SourceFailure {
  return { code, message: `it said ${code}`, nextStep: '', retryAfterMs, status: null };
}

export function syncedSourceDouble(name = 'p'): SyncedSourceDouble {
  const answer = async <Value>(
    what: 'query' | 'remote read' | 'count' | 'present' | 'names' | 'external labels',
    detail: string,
    value: () => Value,
  ): Promise<Result<Value, SourceFailure>> => {
    double.asked.push(`${what}${detail}`);
    await double.before(what);
    const code = (double.failing as Partial<Record<string, SourceFailureCode>>)[what];
    return code === undefined ? success(value()) : failed(failureWith(code));
  };
  const double: SyncedSourceDouble = {
    name,
    asked: [],
    skewMs: 0,
    series: [],
    presentNow: [],
    histograms: 0,
    external: {},
    names: [],
    failing: {},
    before: async () => undefined,
    isFresh: () => true,
    clockSkewMs: () => double.skewMs,
    traits: () => ({ lookbackMs: 300_000, subqueryStepMs: 60_000 }),
    rawSamples: (selector, windowMs, atMs) =>
      answer('query', ` ${selector}[${windowMs}] at ${atMs}`, () => ({
        series: double.series,
        unsupportedHistograms: double.histograms,
      })),
    remoteRead: ({ fromMs, toMs }) => answer('remote read', ` ${fromMs}-${toMs}`, () => double.series),
    present: (_selector, atMs) => answer('present', ` at ${atMs}`, () => double.presentNow),
    count: () => answer('count', '', () => double.series.length),
    labelNames: () => answer('names', '', () => double.names),
    externalLabels: async () => {
      double.asked.push('external labels');
      return double.external === null ? failed(failureWith('not-this-api')) : success(double.external);
    },
  };
  return double;
}
