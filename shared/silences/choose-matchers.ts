import { keyOfLabels, labelOf, type Labels } from '#shared/model/labels.ts';
import { isAskable, type SilenceMatcher } from '#shared/model/silence.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { isClassicName } from '#shared/routing/matchers/read-matchers.ts';
import { matcherOfValues } from './matcher-values.ts';
import { labelKindOf, labelKinds, preferenceOf, tellsCopies, type LabelKind } from './label-kinds.ts';

/**
 * Matchers for a silence that is made from alerts: all of these, and as few others as is sensible. Asking for
 * every label takes nothing else, and nothing of the same trouble either as soon as one label changes; see
 * `label-kinds.ts` for what is asked for and why.
 */
export interface OtherAlert {
  readonly labels: Labels;
  /** Whether it fires now; else it did once. */
  readonly isOpen: boolean;
}

/** A label that all chosen alerts have, with what it would be asked to be. */
interface Candidate {
  readonly name: string;
  readonly kind: LabelKind;
  readonly values: ReadonlySet<string>;
}

/** More values than these say nothing: then the label is left open, unless that hides what fires. */
const mostValues = 8;
const mostValuesToSpare = 50;
/** Where nothing else is shared, a long list is better than no silence. */
const mostValuesAtNeed = 200;
const mostOthers = 20_000;
/** Sparing an alert that fires is worth more than any number of those that fired. */
const openWeight = mostOthers + 1;

/** @returns a sentence about why there is no such silence. */
export function chooseMatchers(
  chosen: readonly Labels[],
  others: readonly OtherAlert[],
): Result<SilenceMatcher[], string> {
  const candidates = candidatesOf(chosen);
  const few = candidates.filter(({ values }) => values.size <= mostValues);
  const identity = identifying(few);
  // What these do not take anyway is no reason to ask for more, and is not looked at closer.
  const near = others.filter(({ labels }) => takes(identity, labels));
  const strangers = strangersTo(chosen, near);
  const standIn = identity.length > 0 ? [] : [...few, ...candidates].slice(0, 1);
  const start = [...identity, ...standIn];
  if (start.length === 0) return failed('these alerts share no label that a silence could ask for');
  const spare = candidates.filter(
    (one) => !start.includes(one) && (one.values.size <= mostValues || isWorthAList(one)),
  );
  const optional = [...standIn, ...sparing(start, spare, strangers)];
  return success(
    [...identity, ...withoutNeedless(identity, optional, strangers)].map(({ name, values }) =>
      matcherOfValues(name, values),
    ),
  );
}

/** In the order in which they are preferred. */
function candidatesOf(chosen: readonly Labels[]): readonly Candidate[] {
  const names = Object.keys(chosen[0] ?? {}).filter(isClassicName);
  return names
    .flatMap((name): Candidate[] => {
      const values = new Set(chosen.map((labels) => labelOf(labels, name)));
      const isUsable = [...values].every((value) => value !== '' && value.isWellFormed());
      const kind = worstKind(name, chosen);
      const isShort = values.size <= mostValuesAtNeed && isAskable(matcherOfValues(name, values));
      return isUsable && isShort && kind !== 'copy' ? [{ name, kind, values }] : [];
    })
    .toSorted(
      (left, right) =>
        labelKinds.indexOf(left.kind) - labelKinds.indexOf(right.kind) ||
        preferenceOf(left.name) - preferenceOf(right.name) ||
        (left.name < right.name ? -1 : 1),
    );
}

/** One value that changes is enough for a label to change. */
function worstKind(name: string, chosen: readonly Labels[]): LabelKind {
  const kinds = chosen.map((labels) => labelKinds.indexOf(labelKindOf(name, labels)));
  return labelKinds[Math.max(...kinds)] ?? 'part';
}

/** The alert's name, the first that names its service, and the first that says where. */
function identifying(few: readonly Candidate[]): readonly Candidate[] {
  return (['name', 'service', 'place'] as const).flatMap(
    (kind) => few.find((candidate) => candidate.kind === kind) ?? [],
  );
}

/** What identifies the trouble may be a longer list. */
function isWorthAList({ kind, values }: Candidate): boolean {
  return (kind === 'name' || kind === 'service' || kind === 'place') && values.size <= mostValuesToSpare;
}

/** Whether that it is spared is worth asking for the label: lists and lives are asked for what fires now alone. */
function isReason({ isOpen }: OtherAlert, { kind, values }: Candidate): boolean {
  return isOpen || (kind !== 'incarnation' && values.size <= mostValues);
}

/** What is not chosen, and is no chosen one seen by another watcher. */
function strangersTo(chosen: readonly Labels[], others: readonly OtherAlert[]): readonly OtherAlert[] {
  const own = new Set(chosen.map(keyWithoutCopies));
  return others.slice(0, mostOthers).filter(({ labels }) => !own.has(keyWithoutCopies(labels)));
}

function keyWithoutCopies(labels: Labels): string {
  const kept = Object.entries(labels).filter(([name]) => !tellsCopies(name));
  return keyOfLabels(Object.fromEntries(kept));
}

/** Adds a label at a time, kind by kind: each time the one that spares most of those still taken. */
function sparing(
  start: readonly Candidate[],
  spare: readonly Candidate[],
  strangers: readonly OtherAlert[],
): readonly Candidate[] {
  const added: Candidate[] = [];
  let taken = strangers.filter(({ labels }) => takes(start, labels));
  for (const kind of labelKinds) {
    for (let left = spare.filter((one) => one.kind === kind); left.length > 0 && taken.length > 0;) {
      const weighed = left.map((candidate) => ({
        candidate,
        spared: weightOf(
          taken.filter((other) => isReason(other, candidate) && !takes([candidate], other.labels)),
        ),
      }));
      const best = weighed.reduce((most, one) => (one.spared > most.spared ? one : most));
      if (best.spared === 0) break;
      added.push(best.candidate);
      left = left.filter((one) => one !== best.candidate);
      taken = taken.filter(({ labels }) => takes([best.candidate], labels));
    }
  }
  return added;
}

function weightOf(others: readonly OtherAlert[]): number {
  return others.reduce((sum, { isOpen }) => sum + (isOpen ? openWeight : 1), 0);
}

/** What a later choice has made superfluous goes again, the least wanted first. */
function withoutNeedless(
  identity: readonly Candidate[],
  optional: readonly Candidate[],
  strangers: readonly OtherAlert[],
): readonly Candidate[] {
  let kept = optional;
  for (const one of optional.toReversed()) {
    const without = kept.filter((other) => other !== one);
    const rest = [...identity, ...without];
    if (rest.length === 0) continue;
    const needs = (other: OtherAlert): boolean =>
      isReason(other, one) && takes(rest, other.labels) && !takes([one], other.labels);
    if (!strangers.some(needs)) kept = without;
  }
  return kept;
}

function takes(candidates: readonly Candidate[], labels: Labels): boolean {
  return candidates.every(({ name, values }) => values.has(labelOf(labels, name)));
}
