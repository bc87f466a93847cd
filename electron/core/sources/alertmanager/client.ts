import type { SourceFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import type { AnswerName, ListingOf } from '../answers.ts';
import { ask } from '../ask.ts';
import type { AskOptions, HttpRequest } from '../http-message.ts';
import type { SourceHttp } from '../http.ts';
import type { ReportedAlert } from '../source-settings.ts';
import { failureOfAlertmanager, type GroupRow } from './answers.ts';
import type { AlertGroup, AlertmanagerStatus, GroupedAlert, Silence } from './model.ts';

type Answered<Value> = Promise<Result<Value, SourceFailure>>;

/**
 * Alertmanager's API v2, 0.25 to 0.34, read-only. Resolved alerts are never told by this API, alerts are
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
    return rowsOf(await this.#ask('alertmanager.alerts', { path: '/api/v2/alerts' }, options));
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

  /** The names of the receivers, each once. */
  async receivers(options: AskOptions = {}): Answered<readonly string[]> {
    return rowsOf(await this.#ask('alertmanager.receivers', { path: '/api/v2/receivers' }, options));
  }

  async #ask<Name extends AnswerName>(
    name: Name,
    request: HttpRequest,
    options: AskOptions,
  ): Answered<ListingOf<Name>> {
    return ask(this.http, name, request, failureOfAlertmanager, options);
  }
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
