import { atOnce } from '#core/clock/slices.ts';
import { noVerdicts, type AlertRecord, type IncidentRecord, type Witness } from '#core/store/records.ts';
import type { AlertState } from '#shared/model/alert.ts';
import { labelOf, sameLabels, type Labels } from '#shared/model/labels.ts';
import { severityOf } from '#shared/model/severity.ts';
import { formatSpan } from '#shared/time.ts';
import { holderOf } from './family.ts';
import { groupKeyOf, serviceOf, titleOf } from './grouping.ts';
import type { BookDraft } from './incident-book.ts';
import { settleIncident } from './incident-life.ts';

/**
 * Alert history by comparing polls. Alertmanager never answers a resolved alert and forgets all of them
 * when it restarts, so the end of an alert has to be concluded, and is concluded only from a source that
 * was fresh, uninterrupted and had the alert before. Everything else leaves it unseen: neither firing
 * nor resolved, because nobody knows.
 */

/** What one good poll of one source of alerts said. */
export interface Observation {
  readonly source: string;
  readonly atMs: number;
  /** Null where nobody knows whether the source forgot its alerts since: then none is seen to end. */
  readonly serverStartedAtMs: number | null;
  readonly alerts: readonly ObservedAlert[];
  /** Fingerprints of alerts that the source no longer has without having seen them end. */
  readonly unknownEnds?: readonly string[];
  /** Fingerprints of alerts that it says to have ended, whatever it may have forgotten otherwise. */
  readonly knownEnds?: readonly string[];
}

export interface ObservedAlert {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAtMs: number;
  readonly generatorUrl: string;
  readonly state: 'firing' | 'suppressed';
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  /** Where the source still has it, and cannot see now whether it is still so. */
  readonly doubt?: Doubt | undefined;
}

export interface Doubt {
  readonly lastSeenAtMs: number;
  readonly cause: string;
}

export interface ObservationContext {
  /** Whether a source's last poll is still worth something: not stale, and answered since the start. */
  readonly isFresh: (source: string) => boolean;
  readonly groupBy: readonly string[];
}

/** Writes into the draft all that follows from an observation. */
export function observe(...observed: Parameters<typeof observing>): void {
  atOnce(observing(...observed));
}

/** The same in steps of one alert each: a poll may bring very many. */
export function* observing(
  draft: BookDraft,
  observation: Observation,
  open: Iterable<AlertRecord>,
  context: ObservationContext,
): Generator<void> {
  const touched = new Set<number>();
  const reported = new Map<string, ObservedAlert>();
  for (const alert of observation.alerts) {
    yield;
    reported.set(alert.fingerprint, alert);
  }
  const before = draft.watch(observation.source);
  const uninterrupted =
    observation.serverStartedAtMs !== null && before?.serverStartedAtMs === observation.serverStartedAtMs;
  const startedBeforeMs = before?.serverStartedAtMs ?? null;
  const hasMoved = startedBeforeMs !== null && startedBeforeMs !== observation.serverStartedAtMs;

  for (const alert of open) {
    yield;
    const witness = alert.witnesses.find((known) => known.source === observation.source);
    if (witness?.reporting !== true || reported.has(alert.fingerprint)) continue;
    const gone: Witness = {
      ...witness,
      reporting: false,
      lastSeenAtMs: before?.lastSuccessAtMs ?? witness.lastSeenAtMs,
    };
    const isKnown = uninterrupted || observation.knownEnds?.includes(alert.fingerprint) === true;
    const sawItEnd = isKnown && observation.unknownEnds?.includes(alert.fingerprint) !== true;
    letGo(draft, withWitness(alert, gone), sawItEnd, observation, context);
    touched.add(alert.incidentId);
  }
  for (const alert of reported.values()) {
    yield;
    const incidentId = hear(draft, alert, observation, context);
    if (incidentId !== undefined) touched.add(incidentId);
  }
  draft.putWatch({
    source: observation.source,
    lastSuccessAtMs: observation.atMs,
    // Alerts are asked for before the start: these may be of before it, and then the next are no comparison.
    serverStartedAtMs: hasMoved ? null : observation.serverStartedAtMs,
  });
  for (const incidentId of touched) {
    yield;
    settleIncident(draft, incidentId, observation.atMs);
  }
}

/** Writes into the draft which of its alerts a source doubts, without any news of the others. */
export function doubt(draft: BookDraft, observation: Observation, context: ObservationContext): void {
  const touched = new Set<number>();
  for (const alert of observation.alerts) {
    const incidentId = alert.doubt === undefined ? undefined : hear(draft, alert, observation, context);
    if (incidentId !== undefined) touched.add(incidentId);
  }
  for (const incidentId of touched) settleIncident(draft, incidentId, observation.atMs);
}

/**
 * Writes into the draft that sources went out of sight: alerts that no fresh source reports are unseen.
 * @returns the incidents that changed.
 */
