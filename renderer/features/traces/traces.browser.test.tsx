import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { commandFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { Trace } from '#shared/model/trace.ts';
import { failed, success } from '#shared/result.ts';
import { Cleanup } from '#support/cleanup.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore, type ScriptedQuestions } from '#support/scripted-core.ts';
import { jaegerOf, longTrace, slowTrace, span, tag } from '#support/scripted-traces.ts';
import { openTrace, openTraces } from '#renderer/actions/across.ts';
import { show } from '#renderer/actions/view.ts';
import type { App } from '#renderer/app.ts';

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

/** The row that the list or the waterfall says is the active one. */
function activeRow(): string {
  const grid = document.querySelector('[role="grid"], [role="treegrid"]');
  return document.getElementById(grid?.getAttribute('aria-activedescendant') ?? '')?.textContent ?? '';
}

function said(selector: string): string {
  return document.querySelector(selector)?.textContent ?? '';
}

function names(): readonly (string | undefined)[] {
  return [...document.querySelectorAll('[role="treegrid"] [aria-level]')].map(
    (row) => row.querySelector('[role="gridcell"]')?.getAttribute('title')?.split(': ')[1],
  );
}

function mount(on: ScriptedQuestions): { readonly app: App; readonly core: ScriptedCore } {
  const core = new ScriptedCore({}, { on });
  return { app: mountWindow(core, cleanup), core };
}

async function mountTrace(trace: Trace = slowTrace(), on: ScriptedQuestions = jaegerOf([trace])) {
  const mounted = mount(on);
  openTrace(mounted.app, trace.traceId);
  await expect.element(page.getByRole('treegrid', { name: 'Spans' })).toHaveFocus();
  return mounted;
}

describe('searching traces', () => {
  it('asks for what was written, lists by time or duration, and opens by keys', async () => {
    const quick = {
      ...slowTrace(),
      traceId: 'a'.repeat(32),
      spans: [span(1, 0, { operation: 'GET /health', atMs: 9_000 })],
    };
    const { app, core } = mount(jaegerOf([slowTrace(), quick]));
    show(app, { kind: 'traces' });
    await expect.element(page.getByText(/Name a service to search its traces/)).toBeVisible();
    await userEvent.keyboard('/');
    await expect.element(page.getByRole('combobox', { name: 'service' })).toHaveFocus();
    await userEvent.keyboard('frontend');
    await userEvent.fill(page.getByRole('textbox', { name: 'tags' }), 'error=true user="a b"');
    await userEvent.fill(page.getByRole('textbox', { name: 'min' }), '1.5s');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(activeRow()).toContain('GET /health'));
    const asked = core.calls.filter(({ command }) => command === 'traces.search');
    expect(asked).toHaveLength(1);
    expect(asked[0]?.input).toMatchObject({
      service: 'frontend',
      tags: [
        { key: 'error', value: 'true' },
        { key: 'user', value: 'a b' },
      ],
      minDurationNs: 1_500_000_000,
      maxDurationNs: null,
      limit: 20,
    });
    await vi.waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('grid'));
    await userEvent.keyboard('ogg');
    await vi.waitFor(() => expect(activeRow()).toContain('POST /api/v1/incidents'));
    await userEvent.keyboard('{Enter}');
    await expect
      .element(page.getByRole('heading', { level: 1, name: 'POST /api/v1/incidents' }))
      .toBeVisible();
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(activeRow()).toContain('POST /api/v1/incidents'));
  });

  it('says what is wrong with a search instead of sending it', async () => {
    const { app, core } = mount(jaegerOf([]));
    app.traces.setState({
      service: 'frontend',
      form: { ...app.traces.getState().form, minDuration: 'soon' },
    });
    show(app, { kind: 'traces' });
    await vi.waitFor(() =>
      expect(said('[role="alert"]')).toContain('Write a duration as a number and a unit'),
    );
    expect(core.calls.map(({ command }) => command)).not.toContain('traces.search');
  });

  it('says where a list is from: of the cache, empty, or unknown', async () => {
    const cached: Origin = {
      kind: 'cache',
      source: 'jaeger',
      atMs: Date.now() - 240_000,
      reason: 'jaeger refuses',
    };
    const { app, core } = mount(jaegerOf([slowTrace()], cached));
    openTraces(app, 'frontend');
    await expect.element(page.getByText(/cached 4m/)).toBeVisible();
    core.answer({ on: jaegerOf([]) });
    openTraces(app, 'frontend');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await expect.element(page.getByText(/No trace of frontend matches/)).toBeVisible();
    core.answer({ on: jaegerOf([], { kind: 'unknown', reason: 'nothing was kept' }) });
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await expect.element(page.getByText(/Not known which traces there were: nothing was kept/)).toBeVisible();
    core.answer({ on: {} });
    await userEvent.keyboard('D');
    await expect.element(page.getByText(/Dependencies are not known/)).toBeVisible();
  });

  it('draws and lists which service calls which', async () => {
    const { app } = mount(jaegerOf([]));
    show(app, { kind: 'traces' });
    await userEvent.keyboard('D');
    await expect.element(page.getByRole('img', { name: 'Calls between 3 services' })).toBeVisible();
    await expect.element(page.getByRole('row', { name: 'frontend backend 1200' })).toBeVisible();
  });

  it('gives the list of calls the room of a drawing that there is none of', async () => {
    const links = Array.from({ length: 120 }, (_none, index) => ({
      parent: `service-${index}`,
      child: `service-${index + 1}`,
      callCount: 1,
    }));
    const origin = { kind: 'live', source: 'jaeger', atMs: Date.now() } as const;
    const { app } = mount({ ...jaegerOf([]), 'traces.dependencies': () => success({ origin, links }) });
    show(app, { kind: 'traces' });
    await userEvent.keyboard('D');
    await expect.element(page.getByText(/121 services are too many to draw/)).toBeVisible();
    const list = page.getByRole('region', { name: 'Calls between services' }).element();
    expect(list.clientWidth).toBeGreaterThan(1_000);
  });
});

