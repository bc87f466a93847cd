import type { Page } from 'playwright';
import { commandFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { OverviewPanel } from '#shared/model/overview.ts';
import type { RuleGroupView, RulesView, RuleView } from '#shared/model/rule.ts';
import type { Chart } from '#shared/model/series.ts';
import { failed, success } from '#shared/result.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import type { ScriptedAnswers, ScriptedCore, ScriptedQuestions, ScriptedState } from './scripted-core.ts';
import { hostileKeys, hostileText, hostileTrace } from './scripted-hostile.ts';
import { refusedBy } from './scripted-log-screens.ts';
import { logAnswer, logLine, nightLines } from './scripted-logs.ts';
import { blindNight, cachedOf, night, type Arrange, type ScreenState } from './scripted-screens.ts';
import { jaegerOf, movedTrace, tracesOfNight } from './scripted-traces.ts';
import { nightChart, nightState, withAllKinds } from './scripted-world.ts';

/** The states of the overview, of the local rules, and of what stands beside an incident. */

const cachedForMs = 18 * minuteMs + 57 * secondMs;
const unknown: Origin = { kind: 'unknown', reason: 'nothing was fetched before 02:10' };

interface Script {
  readonly on?: ScriptedQuestions;
  readonly answers?: Partial<ScriptedAnswers>;
  readonly state?: Partial<ScriptedState>;
}

function withKinds({ on = {}, answers, state }: Script): ScriptedCore {
  return night({ ...withAllKinds(Date.now()), ...state }, { on, ...answers });
}

const told =
  (text: RegExp | string): Arrange =>
  (page) =>
    page.getByText(text).first().waitFor();

// The overview.

function panelsOf(service: string): readonly OverviewPanel[] {
  const panel = (
    signal: OverviewPanel['signal'],
    title: string,
    unit: OverviewPanel['unit'],
    names = [''],
  ) => ({
    id: `${service}-${signal}`,
    service,
    signal,
    title,
    unit,
    source: 'prometheus',
    expressions: names.map((name) => ({ name, expression: `${signal}${name}{service="${service}"}` })),
  });
  return [
    panel('latency', 'opssight_request_duration_seconds', 'seconds', ['p50', 'p95', 'p99']),
    panel('traffic', 'requests', 'per second'),
    panel('errors', '5xx of requests', 'share'),
    panel('saturation', 'connections', ''),
  ];
}

const nightPanels = ['backend', 'frontend', 'postgres'].flatMap(panelsOf);

function panelChart(origin: Origin, { fromMs, toMs }: Pick<Chart, 'fromMs' | 'toMs'>): Chart {
  const seenUntilMs = origin.kind === 'cache' ? origin.atMs : toMs;
  const chart = nightChart({ fromMs, toMs, firedAtMs: seenUntilMs - 252 * secondMs, origin, seenUntilMs });
  return { ...chart, threshold: null, ...(origin.kind === 'unknown' ? { series: [], seriesTotal: 0 } : {}) };
}

function overview(
  originOf: (expression: string) => Origin | null,
  { on, ...script }: Script & { readonly panels?: readonly OverviewPanel[]; readonly note?: string } = {},
): ScriptedCore {
  const panels = [...(script.panels ?? nightPanels)];
  const gone = refusedBy('prometheus', '10.20.0.11:9090');
  return withKinds({
    ...script,
    on: {
      'overview.read': () => success({ panels, note: script.note ?? '' }),
      'metrics.chart': (input) => {
        const origin = originOf(input.expression);
        return origin === null ? failed(gone) : success(panelChart(origin, input));
      },
      ...on,
    },
  });
}

const live = (): Origin => ({ kind: 'live', source: 'prometheus', atMs: Date.now() });
const cached = (): Origin => cachedOf('prometheus', cachedForMs);

async function panelsShown(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'backend latency' }).waitFor();
  await page.waitForFunction(() => !document.body.textContent.includes('Asking for its samples'));
}

