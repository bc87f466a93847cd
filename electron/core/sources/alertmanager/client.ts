import type { SourceFailure } from '#shared/failure.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { AnswerName, ListingOf } from '../answers.ts';
import { ask } from '../ask.ts';
import type { AskOptions, HttpAnswer, HttpRequest } from '../http-message.ts';
import type { SourceHttp } from '../http.ts';
import { largestListBytes } from '../largest-list.ts';
import type { ReportedAlert } from '../source-settings.ts';
import { failureOfAlertmanager, type GroupRow } from './answers.ts';
import type {
  AlertGroup,
  AlertmanagerStatus,
  GroupedAlert,
  Silence,
  SilencePost,
  SilenceTrouble,
} from './model.ts';
import { silenceTroubleOf, silenceTroubleOfSilentServer } from './silence-trouble.ts';

type Answered<Value> = Promise<Result<Value, SourceFailure>>;

/**
 * Alertmanager's API v2, 0.25 to 0.34; silences are all that is changed by it. Resolved alerts are never told by this API, alerts are
 * not shared between the peers of a cluster, and a restarted server has none: what that means for an
 * alert's state is not decided here.
 * Source: prometheus/alertmanager api/v2/openapi.yaml and api/v2/api.go.
 */
export class AlertmanagerClient {
  readonly kind = 'alertmanager';
  readonly http: SourceHttp;

  constructor(http: SourceHttp) {
    this.http = http;
  }

  async status(options: AskOptions = {}): Answered<AlertmanagerStatus> {
    const listing = await this.#ask('alertmanager.status', { path: '/api/v2/status' }, options);
    return listing.ok ? success(onlyRow(listing.value.rows)) : listing;
  }

  /** Every alert that has not ended, silenced and inhibited ones included. */
  async alerts(options: AskOptions = {}): Answered<readonly ReportedAlert[]> {
    const request = { path: '/api/v2/alerts', packedUpToBytes: largestListBytes } as const;
    return rowsOf(await this.#ask('alertmanager.alerts', request, options));
  }

  /** Alerts as they are grouped for notifying: one with several routes is in several groups. */
  async groups(options: AskOptions = {}): Answered<readonly AlertGroup[]> {
    const listing = await this.#ask('alertmanager.groups', { path: '/api/v2/alerts/groups' }, options);
    return listing.ok ? success(grouped(listing.value.rows)) : listing;
  }

  /** All silences, expired ones included for as long as the server keeps them. */
  async silences(options: AskOptions = {}): Answered<readonly Silence[]> {
    return rowsOf(await this.#ask('alertmanager.silences', { path: '/api/v2/silences' }, options));
  }

  /** One silence, expired or not; null where the server has no such silence. */
  async silence(id: string, options: AskOptions = {}): Answered<Silence | null> {
    const answer = await this.http.request({ path: pathOf(id), capBytes: silenceCapBytes }, options);
    if (!answer.ok) return answer;
    const trouble = silenceTroubleOf(answer.value);
    if (trouble !== null)
      return trouble.kind === 'unknown' ? success(null) : failed(this.http.redacted(trouble.failure));
    const read = await this.http.reader.read('alertmanager.silence', answer.value, options.signal);
    return read.ok ? success(onlyRow(read.value.rows)) : failed(this.http.redacted(read.failure));
  }

  /**
   * Creates or edits a silence. A known one keeps its id where its matchers are the same in the same order and
   * its start stays to the second, or is still to come; else it ends, and a new one begins.
   * @returns the id of what is in force then: always go on with that one.
   */
  async putSilence(silence: SilencePost, options: AskOptions = {}): Promise<Result<string, SilenceTrouble>> {
    const body = new TextEncoder().encode(JSON.stringify(postedSilence(silence)));
    const message = { body, headers: { 'content-type': 'application/json' } };
    const request = { path: '/api/v2/silences', changes: 'POST', message, capBytes: 65_536 } as const;
    const answer = await this.#change(request, options);
    if (!answer.ok) return answer;
    const read = await this.http.reader.read('alertmanager.silenceId', answer.value, options.signal);
    if (read.ok) return success(onlyRow(read.value.rows));
    return failed({ kind: 'uncertain', failure: this.http.redacted(read.failure) });
  }

  /** Ends a silence. One that has ended already is ended. */
  async expireSilence(id: string, options: AskOptions = {}): Promise<Result<void, SilenceTrouble>> {
    const answer = await this.#change({ path: pathOf(id), changes: 'DELETE', capBytes: 65_536 }, options);
    return answer.ok ? success(undefined) : answer;
  }

  /** The names of the receivers, each once. */
  async receivers(options: AskOptions = {}): Answered<readonly string[]> {
    return rowsOf(await this.#ask('alertmanager.receivers', { path: '/api/v2/receivers' }, options));
  }

  async #change(request: HttpRequest, options: AskOptions): Promise<Result<HttpAnswer, SilenceTrouble>> {
    const answer = await this.http.request(request, options);
    if (!answer.ok) return failed(silenceTroubleOfSilentServer(answer.failure));
    const trouble = silenceTroubleOf(answer.value);
    if (trouble === null) return success(answer.value);
    return failed({ ...trouble, failure: this.http.redacted(trouble.failure) });
  }

  async #ask<Name extends AnswerName>(
    name: Name,
    request: HttpRequest,
    options: AskOptions,
  ): Answered<ListingOf<Name>> {
    return ask(this.http, name, request, failureOfAlertmanager, options);
  }
}

/** A silence has at most this size in an answer; the servers' own limit is far below where it is set. */
const silenceCapBytes = 1_048_576;

function pathOf(id: string): `/${string}` {
  return `/api/v2/silence/${encodeURIComponent(id)}`;
}

function postedSilence({ id, startsAtMs, endsAtMs, annotations, ...silence }: SilencePost): object {
  return {
    ...silence,
    ...(id === null ? {} : { id }),
    // From 0.32: an edit without them would take them away.
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(endsAtMs).toISOString(),
  };
}

function rowsOf<Row>(
  listing: Result<{ readonly rows: readonly Row[] }, SourceFailure>,
): Result<readonly Row[], SourceFailure> {
  return listing.ok ? success(listing.value.rows) : listing;
}

function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('a reader of one fact gave none');
  return row;
}

function grouped(rows: readonly GroupRow[]): readonly AlertGroup[] {
  const groups = new Map<number, AlertGroup & { readonly alerts: GroupedAlert[] }>();
  for (const { group, labels, receiver, routeLabels, alert } of rows) {
    const known = groups.get(group);
    if (known === undefined) groups.set(group, { labels, receiver, routeLabels, alerts: [alert] });
    else known.alerts.push(alert);
  }
  return [...groups.values()];
}
