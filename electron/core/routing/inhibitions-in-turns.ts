import type { Labels } from '#shared/model/labels.ts';
import { inhibitedBy, type Inhibition } from '#shared/routing/inhibited-by.ts';
import type { InhibitRule } from '#shared/routing/model.ts';

/** How long one turn may take; a single rule over fifty thousand alerts takes about as long. */
const turnMs = 8;

/**
 * As `inhibitedBy`, rule after rule, in turns between which everything else goes on: dozens of rules over tens of
 * thousands of alerts take a second.
 * @returns null once nobody waits for it any more.
 */
export async function inhibitionsInTurns<Alert extends { readonly labels: Labels }>(
  rules: readonly InhibitRule[],
  labels: Labels,
  firing: readonly Alert[],
  signal: AbortSignal,
): Promise<readonly Inhibition<Alert>[] | null> {
  const found: Inhibition<Alert>[] = [];
  let endsAtMs = performance.now() + turnMs;
  for (const [ruleIndex, rule] of rules.entries()) {
    for (const { by } of inhibitedBy([rule], labels, firing)) found.push({ by, rule, ruleIndex });
    if (performance.now() < endsAtMs) continue;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (signal.aborted) return null;
    endsAtMs = performance.now() + turnMs;
  }
  return found;
}
