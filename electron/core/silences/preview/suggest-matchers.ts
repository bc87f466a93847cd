import type { AlertRecord } from '#core/store/records.ts';
import type { FiredPage, FiredQuery } from '#core/store/journal/fired-alerts.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { SilenceMatcher } from '#shared/model/silence.ts';
import type { Result } from '#shared/result.ts';
import { chooseMatchers, type OtherAlert } from '#shared/silences/choose-matchers.ts';
import { historyMs } from './silence-preview.ts';

/** Matchers for a silence made from alerts, weighed against all that fires and against what fired lately. */
export interface SuggestOptions {
  readonly openAlerts: () => Iterable<AlertRecord>;
  readonly fired: (query: FiredQuery) => Promise<FiredPage>;
  /** Of which the journal is asked: those that report alerts. */
  readonly sources: readonly string[];
  readonly nowMs: () => number;
}

/** Rows of the journal looked through, and label sets of them weighed, at most: more would choose the same. */
const mostRows = 50_000;
const mostFired = 2_000;

/** @returns a sentence about why there is no such silence. */
export async function suggestMatchers(
  chosen: readonly Labels[],
  options: SuggestOptions,
): Promise<Result<SilenceMatcher[], string>> {
  const open = [...options.openAlerts()].map(({ labels }) => ({ labels, isOpen: true }));
  const byOpen = chooseMatchers(chosen, open);
  if (!byOpen.ok) return byOpen;
  // Only what these would take too can be a reason to ask for more.
  return chooseMatchers(chosen, [...open, ...(await firedAs(byOpen.value, options))]);
}

async function firedAs(
  matchers: readonly SilenceMatcher[],
  { fired, sources, nowMs }: SuggestOptions,
): Promise<readonly OtherAlert[]> {
  const fromMs = nowMs() - historyMs;
  const others: OtherAlert[] = [];
  let looked = 0;
  for (let before: FiredPage['next'] = null; looked < mostRows && others.length < mostFired;) {
    const page: FiredPage = await fired({ matchers, sources, fromMs, before });
    others.push(...page.labelSets.map((labels) => ({ labels, isOpen: false })));
    looked += page.tally.looked;
    before = page.next;
    if (before === null) break;
  }
  return others;
}
