import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { commandFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { OverviewPanel } from '#shared/model/overview.ts';
import { failed, success } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { consoleStatus } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { nightChart } from '#support/scripted-world.ts';
import type { App } from '#renderer/app.ts';
import { requestPanel } from '#renderer/bridge/overview-feed.ts';

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

const cause = '10.20.0.11:9090 refused the connection';
const gone = commandFailure('source-failed', cause, 'Check that the server runs.');
const live = (): Origin => ({ kind: 'live', source: 'prometheus', atMs: Date.now() });
const cached = (): Origin => ({
  kind: 'cache',
  source: 'prometheus',
  atMs: Date.now() - 4 * minuteMs - 10_000,
  reason: cause,
});
const unknown: Origin = { kind: 'unknown', reason: 'nothing was fetched before 02:10' };

type Answer = () => Origin | 'failure' | 'no-samples' | 'silence';

function panelOf(service: string): OverviewPanel {
  return {
    id: `${service}-errors`,
    service,
    signal: 'errors',
    title: '5xx of requests',
    unit: 'share',
    source: 'prometheus',
    expressions: [{ name: '', expression: service }],
  };
}

interface Shown {
  readonly app: App;
  /** How a panel is answered from now on; it is asked again at once. */
  readonly answer: (service: string, next: Answer) => void;
}

/** The overview of one panel for each answer. */
function shown(answers: Readonly<Record<string, Answer>>, isBlind = false): Shown {
  const now = new Map(Object.entries(answers));
  const panels = [...now.keys()].map(panelOf);
  const sight = { kind: isBlind ? 'blind' : 'live', lastSeenAtMs: Date.now() - minuteMs, cause: '' } as const;
  const core = new ScriptedCore(
    { console: consoleStatus({ sight }) },
    {
      on: {
        'overview.read': () => success({ panels, note: '' }),
        'metrics.chart': ({ expression, fromMs, toMs }) => {
          const answer = now.get(expression)?.() ?? 'failure';
          if (answer === 'failure') return failed(gone);
          const origin = typeof answer === 'string' ? live() : answer;
          const chart = nightChart({ fromMs, toMs, firedAtMs: toMs - minuteMs, origin });
          const isBare = answer === 'no-samples' || origin.kind === 'unknown';
          return success({ ...chart, threshold: null, series: isBare ? [] : chart.series });
        },
      },
      hold: new Set([...now.values()].some((answer) => answer() === 'silence') ? ['metrics.chart'] : []),
    },
  );
  const app = mountWindow(core, cleanup);
  app.session.setState({ view: { kind: 'overview' } });
  const answer = (service: string, next: Answer): void => {
    now.set(service, next);
    const range = { fromMs: Date.now() - 60 * minuteMs, toMs: Date.now(), maxPoints: 240 };
    requestPanel(app.overview, app.core, panelOf(service), range);
  };
  return { app, answer };
}

const panel = (service: string) => page.getByRole('region', { name: `${service} errors` });
const drawing = (service: string) => panel(service).getByRole('img');

/** Whether the panel's head says by its ground that it is not live. */
function isHatched(service: string): boolean {
  const head = panel(service).element().querySelector('header');
  return head !== null && getComputedStyle(head).backgroundImage.includes('repeating-linear-gradient');
}

/** The share of the plot's ground that has any paint on it, away from lines and axes. */
function paintedShare(service: string): number {
  const canvas = panel(service).element().querySelector('canvas');
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return 0;
  const [left, top] = [Math.round(canvas.width * 0.4), Math.round(canvas.height * 0.3)];
  const { data } = context.getImageData(left, top, 60, 40);
  let painted = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) painted++;
  return painted / (data.length / 4);
}

