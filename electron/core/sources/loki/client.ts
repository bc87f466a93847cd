import type { SourceFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import { nanosecondsOf } from '#shared/model/log.ts';
import type { Series } from '#shared/model/series.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { AnswerName, ListingOf } from '../answers.ts';
import { ask } from '../ask.ts';
import { malformedAt } from '../checked.ts';
import type { AskOptions, HttpRequest } from '../http-message.ts';
import type { SourceHttp } from '../http.ts';
import { failureOfLoki, notOffered } from './failure.ts';
import type {
  DetectedField,
  DetectedLabel,
  IndexStats,
  LinesAnswer,
  LinesPage,
  LinesRequest,
  LokiPattern,
  LokiSeriesAnswer,
  MillisecondRange,
  TailListener,
  TailRequest,
  VolumeRequest,
} from './model.ts';
import { queryLines } from './paging.ts';
import { lokiHeaders } from './schemas.ts';
import { openTail } from './tail.ts';

type Answered<Value> = Promise<Result<Value, SourceFailure>>;

/**
 * Loki's HTTP API, 3.4 to 3.7. Points in time go out as decimal nanoseconds, spans as seconds.
 * Source: https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
export class LokiClient {
  readonly kind = 'loki';
  readonly http: SourceHttp;

  constructor(http: SourceHttp) {
    this.http = http;
  }

  /** Evaluates a metric query at one moment, now unless told; lines are refused by the server. */
  async query(expression: string, atMs: number | null, options: AskOptions = {}): Answered<LokiSeriesAnswer> {
    const parameters = new URLSearchParams({ query: expression });
    if (atMs !== null) parameters.set('time', nanosecondsOf(atMs));
    return this.#series({ path: '/loki/api/v1/query', parameters, form: true }, options);
  }

  /** Evaluates a metric query over a range. The server may round both ends outwards to whole steps. */
  async queryRange(
    expression: string,
    range: MillisecondRange & { readonly stepMs: number },
    options: AskOptions = {},
  ): Answered<LokiSeriesAnswer> {
    const parameters = inRange({ query: expression, step: seconds(range.stepMs) }, range);
    return this.#series({ path: '/loki/api/v1/query_range', parameters, form: true }, options);
  }

  /** One answer with lines, at most the server's own limit; see `queryLines` for all of them. */
  async linesPage(request: LinesRequest, options: AskOptions = {}): Answered<LinesPage> {
    const { query, fromNs, toNs, limit, direction } = request;
    const parameters = new URLSearchParams({
      query,
      start: fromNs,
      end: toNs,
      limit: String(limit),
      direction,
    });
    const question = { path: '/loki/api/v1/query_range', parameters, form: true } as const;
    const answer = await this.#ask(`loki.${direction}`, question, options);
    return answer.ok ? success({ ...answer.value.head, lines: answer.value.rows }) : answer;
  }

  /** Every line of a range up to the limit, each exactly once, oldest first, over as many answers as it takes. */
  async queryLines(request: LinesRequest, options: AskOptions = {}): Answered<LinesAnswer> {
    return queryLines((page) => this.linesPage(page, options), request);
  }

  /** Follows the lines of a query as they come, until it is stopped or a status says that it ended. */
  openTail(request: TailRequest, listener: TailListener): { stop(): void } {
    return openTail(this, request, listener);
  }

  /** @param query a selector that narrows the answer; null for every stream. */
  async labels(
    query: string | null,
    range: MillisecondRange | null,
    options: AskOptions = {},
  ): Answered<readonly string[]> {
    const parameters = inRange(query === null ? {} : { query }, range);
    return rowsOf(await this.#ask('loki.names', { path: '/loki/api/v1/labels', parameters }, options));
  }

  async labelValues(
    label: string,
    query: string | null,
    range: MillisecondRange | null,
    options: AskOptions = {},
  ): Answered<readonly string[]> {
    const parameters = inRange(query === null ? {} : { query }, range);
    const path = `/loki/api/v1/label/${encodeURIComponent(label)}/values` as const;
    return rowsOf(await this.#ask('loki.names', { path, parameters }, options));
  }

  /** The label sets of the streams that any of the selectors matches; of all without one. */
  async series(
    selectors: readonly string[],
    range: MillisecondRange | null,
    options: AskOptions = {},
  ): Answered<readonly Labels[]> {
    const parameters = inRange({}, range);
    for (const selector of selectors) parameters.append('match[]', selector);
    const request = { path: '/loki/api/v1/series', parameters, form: true } as const;
    return rowsOf(await this.#ask('loki.labelSets', request, options));
  }

  /** @param query a selector, without a pipeline. */
  async indexStats(query: string, range: MillisecondRange, options: AskOptions = {}): Answered<IndexStats> {
    const parameters = inRange({ query }, range);
    const request = { path: '/loki/api/v1/index/stats', parameters, form: true } as const;
    return rowOf(await this.#ask('loki.indexStats', request, options));
  }

  /** Bytes by stream or by label, the most first: one point each. */
  async volume(request: VolumeRequest, options: AskOptions = {}): Answered<readonly Series[]> {
    const parameters = volumeParameters(request);
    return this.#volume({ path: '/loki/api/v1/index/volume', parameters, form: true }, options);
  }

  /** Bytes by stream or by label in every step; the time of a point is the end of its step. */
  async volumeRange(
    request: VolumeRequest & { readonly stepMs: number },
    options: AskOptions = {},
  ): Answered<readonly Series[]> {
    const parameters = volumeParameters(request);
    parameters.set('step', seconds(request.stepMs));
    return this.#volume({ path: '/loki/api/v1/index/volume_range', parameters, form: true }, options);
  }

  /** The fields that the server finds in a sample of the query's lines. */
  async detectedFields(
    query: string,
    range: MillisecondRange,
    options: AskOptions = {},
  ): Answered<readonly DetectedField[]> {
    const parameters = inRange({ query }, range);
    const request = { path: '/loki/api/v1/detected_fields', parameters, form: true } as const;
    return this.#offered(rowsOf(await this.#ask('loki.detectedFields', request, options)), 'detected fields');
  }

  async detectedFieldValues(
    field: string,
    query: string,
    range: MillisecondRange,
    options: AskOptions = {},
  ): Answered<readonly string[]> {
    const path = `/loki/api/v1/detected_field/${encodeURIComponent(field)}/values` as const;
    const request = { path, parameters: inRange({ query }, range), form: true };
    const answer = rowsOf(await this.#ask('loki.detectedFieldValues', request, options));
    return this.#offered(answer, 'detected fields');
  }

  /** @param query a selector that narrows the answer; null for every stream. */
  async detectedLabels(
    query: string | null,
    range: MillisecondRange,
    options: AskOptions = {},
  ): Answered<readonly DetectedLabel[]> {
    const parameters = inRange(query === null ? {} : { query }, range);
    const request = { path: '/loki/api/v1/detected_labels', parameters, form: true } as const;
    return this.#offered(rowsOf(await this.#ask('loki.detectedLabels', request, options)), 'detected labels');
  }

  /** Patterns of the lines of a selector, as the server's pattern ingester has them: of some hours only. */
  async patterns(
    query: string,
    range: MillisecondRange,
    options: AskOptions = {},
  ): Answered<readonly LokiPattern[]> {
    const request = {
      path: '/loki/api/v1/patterns',
      parameters: inRange({ query }, range),
      form: true,
    } as const;
    return this.#offered(rowsOf(await this.#ask('loki.patterns', request, options)), 'patterns');
  }

  async buildInfo(options: AskOptions = {}): Answered<{ readonly version: string }> {
    return rowOf(await this.#ask('loki.buildInfo', { path: '/loki/api/v1/status/buildinfo' }, options));
  }

  async #series(request: HttpRequest, options: AskOptions): Answered<LokiSeriesAnswer> {
    const answer = await this.#ask('loki.series', request, options);
    return answer.ok ? success({ ...answer.value.head, series: answer.value.rows }) : answer;
  }

  async #volume(request: HttpRequest, options: AskOptions): Answered<readonly Series[]> {
    return this.#offered(rowsOf(await this.#ask('loki.series', request, options)), 'volumes');
  }

  /** What an older or a smaller Loki does not have is told as that, not as another server. */
  #offered<Value>(answer: Result<Value, SourceFailure>, what: string): Result<Value, SourceFailure> {
    return !answer.ok && answer.failure.status === 404 ? failed(notOffered(what)) : answer;
  }

  async #ask<Name extends AnswerName>(
    name: Name,
    request: HttpRequest,
    options: AskOptions,
  ): Answered<ListingOf<Name>> {
    return ask(this.http, name, { ...request, headers: lokiHeaders }, failureOfLoki, options);
  }
}

function seconds(ms: number): string {
  return (Math.round(ms) / 1_000).toString();
}

function inRange(
  parameters: Readonly<Record<string, string>>,
  range: MillisecondRange | null,
): URLSearchParams {
  const times = range === null ? {} : { start: nanosecondsOf(range.fromMs), end: nanosecondsOf(range.toMs) };
  return new URLSearchParams({ ...parameters, ...times });
}

function volumeParameters(request: VolumeRequest): URLSearchParams {
  const { query, limit, targetLabels = [], aggregateBy } = request;
  const parameters = inRange({ query }, request);
  if (limit !== undefined) parameters.set('limit', String(limit));
  if (targetLabels.length > 0) parameters.set('targetLabels', targetLabels.join(','));
  if (aggregateBy !== undefined) parameters.set('aggregateBy', aggregateBy);
  return parameters;
}

type Rows<Row> = Result<{ readonly rows: readonly Row[] }, SourceFailure>;

function rowsOf<Row>(listing: Rows<Row>): Result<readonly Row[], SourceFailure> {
  return listing.ok ? success(listing.value.rows) : listing;
}

function rowOf<Row>(listing: Rows<Row>): Result<Row, SourceFailure> {
  if (!listing.ok) return listing;
  const [row] = listing.value.rows;
  return row === undefined ? failed(malformedAt('', 'expected one fact')) : success(row);
}
