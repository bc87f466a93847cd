import * as v from 'valibot';
import type { SourceFailure } from '#shared/failure.ts';
import { fingerprintOf, type Labels } from '#shared/model/labels.ts';
import { success, type Result } from '#shared/result.ts';
import { checked, type Listing } from '../checked.ts';
import { failureOfStatus } from '../failure-of.ts';
import type { HttpAnswer } from '../http-message.ts';
import { sourceFailure } from '../source-failure.ts';
import type { ReportedAlert } from '../source-settings.ts';
import type { AlertmanagerStatus, GroupedAlert, Silence } from './model.ts';
import { withoutUrlSecrets } from './configuration-text.ts';
import {
  alertListSchema,
  errorSchema,
  groupListSchema,
  receiverListSchema,
  silenceIdSchema,
  silenceListSchema,
  silenceSchema,
  statusSchema,
  type WireAlert,
  type WireSilence,
} from './schemas.ts';

/** Reads the answers of Alertmanager's API v2. Pure; runs in the core or on the parsing thread. */

type Read<Row> = Result<Listing<null, Row>, SourceFailure>;

function rowsOf<Schema extends v.GenericSchema<unknown, unknown[]>, Row>(
  json: unknown,
  schema: Schema,
  rows: (items: v.InferOutput<Schema>) => readonly Row[],
): Read<Row> {
  const items = checked(schema, json, '');
  return items.ok ? success({ head: null, rows: rows(items.value) }) : items;
}

export function readAlerts(json: unknown): Read<ReportedAlert> {
  return rowsOf(json, alertListSchema, (alerts) => alerts.map(reportedAlert));
}

function reportedAlert(alert: WireAlert): ReportedAlert {
  return {
    fingerprint: /^[0-9a-f]{16}$/.test(alert.fingerprint) ? alert.fingerprint : fingerprintOf(alert.labels),
    labels: alert.labels,
    annotations: alert.annotations,
    startsAtMs: alert.startsAt,
    generatorUrl: alert.generatorURL,
    // Not routed yet is not silenced: until Alertmanager has decided, the alert asks for somebody.
    state: alert.status.state === 'suppressed' ? 'suppressed' : 'firing',
    silencedBy: alert.status.silencedBy,
    inhibitedBy: alert.status.inhibitedBy,
    receivers: alert.receivers?.map(({ name }) => name) ?? null,
  };
}

/** One alert of one group: groups are told flat, for one of them may hold thousands of alerts. */
export interface GroupRow {
  readonly group: number;
  readonly labels: Labels;
  readonly receiver: string;
  readonly routeLabels: Labels;
  readonly alert: GroupedAlert;
}

export function readGroups(json: unknown): Read<GroupRow> {
  return rowsOf(json, groupListSchema, (groups) =>
    groups.flatMap(({ labels, receiver, routeLabels, alerts }, group) =>
      alerts.map((alert) => ({
        group,
        labels,
        receiver: receiver.name,
        routeLabels,
        alert: { ...reportedAlert(alert), mutedBy: alert.status.mutedBy },
      })),
    ),
  );
}

export function readSilences(json: unknown): Read<Silence> {
  return rowsOf(json, silenceListSchema, (silences) => silences.map(silenceOf));
}

export function readSilence(json: unknown): Read<Silence> {
  const silence = checked(silenceSchema, json, '');
  return silence.ok ? success({ head: null, rows: [silenceOf(silence.value)] }) : silence;
}

export function readSilenceId(json: unknown): Read<string> {
  const answer = checked(silenceIdSchema, json, '');
  return answer.ok ? success({ head: null, rows: [answer.value.silenceID] }) : answer;
}

function silenceOf({ status, startsAt, endsAt, updatedAt, ...silence }: WireSilence): Silence {
  return {
    ...silence,
    state: status.state,
    startsAtMs: startsAt,
    endsAtMs: endsAt,
    updatedAtMs: updatedAt,
  };
}

/** Names, each once: 0.25 repeats some. */
export function readReceivers(json: unknown): Read<string> {
  return rowsOf(json, receiverListSchema, (receivers) => [...new Set(receivers.map(({ name }) => name))]);
}

export function readStatus(json: unknown): Read<AlertmanagerStatus> {
  const status = checked(statusSchema, json, '');
  if (!status.ok) return status;
  const { uptime, versionInfo, cluster, config } = status.value;
  const configuration = withoutUrlSecrets(config.original);
  const row = { startedAtMs: uptime, version: versionInfo.version, cluster, configuration };
  return success({ head: null, rows: [row] });
}

/** What an answer other than a success means, with the words of either of its two error shapes. */
export function failureOfAlertmanager(answer: HttpAnswer): SourceFailure | null {
  const byStatus = failureOfStatus(answer);
  if (byStatus === null || !answer.mediaType.endsWith('json')) return byStatus;
  const words = wordsOf(answer.body);
  if (words === null) return byStatus;
  const { code, nextStep, status, retryAfterMs } = byStatus;
  const says = `Alertmanager answered ${answer.status}: ${words}.`;
  return sourceFailure(code, says, nextStep, { retryAfterMs, ...(status === null ? {} : { status }) });
}

/** The words of either of the two shapes; null where it has neither. */
export function wordsOf(body: Uint8Array): string | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof json === 'string') return json;
    const error = v.safeParse(errorSchema, json);
    return error.success ? error.output.message : null;
  } catch {
    return null;
  }
}
