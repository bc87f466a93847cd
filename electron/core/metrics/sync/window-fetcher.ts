import type { SeriesToKeep } from '#core/store/cache/samples/sample-writer.ts';
import type { SourceFailure, SourceFailureCode } from '#shared/failure.ts';
import { keyOfLabels, type Labels } from '#shared/model/labels.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { hourMs } from '#shared/time.ts';
import { ExternalLabels } from './external-labels.ts';
import { LastSamples, mayHaveEnded, withStaleMarkers } from './stale-probe.ts';
import type { FetchedWindow, FetchProblem, SyncedSource, WindowQuery } from './synced-source.ts';

/**
 * Fetches one window of one selector whole: by remote read where the server offers it and its external labels
 * can be told from the series' own, else by a query, with the ends of series found out by looking. Remote read
 * leaves out a value of zero, whatever its sign; a query knows one NaN only.
 */

type Fetched = Result<FetchedWindow, FetchProblem>;

/** How long a server that offers no remote read is not asked for it. */
const noRemoteReadMs = hourMs;
/** What says that remote read is not for us here, though a query may be. */
const notOffered: readonly SourceFailureCode[] = ['not-this-api', 'unauthorised', 'malformed'];
/** Series whose last samples are remembered, over all selectors: some 20 MB. Of more, the ends are found in whole windows only. */
const maxRemembered = 50_000;

export class WindowFetcher {
  readonly #source: SyncedSource;
  readonly #nowMs: () => number;
  #external: ExternalLabels;
  #remoteReadFromMs = Number.NEGATIVE_INFINITY;
  readonly #last = new Map<string, LastSamples>();

  constructor(source: SyncedSource, nowMs: () => number) {
    this.#source = source;
    this.#nowMs = nowMs;
    this.#external = new ExternalLabels(source, nowMs);
  }

  async fetch(query: WindowQuery, signal: AbortSignal): Promise<Fetched> {
    return (await this.#byRemoteRead(query, signal)) ?? (await this.#byQuery(query, signal));
  }

  /** Null where it is not offered, or of no use for this selector. */
  async #byRemoteRead(query: WindowQuery, signal: AbortSignal): Promise<Fetched | null> {
    if (this.#nowMs() < this.#remoteReadFromMs) return null;
    const { selector, span } = query;
    // Once more where the server's labels turn out to be others than they were.
    for (let tries = 0; tries < 2; tries++) {
      const added = await this.#external.addedTo(query, signal);
      if (added === null) return null;
      const answer = await this.#source.remoteRead({ ...span, matchers: selector.matchers }, signal);
      if (!answer.ok) {
        if (!notOffered.includes(answer.failure.code)) return sourceProblem(answer.failure);
        this.#remoteReadFromMs = this.#nowMs() + noRemoteReadMs;
        return null;
      }
      const series = this.#external.takeOff(selector.text, answer.value, added);
      if (series !== null)
        return success({ series, samples: countOf(series), way: 'remote-read', onKept: nothing });
    }
    return null;
  }

  async #byQuery(query: WindowQuery, signal: AbortSignal): Promise<Fetched> {
    const { selector, span } = query;
    // Left-open from the millisecond before: Prometheus 3 leaves out the start, which is a sample's time, too.
    const windowMs = span.toMs - span.fromMs + 1;
    const answer = await this.#source.rawSamples(selector.text, windowMs, span.toMs, signal);
    if (!answer.ok) return sourceProblem(answer.failure);
    const { series, unsupportedHistograms } = answer.value;
    if (unsupportedHistograms > 0) {
      const why = 'has native histograms, which this server hands over by remote read only';
      return failed({ kind: 'refused', why });
    }
    const remembered = this.#remembered(selector.text);
    const last = remembered.upTo(span, series, this.#source.traits().lookbackMs);
    const ended = await this.#ended(selector.text, mayHaveEnded(last, span.toMs), span.toMs, signal);
    if (!ended.ok) return sourceProblem(ended.failure);
    const marked = withStaleMarkers(series, ended.value, span.toMs);
    const onKept = (): void => remembered.remember(span.toMs, last, ended.value);
    return success({ series: marked, samples: countOf(marked), way: 'query', onKept });
  }

  /** Those that are not there at the moment. */
  async #ended(
    selector: string,
    candidates: readonly Labels[],
    atMs: number,
    signal: AbortSignal,
  ): Promise<Result<readonly Labels[], SourceFailure>> {
    if (candidates.length === 0) return success([]);
    const present = await this.#source.present(selector, atMs, signal);
    if (!present.ok) return present;
    const there = new Set(present.value.map(keyOfLabels));
    return success(candidates.filter((labels) => !there.has(keyOfLabels(labels))));
  }

  /** The selector fetched last is at the end. */
  #remembered(selector: string): LastSamples {
    const known = this.#last.get(selector) ?? new LastSamples();
    this.#last.delete(selector);
    this.#last.set(selector, known);
    let series = 0;
    for (const one of this.#last.values()) series += one.size;
    for (const [text, one] of this.#last) {
      if (series <= maxRemembered || text === selector) break;
      this.#last.delete(text);
      series -= one.size;
    }
    return known;
  }
}

const nothing = (): void => undefined;

function sourceProblem(failure: SourceFailure): Fetched {
  return failed({ kind: 'source', failure });
}

function countOf(series: readonly SeriesToKeep[]): number {
  return series.reduce((sum, { timesMs, histograms = [] }) => sum + timesMs.length + histograms.length, 0);
}
