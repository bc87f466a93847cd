import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { App } from '#renderer/app.ts';
import { minuteMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { incidentRow } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore, type ScriptedState } from '#support/scripted-core.ts';

const cleanup = new Cleanup();
const nowMs = Date.now();
const warning = { level: 'warning', word: 'Warning' } as const;

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

const disk = incidentRow({
  id: 1,
  title: 'DiskFull',
  startsAtMs: nowMs - 30 * minuteMs,
  labels: { alertname: 'DiskFull', cluster: 'eu' },
});
const slow = incidentRow({
  id: 2,
  title: 'Slow',
  severity: warning,
  startsAtMs: nowMs - 50 * minuteMs,
  labels: { alertname: 'Slow', cluster: 'us' },
});
const errors = incidentRow({
  id: 3,
  title: 'Errors',
  startsAtMs: nowMs - 10 * minuteMs,
  labels: { alertname: 'Errors', cluster: 'eu' },
  alertCount: 2,
});

function opened(part: Partial<ScriptedState> = {}): { readonly core: ScriptedCore; readonly app: App } {
  const facts = new Map([
    [3, ['a', 'b'].map((pod) => ({ labels: { alertname: 'Errors', cluster: 'eu', pod } }))],
  ]);
  const core = new ScriptedCore({ incidents: [disk, slow, errors], facts, ...part });
  return { core, app: mountWindow(core, cleanup) };
}

/** Each line of the list: the words of a head, or the incident's name; the one under the cursor in brackets. */
function lines(): readonly string[] {
  return [...document.querySelectorAll('[role="grid"] [role="rowgroup"] > [role="row"]')].map((row) => {
    const name = row.querySelector('[class*="name"]')?.textContent;
    const words = name ?? row.querySelector('strong')?.textContent ?? row.textContent ?? '';
    return row.getAttribute('aria-selected') === 'true' ? `[${words}]` : words;
  });
}

async function shows(...wanted: readonly string[]): Promise<void> {
  await vi.waitFor(() => expect(lines()).toEqual(wanted));
}

describe('the arrangement', () => {
  it('is chosen by keys that are shown while one is waited for, and put back by one', async () => {
    opened();
    await shows('Needs you', '[DiskFull]', 'Errors', 'Slow');
    await userEvent.keyboard('o');
    await expect.element(page.getByRole('list', { name: 'Arrange by' })).toBeVisible();
    await userEvent.keyboard('2');
    await shows('Critical', '[DiskFull]', 'Errors', 'Warning', 'Slow');
    await expect.element(page.getByText('lanes by severity', { exact: true })).toBeVisible();
    await userEvent.keyboard('o1oa');
    await shows('Needs you', 'Slow', '[DiskFull]', 'Errors');
    await userEvent.keyboard('oa');
    await shows('Needs you', 'Errors', '[DiskFull]', 'Slow');
    await expect.element(page.getByText('newest first', { exact: true }).first()).toBeVisible();
    await userEvent.keyboard('o0');
    await shows('Needs you', '[DiskFull]', 'Errors', 'Slow');
    expect(page.getByText('newest first').elements()).toHaveLength(0);
  });

  it('groups by labels that are completed, and has lanes by one', async () => {
    opened();
    await shows('Needs you', '[DiskFull]', 'Errors', 'Slow');
    await userEvent.keyboard('og');
    await userEvent.keyboard('clus');
    await expect.element(page.getByRole('option', { name: /cluster/ })).toBeVisible();
    await userEvent.keyboard('{Tab}{Enter}');
    await shows(
      'Needs you',
      'cluster eu2worst Critical',
      '[DiskFull]',
      'Errors',
      'cluster us1worst Warning',
      'Slow',
    );
    expect(document.activeElement?.getAttribute('role')).toBe('grid');
    await userEvent.keyboard('o0o3');
    await userEvent.keyboard('cluster{Enter}');
    await shows('cluster eu', '[DiskFull]', 'Errors', 'cluster us', 'Slow');
  });

  it('belongs to the saved view in force', async () => {
    const views = { views: [{ name: 'Europe', filter: 'cluster=eu', notifies: false }], wereSaved: true };
    opened({ views });
    await shows('Needs you', '[DiskFull]', 'Errors', 'Slow');
    await userEvent.keyboard('v1');
    await shows('Needs you', '[DiskFull]', 'Errors');
    await userEvent.keyboard('oaoa');
    await shows('Needs you', 'Errors', '[DiskFull]');
    await userEvent.keyboard('v0');
    await shows('Needs you', '[DiskFull]', 'Errors', 'Slow');
    await userEvent.keyboard('v1');
    await shows('Needs you', 'Errors', '[DiskFull]');
  });
});

