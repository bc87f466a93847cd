import '../styles/tokens.css';
import '../styles/base.css';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Cleanup } from '#support/cleanup.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import { success } from '#shared/result.ts';
import { consoleStatus, incidentDetail, incidentRow } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { jaegerOf, slowTrace } from '#support/scripted-traces.ts';
import { nightChart, nightState } from '#support/scripted-world.ts';
import { openTrace } from '#renderer/actions/across.ts';
import { openIncident } from '#renderer/actions/view.ts';
import type { App } from '#renderer/app.ts';

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

/** The row that the grid says is the active one. */
function activeRow(): string {
  const id = document.querySelector('[role="grid"]')?.getAttribute('aria-activedescendant') ?? '';
  return document.getElementById(id)?.textContent ?? '';
}

/** Every opaque colour of the chart's canvas, as `#rrggbb`. */
function paintedColours(): Set<string> {
  const canvas = document.querySelector('canvas');
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return new Set();
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set<string>();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] !== 255) continue;
    const parts = Array.from(data.subarray(at, at + 3), (part) => part.toString(16).padStart(2, '0'));
    colours.add(`#${parts.join('')}`);
  }
  return colours;
}

function tokenColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

describe('the inbox', () => {
  it('moves, opens and comes back by keys alone', async () => {
    mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
    await vi.waitFor(() => expect(activeRow()).toContain('HighErrorRate'));
    await userEvent.keyboard('jj');
    await vi.waitFor(() => expect(activeRow()).toContain('HighResponseTime'));
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('heading', { level: 1, name: 'HighResponseTime' })).toBeVisible();
    await userEvent.keyboard('k');
    await expect
      .element(page.getByRole('heading', { level: 1, name: 'DatabaseConnectionHigh' }))
      .toBeVisible();
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(activeRow()).toContain('DatabaseConnectionHigh'));
    expect(document.activeElement?.getAttribute('role')).toBe('grid');
  });

  it('keeps the cursor on its incident when a worse one arrives', async () => {
    const core = new ScriptedCore({ incidents: [incidentRow({ id: 5, title: 'Calm' })] });
    mountWindow(core, cleanup);
    await vi.waitFor(() => expect(activeRow()).toContain('Calm'));
    core.update({
      incidents: [incidentRow({ id: 5, title: 'Calm' }), incidentRow({ id: 2, title: 'Worse' })],
    });
    await expect.element(page.getByRole('row', { name: /Worse/ })).toBeVisible();
    expect(activeRow()).toContain('Calm');
    await userEvent.keyboard('a');
    await vi.waitFor(() =>
      expect(core.calls).toContainEqual({
        command: 'incident.acknowledge',
        input: { ids: [5], silence: false },
      }),
    );
  });

  it('acknowledges at once and takes it back', async () => {
    const core = new ScriptedCore({ incidents: [incidentRow({ id: 7 })] });
    mountWindow(core, cleanup);
    await vi.waitFor(() => expect(activeRow()).toContain('nobody'));
    await userEvent.keyboard('a');
    await vi.waitFor(() => expect(activeRow()).toContain('AO'));
    await userEvent.keyboard('u');
    await vi.waitFor(() => expect(activeRow()).toContain('nobody'));
    await vi.waitFor(() =>
      expect(
        core.calls.filter(
          (call) => call.command.startsWith('incident.a') || call.command === 'incident.release',
        ),
      ).toEqual([
        { command: 'incident.acknowledge', input: { ids: [7], silence: false } },
        { command: 'incident.release', input: { ids: [7], undo: true } },
      ]),
    );
  });

  it('holds five thousand incidents in a document of a screenful', async () => {
    const incidents = Array.from({ length: 5_000 }, (_none, index) =>
      incidentRow({ id: index + 1, title: `Incident ${index + 1}`, startsAtMs: index }),
    );
    mountWindow(new ScriptedCore({ incidents }), cleanup);
    await vi.waitFor(() => expect(activeRow()).toContain('Incident 1'));
    expect(document.querySelectorAll('[role="row"]').length).toBeLessThan(120);
    await userEvent.keyboard('G');
    await vi.waitFor(() => expect(activeRow()).toContain('Incident 5000'));
    await userEvent.keyboard('gg');
    await vi.waitFor(() => expect(activeRow()).toContain('Incident 1'));
  });

  it('shows what a server wrote as text, without control characters', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u202Egpj';
    const core = new ScriptedCore({
      incidents: [
        incidentRow({ title: hostile, service: hostile, summary: hostile, labels: { a: hostile } }),
      ],
    });
    mountWindow(core, cleanup);
    await vi.waitFor(() => expect(activeRow()).toContain('<img src=x onerror=alert(1)>gpj'));
    expect(document.querySelector('#root :is(img, script, iframe)')).toBeNull();
    expect(document.body.textContent).not.toMatch(/\u202E/u);
  });
});