describe('the overview', () => {
  it('shows a live panel plain: no hatching, no age', async () => {
    shown({ backend: live });
    await expect.element(drawing('backend')).toBeVisible();
    await expect.element(page.getByText('1 live')).toBeVisible();
    expect(isHatched('backend')).toBe(false);
    expect(panel('backend').element().textContent).not.toContain('cached');
  });

  it('shows a cached panel with its age, its cause and hatching in head and plot, and counts it so', async () => {
    shown({ backend: live, frontend: cached });
    await expect.element(drawing('frontend')).toBeVisible();
    await expect.element(panel('frontend').getByText(/^cached 4m/)).toBeVisible();
    await expect.element(panel('frontend').getByText(cause)).toBeVisible();
    await expect.element(page.getByText('1 cached')).toBeVisible();
    await expect.element(page.getByText('1 live')).toBeVisible();
    expect(isHatched('frontend')).toBe(true);
    expect(isHatched('backend')).toBe(false);
    await vi.waitFor(() => expect(paintedShare('frontend')).toBeGreaterThan(paintedShare('backend')));
  });

  it('keeps the drawing when the source stops answering, and it is not live any more', async () => {
    const { answer } = shown({ backend: live });
    await expect.element(page.getByText('1 live')).toBeVisible();
    expect(isHatched('backend')).toBe(false);
    answer('backend', () => 'failure');
    await expect.element(panel('backend').getByText(/^cached/)).toBeVisible();
    await expect.element(panel('backend').getByText(cause)).toBeVisible();
    await expect.element(page.getByText('0 live')).toBeVisible();
    expect(isHatched('backend')).toBe(true);
    await expect.element(drawing('backend')).toBeVisible();
    answer('backend', live);
    await expect.element(page.getByText('1 live')).toBeVisible();
    expect(isHatched('backend')).toBe(false);
  });

  it('shows nothing live in blind, though the source has answered', async () => {
    shown({ backend: live, frontend: cached }, true);
    await expect.element(drawing('backend')).toBeVisible();
    await expect.element(panel('backend').getByText(/^cached/)).toBeVisible();
    expect(isHatched('backend')).toBe(true);
    expect(isHatched('frontend')).toBe(true);
    expect(page.getByText(/\d live/).elements()).toHaveLength(0);
  });

  it('says what failed and what to do where there is nothing to draw', async () => {
    shown({ backend: () => 'failure', frontend: live });
    await expect.element(panel('backend').getByText('no answer')).toBeVisible();
    await expect.element(panel('backend').getByText(`${cause}. Check that the server runs.`)).toBeVisible();
    await expect.element(page.getByText('1 without an answer')).toBeVisible();
    expect(panel('backend').getByRole('img').elements()).toHaveLength(0);
  });

  it('tells unknown from no samples, and neither from waiting', async () => {
    shown({ backend: () => unknown, frontend: () => 'no-samples' });
    await expect.element(panel('backend').getByText(/Unknown: outside coverage/)).toBeVisible();
    await expect.element(panel('backend').getByText(/nothing was fetched before 02:10/)).toBeVisible();
    await expect.element(panel('frontend').getByText(/no samples in this range/)).toBeVisible();
    await expect.element(page.getByText('1 without an answer')).toBeVisible();
  });

  it('says that it waits for an answer, and claims nothing live meanwhile', async () => {
    shown({ backend: () => 'silence' });
    await expect.element(panel('backend').getByText('Asking for its samples.')).toBeVisible();
    await expect.element(page.getByText('0 live')).toBeVisible();
  });

  it('moves among its panels and opens one by keys', async () => {
    shown({ backend: live, frontend: live });
    await expect.element(drawing('frontend')).toBeVisible();
    await userEvent.keyboard('l');
    await expect.element(panel('frontend')).toHaveAttribute('aria-current', 'true');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(panel('backend').elements()).toHaveLength(0));
    await userEvent.keyboard('{Enter}');
    await expect.element(panel('backend')).toBeVisible();
  });

  it('says why there is no panel', async () => {
    shown({});
    await expect.element(page.getByText(/No panel: no source tells a golden signal/)).toBeVisible();
  });
});