describe('a trace', () => {
  it('folds, unfolds and moves as a tree', async () => {
    await mountTrace();
    await vi.waitFor(() => expect(names()).toHaveLength(8));
    await userEvent.keyboard('jjh');
    await vi.waitFor(() =>
      expect(names()).toEqual(['POST /api/v1/incidents', 'auth.session.verify', 'POST backend']),
    );
    await userEvent.keyboard('l');
    await vi.waitFor(() => expect(names()).toHaveLength(8));
    await userEvent.keyboard('lhh');
    await vi.waitFor(() => expect(activeRow()).toContain('POST backend'));
    await userEvent.keyboard(']');
    await vi.waitFor(() => expect(names()).toHaveLength(1));
    await userEvent.keyboard('(');
    await vi.waitFor(() => expect(names()).toHaveLength(3));
    await userEvent.keyboard('[[');
    await vi.waitFor(() => expect(names()).toHaveLength(8));
    await userEvent.keyboard('v');
    await vi.waitFor(() => expect(names()).not.toContain('pg.ping'));
  });

  it('jumps to errors through folds, and tells all of the span', async () => {
    const { app } = await mountTrace();
    await vi.waitFor(() => expect(names()).toHaveLength(8));
    await userEvent.keyboard(']n');
    await vi.waitFor(() => expect(activeRow()).toContain('db.acquire'));
    await vi.waitFor(() => expect(said('aside')).toMatch(/Duration2\.5 s.*Self10 ms.*Starts\+2\.43 s/));
    await vi.waitFor(() => expect(said('aside')).toMatch(/exception\.typeTimeoutError/));
    await vi.waitFor(() => expect(said('aside')).toMatch(/\+4\.9 sexception/));
    await vi.waitFor(() => expect(said('aside')).toMatch(/host\.namebackend-7c9f6d-q2x8m/));
    expect(said('[role="note"]')).toContain('clock skew');
    expect(app.session.getState().timeCursorMs).toBe(1_763_694_716_314);
    await userEvent.keyboard('L');
    expect(app.logs.getState().query).toBe('{service="backend"} |= "4bf92f3577b34da6a3ce929d0e0e4736"');
    expect(app.session.getState().timeChoice.kind).toBe('fixed');
  });

  it('finds a text and goes through what it found', async () => {
    await mountTrace();
    await vi.waitFor(() => expect(names()).toHaveLength(8));
    await userEvent.keyboard('/pool.wait');
    await expect.element(page.getByText('1 of 2')).toBeVisible();
    await userEvent.keyboard('{Enter}n');
    await expect.element(page.getByText('2 of 2')).toBeVisible();
    expect(activeRow()).toContain('pool.wait');
  });

  it('does not say that a text is nowhere where it could not be looked for', async () => {
    const gone = commandFailure('not-found', 'the trace is neither at a source nor kept', 'Search again.');
    const { app } = await mountTrace(slowTrace(), {
      ...jaegerOf([slowTrace()]),
      'traces.find': () => failed(gone),
    });
    await userEvent.keyboard('/');
    await userEvent.keyboard('pool');
    await expect.element(page.getByText(/^Could not search the trace: the trace is neither/)).toBeVisible();
    expect(app.traces.getState().trace?.look.found).toBeNull();
  });

  it('answers to the keys of Jaeger’s own page: next and previous span, a page, find', async () => {
    await mountTrace(longTrace(200));
    await vi.waitFor(() => expect(names().length).toBeGreaterThan(10));
    await userEvent.keyboard('ffb');
    await vi.waitFor(() => expect(activeRow()).toContain('operation 2'));
    await userEvent.keyboard('s');
    await vi.waitFor(() => expect(Number(/operation (\d+)/.exec(activeRow())?.[1])).toBeGreaterThan(12));
    await userEvent.keyboard('w');
    await vi.waitFor(() => expect(activeRow()).toContain('operation 2'));
    await userEvent.keyboard('{Control>}b{/Control}');
    await expect.element(page.getByRole('textbox', { name: 'Find in this trace' })).toHaveFocus();
  });

  it('leads from a span to the golden signals of its service, and back', async () => {
    const { app } = await mountTrace();
    await userEvent.keyboard('jjm');
    await vi.waitFor(() => expect(app.session.getState().view.kind).toBe('overview'));
    expect(app.overview.getState().service).toBe('backend');
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(activeRow()).toContain('POST backend'));
  });

  it('says every warning of the server when asked', async () => {
    const all = ['clock skew', 'a trace of two halves', 'and a third'];
    await mountTrace(slowTrace({ warnings: all.slice(1) }));
    const shown = (): number => all.filter((words) => said('[role="note"]').includes(words)).length;
    expect(shown()).toBe(1);
    await page.getByRole('button', { name: '2 other warnings' }).click();
    await vi.waitFor(() => expect(shown()).toBe(3));
  });

  it('zooms and pans within its own time', async () => {
    const { app } = await mountTrace();
    await vi.waitFor(() => expect(names()).toHaveLength(8));
    await userEvent.keyboard('+');
    await vi.waitFor(() => expect(app.traces.getState().trace?.look.fromNs).toBe(1_255_000_000));
    await userEvent.keyboard(',,,,,');
    expect(app.traces.getState().trace?.look).toMatchObject({ fromNs: 0, toNs: 2_510_000_000 });
    await userEvent.keyboard('0');
    expect(app.traces.getState().trace?.look.toNs).toBe(5_020_000_000);
  });

  it('mounts fifty thousand spans in a document of a screenful, and jumps to the last', async () => {
    await mountTrace(longTrace(50_000));
    await vi.waitFor(() => expect(names().length).toBeGreaterThan(10));
    const before = performance.now();
    await userEvent.keyboard('n');
    await vi.waitFor(() => expect(activeRow()).toContain('operation 50000'));
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(document.querySelectorAll('[role="row"]').length).toBeLessThan(80);
    const scroller = document.querySelector('[role="treegrid"]');
    scroller?.scrollTo({ top: 700_000 });
    await vi.waitFor(() => expect(names()).toContain('operation 25010'));
    await userEvent.keyboard('gg');
    await vi.waitFor(() => expect(activeRow()).toContain('operation 1'));
  });

  it('shows what a service wrote as text', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u202Egpj';
    const trace = slowTrace({
      processes: [{ service: hostile, attributes: [tag(hostile, hostile)] }],
      spans: [
        span(1, 0, {
          operation: hostile,
          statusMessage: hostile,
          warnings: [hostile],
          attributes: [
            tag('url', 'javascript:alert(1)'),
            ...Array.from({ length: 250 }, () => tag(hostile, hostile)),
          ],
        }),
      ],
    });
    await mountTrace(trace);
    await expect.element(page.getByText('51 more are not shown.')).toBeInTheDocument();
    expect(document.querySelector('#root :is(img, script, iframe, [href^="javascript"])')).toBeNull();
    expect(document.body.innerHTML).not.toMatch(/\u202E/u);
  });

  it('says that a trace is not there, or not known to be', async () => {
    const { app, core } = mount({ ...jaegerOf([]) });
    openTrace(app, 'ab12');
    await expect.element(page.getByText('jaeger has no trace of this id.')).toBeVisible();
    core.answer({ on: jaegerOf([], { kind: 'unknown', reason: 'nothing was kept' }) });
    openTrace(app, 'ab13');
    await expect
      .element(page.getByText(/Not known whether there is such a trace: nothing was kept/))
      .toBeVisible();
    core.answer({ on: {} });
    openTrace(app, 'ab14');
    await vi.waitFor(() => expect(said('[role="alert"]')).toContain('The trace could not be opened'));
  });
});

