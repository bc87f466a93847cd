import type { SourceFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { AnswerName, ListingOf } from '../answers.ts';
import { ask } from '../ask.ts';
import type { AskOptions, HttpRequest } from '../http-message.ts';
import type { SourceHttp } from '../http.ts';
import { largestListBytes } from '../largest-list.ts';
import { malformedAt } from '../checked.ts';
import { failureOfPrometheus } from './envelope.ts';
import type { GlobalSettings } from './global-settings.ts';
import { escapedLabelName } from './label-name.ts';
import { remoteReadHeaders, writeReadRequest, type RawSamples, type RemoteReadQuery } from './remote-read.ts';
import type {
  BuildInfo,
  HeadStatistics,
  ListAnswer,
  MetricMetadata,
  PrometheusAlert,
  PrometheusRule,
  PrometheusTarget,
  RuntimeInfo,
  SeriesAnswer,
  ServerFlags,
} from './model.ts';

type Answered<Value> = Promise<Result<Value, SourceFailure>>;

/** A range of time for questions about series and labels; without it the server takes its own. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Prometheus' HTTP API v1, 2.42 to 3.5. Points in time and spans are milliseconds here and are written
 * as the seconds that the API wants.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export class PrometheusClient {
  readonly kind = 'prometheus';
  readonly http: SourceHttp;

  constructor(http: SourceHttp) {
    this.http = http;
  }

  /** Evaluates an expression at one moment, now unless told. */
  async query(expression: string, atMs: number | null, options: AskOptions = {}): Answered<SeriesAnswer> {
    const parameters = new URLSearchParams({ query: expression, timeout: this.#timeout(options) });
    if (atMs !== null) parameters.set('time', seconds(atMs));
    return this.#series({ path: '/api/v1/query', parameters, form: true }, options);
  }

  /** Evaluates an expression at every step of a range, both ends included. For drawing only. */
  async queryRange(
    expression: string,
    range: TimeRange & { readonly stepMs: number },
    options: AskOptions = {},
  ): Answered<SeriesAnswer> {
    const parameters = new URLSearchParams({
      query: expression,
      start: seconds(range.fromMs),
      end: seconds(range.toMs),
      step: seconds(range.stepMs),
      timeout: this.#timeout(options),
    });
    return this.#series({ path: '/api/v1/query_range', parameters, form: true }, options);
  }

  /**
   * The samples as they were scraped, of every series of a selector in the window that ends at `atMs`.
   * Prometheus 2 includes a sample exactly at the window's start, Prometheus 3 does not.
   */
  async rawSamples(
    selector: string,
    windowMs: number,
    atMs: number,
    options: AskOptions = {},
  ): Answered<SeriesAnswer> {
    const answer = await this.query(`${selector}[${Math.max(1, Math.round(windowMs))}ms]`, atMs, options);
    if (!answer.ok || answer.value.resultType === 'matrix') return answer;
    return failed(malformedAt('data.resultType', `expected matrix, found ${answer.value.resultType}`));
  }

  /**
   * The same by remote read, with stale markers and native histograms, both ends included. The server adds its
   * external labels to every series. One that does not offer it answers `not-this-api`.
   */
  async remoteRead(query: RemoteReadQuery, options: AskOptions = {}): Answered<readonly RawSamples[]> {
    const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
    const request: HttpRequest = {
      path: '/api/v1/read',
      message: { body: writeReadRequest(query), headers },
      headers: remoteReadHeaders,
      unopenedEncoding: 'snappy',
    };
    const answer = await this.#ask('prometheus.rawSamples', request, options);
    return answer.ok ? success(answer.value.rows) : answer;
  }

  /** The label sets of the series that any of the selectors matches. */
  async series(
    selectors: readonly string[],
    range: TimeRange | null,
    options: AskOptions = {},
  ): Answered<ListAnswer<Labels>> {
    const request = { path: '/api/v1/series', parameters: matching(selectors, range), form: true } as const;
    return listOf(await this.#ask('prometheus.labelSets', request, options));
  }

  async labels(
    selectors: readonly string[],
    range: TimeRange | null,
    options: AskOptions = {},
  ): Answered<ListAnswer<string>> {
    const request = { path: '/api/v1/labels', parameters: matching(selectors, range), form: true } as const;
    return listOf(await this.#ask('prometheus.names', request, options));
  }

  async labelValues(
    label: string,
    selectors: readonly string[],
    range: TimeRange | null,
    options: AskOptions = {},
  ): Answered<ListAnswer<string>> {
    const path = `/api/v1/label/${escapedLabelName(label)}/values` as const;
    return listOf(
      await this.#ask('prometheus.names', { path, parameters: matching(selectors, range) }, options),
    );
  }

  /** Type, help and unit of one metric, or of all without a name. */
  async metadata(metric: string | null, options: AskOptions = {}): Answered<readonly MetricMetadata[]> {
    const parameters = new URLSearchParams(metric === null ? {} : { metric });
    return rowsOf(await this.#ask('prometheus.metadata', { path: '/api/v1/metadata', parameters }, options));
  }

  async rules(options: AskOptions = {}): Answered<readonly PrometheusRule[]> {
    return rowsOf(await this.#ask('prometheus.rules', { path: '/api/v1/rules' }, options));
  }

  async alerts(options: AskOptions = {}): Answered<readonly PrometheusAlert[]> {
    const request = { path: '/api/v1/alerts', packedUpToBytes: largestListBytes } as const;
    return rowsOf(await this.#ask('prometheus.alerts', request, options));
  }

  /** The targets that are scraped; dropped ones are not asked for. */
  async targets(options: AskOptions = {}): Answered<readonly PrometheusTarget[]> {
    const parameters = new URLSearchParams({ state: 'active' });
    return rowsOf(await this.#ask('prometheus.targets', { path: '/api/v1/targets', parameters }, options));
  }

  async buildInfo(options: AskOptions = {}): Answered<BuildInfo> {
    return rowOf(await this.#ask('prometheus.buildInfo', { path: '/api/v1/status/buildinfo' }, options));
  }

  async runtimeInfo(options: AskOptions = {}): Answered<RuntimeInfo> {
    return rowOf(await this.#ask('prometheus.runtimeInfo', { path: '/api/v1/status/runtimeinfo' }, options));
  }

  /** Of the configuration: the labels that the server adds to what it sends elsewhere, and its rhythm. */
  async globalSettings(options: AskOptions = {}): Answered<GlobalSettings> {
    return rowOf(await this.#ask('prometheus.globalSettings', { path: '/api/v1/status/config' }, options));
  }

  async flags(options: AskOptions = {}): Answered<ServerFlags> {
    return rowOf(await this.#ask('prometheus.flags', { path: '/api/v1/status/flags' }, options));
  }

  async headStatistics(options: AskOptions = {}): Answered<HeadStatistics> {
    return rowOf(await this.#ask('prometheus.head', { path: '/api/v1/status/tsdb' }, options));
  }

  async #series(request: HttpRequest, options: AskOptions): Answered<SeriesAnswer> {
    const listing = await this.#ask('prometheus.series', request, options);
    return listing.ok ? success({ ...listing.value.head, series: listing.value.rows }) : listing;
  }

  async #ask<Name extends AnswerName>(
    name: Name,
    request: HttpRequest,
    options: AskOptions,
  ): Answered<ListingOf<Name>> {
    return ask(this.http, name, request, failureOfPrometheus, options);
  }

  /** The server stops working on a query when nobody waits for it any more. */
  #timeout(options: AskOptions): string {
    return seconds(Math.min(options.timeoutMs ?? Infinity, this.http.settings.timeoutMs));
  }
}

function seconds(ms: number): string {
  return (Math.round(ms) / 1_000).toString();
}

function matching(selectors: readonly string[], range: TimeRange | null): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const selector of selectors) parameters.append('match[]', selector);
  if (range !== null) {
    parameters.set('start', seconds(range.fromMs));
    parameters.set('end', seconds(range.toMs));
  }
  return parameters;
}

type Listed<Row> = Result<
  { readonly head: { warnings: readonly string[]; infos: readonly string[] }; readonly rows: readonly Row[] },
  SourceFailure
>;

function listOf<Row>(listing: Listed<Row>): Result<ListAnswer<Row>, SourceFailure> {
  return listing.ok ? success({ ...listing.value.head, rows: listing.value.rows }) : listing;
}

function rowsOf<Row>(listing: Listed<Row>): Result<readonly Row[], SourceFailure> {
  return listing.ok ? success(listing.value.rows) : listing;
}

function rowOf<Row>(listing: Listed<Row>): Result<Row, SourceFailure> {
  if (!listing.ok) return listing;
  const [row] = listing.value.rows;
  if (row === undefined) throw new Error('a reader of one fact gave none');
  return success(row);
}
