import { incidentName } from '#shared/model/incident.ts';
import { millisecondsOf } from '#shared/model/log.ts';
import { plainText } from '#shared/text.ts';
import { formatAge, formatDateTime, formatSpan } from '#shared/time.ts';
import type { InspectionReport, ReportedIncident } from './inspection-json.ts';
import { table } from './table.ts';

/** What `opssight inspect` prints for a person: a table for each kind of thing, the newest first. */

const textWidth = 48;

export function inspectionText(report: InspectionReport): string {
  return [
    `Data folder ${report.dataDirectory}`,
    versions(report),
    section('Incidents', incidentRows(report), report.incidentsTotal - report.incidents.length),
    section('Notifications', notificationRows(report)),
    section('Sources, as last known', sourceRows(report)),
    section('Kept samples', coverageRows(report)),
    section('Kept log lines', logRows(report)),
    section('Kept traces', traceRows(report)),
    section('Kept runbooks', runbookRows(report)),
    section('Pinned by incidents', pinnedRows(report)),
    section('Notices', noticeRows(report)),
    ...report.problems.map((problem) => `Problem: ${problem}`),
  ].join('\n\n');
}

function versions({ schema }: InspectionReport): string {
  const cache = schema.cache === null ? 'no cache' : `cache version ${schema.cache.version}`;
  return `Journal version ${schema.journal.version}, ${cache}`;
}

function section(title: string, rows: readonly (readonly string[])[], more = 0): string {
  if (rows.length < 2) return `${title}: none`;
  return `${title}\n${table(rows)}${more > 0 ? `\n  and ${more} older` : ''}`;
}

function incidentRows({ incidents, inspectedAtMs }: InspectionReport): string[][] {
  const header = [
    '',
    'severity',
    'state',
    'title',
    'service',
    'alerts',
    'opened',
    'open for',
    'acknowledged',
  ];
  return [
    header,
    ...incidents.map((incident) => [
      incident.name,
      incident.severity.word,
      incident.state,
      shown(incident.title),
      shown(incident.service),
      String(incident.alertCount),
      formatDateTime(incident.openedAtMs),
      formatSpan((incident.resolvedAtMs ?? inspectedAtMs) - incident.openedAtMs),
      acknowledgement(incident),
    ]),
  ];
}

function acknowledgement({ acknowledged }: ReportedIncident): string {
  return acknowledged === null ? 'no' : `by ${shown(acknowledged.by)} ${formatDateTime(acknowledged.atMs)}`;
}

function notificationRows({ notifications }: InspectionReport): string[][] {
  return [
    ['intended', 'outcome', 'incident', 'title'],
    ...notifications.map((notification) => [
      formatDateTime(notification.intendedAtMs),
      notification.outcome ?? 'not confirmed',
      String(notification.incidentId),
      shown(notification.title),
    ]),
  ];
}

function sourceRows({ sources, inspectedAtMs }: InspectionReport): string[][] {
  return [
    ['name', 'kind', 'state', 'last answer', 'failure'],
    ...sources.map((source) => [
      shown(source.name),
      source.kind,
      source.state,
      source.lastSuccessAtMs === null ? 'never' : `${formatAge(inspectedAtMs - source.lastSuccessAtMs)} ago`,
      shown(source.failure?.message ?? ''),
    ]),
  ];
}

function coverageRows({ coverage }: InspectionReport): string[][] {
  return [
    ['source', 'selector', 'from', 'to', 'series', 'samples', 'bytes'],
    ...coverage.map((window) => [
      shown(window.source),
      shown(window.selector),
      formatDateTime(window.fromMs),
      formatDateTime(window.toMs),
      String(window.series),
      String(window.samples),
      String(window.bytes),
    ]),
  ];
}

function logRows({ logs }: InspectionReport): string[][] {
  return [
    ['source', 'from', 'to', 'streams', 'lines', 'bytes'],
    ...logs.map((of) => [
      shown(of.source),
      ...rangeCells(of),
      String(of.streams),
      String(of.lines),
      String(of.bytes),
    ]),
  ];
}

function traceRows({ traces }: InspectionReport): string[][] {
  return [
    ['source', 'from', 'to', 'traces', 'spans', 'bytes'],
    ...traces.map((of) => [
      shown(of.source),
      ...rangeCells(of),
      String(of.traces),
      String(of.spans),
      String(of.bytes),
    ]),
  ];
}

function runbookRows({ runbooks, inspectedAtMs }: InspectionReport): string[][] {
  return [
    ['path', 'title', 'written', 'read', 'incidents', 'bytes'],
    ...runbooks.map((runbook) => [
      shown(runbook.path),
      shown(runbook.title),
      formatDateTime(runbook.writtenAtMs),
      `${formatAge(inspectedAtMs - runbook.readAtMs)} ago`,
      String(runbook.incidents),
      String(runbook.bytes),
    ]),
  ];
}

function pinnedRows({ pinned }: InspectionReport): string[][] {
  const captured = (atMs: number | null): string => (atMs === null ? 'no' : formatDateTime(atMs));
  return [
    ['', 'lines', 'bytes', 'traces', 'bytes', 'runbook', 'logs whole', 'traces whole'],
    ...pinned.map(({ incidentId, lines, traces, runbook, logsCapturedAtMs, tracesCapturedAtMs }) => [
      incidentName(incidentId),
      String(lines?.count ?? 0),
      String(lines?.bytes ?? 0),
      String(traces?.count ?? 0),
      String(traces?.bytes ?? 0),
      runbook === null ? 'none' : shown(runbook),
      captured(logsCapturedAtMs),
      captured(tracesCapturedAtMs),
    ]),
  ];
}

function rangeCells({ fromNs, toNs }: { readonly fromNs: string; readonly toNs: string }): string[] {
  return [fromNs, toNs].map((timeNs) => formatDateTime(millisecondsOf(timeNs)));
}

function noticeRows({ notices }: InspectionReport): string[][] {
  return [
    ['when', 'severity', 'what'],
    ...notices.map((notice) => [
      formatDateTime(notice.atMs),
      notice.severity,
      plainText(notice.message, 400),
    ]),
  ];
}

/** Texts of servers reach a terminal without control characters, and short. */
function shown(text: string): string {
  return plainText(text, textWidth);
}