const overviewStates: Readonly<Record<string, Omit<ScreenState, 'at'>>> = {
  'overview-live': { core: () => overview(live), arrange: panelsShown },
  'overview-first-load': {
    core: () => overview(live, { answers: { hold: new Set(['overview.read']) } }),
    arrange: (page) => page.getByRole('heading', { level: 1 }).waitFor(),
  },
  'overview-panels-asked': {
    core: () => overview(live, { answers: { hold: new Set(['metrics.chart']) } }),
    arrange: told(/Asking for its samples/),
  },
  'overview-none': {
    core: () => overview(live, { panels: [], note: 'No Prometheus is configured.' }),
    arrange: told(/No Prometheus/),
  },
  'overview-failed': { core: () => overview(() => null), arrange: told(/refused the connection/) },
  'overview-cached': {
    core: () => overview(cached, { note: 'No source of metrics answers.' }),
    arrange: panelsShown,
  },
  'overview-blind': {
    core: () => overview(cached, { note: 'No source of metrics answers.', state: blindNight() }),
    arrange: panelsShown,
  },
  'overview-partial': {
    core: () =>
      overview((expression) => {
        if (expression.includes('postgres')) return null;
        if (expression.includes('frontend')) return cached();
        return expression.startsWith('errors') ? unknown : live();
      }),
    arrange: panelsShown,
  },
  'overview-empty-panels': {
    core: () =>
      overview(live, {
        on: {
          'metrics.chart': (input) => success({ ...panelChart(live(), input), series: [], seriesTotal: 0 }),
        },
      }),
    arrange: told(/no samples in this range/),
  },
  'overview-one-panel': {
    core: () => overview(live),
    arrange: async (page) => {
      await panelsShown(page);
      await page.keyboard.press('Enter');
    },
  },
  'overview-one-service': {
    core: () => overview(live),
    arrange: async (page) => {
      await panelsShown(page);
      await page.keyboard.press('f');
      await page.getByText('service = backend').waitFor();
    },
  },
  'overview-crowded': {
    core: () =>
      overview(live, {
        panels: Array.from({ length: 4 }, (_none, index) =>
          panelsOf(`service-${index}-of-a-long-name`),
        ).flat(),
        on: {
          'metrics.chart': ({ fromMs, toMs }) =>
            success(
              nightChart({
                fromMs,
                toMs,
                firedAtMs: Date.now() - 252 * secondMs,
                origin: live(),
                seriesCount: 5,
              }),
            ),
        },
      }),
    arrange: told(/service-0/),
  },
};

// Local rules.

function rule(part: Partial<RuleView>): RuleView {
  return {
    name: 'HighErrorRate',
    kind: 'alerting',
    expression: 'sum by (service) (rate(opssight_requests_total{status=~"5.."}[5m])) > 0.1',
    forMs: 2 * minuteMs,
    keepFiringForMs: 0,
    labels: { severity: 'critical' },
    annotations: { summary: 'High error rate on {{ $labels.service }}' },
    line: 12,
    health: 'ok',
    lastError: '',
    lastSuccessAtMs: null,
    state: 'inactive',
    alerts: [],
    alertCount: part.alerts?.length ?? 0,
    ...part,
  };
}

function rulesView(nowMs: number, part: Partial<RulesView> = {}): RulesView {
  const alertOf = (state: 'pending' | 'firing', agoMs: number): RuleView['alerts'][number] => ({
    labels: { alertname: 'HighErrorRate', service: 'backend', severity: 'critical' },
    annotations: { summary: 'High error rate on backend' },
    state,
    activeAtMs: nowMs - agoMs,
    firedAtMs: state === 'firing' ? nowMs - agoMs + 2 * minuteMs : null,
    value: '7.793333333333333',
  });
  const group = (name: string, rules: readonly RuleView[]): RuleGroupView => ({
    file: '/etc/opssight/rules/backend.yml',
    name,
    intervalMs: 30 * secondMs,
    lastEvaluatedAtMs: nowMs - 12 * secondMs,
    lastSlotAtMs: nowMs - 14 * secondMs,
    missedSlots: 0,
    rules: [...rules],
  });
  return {
    folder: '/etc/opssight/rules',
    source: 'prometheus',
    groups: [
      group('backend', [
        rule({ state: 'firing', alerts: [alertOf('firing', 6 * minuteMs), alertOf('pending', minuteMs)] }),
        rule({
          name: 'HighResponseTime',
          state: 'pending',
          line: 30,
          alerts: [alertOf('pending', minuteMs)],
        }),
        rule({ name: 'service:errors:rate5m', kind: 'recording', forMs: 0, line: 44 }),
      ]),
      group('database', [
        rule({ name: 'DatabaseConnectionHigh', line: 4 }),
        rule({
          name: 'SlowDatabaseQueries',
          line: 16,
          health: 'error',
          lastError: 'prometheus: query timed out in expression evaluation',
        }),
        rule({
          name: 'ReplicationLag',
          line: 28,
          health: 'unsupported',
          lastError: 'the function "query" is not known in annotations.summary',
        }),
        rule({ name: 'RedisDown', line: 40, health: 'unknown' }),
      ]),
    ],
    problems: [],
    ...part,
  };
}

function rules(part: Partial<RulesView> = {}, state: Partial<ScriptedState> = {}): ScriptedCore {
  return withKinds({ state: { ...state, rules: rulesView(Date.now(), part) } });
}

const ruleShown: Arrange = (page) =>
  page
    .getByRole('row', { name: /HighErrorRate/ })
    .first()
    .waitFor();