describe('folding', () => {
  it('lists the alerts beneath an incident, and puts them away', async () => {
    const { app } = opened();
    await shows('Needs you', '[DiskFull]', 'Errors', 'Slow');
    await userEvent.keyboard('jl');
    await vi.waitFor(() => expect(lines()).toHaveLength(6));
    expect(lines().slice(2, 5)).toEqual([
      '[Errors]',
      expect.stringMatching(/firing.*pod a/),
      expect.stringMatching(/firing.*pod b/),
    ]);
    await userEvent.keyboard('j');
    await vi.waitFor(() => expect(lines().at(-1)).toBe('[Slow]'));
    await userEvent.keyboard('kh');
    await shows('Needs you', 'DiskFull', '[Errors]', 'Slow');
    expect(app.session.getState().inboxCursor).toBe(3);
  });

  it('folds a section with the cursor on its head, from which it is unfolded again', async () => {
    const taken = { ...slow, acknowledged: { by: 'ada', atMs: nowMs } };
    const { core } = opened({ incidents: [disk, taken, errors] });
    await shows('Needs you', '[DiskFull]', 'Errors', 'Acknowledged', 'Slow');
    await userEvent.keyboard('h');
    await shows('[Needs you]', 'Acknowledged', 'Slow');
    await userEvent.keyboard('a');
    expect(core.calls.filter(({ command }) => command === 'incident.acknowledge')).toEqual([]);
    await userEvent.keyboard('j');
    await shows('Needs you', 'Acknowledged', '[Slow]');
    await userEvent.keyboard('k{Enter}');
    await shows('Needs you', '[DiskFull]', 'Errors', 'Acknowledged', 'Slow');
    await userEvent.keyboard('H');
    await shows('[Needs you]', 'Acknowledged');
    await userEvent.keyboard('H');
    await vi.waitFor(() => expect(lines()).toHaveLength(5));
  });
});

describe('a row', () => {
  it('says what mutes it, since when nobody sees it, and what came and went', async () => {
    const quiet = { earlier: [] as [number, number][], silencedBy: [], inhibitedBy: [], mutedBy: [] };
    opened({
      incidents: [
        { ...disk, state: 'suppressed' },
        { ...slow, state: 'suppressed' },
        { ...errors, severity: warning },
      ],
      signs: [
        { ...quiet, id: 1, silencedBy: ['7f2e9a01-aaaa'] },
        { ...quiet, id: 2, inhibitedBy: ['NodeDown'] },
        { ...quiet, id: 3, mutedBy: ['weekend'] },
      ],
    });
    await expect
      .element(page.getByRole('row', { name: /Silenced DiskFull .*Critical, silence 7f2e9a01/ }))
      .toBeVisible();
    await expect
      .element(page.getByRole('row', { name: /Inhibited Slow .*Warning, by NodeDown/ }))
      .toBeVisible();
    await expect
      .element(page.getByRole('row', { name: /Off hours Errors .*Warning, by weekend/ }))
      .toBeVisible();
    expect(document.querySelector('nav [class*="count"]')).toBeNull();
  });

  it('of what flaps stands in its own section, unless it is critical and nobody has it', async () => {
    const earlier = [0, 1, 2].map((index): [number, number] => {
      const fromMs = nowMs - 50 * minuteMs + index * 10 * minuteMs;
      return [fromMs, fromMs + 4 * minuteMs];
    });
    const signs = [1, 2].map((id) => ({ id, earlier, silencedBy: [], inhibitedBy: [], mutedBy: [] }));
    opened({ incidents: [disk, slow], signs });
    await shows('Needs you', '[DiskFull]', 'Flapping', 'Slow');
    await expect.element(page.getByRole('row', { name: /fired 4 times in 24 hours/ }).first()).toBeVisible();
  });

  it('has two lines where the window is narrow, and nothing beside the list', async () => {
    await page.viewport(400, 800);
    opened();
    await shows('Needs you', '[DiskFull]', 'Errors', 'Slow');
    const row = document.querySelector('[role="row"][aria-selected="true"]');
    expect(row?.getBoundingClientRect().height).toBe(48);
    expect(document.documentElement.scrollWidth).toBe(400);
    expect(page.getByRole('complementary').elements()).toHaveLength(0);
    const cut = [...(row?.querySelectorAll('[role="gridcell"]') ?? [])].filter(
      (cell) => cell.getBoundingClientRect().right > 400,
    );
    expect(cut).toEqual([]);
  });
});

describe('what is said', () => {
  it('is how many match, once nobody types any more', async () => {
    opened();
    await shows('Needs you', '[DiskFull]', 'Errors', 'Slow');
    await userEvent.keyboard('/cluster=eu');
    await expect.element(page.getByText('2 incidents match the filter')).toBeInTheDocument();
  });

  it('is what is new, in one sentence', async () => {
    const { core } = opened({ incidents: [disk] });
    await shows('Needs you', '[DiskFull]');
    core.update({ incidents: [disk, slow, errors] });
    await vi.waitFor(
      () =>
        expect(document.querySelector('[aria-live="assertive"]')?.textContent).toBe(
          '2 new incidents, 1 critical, the first Errors backend',
        ),
      { timeout: 5_000 },
    );
  });
});

describe('views of this window of before there were shared ones', () => {
  it('are handed to the core once', async () => {
    const { core, app } = opened();
    app.preferences.setState({ views: [{ name: 'Europe', filter: 'cluster=eu' }] });
    await vi.waitFor(() =>
      expect(core.calls).toContainEqual({
        command: 'views.save',
        input: { views: [{ name: 'Europe', filter: 'cluster=eu', notifies: false }], carriedOver: true },
      }),
    );
    await vi.waitFor(() => expect(app.preferences.getState().views).toEqual([]));
    await userEvent.keyboard('v1');
    await shows('Needs you', '[DiskFull]', 'Errors');
    await userEvent.keyboard('vn');
    await expect.element(page.getByRole('button', { name: /Europe 2 ?, notifies/ })).toBeVisible();
  });
});
