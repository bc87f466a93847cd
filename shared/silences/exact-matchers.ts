import { labelOf, type Labels } from '#shared/model/labels.ts';
import { isAskable, type SilenceMatcher } from '#shared/model/silence.ts';
import { isClassicName } from '#shared/routing/matchers/read-matchers.ts';
import { tellsCopies } from './label-kinds.ts';
import { matcherOfValues } from './matcher-values.ts';

/**
 * Matchers for silences that take some alerts and nothing else that fires: every label is asked for, because
 * these silences last for minutes and follow their alerts. Where alternatives would take another alert too, for
 * they are combined freely, the alerts are divided among several silences.
 */
export interface ExactMatchers {
  readonly sets: readonly (readonly SilenceMatcher[])[];
  /** Alerts for which there is no such silence: too many would be needed, or no server could tell them apart. */
  readonly leftOut: number;
}

const mostSets = 24;
const mostValues = 100;
/** Divided any further it would only take time: where strangers have the same labels nothing comes of it. */
const mostGroups = 1_000;

export function exactMatchers(own: readonly Labels[], others: readonly Labels[]): ExactMatchers {
  const sets: (readonly SilenceMatcher[])[] = [];
  let leftOut = 0;
  let looked = 0;
  const waiting = [{ own, others }];
  for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
    looked += 1;
    if (sets.length >= mostSets || looked > mostGroups) {
      leftOut += group.own.length;
      continue;
    }
    const shared = valuesOf(group.own);
    const near = group.others.filter((labels) => takes(shared, labels));
    const values = new Map([...shared, ...absentFrom(group.own, near)]);
    const taken = near.filter((labels) => takes(values, labels));
    const isExact = taken.length === 0 && [...values.values()].every(({ size }) => size <= mostValues);
    const set = isExact ? [...values].map(([name, some]) => matcherOfValues(name, some)) : [];
    if (shared.size > 0 && isExact && set.every(isAskable)) {
      sets.push(set);
      continue;
    }
    const parts = divided(group.own);
    if (parts === null) leftOut += group.own.length;
    else waiting.push(...parts.map((part) => ({ own: part, others: near })));
  }
  return { sets, leftOut };
}

/** The labels that all of them have, and with which values; what differs between watchers of one is left open. */
function valuesOf(alerts: readonly Labels[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = Object.keys(alerts[0] ?? {}).filter(isAsked);
  return new Map(
    names
      .toSorted()
      .map((name) => [name, new Set(alerts.map((labels) => labelOf(labels, name)))] as const)
      .filter(([, values]) => [...values].every((value) => value !== '' && value.isWellFormed())),
  );
}

/** Labels that others have and none of them: that they are missing tells them apart. */
function absentFrom(
  own: readonly Labels[],
  near: readonly Labels[],
): readonly (readonly [string, ReadonlySet<string>])[] {
  const names = new Set(near.flatMap((labels) => Object.keys(labels)));
  return [...names]
    .filter((name) => isAsked(name) && own.every((labels) => labelOf(labels, name) === ''))
    .toSorted()
    .map((name) => [name, new Set([''])]);
}

function isAsked(name: string): boolean {
  return isClassicName(name) && !tellsCopies(name);
}

function takes(values: ReadonlyMap<string, ReadonlySet<string>>, labels: Labels): boolean {
  return [...values].every(([name, some]) => some.has(labelOf(labels, name)));
}

/**
 * Into halves by the label with the fewest values, a missing one included, so that as many stay together as can;
 * null where nothing tells them apart.
 */
function divided(alerts: readonly Labels[]): readonly (readonly Labels[])[] | null {
  const names = new Set(alerts.flatMap((labels) => Object.keys(labels)));
  const divisions = [...names]
    .filter(isAsked)
    .toSorted()
    .map((name) => Map.groupBy(alerts, (labels) => labelOf(labels, name)))
    .filter(({ size }) => size > 1)
    .toSorted((left, right) => left.size - right.size);
  const [fewest] = divisions;
  if (fewest === undefined) return null;
  const parts = [...fewest.values()];
  const half = Math.ceil(parts.length / 2);
  return [parts.slice(0, half).flat(), parts.slice(half).flat()];
}
