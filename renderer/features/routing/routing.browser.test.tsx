import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { page, userEvent, type Locator } from 'vitest/browser';
import { commandFailure } from '#shared/failure.ts';
import { fingerprintOf } from '#shared/model/labels.ts';
import type { Paging, RouteRow, RoutingTree } from '#shared/model/routing.ts';
import { failed, success } from '#shared/result.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import { alert, consoleStatus, incidentDetail, incidentRow, sourceHealth } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { openIncident, show } from '#renderer/actions/view.ts';
import { Cleanup } from '#support/cleanup.ts';

/** The routing view in each of its states, and the way to it from an incident. */

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_440, 900));
afterEach(() => cleanup.run());

function route(id: number, part: Partial<RouteRow>): RouteRow {
  return {
    id,
    depth: id === 0 ? 0 : 1,
    line: id + 1,
    receiver: 'chat',
    integrations: ['slack'],
    matchers: [],
    unreadable: false,
    goesOn: false,
    groupBy: ['alertname'],
    groupWaitMs: 30 * secondMs,
    groupIntervalMs: 5 * minuteMs,
    repeatIntervalMs: 4 * hourMs,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    ...part,
  };
}

function tree(part: Partial<RoutingTree> = {}): RoutingTree {
  const pager = route(1, {
    receiver: 'pager',
    matchers: [{ name: 'severity', operator: '=~', value: 'critical|page' }],
    muteTimeIntervals: ['nights'],
  });
  return {
    key: 'one',
    source: 'am',
    origin: { kind: 'live', source: 'am', atMs: Date.now() },
    routes: [route(0, {}), pager],
    routeCount: 2,
    inhibitRules: 0,
    problems: [],
    ...part,
  };
}

/** As a core answers: critical ones go to the pager, the others to the root. */
function paging(labels: Readonly<Record<string, string>>): Paging {
  const isCritical = labels['severity'] === 'critical';
  const { routes } = tree();
  const { id, receiver, integrations, groupBy, ...times } = routes[isCritical ? 1 : 0] ?? route(0, {});
  const { groupWaitMs, groupIntervalMs, repeatIntervalMs } = times;
  const atMs = Date.now();
  const delivery = {
    routeId: id,
    path: isCritical ? [0, 1] : [0],
    receiver,
    integrations,
    groupBy,
    groupWaitMs,
    groupIntervalMs,
    repeatIntervalMs,
    outcome: 'pages',
    mute: { isMuted: false, by: [], cause: null, turnsAtMs: null, isInServerZone: false },
    earliestAtMs: atMs + groupWaitMs,
  } as const;
  return {
    key: 'one',
    source: 'am',
    origin: { kind: 'live', source: 'am', atMs },
    atMs,
    wouldBeRefused: false,
    firingSinceMs: null,
    inhibitedBy: [],
    inhibitedByCount: 0,
    silencedBy: [],
    deliveries: [{ ...delivery, mute: { ...delivery.mute, by: [] }, path: [...delivery.path] }],
  };
}

const sources = [sourceHealth({ name: 'am', kind: 'alertmanager' })];

function coreWith(answer: RoutingTree): ScriptedCore {
  return new ScriptedCore(
    { sources },
    {
      on: {
        'routing.tree': () => success(answer),
        'routing.explain': ({ labels }) => success(paging(labels)),
      },
    },
  );
}

function textOf(locator: Locator): string {
  return locator.query()?.textContent ?? '';
}

const answer = page.getByRole('status', { name: 'Whom it pages' });

it('the tree is shown with what each route takes, and the path that the labels take', async () => {
  const app = mountWindow(coreWith(tree()), cleanup);
  show(app, { kind: 'routing' });
  const pager = page.getByRole('row').filter({ hasText: 'pager' });
  await expect.poll(() => textOf(pager)).toMatch(/severity=~critical\|page.*not in nights/);
  await expect.poll(() => textOf(answer)).toMatch(/^An alert without labels: Pages chat by slack in 30s\.$/);
  await userEvent.keyboard('/');
  await userEvent.keyboard('severity=critical');
  await expect.poll(() => textOf(answer)).toMatch(/^Pages pager by slack in 30s\.$/);
  await expect.poll(() => textOf(pager)).toMatch(/^pages/);
  await expect.poll(() => textOf(page.getByRole('row').filter({ hasText: 'every alert' }))).toMatch(/^via/);
  await userEvent.keyboard(' team');
  await expect.poll(() => textOf(answer)).toMatch(/^Write the value of team behind it: team=value\.$/);
  await expect.element(page.getByRole('combobox')).toHaveAttribute('aria-invalid', 'true');
});