describe('dialogs', () => {
  it('give the keys back to a view without a list, and not to its first button', async () => {
    const app = mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
    openIncident(app, 412);
    await expect.element(page.getByRole('heading', { level: 1 })).toBeVisible();
    document.getElementById('main')?.focus();
    await userEvent.keyboard('z');
    await expect.element(page.getByRole('dialog')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    await expect.poll(() => document.activeElement?.id).toBe('main');
  });

  it('keep the keys to themselves, close on Escape, and give the focus back', async () => {
    const core = new ScriptedCore({ incidents: [incidentRow()] });
    mountWindow(core, cleanup);
    await vi.waitFor(() => expect(activeRow()).not.toBe(''));
    await userEvent.keyboard('?');
    await expect.element(page.getByRole('dialog', { name: 'Keys of this view' })).toBeVisible();
    await userEvent.keyboard('a');
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    await vi.waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('grid'));
    expect(core.calls.map((call) => call.command)).not.toContain('incident.acknowledge');
  });

  it('find a command by some of its letters and run it', async () => {
    const app = mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
    await vi.waitFor(() => expect(activeRow()).not.toBe(''));
    await userEvent.keyboard('{Control>}k{/Control}');
    await expect.element(page.getByRole('combobox')).toHaveFocus();
    await userEvent.keyboard('light th{Enter}');
    await vi.waitFor(() => expect(app.preferences.getState().theme).toBe('light'));
    expect(document.documentElement.dataset['theme']).toBe('light');
  });

  it('change the theme of what is drawn with everything else', async () => {
    const nowMs = Date.now();
    const live = { kind: 'live', source: 'prometheus', atMs: nowMs } as const;
    const core = new ScriptedCore(nightState(nowMs), {
      chart: ({ fromMs, toMs }) =>
        success(nightChart({ fromMs, toMs, firedAtMs: nowMs - 250_000, origin: live })),
    });
    const app = mountWindow(core, cleanup);
    app.preferences.setState({ theme: 'dark' });
    await vi.waitFor(() => expect(paintedColours()).toContain(tokenColour('line')));
    const dark = tokenColour('line');
    app.preferences.setState({ theme: 'light' });
    await vi.waitFor(() => expect(tokenColour('line')).not.toBe(dark));
    await vi.waitFor(() => expect(paintedColours()).toContain(tokenColour('line')));
    expect(paintedColours()).not.toContain(dark);
  });

  it('write a note that the core gets whole', async () => {
    const core = new ScriptedCore({ incidents: [incidentRow({ id: 3 })] });
    mountWindow(core, cleanup);
    await vi.waitFor(() => expect(activeRow()).not.toBe(''));
    await userEvent.keyboard('n');
    await expect.element(page.getByRole('textbox', { name: 'Note' })).toHaveFocus();
    await userEvent.keyboard('pool full');
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    expect(core.calls).toContainEqual({ command: 'incident.note', input: { ids: [3], text: 'pool full' } });
  });
});

describe('local rules without an Alertmanager', () => {
  it('are said to watch alone: the window claims neither that all is live nor that nothing is watched', async () => {
    const sight = { kind: 'rules-only', lastSeenAtMs: Date.now() - 12_000, cause: '' } as const;
    mountWindow(new ScriptedCore({ console: consoleStatus({ sight }) }), cleanup);
    const state = page.getByText('Local rules only');
    await expect.element(state).toBeVisible();
    await expect.element(page.getByText(/^No local rule fires, evaluated 1\ds ago/)).toBeVisible();
    expect(page.getByText('Live', { exact: true }).elements()).toHaveLength(0);
    expect(page.getByText(/nothing is watched/i).elements()).toHaveLength(0);
  });
});