export function loseSight(
  draft: BookDraft,
  open: Iterable<AlertRecord>,
  isFresh: (source: string) => boolean,
  atMs: number,
  cause: string,
): void {
  const touched = new Set<number>();
  for (const alert of open) {
    if (alert.state === 'unseen' || isReportedFresh(alert, isFresh)) continue;
    draft.putAlert({ ...alert, state: 'unseen' });
    if (!touched.has(alert.incidentId)) {
      draft.addTimeline({
        incidentId: alert.incidentId,
        atMs,
        kind: 'sight-lost',
        text: 'Sight lost',
        detail: cause,
        by: '',
      });
    }
    touched.add(alert.incidentId);
  }
  for (const incidentId of touched) settleIncident(draft, incidentId, atMs);
}

function isReportedFresh(alert: AlertRecord, isFresh: (source: string) => boolean): boolean {
  return alert.witnesses.some(
    ({ source, reporting, says }) => reporting && says !== 'unseen' && isFresh(source),
  );
}

/** A source no longer has an alert that it had. */
function letGo(
  draft: BookDraft,
  alert: AlertRecord,
  uninterrupted: boolean,
  observation: Observation,
  context: ObservationContext,
): void {
  const state = unitedState(alert, context.isFresh);
  if (state !== 'unseen') return draft.putAlert({ ...alert, state });
  if (!uninterrupted) {
    draft.putAlert({ ...alert, state: 'unseen' });
    if (draft.hasTimeline(alert.incidentId, 'sight-lost')) return;
    return draft.addTimeline({
      incidentId: alert.incidentId,
      atMs: observation.atMs,
      kind: 'sight-lost',
      text: 'Sight lost',
      detail: `${observation.source} ${whyNoEnd(observation)}, and does not have ${describe(alert.labels)}`,
      by: '',
    });
  }
  draft.putAlert({ ...alert, state: 'resolved', endedAtMs: observation.atMs });
  draft.addTimeline({
    incidentId: alert.incidentId,
    atMs: observation.atMs,
    kind: 'alert-resolved',
    text: `${describe(alert.labels)} resolved`,
    detail: `${observation.source} had it and let it go, after ${formatSpan(observation.atMs - alert.startsAtMs)}`,
    by: '',
  });
}

function whyNoEnd({ serverStartedAtMs }: Observation): string {
  return serverStartedAtMs === null ? 'does not tell whether it restarted' : 'restarted or was set up anew';
}

/** A source has an alert now. @returns the incident that changed, or undefined where nothing did. */
function hear(
  draft: BookDraft,
  heard: ObservedAlert,
  observation: Observation,
  context: ObservationContext,
): number | undefined {
  const known = draft.findOpenAlert(heard.fingerprint);
  // What its source does not see itself opens nothing.
  if (known === undefined)
    return heard.doubt === undefined ? begin(draft, heard, observation, context) : undefined;
  const seen = withWitness(known, witnessOf(observation, heard));
  const state = unitedState(seen, context.isFresh);
  const next: AlertRecord = {
    ...seen,
    annotations: heard.annotations,
    generatorUrl: linkOf(known, heard, observation.source),
    startsAtMs: Math.min(known.startsAtMs, heard.startsAtMs),
    state,
    silencedBy: state === 'suppressed' ? heard.silencedBy : [],
    inhibitedBy: state === 'suppressed' ? heard.inhibitedBy : [],
  };
  if (sameAlert(known, next)) return undefined;
  draft.putAlert(next);
  if (known.state !== state) tellStateChange(draft, known, next, observation, heard.doubt?.cause ?? '');
  return known.incidentId;
}

/** Replicas tell the same alert with links to themselves: one of them is kept, and no poll is a change of it. */
function linkOf({ generatorUrl, witnesses }: AlertRecord, heard: ObservedAlert, source: string): string {
  const others = witnesses.some((witness) => witness.reporting && witness.source !== source);
  const isKept = heard.generatorUrl === '' || (others && generatorUrl !== '');
  return isKept ? generatorUrl : heard.generatorUrl;
}

/** An alert that no open incident has: it joins the incident of its group or opens one. */
function begin(
  draft: BookDraft,
  heard: ObservedAlert,
  observation: Observation,
  context: ObservationContext,
): number {
  const home =
    draft.findSplit(heard.fingerprint) ??
    draft.findOpenIncident(groupKeyOf(heard.labels, context.groupBy)) ??
    openIncident(draft, heard, observation, context);
  const incident = holderOf(draft, home.id) ?? home;
  const again = draft.alert(incident.id, heard.fingerprint);
  draft.putAlert({
    incidentId: incident.id,
    homeIncidentId: home.id === incident.id ? null : home.id,
    fingerprint: heard.fingerprint,
    labels: heard.labels,
    annotations: heard.annotations,
    generatorUrl: heard.generatorUrl,
    startsAtMs: heard.startsAtMs,
    firstSeenAtMs: again?.firstSeenAtMs ?? observation.atMs,
    endedAtMs: null,
    state: heard.state,
    silencedBy: heard.silencedBy,
    inhibitedBy: heard.inhibitedBy,
    witnesses: [
      ...(again?.witnesses.filter((witness) => witness.source !== observation.source) ?? []),
      witnessOf(observation, heard),
    ],
  });
  draft.addTimeline({
    incidentId: incident.id,
    atMs: observation.atMs,
    kind: 'alert-fired',
    text: `${describe(heard.labels)} ${heard.state === 'suppressed' ? 'fires, suppressed' : again === undefined ? 'fired' : 'fired again'}`,
    detail: `told by ${observation.source}; since ${formatSpan(observation.atMs - heard.startsAtMs)}`,
    by: '',
  });
  return incident.id;
}

