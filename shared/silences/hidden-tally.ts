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

export const mostNamed = 20;
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

export function sumOfTallies(parts: readonly HiddenTally[]): HiddenTally {
  const spans = new Map<string, Span[]>();
  for (const [name, more] of parts.flatMap(({ troubles }) => [...troubles])) {
    const known = spans.get(name);
    if (known !== undefined) known.push(...more);
    else if (spans.size < mostTroubles) spans.set(name, [...more]);
  }
  return {
    looked: parts.reduce((sum, { looked }) => sum + looked, 0),
    fingerprints: unionOf(parts.map(({ fingerprints }) => fingerprints)),
    incidentIds: unionOf(parts.map(({ incidentIds }) => incidentIds)),
    critical: unionOf(parts.map(({ critical }) => critical)),
    criticalNames: firstOf(parts.flatMap(({ criticalNames }) => [...criticalNames])),
    troubles: new Map([...spans].map(([name, all]) => [name, united(all)])),
    services: fewOf(parts.flatMap(({ services }) => [...services])),
    severities: fewOf(parts.flatMap(({ severities }) => [...severities])),
  };
}

export function unionOf<Value>(sets: readonly ReadonlySet<Value>[]): ReadonlySet<Value> {
  const union = new Set<Value>();
  for (const set of sets) for (const value of set) union.add(value);
  return union;
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
