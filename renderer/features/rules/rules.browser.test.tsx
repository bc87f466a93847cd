import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Cleanup } from '#support/cleanup.ts';
import { localRulesSource, type RulesView, type RuleView } from '#shared/model/rule.ts';
import { consoleStatus, incidentDetail, incidentRow } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { openIncident, show } from '#renderer/actions/view.ts';

/** The console's own rules in the window: the way to them from what they raised, and what fails. */

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_440, 900));
afterEach(() => cleanup.run());

function rule(name: string, line: number, part: Partial<RuleView> = {}): RuleView {
  return {
    name,
    kind: 'alerting',
    expression: `${name}_total > 1`,
    forMs: 0,
    keepFiringForMs: 0,
    labels: {},
    annotations: {},
    line,
    health: 'ok',
    lastError: '',
    lastSuccessAtMs: Date.now() - 125_000,
    state: 'inactive',
    alerts: [],
    alertCount: 0,
    ...part,
  };
}

function rulesOf(rules: RuleView[]): RulesView {
  const nowMs = Date.now();
  const times = { intervalMs: 5_000, lastEvaluatedAtMs: nowMs, lastSlotAtMs: nowMs, missedSlots: 0 };
  const groups = [{ file: 'backend.yml', name: 'backend', ...times, rules }];
  return { folder: '/rules', source: 'prometheus', groups, problems: [] };
}

it('one key leads from an incident to the rule that raised it, and Escape back', async () => {
  const row = incidentRow({ id: 1, title: 'Second', sources: [localRulesSource] });
  const detail = incidentDetail(row);
  const [alert] = detail.alerts;
  if (alert === undefined) throw new Error('the model has no alert');
  const alerts = [{ ...alert, labels: { alertname: 'Second' }, sources: [localRulesSource] }];
  const details = new Map([[1, { ...detail, alerts }]]);
  const rules = rulesOf([rule('First', 3), rule('Second', 9)]);
  const app = mountWindow(new ScriptedCore({ incidents: [row], details, rules }), cleanup);
  openIncident(app, 1);
  await expect.element(page.getByRole('button', { name: 'local rule backend.yml:9' })).toBeVisible();
  await userEvent.keyboard('7');
  await expect.element(page.getByRole('heading', { level: 2, name: 'Second' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('heading', { level: 1, name: 'Second' })).toBeVisible();
});

it('a rule that fails says since when, its alerts are what was, and the window is not live', async () => {
  const active = { annotations: {}, state: 'firing', activeAtMs: 1, firedAtMs: 1, value: '1' } as const;
  const failing = rule('Down', 3, {
    health: 'error',
    lastError: 'it does not answer',
    state: 'firing',
    alerts: [{ ...active, labels: { alertname: 'Down' } }],
    alertCount: 1,
  });
  const cause = 'A local rule cannot be evaluated: it does not answer';
  const sight = { kind: 'partial', lastSeenAtMs: Date.now(), cause } as const;
  const core = new ScriptedCore({ console: consoleStatus({ sight }), rules: rulesOf([failing]) });
  const app = mountWindow(core, cleanup);
  show(app, { kind: 'rules' });
  await expect.element(page.getByText('but 1 local rule')).toBeVisible();
  await expect.element(page.getByText('Not every local rule can be evaluated.')).toBeVisible();
  const detail = page.getByRole('complementary', { name: 'Rule' });
  await expect.element(detail.getByText('was firing')).toBeVisible();
  await expect.element(detail.getByText(/^2m \d+s/).first()).toBeVisible();
  await expect.element(detail.getByText(/ago; its alerts are kept/)).toBeVisible();
});
