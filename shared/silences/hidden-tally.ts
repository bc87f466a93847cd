import { labelOf, type Labels } from '#shared/model/labels.ts';
import { severityOf } from '#shared/model/severity.ts';
import type { CompiledSilence } from './compile-silence.ts';
import { identityOf } from './label-kinds.ts';

/**
 * What a silence takes of some alerts, counted: small enough to be sent between threads however many it takes.
 * Tallies of parts are added up; an alert that several parts have is one.
 */
export interface TalliedAlert {
  readonly incidentId: number;
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly startsAtMs: number;
  /** Null while it is open. */
  readonly endedAtMs: number | null;
}

export interface HiddenTally {
  /** How many were looked at, taken or not. */
  readonly looked: number;
  readonly fingerprints: ReadonlySet<string>;
  readonly incidentIds: ReadonlySet<number>;
  /** Names by fingerprint of those that are critical, at most `mostNamed`. */
  readonly criticalNames: ReadonlyMap<string, string>;
  readonly critical: ReadonlySet<string>;
  /** What kinds of trouble it takes, and when each was there: by the alert's name. */
  readonly troubles: ReadonlyMap<string, readonly Span[]>;
  readonly services: ReadonlySet<string>;
  readonly severities: ReadonlySet<string>;
}

/** Until null it goes on. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number | null;
}

const mostNamed = 20;
const mostTroubles = 200;
const mostSpans = 100;
const mostKinds = 200;

/** @param isTheirs whether the servers that get the silence have the alert. */
export function tallyHidden<Alert extends TalliedAlert>(
  alerts: readonly Alert[],
  silence: CompiledSilence,
  isTheirs: (alert: Alert) => boolean = () => true,
): HiddenTally {
  const taken = alerts.filter((alert) => silence.matches(alert.labels) && isTheirs(alert));
  const critical = taken.filter(({ labels }) => isCritical(labels));
  const troubles = new Map<string, Span[]>();
  for (const { labels, startsAtMs, endedAtMs } of taken) {
    const name = labelOf(labels, 'alertname');
    const spans = troubles.get(name) ?? [];
    spans.push({ fromMs: startsAtMs, toMs: endedAtMs });
    troubles.set(name, spans);
  }
  return {
    looked: alerts.length,
    fingerprints: new Set(taken.map(({ fingerprint }) => fingerprint)),
    incidentIds: new Set(taken.map(({ incidentId }) => incidentId)),
    critical: new Set(critical.map(({ fingerprint }) => fingerprint)),
    criticalNames: firstOf(critical.map(({ fingerprint, labels }) => [fingerprint, identityOf(labels)])),
    troubles: new Map([...troubles].slice(0, mostTroubles).map(([name, spans]) => [name, united(spans)])),
    services: fewOf(taken.map(({ labels }) => labelOf(labels, 'service'))),
    severities: fewOf(taken.map(({ labels }) => severityOf(labelOf(labels, 'severity')).word)),
  };
}

/** Adds up part by part, as parts come: no part costs more than it has itself. */
export class TallySum implements HiddenTally {
  readonly fingerprints = new Set<string>();
  readonly incidentIds = new Set<number>();
  readonly critical = new Set<string>();
  readonly criticalNames = new Map<string, string>();
  readonly troubles = new Map<string, readonly Span[]>();
  readonly services = new Set<string>();
  readonly severities = new Set<string>();
  looked = 0;

  add(part: HiddenTally): void {
    this.looked += part.looked;
    addAll(this.fingerprints, part.fingerprints);
    addAll(this.incidentIds, part.incidentIds);
    addAll(this.critical, part.critical);
    addAll(this.services, part.services, mostKinds);
    addAll(this.severities, part.severities, mostKinds);
    for (const [fingerprint, name] of part.criticalNames)
      if (this.criticalNames.size < mostNamed) this.criticalNames.set(fingerprint, name);
    for (const [name, spans] of part.troubles) {
      const known = this.troubles.get(name);
      if (known !== undefined) this.troubles.set(name, united([...known, ...spans]));
      else if (this.troubles.size < mostTroubles) this.troubles.set(name, spans);
    }
  }
}

function addAll<Value>(set: Set<Value>, values: Iterable<Value>, most = Number.POSITIVE_INFINITY): void {
  for (const value of values) if (set.size < most) set.add(value);
}

function isCritical(labels: Labels): boolean {
  return severityOf(labelOf(labels, 'severity')).level === 'critical';
}

/** Whether any moment is in both. */
export function overlaps(left: readonly Span[], right: readonly Span[]): boolean {
  return left.some((one) =>
    right.some(
      (other) =>
        one.fromMs <= (other.toMs ?? Number.POSITIVE_INFINITY) &&
        other.fromMs <= (one.toMs ?? Number.POSITIVE_INFINITY),
    ),
  );
}

/** Sorted and joined where they touch; of too many the newest. */
function united(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((left, right) => left.fromMs - right.fromMs)) {
    const last = joined.at(-1);
    if (last === undefined || (last.toMs !== null && last.toMs < span.fromMs)) joined.push(span);
    else joined[joined.length - 1] = { fromMs: last.fromMs, toMs: later(last.toMs, span.toMs) };
  }
  return joined.slice(-mostSpans);
}

function later(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : Math.max(left, right);
}

function firstOf(names: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map([...new Map(names)].slice(0, mostNamed));
}

function fewOf(values: readonly string[]): ReadonlySet<string> {
  return new Set([...new Set(values)].slice(0, mostKinds));
}
