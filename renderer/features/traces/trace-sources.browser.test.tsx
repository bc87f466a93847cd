import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Origin } from '#shared/model/origin.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { Cleanup } from '#support/cleanup.ts';
import { sourceHealth } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore, type ScriptedQuestions } from '#support/scripted-core.ts';
import { jaegerOf, slowTrace } from '#support/scripted-traces.ts';
import { openTrace, openTraces } from '#renderer/actions/across.ts';
import { show } from '#renderer/actions/view.ts';
import type { App } from '#renderer/app.ts';

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

const jaeger = (name: string, state: SourceHealth['state'] = 'fresh'): SourceHealth =>
  sourceHealth({ name, kind: 'jaeger', state });

function mount(
  on: ScriptedQuestions = jaegerOf([slowTrace()]),
  sources: readonly SourceHealth[] = [jaeger('jaeger')],
): { readonly app: App; readonly core: ScriptedCore } {
  const core = new ScriptedCore({ sources }, { on });
  return { app: mountWindow(core, cleanup), core };
}

function inputs(core: ScriptedCore, command: string): readonly unknown[] {
  return core.calls.filter((call) => call.command === command).map(({ input }) => input);
}

describe('the service of a search', () => {
  it('is the first one by name, and Enter searches it at once', async () => {
    const { app, core } = mount();
    show(app, { kind: 'traces' });
    const service = page.getByRole('combobox', { name: 'service' });
    await expect.element(service).toHaveValue('frontend');
    await expect.element(page.getByText(/searches frontend at once/)).toBeVisible();
    expect(inputs(core, 'traces.search')).toEqual([]);
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('grid', { name: 'Traces' })).toBeVisible();
    expect(inputs(core, 'traces.search')).toMatchObject([{ service: 'frontend' }]);
    expect(app.session.getState().view.kind).toBe('traces');
  });

  it('is the one searched last, also by a window before this one, where it is still there', async () => {
    const { app } = mount();
    app.preferences.setState({ traceService: 'backend' });
    show(app, { kind: 'traces' });
    await expect.element(page.getByRole('combobox', { name: 'service' })).toHaveValue('backend');
    await userEvent.keyboard('/');
    await userEvent.keyboard('gone');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(app.preferences.getState().traceService).toBe('gone'));
    show(app, { kind: 'inbox' });
    await vi.waitFor(() => expect(document.querySelector('form')).toBeNull());
    app.traces.setState(app.traces.getInitialState());
    show(app, { kind: 'traces' });
    await expect.element(page.getByRole('combobox', { name: 'service' })).toHaveValue('frontend');
  });

  it('is not written while a person writes one', async () => {
    const { app } = mount();
    show(app, { kind: 'traces' });
    const service = page.getByRole('combobox', { name: 'service' });
    await expect.element(service).toHaveValue('frontend');
    await userEvent.keyboard('/');
    await userEvent.keyboard('{Backspace}');
    await expect.element(service).toHaveValue('');
    await userEvent.keyboard('back');
    await expect.element(service).toHaveValue('back');
  });

  it('is that of the span which was looked at, and of what was searched last after that', async () => {
    const { app, core } = mount();
    openTrace(app, slowTrace().traceId);
    await expect.element(page.getByRole('treegrid', { name: 'Spans' })).toHaveFocus();
    await userEvent.keyboard('jjgt');
    await expect.element(page.getByRole('combobox', { name: 'service' })).toHaveValue('backend');
    await expect.element(page.getByRole('grid', { name: 'Traces' })).toBeVisible();
    expect(inputs(core, 'traces.search')).toMatchObject([{ service: 'backend' }]);
    openTrace(app, slowTrace().traceId);
    await expect.element(page.getByRole('treegrid', { name: 'Spans' })).toBeVisible();
    await userEvent.keyboard('gggt');
    await expect.element(page.getByRole('combobox', { name: 'service' })).toHaveValue('backend');
  });
});