const brokenFiles: RulesView['problems'] = [
  {
    severity: 'error',
    file: '/etc/opssight/rules/redis.yml',
    line: 14,
    column: 9,
    path: 'groups[0].rules[2].expr',
    message: 'the expression is empty',
    accepted: 'a PromQL expression',
  },
  {
    severity: 'warning',
    file: '/etc/opssight/rules/backend.yml',
    line: 31,
    column: 7,
    path: 'groups[0].rules[1].anotations',
    message: 'anotations is not a key',
    accepted: 'the nearest is annotations',
  },
];

const ruleStates: Readonly<Record<string, Omit<ScreenState, 'at'>>> = {
  'rules-live': { core: () => rules(), arrange: ruleShown },
  'rules-error': {
    core: () => rules(),
    arrange: async (page, host, core) => {
      await ruleShown(page, host, core);
      for (const key of ['j', 'j', 'j', 'j']) await page.keyboard.press(key);
      await page.getByText(/query timed out/).waitFor();
    },
  },
  'rules-problems': { core: () => rules({ problems: [...brokenFiles] }), arrange: ruleShown },
  'rules-none': {
    core: () => rules({ folder: '', groups: [], source: '' }),
    arrange: told(/No local rules/),
  },
  'rules-all-broken': {
    core: () => rules({ groups: [], problems: [...brokenFiles] }),
    arrange: told(/no rule that could be loaded/),
  },
  'rules-no-source': { core: () => rules({ source: '' }), arrange: ruleShown },
  'rules-blind': { core: () => rules({}, blindNight()), arrange: ruleShown },
  'rules-hostile': {
    core: () => {
      const view = rulesView(Date.now());
      const [group] = view.groups;
      if (group === undefined) throw new Error('there is a group');
      const labels = hostileKeys(60);
      const alert = { ...group.rules[0]?.alerts[0], labels, annotations: labels, value: hostileText };
      const hostile = rule({
        name: hostileText,
        expression: hostileText.repeat(300),
        lastError: hostileText,
        annotations: hostileKeys(60),
        state: 'firing',
        alerts: Array.from({ length: 60 }, () => alert as RuleView['alerts'][number]),
      });
      return rules({
        groups: [{ ...group, name: hostileText, rules: [hostile] }],
        problems: Array.from({ length: 30 }, () => ({
          severity: 'error' as const,
          file: hostileText,
          line: 1,
          column: 1,
          path: hostileText,
          message: hostileText,
          accepted: hostileText,
        })),
      });
    },
    arrange: (page) => page.getByRole('row').nth(1).waitFor(),
  },
};

// What stands beside an incident.

const runbook = `# High error rate

Server errors of **backend** above 0.1 per second for two minutes.

## First look

1. [ ] Is the connection pool full? Look for \`QueuePool limit\` in the logs at the fire.
2. [ ] Which pods? The new ones only, or all of them.

\`\`\`sh
kubectl -n production rollout history deployment/backend
\`\`\`

| pool | meaning |
|---|---|
| 30/30 in use | full: requests wait, then fail |

> Roll back first, look for the cause after.
`;

interface EvidenceScript extends Script {
  readonly origin?: (source: string) => Origin;
  readonly empty?: boolean;
}

function incident({ origin, empty = false, on, answers, state }: EvidenceScript = {}): ScriptedCore {
  const nowMs = Date.now();
  const from = origin ?? ((source: string): Origin => ({ kind: 'live', source, atMs: nowMs }));
  const nothing = empty || from('loki').kind === 'unknown';
  const jaeger = jaegerOf(nothing ? [] : tracesOfNight(nowMs, 9), from('jaeger'));
  const search = { source: '', service: 'backend', operation: '', tags: [], limit: 20 };
  const range = { minDurationNs: null, maxDurationNs: null, fromMs: nowMs - 30 * minuteMs, toMs: nowMs };
  return withKinds({
    on: {
      'incident.logs': () =>
        success(logAnswer(nothing ? [] : nightLines(nowMs - 252 * secondMs, 40), { origin: from('loki') })),
      'incident.traces': () =>
        jaeger['traces.search']?.({ ...search, ...range }) ?? failed(refusedBy('jaeger', '')),
      'incident.runbook': () =>
        success({
          link: empty ? null : { url: 'https://runbooks.example/backend/high-error-rate', trouble: '' },
          runbook: empty
            ? null
            : {
                title: 'High error rate',
                markdown: runbook,
                path: 'runbooks/backend/high-error-rate.md',
                writtenAtMs: nowMs - 40 * 24 * 60 * minuteMs,
                readAtMs: nowMs - (from('loki').kind === 'live' ? 2 * secondMs : cachedForMs),
              },
        }),
      ...on,
    },
    answers: { ...answers },
    state: { ...state },
  });
}