it('what is cached has its age and cause; what would be refused its line and field', async () => {
  const origin = {
    kind: 'cache',
    source: 'am',
    atMs: Date.now() - hourMs,
    reason: 'am: it is away.',
  } as const;
  const problem = {
    line: 28,
    column: 9,
    field: 'route.oops',
    message: 'there is no field',
    accepted: 'none',
  };
  const app = mountWindow(coreWith(tree({ origin, problems: [problem] })), cleanup);
  show(app, { kind: 'routing' });
  await expect.element(page.getByText(/cached 1h/)).toBeVisible();
  await expect.element(page.getByText('am: it is away.')).toBeVisible();
  await expect
    .poll(() => textOf(page.getByRole('region', { name: 'Why it would be refused' })))
    .toMatch(/Would be refused.*line 28, route\.oops there is no field Accepted: none/);
});

it('nothing known, nothing answered yet, nothing that can be read, and a failure are each said', async () => {
  const core = coreWith(tree());
  core.answer({ hold: new Set(['routing.tree', 'routing.explain']) });
  const app = mountWindow(core, cleanup);
  show(app, { kind: 'routing' });
  await expect.element(page.getByText('Asking the core how alerts are routed.')).toBeVisible();

  const mountWith = async (on: ConstructorParameters<typeof ScriptedCore>[1]): Promise<void> => {
    await cleanup.run();
    show(mountWindow(new ScriptedCore({ sources }, on), cleanup), { kind: 'routing' });
  };
  const unknown = tree({ key: '', routes: [], origin: { kind: 'unknown', reason: 'it has not spoken' } });
  await mountWith({ on: { 'routing.tree': () => success(unknown) } });
  await expect.element(page.getByText(/Not known how alerts are routed: it has not spoken/)).toBeVisible();
  const safe = new ScriptedCore(
    { sources: [], console: consoleStatus({ safeMode: true }) },
    { on: { 'routing.tree': () => success(unknown) } },
  );
  await cleanup.run();
  show(mountWindow(safe, cleanup), { kind: 'routing' });
  await expect.element(page.getByText(/Safe mode: no Alertmanager is asked/)).toBeVisible();
  await mountWith({ on: { 'routing.tree': () => success(tree({ routes: [], routeCount: 0 })) } });
  await expect.element(page.getByText(/No route can be read in it/)).toBeVisible();
  const broke = commandFailure('internal', 'it broke', 'Try again.');
  await mountWith({ on: { 'routing.tree': () => failed(broke) } });
  await expect.element(page.getByText(/The routing was not read: it broke/)).toBeVisible();
});

it('one key leads from an incident to whom its alert pages, and Escape back', async () => {
  const row = incidentRow({ id: 1, title: 'DiskFull', sources: ['am'] });
  const labels = { alertname: 'DiskFull', severity: 'critical', mountpoint: '/srv/a b' };
  const own = alert({ fingerprint: fingerprintOf(labels), labels, sources: ['am'] });
  const details = new Map([[1, incidentDetail(row, { alerts: [own] })]]);
  const core = new ScriptedCore(
    { sources, incidents: [row], details },
    {
      on: {
        'routing.tree': () => success(tree()),
        'routing.explain': (asked) => success(paging(asked.labels)),
      },
    },
  );
  const app = mountWindow(core, cleanup);
  openIncident(app, 1);
  await expect.element(page.getByRole('heading', { level: 1, name: 'DiskFull' })).toBeVisible();
  await userEvent.keyboard('8');
  await expect
    .element(page.getByRole('combobox', { name: 'Labels of an alert' }))
    .toHaveValue('alertname=DiskFull severity=critical mountpoint="/srv/a b"');
  await expect.poll(() => textOf(answer)).toMatch(/^Pages pager by slack/);
  expect(core.calls.find(({ command }) => command === 'routing.explain')?.input).toEqual({
    subject: { kind: 'source', name: 'am' },
    labels,
  });
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('heading', { level: 1, name: 'DiskFull' })).toBeVisible();
});
