import '../styles/tokens.css';
import '../styles/base.css';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { success } from '#shared/result.ts';
import { formatClock, minuteMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { logAnswer, logQuestions, nightLines } from '#support/scripted-logs.ts';
import { jaegerOf, tracesOfNight } from '#support/scripted-traces.ts';
import { nightChart, nightState } from '#support/scripted-world.ts';
import type { App } from '#renderer/app.ts';

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

function chartIn({ fromMs, toMs }: Range) {
  const origin = { kind: 'live', source: 'prometheus', atMs: Date.now() } as const;
  return success(nightChart({ fromMs, toMs, firedAtMs: toMs - 5 * minuteMs, origin }));
}

const panels = ['backend', 'frontend'].map((service) => ({
  id: service,
  service,
  signal: 'traffic' as const,
  title: '',
  unit: '' as const,
  source: 'prometheus',
  expressions: [{ name: '', expression: service }],
}));

/** The whole window with something to draw in every view. */
function mounted(): { readonly app: App; readonly core: ScriptedCore } {
  const nowMs = Date.now();
  const on = {
    ...logQuestions(logAnswer(nightLines(nowMs, 14))),
    ...jaegerOf(tracesOfNight(nowMs)),
    'overview.read': () => success({ panels: [...panels], note: '' }),
    'metrics.chart': chartIn,
  };
  const core = new ScriptedCore(nightState(nowMs), { on, chart: chartIn });
  return { app: mountWindow(core, cleanup), core };
}

function cursors(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-time-cursor]')];
}

function setCursor(app: App, timeCursorMs: number | null): void {
  app.session.setState({ timeCursorMs });
}

/** Where time `atMs` is in a box over whose width the range runs. */
function placeOf(
  atMs: number,
  { fromMs, toMs }: Range,
  box: { readonly left: number; readonly width: number },
) {
  return box.left + ((atMs - fromMs) / (toMs - fromMs)) * box.width;
}

function boxOf(element: Element | null | undefined): DOMRect {
  if (!element) throw new Error('the plot is not in the document');
  return element.getBoundingClientRect();
}

/** Within two pixels: a line is one wide, and may be drawn on either side of a fraction. */
function expectAt(cursor: Element | undefined, x: number): void {
  expect(Math.abs(boxOf(cursor).left - x)).toBeLessThan(2);
}

function lastRange({ calls }: ScriptedCore, command: string): Range {
  const call = calls.findLast((one) => one.command === command);
  if (call === undefined) throw new Error(`${command} was not asked`);
  return call.input as Range;
}