describe('a file', () => {
  const file = (text: string): File => new File([text], 'kept.json', { type: 'application/json' });
  const jaegerFile = JSON.stringify({
    data: [
      {
        traceID: '00000000000000000000000000000abc',
        spans: [
          {
            traceID: '00000000000000000000000000000abc',
            spanID: '0000000000000001',
            operationName: 'import',
            references: [],
            startTime: 1_763_694_713_881_000,
            duration: 42_000,
            tags: [{ key: 'rows', type: 'int64', value: 9_007_199_254_740_992 }],
            logs: [],
            processID: 'p1',
          },
        ],
        processes: { p1: { serviceName: 'batch', tags: [] } },
      },
    ],
  });

  it('is read in the window and shown without asking the core', async () => {
    const { app, core } = mount(jaegerOf([]));
    show(app, { kind: 'traces' });
    await userEvent.upload(page.getByLabelText('Trace file'), file(jaegerFile));
    await expect.element(page.getByRole('heading', { level: 1, name: 'import' })).toBeVisible();
    await vi.waitFor(() => expect(said('aside')).toContain('rows9007199254740992'));
    expect(core.calls.map(({ command }) => command)).not.toContain('traces.open');
    expect(core.calls.map(({ command }) => command)).not.toContain('traces.span');
  });

  it('that holds no trace is told', async () => {
    const { app } = mount(jaegerOf([]));
    show(app, { kind: 'traces' });
    await userEvent.upload(page.getByLabelText('Trace file'), file('{"a":1}'));
    await expect.element(page.getByText(/Could not open kept\.json: it holds no traces/)).toBeVisible();
  });
});