function openIncident(
  draft: BookDraft,
  heard: ObservedAlert,
  observation: Observation,
  context: ObservationContext,
): IncidentRecord {
  const incident: IncidentRecord = {
    id: draft.nextIncidentId(),
    groupKey: groupKeyOf(heard.labels, context.groupBy),
    title: titleOf(heard.labels),
    service: serviceOf(heard.labels),
    openedAtMs: observation.atMs,
    resolvedAtMs: null,
    acknowledgedBy: null,
    acknowledgedAtMs: null,
    verdicts: noVerdicts,
    mergedInto: null,
    revision: 0,
  };
  draft.putIncident(incident);
  draft.addTimeline({
    incidentId: incident.id,
    atMs: observation.atMs,
    kind: 'opened',
    text: 'Incident opened',
    detail: `severity ${severityOf(labelOf(heard.labels, 'severity')).word}, grouped by ${context.groupBy.join(', ')}`,
    by: '',
  });
  return incident;
}

/** Firing if any fresh source says so: one peer that does not know of a silence still pages. */
function unitedState(alert: AlertRecord, isFresh: (source: string) => boolean): AlertState {
  const says = alert.witnesses
    .filter((witness) => witness.reporting && isFresh(witness.source))
    .map((witness) => witness.says);
  if (says.includes('firing')) return 'firing';
  return says.includes('suppressed') ? 'suppressed' : 'unseen';
}

function tellStateChange(
  draft: BookDraft,
  known: AlertRecord,
  next: AlertRecord,
  observation: Observation,
  doubted: string,
): void {
  const entry = (
    kind: 'sight-lost' | 'sight-regained' | 'alert-suppressed' | 'alert-active',
    text: string,
    detail: string,
  ): void =>
    draft.addTimeline({ incidentId: next.incidentId, atMs: observation.atMs, kind, text, detail, by: '' });
  if (next.state === 'unseen') return entry('sight-lost', 'Sight lost', doubted);
  if (known.state === 'unseen')
    return entry('sight-regained', 'Sight regained', `${observation.source} has ${describe(next.labels)}`);
  if (next.state === 'suppressed')
    return entry('alert-suppressed', `${describe(next.labels)} suppressed`, suppressors(next));
  entry('alert-active', `${describe(next.labels)} no longer suppressed`, `told by ${observation.source}`);
}

function suppressors(alert: AlertRecord): string {
  if (alert.silencedBy.length > 0) return `by silence ${alert.silencedBy.join(', ')}`;
  if (alert.inhibitedBy.length > 0) return `inhibited by alert ${alert.inhibitedBy.join(', ')}`;
  return 'by the source';
}

function witnessOf(observation: Observation, heard: ObservedAlert): Witness {
  return {
    source: observation.source,
    reporting: true,
    says: heard.doubt === undefined ? heard.state : 'unseen',
    lastSeenAtMs: heard.doubt?.lastSeenAtMs ?? observation.atMs,
    serverStartedAtMs: observation.serverStartedAtMs,
  };
}

function withWitness(alert: AlertRecord, witness: Witness): AlertRecord {
  return {
    ...alert,
    witnesses: [...alert.witnesses.filter((known) => known.source !== witness.source), witness],
  };
}

/** Whether nothing that a person or a later comparison would notice has changed. */
function sameAlert(known: AlertRecord, next: AlertRecord): boolean {
  return (
    known.state === next.state &&
    known.startsAtMs === next.startsAtMs &&
    known.generatorUrl === next.generatorUrl &&
    sameLabels(known.annotations, next.annotations) &&
    sameList(known.silencedBy, next.silencedBy) &&
    sameList(known.inhibitedBy, next.inhibitedBy) &&
    known.witnesses.length === next.witnesses.length &&
    known.witnesses.every((witness) => next.witnesses.some((other) => sameWitness(witness, other)))
  );
}

/** When it was seen last is no news. */
function sameWitness(left: Witness, right: Witness): boolean {
  return (
    left.source === right.source &&
    left.reporting === right.reporting &&
    left.says === right.says &&
    left.serverStartedAtMs === right.serverStartedAtMs
  );
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index]);
}

/** The alert in a few words: its name and what tells it from its siblings. */
function describe(labels: Labels): string {
  const instance = ['instance', 'pod', 'node', 'host']
    .map((name) => labelOf(labels, name))
    .find((value) => value !== '');
  const name = titleOf(labels);
  return instance === undefined ? name : `${name} on ${instance}`;
}
