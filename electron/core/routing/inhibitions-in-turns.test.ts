import { expect, test } from 'vitest';
import { inhibitedBy } from '#shared/routing/inhibited-by.ts';
import { readRoutingConfiguration } from '#shared/routing/read/read-configuration.ts';
import { inhibitionsInTurns } from './inhibitions-in-turns.ts';

const rules = Array.from(
  { length: 40 },
  (_, index) =>
    `- { source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [l${index % 4}] }\n`,
).join('');
const { inhibitRules } = readRoutingConfiguration(
  `route: { receiver: r }\nreceivers: [{ name: r }]\ninhibit_rules:\n${rules}`,
);
const firing = Array.from({ length: 4_000 }, (_, index) => ({
  labels: { severity: index % 3 === 0 ? 'critical' : 'warning', l1: String(index % 7), l2: String(index) },
}));
const labels = { severity: 'warning', l1: '3' };

test('finds the same, and lets others go on meanwhile', async () => {
  let turns = 0;
  const beat = setInterval(() => (turns += 1), 1);
  const found = await inhibitionsInTurns(inhibitRules, labels, firing, new AbortController().signal);
  clearInterval(beat);
  expect(found).toEqual(inhibitedBy(inhibitRules, labels, firing));
  expect(found?.length).toBeGreaterThan(0);
  expect(turns).toBeGreaterThan(0);
});

test('ends once nobody waits', async () => {
  const controller = new AbortController();
  const asked = inhibitionsInTurns(inhibitRules, labels, firing, controller.signal);
  controller.abort();
  expect(await asked).toBeNull();
});