async function open(page: Page): Promise<void> {
  await page
    .getByRole('row', { name: /HighErrorRate/ })
    .first()
    .dblclick();
  await page.getByRole('heading', { name: 'HighErrorRate', level: 1 }).waitFor();
  const logs = page.getByRole('region', { name: 'Logs at the fire' });
  await logs.waitFor();
  await logs.evaluate((pane) => pane.scrollIntoView({ block: 'start' }));
}

async function openAtRunbook(page: Page): Promise<void> {
  await open(page);
  await page.keyboard.press('6');
}

const linkElsewhere = {
  url: 'https://wiki.example/runbooks/high-error-rate',
  trouble: 'it is a web page and no Markdown',
};

const gone: ScriptedQuestions = {
  'incident.logs': () => failed(refusedBy('loki', '10.20.0.14:3100')),
  'incident.traces': () => failed(refusedBy('jaeger', '10.20.0.15:16686')),
  'incident.runbook': () =>
    failed(
      commandFailure(
        'unavailable',
        'runbooks/backend/high-error-rate.md cannot be read',
        'Look at its permissions.',
      ),
    ),
};

const evidenceStates: Readonly<Record<string, ScreenState>> = {
  'incident-evidence': { core: () => incident(), arrange: open },
  'incident-runbook': { core: () => incident(), arrange: openAtRunbook },
  'incident-evidence-asked': {
    core: () =>
      incident({ answers: { hold: new Set(['incident.logs', 'incident.traces', 'incident.runbook']) } }),
    arrange: open,
  },
  'incident-evidence-empty': { core: () => incident({ empty: true }), arrange: open },
  'incident-evidence-failed': { core: () => incident({ on: gone }), arrange: open },
  'incident-evidence-cached': {
    core: () => incident({ origin: (source) => cachedOf(source, cachedForMs) }),
    arrange: open,
  },
  'incident-runbook-cached': {
    core: () => incident({ origin: (source) => cachedOf(source, cachedForMs) }),
    arrange: openAtRunbook,
  },
  'incident-evidence-unknown': { core: () => incident({ origin: () => unknown }), arrange: open },
  'incident-evidence-blind': {
    core: () => incident({ origin: (source) => cachedOf(source, cachedForMs), state: blindNight() }),
    arrange: open,
  },
  'incident-evidence-partial': {
    core: () =>
      incident({
        origin: (source) => (source === 'jaeger' ? cachedOf(source, cachedForMs) : live()),
        on: { 'incident.runbook': () => success({ runbook: null, link: linkElsewhere }) },
      }),
    arrange: open,
  },
  'incident-evidence-hostile': {
    core: () => {
      const nowMs = Date.now();
      const line = logLine({
        atMs: nowMs,
        text: `${hostileText}${'x'.repeat(250_000)}`,
        cutFrom: 1_048_576,
        metadata: hostileKeys(10_000),
      });
      const trace = movedTrace(hostileTrace(100), nowMs - minuteMs);
      const traces = jaegerOf([trace], live())['traces.search'];
      return incident({
        on: {
          'incident.logs': () => success(logAnswer([line], { streams: [{ [hostileText]: hostileText }] })),
          'incident.traces': () => {
            const search = { source: '', service: hostileText, operation: '', tags: [], limit: 20 };
            const range = { minDurationNs: null, maxDurationNs: null, fromMs: nowMs - minuteMs, toMs: nowMs };
            return traces?.({ ...search, ...range }) ?? failed(refusedBy('jaeger', ''));
          },
          'incident.runbook': () =>
            success({
              link: { url: hostileText, trouble: hostileText },
              runbook: {
                title: hostileText,
                markdown: `# ${hostileText}\n\n- [ ] ${hostileText}\n\n[go](javascript:window.wasHostile=1)\n\n![x](http://203.0.113.9/x.png)`,
                path: hostileText,
                writtenAtMs: nowMs,
                readAtMs: nowMs,
              },
            }),
        },
      });
    },
    arrange: open,
  },
  'incident-local-rule': {
    core: () => {
      const nowMs = Date.now();
      const state = nightState(nowMs);
      const own = { sources: [localRulesSource] };
      const incidents = state.incidents.map((row) => (row.id === 412 ? { ...row, ...own } : row));
      const details = new Map(
        [...state.details].map(([id, detail]) => [
          id,
          id === 412 ? { ...detail, row: { ...detail.row, ...own } } : detail,
        ]),
      );
      return incident({ state: { incidents, details } });
    },
    arrange: open,
  },
};

function all(
  states: Readonly<Record<string, Omit<ScreenState, 'at'>>>,
  at: string,
): Readonly<Record<string, ScreenState>> {
  return Object.fromEntries(Object.entries(states).map(([name, state]) => [name, { ...state, at }]));
}

export const evidenceScreens: Readonly<Record<string, ScreenState>> = {
  ...all(overviewStates, '#/overview'),
  ...all(ruleStates, '#/rules'),
  ...evidenceStates,
};