describe('the source of an answer', () => {
  it('is chosen where there are several, by key or list, and named', async () => {
    const { app, core } = mount(undefined, [jaeger('east'), sourceHealth({ name: 'p' }), jaeger('west')]);
    show(app, { kind: 'traces' });
    await expect.element(page.getByRole('combobox', { name: 'service' })).toHaveValue('frontend');
    await userEvent.keyboard('J');
    const choice = page.getByRole('combobox', { name: 'Source' });
    await expect.element(choice).toHaveValue('east');
    await vi.waitFor(() => expect(inputs(core, 'traces.services')).toContainEqual({ source: 'east' }));
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByText('from jaeger')).toBeVisible();
    await userEvent.selectOptions(choice, 'west');
    await vi.waitFor(() =>
      expect(inputs(core, 'traces.search')).toMatchObject([{ source: 'east' }, { source: 'west' }]),
    );
    openTrace(app, slowTrace().traceId);
    await expect.element(page.getByRole('treegrid', { name: 'Spans' })).toHaveFocus();
    await userEvent.keyboard('J');
    await vi.waitFor(() =>
      expect(inputs(core, 'traces.open')).toMatchObject([{ source: '' }, { source: 'east' }]),
    );
    await expect.element(page.getByText('from jaeger')).toBeVisible();
    await userEvent.keyboard('JJ');
    await expect.element(choice).toHaveValue('');
  });

  it('is no choice where there is one', async () => {
    const { app } = mount();
    show(app, { kind: 'traces' });
    await expect.element(page.getByRole('combobox', { name: 'service' })).toHaveValue('frontend');
    await userEvent.keyboard('J');
    expect(app.traces.getState().source).toBe('');
    expect(document.querySelector('select')).toBeNull();
  });

  it('is offered again when it comes back, and asked again where nothing was known', async () => {
    const old: Origin = { kind: 'cache', source: 'jaeger', atMs: Date.now() - 60_000, reason: 'it refuses' };
    const { app, core } = mount(jaegerOf([slowTrace()], old), [jaeger('jaeger', 'stale')]);
    openTraces(app, 'frontend');
    await expect.element(page.getByText(/cached 1m/)).toBeVisible();
    expect(document.body.textContent).not.toContain('answers again');
    core.update({ sources: [jaeger('jaeger')] });
    await expect.element(page.getByText(/The source answers again/)).toBeVisible();
    expect(inputs(core, 'traces.search')).toHaveLength(1);

    core.update({ sources: [jaeger('jaeger', 'stale')] });
    core.answer({ on: jaegerOf([], { kind: 'unknown', reason: 'nothing was kept' }) });
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await expect.element(page.getByText(/Not known which traces there were/)).toBeVisible();
    // The names that were known can still be chosen.
    expect(app.traces.getState().services).toEqual(['frontend', 'backend']);
    core.answer({ on: jaegerOf([slowTrace()]) });
    core.update({ sources: [jaeger('jaeger')] });
    await expect.element(page.getByRole('grid', { name: 'Traces' })).toBeVisible();
  });
});

describe('a window that was opened just now', () => {
  it('asks once the core is heard, and takes none for one that is away', async () => {
    const { app, core } = mount();
    await vi.waitFor(() => expect(app.live.getState().console).not.toBeNull());
    const { console: heard } = app.live.getState();
    app.live.setState({ console: null });
    openTrace(app, slowTrace().traceId);
    await expect.element(page.getByRole('heading', { level: 1, name: 'Trace' })).toBeVisible();
    expect(inputs(core, 'traces.open')).toEqual([]);
    expect(document.querySelector('[role="alert"]')).toBeNull();
    app.live.setState({ console: heard });
    await expect.element(page.getByRole('treegrid', { name: 'Spans' })).toHaveFocus();
    expect(inputs(core, 'traces.open')).toHaveLength(1);
  });
});

describe('a file of traces', () => {
  const text = JSON.stringify({
    data: [
      {
        traceID: 'abc',
        spans: [{ traceID: 'abc', spanID: '1', operationName: 'import', startTime: 1, duration: 2 }],
        processes: {},
      },
    ],
  });
  const dropped = (type: string, ...files: readonly File[]): DragEvent => {
    const dataTransfer = new DataTransfer();
    for (const file of files) dataTransfer.items.add(file);
    return new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer });
  };
  const file = (name: string): File => new File([text], name, { type: 'application/json' });

  it('is asked for from anywhere', async () => {
    const click = vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(() => undefined);
    cleanup.add(() => click.mockRestore());
    const { app } = mount();
    await userEvent.keyboard('O');
    await vi.waitFor(() => expect(click).toHaveBeenCalledOnce());
    expect(app.session.getState()).toMatchObject({ view: { kind: 'traces' }, trail: [{ kind: 'inbox' }] });
    await userEvent.upload(page.getByLabelText('Trace file'), file('kept.json'));
    await expect.element(page.getByRole('heading', { level: 1, name: 'import' })).toBeVisible();
  });

  it('is opened where it is dropped, one at a time', async () => {
    const { app } = mount();
    show(app, { kind: 'traces' });
    await expect.element(page.getByRole('combobox', { name: 'service' })).toHaveValue('frontend');
    const form = document.querySelector('form');
    form?.dispatchEvent(dropped('dragover', file('kept.json')));
    await expect.element(page.getByText(/Drop the file/)).toBeVisible();
    form?.dispatchEvent(dropped('drop', file('a.json'), file('b.json')));
    await expect.element(page.getByText(/2 files at once/)).toBeVisible();
    expect(document.body.textContent).not.toContain('Drop the file');
    form?.dispatchEvent(dropped('drop', file('kept.json')));
    await expect.element(page.getByRole('heading', { level: 1, name: 'import' })).toBeVisible();
  });
});
