import type { Alert } from '#shared/model/alert.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import { openLogs, openOverview, openRouting, openRule, openTraces } from '../../actions/across.ts';
import type { CommandAction } from '../../actions/command-action.ts';
import { shownRow } from '../../actions/incidents.ts';
import type { App } from '../../app.ts';
import type { incidentCommands } from '../../keys/commands/incident.ts';
import { writeLabelLine } from '../../parts/label-line.ts';
import { ruleBehind, type RuleItem } from '../../parts/rule-items.ts';
import type { IncidentEvidence } from '../../stores/live.ts';

/** What the commands of an incident's evidence do. Each view they open shows the incident's own time. */

export const noteInputId = 'incident-note';

function evidenceOf(app: App): IncidentEvidence | null {
  const { view } = app.session.getState();
  const { evidence } = app.live.getState();
  return view.kind === 'incident' && evidence?.incidentId === view.id ? evidence : null;
}

function serviceOf(app: App): string {
  const { view } = app.session.getState();
  return view.kind === 'incident' ? (shownRow(app, view.id)?.service ?? '') : '';
}

function localRuleOf(app: App): RuleItem | undefined {
  const { view } = app.session.getState();
  if (view.kind !== 'incident' || !shownRow(app, view.id)?.sources.includes(localRulesSource))
    return undefined;
  const { incident, rules } = app.live.getState();
  return incident?.id === view.id ? ruleBehind(rules, incident.detail?.alerts ?? []) : undefined;
}

function openLocalRule(app: App): void {
  const item = localRuleOf(app);
  if (item !== undefined) openRule(app, item.key);
}

function whyNoRule(app: App): string {
  const { view } = app.session.getState();
  const sources = view.kind === 'incident' ? (shownRow(app, view.id)?.sources ?? []) : [];
  return sources.includes(localRulesSource)
    ? 'The rule that raised it is not among the local rules now.'
    : 'No local rule raised it.';
}

/** The alert that is asked about: of several the first that goes on. */
function alertOf(app: App): Alert | undefined {
  const { view } = app.session.getState();
  const { incident } = app.live.getState();
  if (view.kind !== 'incident' || incident?.id !== view.id) return undefined;
  const alerts = incident.detail?.alerts ?? [];
  return alerts.find(({ endedAtMs }) => endedAtMs === null) ?? alerts[0];
}

function openAlertRouting(app: App): void {
  const alert = alertOf(app);
  if (alert === undefined) return;
  const source = (app.live.getState().sources ?? []).find(
    ({ name, kind }) => kind === 'alertmanager' && alert.sources.includes(name),
  );
  openRouting(app, writeLabelLine(alert.labels), source?.name ?? '');
}

/** The same lines in the logs view: by the query that found them, else by the service. */
export function openIncidentLogs(app: App): void {
  const service = serviceOf(app);
  const query = evidenceOf(app)?.logs?.query ?? '';
  if (query !== '') openLogs(app, query);
  else openLogs(app, service === '' ? '' : `{service=${JSON.stringify(service)}}`);
}

export function openIncidentTraces(app: App): void {
  const search = evidenceOf(app)?.traces?.search;
  openTraces(app, search === undefined || search.service === '' ? serviceOf(app) : search.service);
}

export const incidentActions: Readonly<Record<keyof typeof incidentCommands, CommandAction>> = {
  'incident.logs': { run: openIncidentLogs },
  'incident.traces': { run: openIncidentTraces },
  'incident.rule': {
    run: openLocalRule,
    available: (app) => localRuleOf(app) !== undefined,
    refusal: whyNoRule,
  },
  'incident.routing': {
    run: openAlertRouting,
    available: (app) => alertOf(app) !== undefined,
    refusal: () => 'None of its alerts is known here.',
  },
  'incident.overview': {
    run: (app) => openOverview(app, serviceOf(app)),
    available: (app) => serviceOf(app) !== '',
    refusal: () => 'It names no service that signals could be shown of.',
  },
  'incident.runbook': { run: goToRunbook },
};

/** To its beginning, and from there from one open step to the next: Space ticks the one that is reached. */
function goToRunbook(): void {
  const runbook = document.getElementById('incident-runbook');
  if (runbook === null) return;
  const focused = document.activeElement;
  const open = [...runbook.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')].filter(
    (box) => !box.checked && box !== focused,
  );
  const isAhead = (box: Element): boolean =>
    focused !== null && (focused.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const next = runbook.contains(focused) ? (open.find(isAhead) ?? open[0]) : undefined;
  if (next === undefined) {
    runbook.scrollIntoView({ block: 'start' });
    return runbook.focus({ preventScroll: true });
  }
  next.focus();
}