describe('what a local rule raised', () => {
  const title = 'ThresholdOfTheErrorBudgetOfTheWholeFleetIsSpent';

  function mountRules(): App {
    const incidents = [
      incidentRow({ id: 1, title, sources: [localRulesSource] }),
      incidentRow({ id: 2, title: 'HighErrorRate' }),
    ];
    const details = new Map(incidents.map((row) => [row.id, incidentDetail(row)]));
    return mountWindow(new ScriptedCore({ incidents, details }), cleanup);
  }

  it('is marked in the inbox, however long its name, and nothing else is', async () => {
    mountRules();
    const row = page.getByRole('row', { name: new RegExp(title) });
    const mark = row.getByText('local', { exact: true });
    await expect.element(mark).toBeVisible();
    const cell = mark.element().closest('[role="gridcell"]')?.getBoundingClientRect();
    expect(mark.element().getBoundingClientRect().right).toBeLessThanOrEqual(cell?.right ?? 0);
    const other = page.getByRole('row', { name: /HighErrorRate/ });
    await expect.element(other).toBeVisible();
    expect(other.getByText('local').elements()).toHaveLength(0);
  });

  it('is marked in the head of its incident, and nothing else is', async () => {
    const app = mountRules();
    openIncident(app, 1);
    await expect.element(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect.element(page.getByText(/^local rule/)).toBeVisible();
    openIncident(app, 2);
    await expect.element(page.getByRole('heading', { level: 1, name: 'HighErrorRate' })).toBeVisible();
    expect(page.getByText(/^local rule/).elements()).toHaveLength(0);
  });
});

describe('a trace', () => {
  it('is left by Escape only once its keys are back from what one writes into', async () => {
    const trace = slowTrace();
    const app = mountWindow(new ScriptedCore({}, { on: jaegerOf([trace]) }), cleanup);
    openTrace(app, trace.traceId);
    const spans = page.getByRole('treegrid', { name: 'Spans' });
    await expect.element(spans).toHaveFocus();
    const input = document.getElementById('main')?.appendChild(document.createElement('input'));
    input?.focus();
    await userEvent.keyboard('{Escape}');
    await expect.element(spans).toHaveFocus();
    expect(app.session.getState().view.kind).toBe('trace');
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(app.session.getState().view.kind).not.toBe('trace'));
  });
});

describe('settings', () => {
  it('say what is wrong before anything is sent, then save what was written', async () => {
    const core = new ScriptedCore(nightState(Date.now()));
    mountWindow(core, cleanup);
    await vi.waitFor(() => expect(activeRow()).not.toBe(''));
    await userEvent.keyboard('g,');
    await vi.waitFor(() => expect(activeRow()).toContain('prometheus'));
    await userEvent.keyboard('n');
    await expect.element(page.getByRole('textbox', { name: 'Name' })).toHaveFocus();
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await expect.element(page.getByText('An http or https address.')).toBeVisible();
    await userEvent.keyboard('local{Tab}http://127.0.0.1:9090');
    // A test leaves the focus in the form, so that what was tested can be saved.
    const test = page.getByRole('button', { name: 'Test connection' });
    test.element().focus();
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(core.calls.map(({ command }) => command)).toContain('source.test'));
    await expect.element(test).toHaveAttribute('aria-busy', 'false');
    await expect.element(test).toHaveFocus();
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await expect.element(page.getByRole('row', { name: /local/ })).toBeVisible();
    const saved = core.calls.filter((call) => call.command === 'settings.saveSource');
    expect(saved).toMatchObject([
      { input: { draft: { name: 'local', url: 'http://127.0.0.1:9090' }, replaces: null } },
    ]);
  });
});

describe('a list that appears', () => {
  it('takes no focus from somebody who writes: the next letters stay text', async () => {
    mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
    await vi.waitFor(() => expect(activeRow()).toContain('HighErrorRate'));
    await userEvent.keyboard('/zz');
    await vi.waitFor(() => expect(document.querySelector('[role="grid"]')).toBeNull());
    await userEvent.keyboard('{Backspace}{Backspace}');
    await vi.waitFor(() => expect(document.querySelector('[role="grid"]')).not.toBeNull());
    await userEvent.keyboard('back');
    const { activeElement } = document;
    expect(activeElement instanceof HTMLInputElement ? activeElement.value : '').toBe('back');
  });
});

describe('a view that breaks', () => {
  it('leaves the window standing: the cause is said, and another view opens by its key', async () => {
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    cleanup.add(() => silent.mockRestore());
    const app = mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
    await vi.waitFor(() => expect(activeRow()).toContain('HighErrorRate'));
    app.logs.setState({ shown: undefined as never });
    await userEvent.keyboard('gl');
    await expect.element(page.getByRole('heading', { name: 'This view broke' })).toBeVisible();
    await userEvent.keyboard('gi');
    await vi.waitFor(() => expect(activeRow()).toContain('HighErrorRate'));
    expect(page.getByRole('heading', { name: 'This view broke' }).query()).toBeNull();
  });
});
