import type { Page } from 'playwright';
import { commandFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import { success } from '#shared/result.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { consoleStatus } from './models.ts';
import { ScriptedCore, type ScriptedAnswers, type ScriptedState } from './scripted-core.ts';
import type { ScriptedHost } from './scripted-host.ts';
import { crowdedChart, crowdedState } from './scripted-crowd.ts';
import { blindState, failing, nightChart, nightSources, nightState, withAllKinds } from './scripted-world.ts';

/** What a person does, and what befalls the console, until the state is there. */
export type Arrange = (page: Page, host: ScriptedHost, core: ScriptedCore) => Promise<void>;

/** The states that the screens are designed for, each with what brings it about. */
export interface ScreenState {
  readonly core: () => ScriptedCore;
  /** The end of the address, `#/sources`. */
  readonly at?: string;
  readonly notifications?: 'granted' | 'denied';
  readonly arrange?: Arrange;
  /** Errors that Chromium itself prints in this state. */
  readonly tolerated?: readonly RegExp[];
}

const blindForMs = 18 * minuteMs + 57 * secondMs;

function liveAnswers(nowMs: number, seriesCount?: number): Partial<ScriptedAnswers> {
  return {
    chart: ({ fromMs, toMs }) =>
      success(
        nightChart({
          fromMs,
          toMs,
          firedAtMs: nowMs - 252 * secondMs,
          origin: { kind: 'live', source: 'prometheus', atMs: nowMs },
          ...(seriesCount === undefined ? {} : { seriesCount }),
        }),
      ),
    describe: () =>
      success({
        facts: [
          { label: 'Version', value: '3.5.0, revision 8be3a9560fbd' },
          { label: 'Targets', value: '41 up, 1 down' },
          { label: 'Rules', value: '38 in 7 groups' },
        ],
      }),
  };
}

/** The night with what is said here otherwise. */
export function night(
  part: Partial<ScriptedState> = {},
  answers: Partial<ScriptedAnswers> = {},
): ScriptedCore {
  const nowMs = Date.now();
  return new ScriptedCore({ ...nightState(nowMs), ...part }, { ...liveAnswers(nowMs), ...answers });
}

/** Data of a source that has been gone for so long. */
export function cachedOf(source: string, agoMs: number): Extract<Origin, { kind: 'cache' }> {
  return { kind: 'cache', source, atMs: Date.now() - agoMs, reason: `${source} refused the connection` };
}

/** These sources, and no others, are gone. */
export function gone(names: readonly string[], forMs: number): Pick<ScriptedState, 'sources'> {
  const nowMs = Date.now();
  const sources = withAllKinds(nowMs).sources.map((source) =>
    names.includes(source.name) ? failing(source, nowMs, forMs) : source,
  );
  return { sources };
}

/** Every source is gone: what the whole console then shows beside any view. */
export function blindNight(): Partial<ScriptedState> {
  const nowMs = Date.now();
  const state = blindState(nowMs, blindForMs);
  const sources = withAllKinds(nowMs).sources.map((source) => failing(source, nowMs, blindForMs));
  const sight = { ...state.console.sight, cause: 'All 5 sources refuse the connection.' };
  return { ...state, sources, console: { ...state.console, sight } };
}

function blind(): ScriptedCore {
  const nowMs = Date.now();
  const seenUntilMs = nowMs - blindForMs;
  return new ScriptedCore(blindState(nowMs, blindForMs), {
    chart: ({ fromMs, toMs }) =>
      success(
        nightChart({
          fromMs,
          toMs,
          firedAtMs: seenUntilMs - 252 * secondMs,
          seenUntilMs,
          origin: {
            kind: 'cache',
            source: 'prometheus',
            atMs: seenUntilMs,
            reason: 'prometheus refused the connection',
          },
        }),
      ),
  });
}

/** Everything as long and as many as servers may send it. */
function crowded(sight: 'live' | 'blind'): ScriptedCore {
  const nowMs = Date.now();
  return night(crowdedState(nowMs, sight), {
    chart: ({ fromMs, toMs }) => success(crowdedChart({ fromMs, toMs, nowMs })),
  });
}

function partlyBlind(): ScriptedCore {
  const nowMs = Date.now();
  const sources = nightSources(nowMs).map((source) =>
    source.name === 'alertmanager-b' ? failing(source, nowMs, 9 * minuteMs) : source,
  );
  const sight = {
    kind: 'partial' as const,
    lastSeenAtMs: nowMs - 2 * secondMs,
    cause: 'alertmanager-b refused the connection.',
  };
  return night({ sources, console: consoleStatus({ sight }) });
}

/** One source of alerts answers without what always fires there. */
function withoutWatchdog(): ScriptedCore {
  const nowMs = Date.now();
  const missing = { sinceMs: nowMs - 9 * minuteMs, matchers: 'alertname="Watchdog"' };
  const sources = nightSources(nowMs).map((source) =>
    source.name === 'alertmanager-b' ? { ...source, missingWatchdog: missing } : source,
  );
  const cause = 'alertmanager-b answers without its watchdog: what fires may not reach it.';
  const sight = { kind: 'partial' as const, lastSeenAtMs: nowMs - 2 * secondMs, cause };
  return night({ sources, console: consoleStatus({ sight }) });
}

function quiet(part: Partial<ScriptedState> = {}): ScriptedCore {
  const nowMs = Date.now();
  const sight = { kind: 'live' as const, lastSeenAtMs: nowMs - 2 * secondMs, cause: '' };
  return new ScriptedCore({
    ...nightState(nowMs),
    incidents: [],
    console: consoleStatus({ sight }),
    ...part,
  });
}

const demoNotices = (nowMs: number) =>
  consoleStatus({
    demo: true,
    environment: 'demo',
    sight: { kind: 'live', lastSeenAtMs: nowMs, cause: '' },
    configuration: { path: '/home/a.okafor/.config/opssight/opssight.yaml', state: 'none', problems: [] },
    offers: [{ kind: 'prometheus', url: 'http://127.0.0.1:9090', version: '3.5.0' }],
    notices: [
      {
        id: 'recovered',
        severity: 'warning',
        message: 'The cache was damaged and has been begun anew.',
        nextStep: 'Nothing is to be done; it fills again by itself.',
        atMs: nowMs - 40 * secondMs,
      },
    ],
  });

const brokenConfiguration = (nowMs: number) =>
  consoleStatus({
    sight: { kind: 'live', lastSeenAtMs: nowMs, cause: '' },
    configuration: {
      path: '/home/a.okafor/.config/opssight/opssight.yaml',
      state: 'broken',
      problems: [
        {
          severity: 'error',
          file: '/home/a.okafor/.config/opssight/opssight.yaml',
          line: 14,
          column: 11,
          path: 'sources[1].kind',
          message: 'alertmangler is not a kind of source',
          accepted: 'prometheus or alertmanager; the nearest is alertmanager',
        },
        {
          severity: 'warning',
          file: '/home/a.okafor/.config/opssight/opssight.yaml',
          line: 3,
          column: 1,
          path: 'enviroment',
          message: 'enviroment is not a key',
          accepted: 'the nearest is environment',
        },
      ],
    },
  });

export async function inboxShown(page: Page): Promise<void> {
  await page
    .getByRole('row', { name: /HighErrorRate/ })
    .first()
    .waitFor();
}

async function crowdShown(page: Page): Promise<void> {
  await page
    .getByRole('row', { name: /KubernetesPersistentVolume/ })
    .first()
    .waitFor();
}

async function open(page: Page, name: string): Promise<void> {
  await page
    .getByRole('row', { name: new RegExp(name) })
    .first()
    .dblclick();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

const refusedFetch = /Failed to load resource|WebSocket connection/;

export const screenStates: Readonly<Record<string, ScreenState>> = {
  'inbox-live': { core: night, arrange: inboxShown },
  'inbox-first-load': { core: () => new ScriptedCore({}, {}, { silent: true }) },
  'inbox-empty': { core: quiet },
  'inbox-unwatched': {
    core: () =>
      quiet({
        sources: [],
        console: consoleStatus({ sight: { kind: 'unwatched', lastSeenAtMs: null, cause: '' } }),
      }),
  },
  'inbox-partial': { core: partlyBlind, arrange: inboxShown },
  'inbox-blind': { core: blind, arrange: inboxShown },
  'inbox-crowded': { core: () => crowded('live'), arrange: crowdShown },
  'inbox-blind-crowded': { core: () => crowded('blind'), arrange: crowdShown },
  'inbox-demo': {
    core: () => night({ console: demoNotices(Date.now()) }),
    notifications: 'denied',
    arrange: inboxShown,
  },
  'inbox-acknowledged': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('a');
      await page.getByText('Acknowledged INC-412').waitFor();
    },
  },
  'inbox-refused': {
    core: () =>
      night(
        {},
        {
          refuse: new Map([
            [
              'incident.acknowledge',
              commandFailure('read-only', 'the journal cannot be written', 'Free some space on the disk.'),
            ],
          ]),
        },
      ),
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('a');
      await page.getByText(/Could not acknowledge/).waitFor();
    },
  },
  'inbox-going': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('g');
    },
  },
  'inbox-note': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('n');
      await page.getByRole('dialog').waitFor();
    },
  },
  'core-restarting': {
    core: night,
    arrange: async (page, host) => {
      await inboxShown(page);
      host.tell({
        kind: 'core-state',
        state: 'restarting',
        crashes: 5,
        nextStartAtMs: Date.now() + 60_000,
        safeModeOffered: true,
        message: 'the core ended with signal SIGSEGV',
      });
      await page.getByText('The core stopped').waitFor();
    },
  },
  'host-gone': {
    core: night,
    tolerated: [refusedFetch],
    arrange: async (page, host) => {
      await inboxShown(page);
      host.goDark();
      await page.getByText(/Cached/).waitFor();
    },
  },
  'configuration-broken': {
    core: () => night({ console: brokenConfiguration(Date.now()) }),
    arrange: inboxShown,
  },
  'incident-live': { core: night, arrange: (page) => open(page, 'HighErrorRate') },
  'incident-many-series': {
    core: () => night({}, liveAnswers(Date.now(), 3)),
    arrange: async (page) => {
      await open(page, 'HighErrorRate');
      const plot = page.getByRole('img', { name: /series/ });
      await plot.waitFor();
      await plot.hover();
    },
  },
  'incident-crowded': {
    core: () => crowded('live'),
    arrange: async (page) => {
      await crowdShown(page);
      await page.keyboard.press('Enter');
      await page.getByRole('img', { name: /series/ }).waitFor();
    },
  },
  'incident-blind': { core: blind, arrange: (page) => open(page, 'HighErrorRate') },
  'incident-unseen': { core: partlyBlind, arrange: (page) => open(page, 'APIDown') },
  'incident-unknown-chart': {
    core: () =>
      night(
        {},
        {
          chart: ({ fromMs, toMs }) =>
            success({
              ...nightChart({
                fromMs,
                toMs,
                firedAtMs: fromMs,
                origin: { kind: 'unknown', reason: 'nothing was fetched before 02:10' },
              }),
              series: [],
            }),
        },
      ),
    arrange: (page) => open(page, 'HighErrorRate'),
  },
  'incident-chart-failed': {
    core: () =>
      night(
        {},
        {
          refuse: new Map([
            [
              'incident.chart',
              commandFailure(
                'source-failed',
                'prometheus refused the expression: parse error',
                'Look at the rule.',
              ),
            ],
          ]),
        },
      ),
    arrange: (page) => open(page, 'HighErrorRate'),
  },
  'incident-none': { core: night, at: '#/incident/999' },
  'sources-live': { core: night, at: '#/sources' },
  'sources-failing': {
    core: partlyBlind,
    at: '#/sources',
    arrange: async (page) => {
      await page.getByRole('row', { name: /alertmanager-b/ }).click();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'alertmanager-b' }).waitFor();
    },
  },
  'sources-watchdog': {
    core: withoutWatchdog,
    at: '#/sources',
    arrange: async (page) => {
      await page.getByRole('row', { name: /alertmanager-b/ }).click();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'alertmanager-b' }).waitFor();
    },
  },
  'sources-crowded': { core: () => crowded('blind'), at: '#/sources' },
  'sources-described': {
    core: night,
    at: '#/sources',
    arrange: async (page) => {
      await page
        .getByRole('row', { name: /prometheus/ })
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
      await page.getByText('41 up, 1 down').waitFor();
    },
  },
  'settings-sources': { core: night, at: '#/settings/sources' },
  'settings-form': {
    core: () =>
      night(
        {},
        {
          test: () =>
            success({
              asks: [],
              steps: [
                { name: 'Address', detail: 'https, port 443', tookMs: 0, failure: null },
                { name: 'Connect', detail: '10.20.0.11:443', tookMs: 12, failure: null },
                {
                  name: 'Certificate',
                  detail: '',
                  tookMs: 31,
                  failure: {
                    code: 'tls',
                    message: 'the certificate is signed by an authority that is not trusted',
                    nextStep: 'Name the authority’s file, or pin the certificate.',
                    retryAfterMs: null,
                    status: null,
                  },
                },
              ],
            }),
        },
      ),
    at: '#/settings/sources',
    arrange: async (page) => {
      await page
        .getByRole('row', { name: /prometheus/ })
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('not trusted').waitFor();
    },
  },
  'settings-form-empty': {
    core: night,
    at: '#/settings/sources',
    arrange: async (page) => {
      await page
        .getByRole('row', { name: /prometheus/ })
        .first()
        .waitFor();
      await page.keyboard.press('n');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('A name of 1 to 64 characters.').waitFor();
    },
  },
  'settings-remove': {
    core: night,
    at: '#/settings/sources',
    arrange: async (page) => {
      await page
        .getByRole('row', { name: /prometheus/ })
        .first()
        .waitFor();
      await page.keyboard.press('Delete');
      await page.getByRole('dialog').waitFor();
    },
  },
  'settings-appearance': { core: night, at: '#/settings/appearance' },
  'settings-keys': { core: night, at: '#/settings/keys' },
  'settings-configuration': {
    core: () => {
      const console = brokenConfiguration(Date.now());
      const { settings } = nightState(Date.now());
      return night({ console, settings: { ...settings, problems: console.configuration.problems } });
    },
    at: '#/settings/configuration',
  },
  palette: {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.type('so');
    },
  },
  help: {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  refused: {
    core: night,
    tolerated: [refusedFetch],
    arrange: async (page, host) => {
      host.goDark();
      await page.reload();
      await page.getByText('no key to the console').waitFor();
    },
  },
};
