import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import { minuteMs } from '#shared/time.ts';
import { incidentRow } from './models.ts';
import type { ScriptedCore } from './scripted-core.ts';
import { inboxShown, night, type ScreenState } from './scripted-screens.ts';
import { nightState } from './scripted-world.ts';

/** Everything that the inbox has a section for, with what keeps it from notifying and when it fired before. */
function triage(): ScriptedCore {
  const nowMs = Date.now();
  const state = nightState(nowMs);
  const ago = (minutes: number): number => nowMs - minutes * minuteMs;
  const warning = { level: 'warning', word: 'Warning' } as const;
  const info = { level: 'info', word: 'Info' } as const;
  const part = { openedAtMs: ago(40), startsAtMs: ago(40), lastSeenAtMs: nowMs };
  const labels = (alertname: string, service: string, cluster: string) => ({ alertname, service, cluster });
  const more = [
    incidentRow({
      ...part,
      id: 420,
      title: 'HighMemoryUsage',
      service: 'pipeline',
      severity: warning,
      summary: 'runner-3 90.9 %',
      labels: labels('HighMemoryUsage', 'pipeline', 'eu-1'),
      snoozed: { by: 'a.okafor', atMs: ago(20), untilMs: nowMs + 90 * minuteMs },
    }),
    incidentRow({
      ...part,
      id: 421,
      title: 'LowFeatureAdoption',
      service: 'product',
      severity: info,
      summary: 'rate 0.07/s',
      labels: labels('LowFeatureAdoption', 'product', 'us-2'),
      snoozed: { by: 'a.okafor', atMs: ago(20), untilMs: null },
    }),
    incidentRow({
      ...part,
      id: 422,
      title: 'UserEngagementDrop',
      service: 'business',
      severity: info,
      summary: 'outside active hours',
      labels: labels('UserEngagementDrop', 'business', 'us-2'),
    }),
    incidentRow({
      ...part,
      startsAtMs: ago(2),
      id: 423,
      title: 'WebhookDown',
      service: 'pipeline',
      severity: warning,
      summary: 'webhook-2 answers 502',
      labels: labels('WebhookDown', 'pipeline', 'eu-1'),
    }),
    incidentRow({
      ...part,
      id: 424,
      title: 'CertificateExpires',
      service: 'frontend',
      severity: info,
      summary: 'in 29 days',
      labels: labels('CertificateExpires', 'frontend', 'eu-1'),
      noise: { by: 'm.lindqvist', atMs: ago(10) },
    }),
    incidentRow({
      ...part,
      id: 425,
      title: 'ReplicationLag',
      service: 'postgres',
      severity: warning,
      summary: '41 s behind on pg-2',
      labels: labels('ReplicationLag', 'postgres', 'eu-1'),
      assignedTo: 'm.lindqvist',
      forgotten: { by: 'a.okafor', atMs: ago(300), cameBackAtMs: ago(60) },
    }),
  ];
  const earlier = (...spans: readonly (readonly [number, number])[]): [number, number][] =>
    spans.map(([from, to]) => [ago(from), ago(to)]);
  const signs: IncidentSigns[] = [
    { id: 412, earlier: earlier([1_300, 1_270], [700, 640]) },
    { id: 390, silencedBy: ['7f2e9a01-8f0a-4d0e-9f38-b7c0a2b1c001'] },
    { id: 391, inhibitedBy: ['DatabaseConnectionHigh'] },
    { id: 422, mutedBy: ['nights-and-weekends'] },
    { id: 423, earlier: earlier([55, 50], [40, 33], [20, 12]) },
  ].map((one) => ({ earlier: [], silencedBy: [], inhibitedBy: [], mutedBy: [], ...one }));
  const facts = new Map([
    [412, ['q2x8m', 'w7zkd', '5hn4t'].map((pod) => ({ labels: { alertname: 'HighErrorRate', pod } }))],
  ]);
  return night({ ...state, incidents: [...state.incidents, ...more], signs, facts });
}

/** The states of the inbox: its filter, its saved views, how it is laid out. */
export const inboxStates: Readonly<Record<string, ScreenState>> = {
  'inbox-triage': {
    core: triage,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('l');
      await page.getByText('q2x8m').first().waitFor();
    },
  },
  'inbox-grouped': {
    core: triage,
    arrange: async (page) => {
      await inboxShown(page);
      for (const key of ['o', '2', 'o', 'g']) await page.keyboard.press(key);
      await page.keyboard.type('service');
      await page.keyboard.press('Enter');
      await page.getByText('grouped by service').waitFor();
      await page.keyboard.press('h');
      await page.keyboard.press('o');
      await page.getByRole('list', { name: 'Arrange by' }).waitFor();
    },
  },
  'inbox-filter': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('severity=warning service=~"post.*"');
      await page.keyboard.press('Enter');
      await page.getByRole('row', { name: /DiskSpaceLow/ }).waitFor();
    },
  },
  'inbox-filter-completed': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('severity=warning service=');
      await page.getByRole('option', { name: /backend/ }).waitFor();
      await page.keyboard.press('ArrowDown');
    },
  },
  'inbox-filter-unknown': {
    core: () => night({ facts: new Map([[413, [{ receivers: ['pager'] }]]]) }),
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('@receiver=pager');
      await page.keyboard.press('Enter');
      await page.getByText('May match').waitFor();
    },
  },
  'inbox-views': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      const views = [
        { name: 'Warnings', filter: 'severity=warning' },
        { name: 'Databases', filter: 'service=~"post.*|redis"' },
        { name: 'Fresh pages', filter: '@age<15m @severity=critical @acked-by=""' },
        { name: 'Pager', filter: '@receiver=pager' },
        { name: 'From an older console', filter: '@colour=red' },
      ];
      const kept = JSON.stringify({ theme: 'system', views });
      await page.evaluate((text) => localStorage.setItem('opssight.preferences', text), kept);
      await page.reload();
      await inboxShown(page);
      await page.keyboard.press('v');
      await page.keyboard.press('2');
      await page.getByRole('button', { name: /Databases \d/, pressed: true }).waitFor();
    },
  },
  'inbox-view-named': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('severity=warning');
      await page.keyboard.press('Enter');
      await page.keyboard.press('v');
      await page.keyboard.press('s');
      await page.keyboard.type('Warnings');
      await page.getByLabel('Name of the view').waitFor();
    },
  },
  'inbox-filter-wrong': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('pod=~"(?=x"');
      await page.getByText(/not a pattern/).waitFor();
    },
  },
};