describe('the time cursor', () => {
  it('is drawn in every panel of the overview at its time, and in none outside the range', async () => {
    const { app, core } = mounted();
    app.session.setState({ view: { kind: 'overview' } });
    await vi.waitFor(() => expect(document.querySelectorAll('.u-over')).toHaveLength(2));
    expect(cursors()).toHaveLength(0);
    const range = lastRange(core, 'metrics.chart');
    const atMs = range.fromMs + 0.3 * (range.toMs - range.fromMs);
    setCursor(app, atMs);
    await vi.waitFor(() => expect(cursors()).toHaveLength(2));
    const plots = [...document.querySelectorAll('.u-over')];
    cursors().forEach((cursor, index) => {
      expectAt(cursor, placeOf(atMs, range, boxOf(plots[index])));
      expect(cursor.textContent).toBe(formatClock(atMs));
    });
    setCursor(app, range.fromMs - 1);
    await vi.waitFor(() => expect(cursors()).toHaveLength(0));
    setCursor(app, range.toMs);
    await vi.waitFor(() => expect(cursors()).toHaveLength(2));
    setCursor(app, range.toMs + 1);
    await vi.waitFor(() => expect(cursors()).toHaveLength(0));
  });

  it('follows the pointer in one plot through all others, whose values stay those of the last sample', async () => {
    const { app } = mounted();
    app.session.setState({ view: { kind: 'overview' } });
    await vi.waitFor(() => expect(document.querySelectorAll('.u-over')).toHaveLength(2));
    await userEvent.hover(page.getByRole('region', { name: 'backend traffic' }).getByRole('img'));
    await vi.waitFor(() => expect(cursors()).toHaveLength(1));
    const frontend = page.getByRole('region', { name: 'frontend traffic' }).element();
    expect(frontend.contains(cursors()[0] ?? null)).toBe(true);
    expect(cursors()[0]?.textContent).toBe(formatClock(app.session.getState().timeCursorMs ?? 0));
    expect(frontend.textContent).toContain('last');
    await userEvent.hover(page.getByRole('heading', { level: 1 }));
    await vi.waitFor(() => expect(cursors()).toHaveLength(0));
    expect(app.session.getState().timeCursorMs).toBeNull();
  });

  it('stays where it was set while a plot is drawn anew', async () => {
    const { app, core } = mounted();
    app.session.setState({ view: { kind: 'overview' } });
    await vi.waitFor(() => expect(document.querySelectorAll('.u-over')).toHaveLength(2));
    const atMs = lastRange(core, 'metrics.chart').toMs - minuteMs;
    setCursor(app, atMs);
    app.session.setState({
      timeChoice: { kind: 'fixed', fromMs: atMs - minuteMs, toMs: atMs + minuteMs },
    });
    await vi.waitFor(() => expect(lastRange(core, 'metrics.chart').fromMs).toBe(atMs - minuteMs));
    await vi.waitFor(() => expect(cursors()).toHaveLength(2));
    expect(app.session.getState().timeCursorMs).toBe(atMs);
  });

  it('is drawn in the chart of an incident', async () => {
    const { app, core } = mounted();
    app.session.setState({ view: { kind: 'incident', id: 412 } });
    await vi.waitFor(() => expect(document.querySelectorAll('.u-over')).toHaveLength(1));
    const range = lastRange(core, 'incident.chart');
    const atMs = range.fromMs + 0.6 * (range.toMs - range.fromMs);
    setCursor(app, atMs);
    await vi.waitFor(() => expect(cursors()).toHaveLength(1));
    const over = boxOf(document.querySelector('.u-over'));
    expectAt(cursors()[0], placeOf(atMs, range, over));
    setCursor(app, range.toMs + minuteMs);
    await vi.waitFor(() => expect(cursors()).toHaveLength(0));
  });

  it('is drawn in the volume of log lines', async () => {
    const { app, core } = mounted();
    app.session.setState({ view: { kind: 'logs' } });
    const volume = page.getByRole('region', { name: 'Volume' });
    await expect.element(volume.getByRole('img')).toBeVisible();
    const range = lastRange(core, 'logs.volume');
    const atMs = range.fromMs + 0.25 * (range.toMs - range.fromMs);
    setCursor(app, atMs);
    await vi.waitFor(() => expect(cursors()).toHaveLength(1));
    const svg = boxOf(volume.getByRole('img').element());
    expectAt(cursors()[0], placeOf(atMs, range, svg));
    setCursor(app, range.fromMs - 1);
    await vi.waitFor(() => expect(cursors()).toHaveLength(0));
  });

  it('is drawn in the scatter of traces', async () => {
    const { app } = mounted();
    app.traces.setState({ service: 'frontend' });
    app.session.setState({ view: { kind: 'traces' } });
    const scatter = page.getByRole('img', { name: /traces by time and duration/ });
    await expect.element(scatter).toBeVisible();
    const range = app.traces.getState().search.answer?.search;
    if (range === undefined) throw new Error('nothing was searched');
    const atMs = range.fromMs + 0.8 * (range.toMs - range.fromMs);
    setCursor(app, atMs);
    await vi.waitFor(() => expect(cursors()).toHaveLength(1));
    const canvas = boxOf(scatter.element());
    const axis = { left: canvas.left + 60, width: canvas.width - 60 - 16 };
    expectAt(cursors()[0], placeOf(atMs, range, axis));
    setCursor(app, range.toMs + 1);
    await vi.waitFor(() => expect(cursors()).toHaveLength(0));
  });
});
