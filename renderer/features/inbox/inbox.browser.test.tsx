import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { App } from '#renderer/app.ts';
import { Cleanup } from '#support/cleanup.ts';
import { incidentRow } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

const disk = incidentRow({ id: 1, title: 'DiskFull', labels: { alertname: 'DiskFull', team: 'storage' } });
const slow = incidentRow({ id: 2, title: 'Slow', labels: { alertname: 'Slow', team: 'web' } });
const errors = incidentRow({ id: 3, title: 'Errors', labels: { alertname: 'Errors' }, alertCount: 2 });

function opened(): { readonly core: ScriptedCore; readonly app: App } {
  const facts = new Map([
    [1, [{ receivers: ['pager'] }]],
    [2, [{ receivers: ['chat'], mutedBy: ['weekend'] }]],
    [
      3,
      [
        { labels: { alertname: 'Errors', pod: 'a', zone: 'x' } },
        { labels: { alertname: 'Errors', pod: 'b' } },
      ],
    ],
  ]);
  const core = new ScriptedCore({ incidents: [disk, slow, errors], facts });
  return { core, app: mountWindow(core, cleanup) };
}

function shown(): string {
  return [...document.querySelectorAll('[role="row"][aria-selected] > :nth-child(2)')]
    .map((cell) => cell.textContent?.trim())
    .join(' ');
}

async function filter(text: string): Promise<void> {
  await vi.waitFor(() => expect(shown()).not.toBe(''));
  await userEvent.keyboard('/');
  await userEvent.fill(page.getByRole('combobox', { name: 'Filter incidents' }), text);
}

describe('the filter', () => {
  it.each([
    ['disk', 'DiskFull'],
    ['team="storage"', 'DiskFull'],
    ['team=~"stor.*"', 'DiskFull'],
    ['pod=a zone=x', 'Errors'],
    ['@state=firing team!=web pod=""', 'DiskFull'],
  ])('%s leaves %s', async (text, left) => {
    opened();
    await filter(text);
    await vi.waitFor(() => expect(shown()).toBe(left));
  });

  it('is about one and the same alert', async () => {
    opened();
    await filter('pod=b zone=x');
    await expect.element(page.getByText(/No incident matches/)).toBeVisible();
  });

  it('keeps apart of what nobody knows whether it matches, and says why', async () => {
    opened();
    await filter('@receiver=pager');
    await vi.waitFor(() => expect(shown()).toBe('DiskFull Errors'));
    await expect.element(page.getByText('May match')).toBeVisible();
    await expect.element(page.getByText('no source told whom they notify')).toBeVisible();
  });

  it('says in place what is wrong and what is accepted, and shows everything meanwhile', async () => {
    opened();
    await filter('team=web @sevrity=x');
    const input = page.getByRole('combobox', { name: 'Filter incidents' });
    await expect.element(input).toHaveAttribute('aria-invalid', 'true');
    await expect
      .element(page.getByText(/There is no @sevrity.*Everything is shown.*@severity/))
      .toBeVisible();
    expect(input.element().getAttribute('aria-describedby')).toBe('inbox-filter-note');
    expect(document.querySelector('[class*="fault"] u')?.textContent).toBe('@sevrity=x');
    await vi.waitFor(() => expect(shown()).toBe('DiskFull Slow Errors'));
  });

  it('is completed by keys alone: a name, its operator, its value', async () => {
    const { app } = opened();
    await vi.waitFor(() => expect(shown()).not.toBe(''));
    await userEvent.keyboard('/tea');
    await expect.element(page.getByRole('option', { name: 'team label of 2 alerts' })).toBeVisible();
    await userEvent.keyboard('{Tab}');
    await expect.element(page.getByRole('option', { name: '!= is not' })).toBeVisible();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await expect.element(page.getByRole('option', { name: 'storage 1 alert' })).toBeVisible();
    // What is being written is no fault yet.
    expect(page.getByText(/Everything is shown/).elements()).toHaveLength(0);
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    const input = page.getByRole('combobox', { name: 'Filter incidents' });
    expect(
      document.getElementById(input.element().getAttribute('aria-activedescendant') ?? '')?.textContent,
    ).toMatch(/web/);
    await userEvent.keyboard('{Enter}');
    expect(app.session.getState().filter).toBe('team="web"');
    await vi.waitFor(() => expect(shown()).toBe('Slow'));
    await userEvent.keyboard('{Enter}');
    expect(document.activeElement?.getAttribute('role')).toBe('grid');
  });

  it('completes values with alerts that come after the first letters', async () => {
    const { app } = opened();
    await vi.waitFor(() => expect(shown()).not.toBe(''));
    await userEvent.keyboard('/');
    await vi.waitFor(() => expect(app.live.getState().alerts).not.toBeNull());
    const { alerts } = app.live.getState();
    app.live.setState({ alerts: null });
    await userEvent.keyboard('team=');
    expect(page.getByText(/Everything is shown/).elements()).toHaveLength(0);
    app.live.setState({ alerts });
    await expect.element(page.getByRole('option', { name: 'storage 1 alert' })).toBeVisible();
  });

  it('leaves the caret where a quick hand has gone on after a completion', async () => {
    const { app } = opened();
    await vi.waitFor(() => expect(shown()).not.toBe(''));
    await userEvent.keyboard('/tea');
    await expect.element(page.getByRole('option', { name: 'team label of 2 alerts' })).toBeVisible();
    const input = document.activeElement as HTMLInputElement;
    // All within one frame.
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, cancelable: true }));
    document.execCommand('insertText', false, '=');
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await userEvent.keyboard('web');
    expect(app.session.getState().filter).toBe('team=web');
  });

  it('goes by what stands before while its last term is being written, and says so no more when left', async () => {
    opened();
    await vi.waitFor(() => expect(shown()).not.toBe(''));
    await userEvent.keyboard('/disk team=');
    await expect.element(page.getByRole('option', { name: 'storage 1 alert' })).toBeVisible();
    await vi.waitFor(() => expect(shown()).toBe('DiskFull'));
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByText(/A value of team is due here.*Everything is shown/)).toBeVisible();
    await vi.waitFor(() => expect(shown()).toBe('DiskFull Slow Errors'));
  });

  it('never exchanges the list for everything while a term is being written', async () => {
    const { app } = opened();
    await vi.waitFor(() => expect(shown()).not.toBe(''));
    await userEvent.keyboard('/team=storage ');
    await vi.waitFor(() => expect(shown()).toBe('DiskFull'));
    const lists: string[] = [];
    const observer = new MutationObserver(() => lists.push(shown()));
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    for (const letter of 'alertname=~"Di.+"') {
      await userEvent.keyboard(letter);
      // The free text that a name is before its operator leaves nothing.
      const { filter } = app.session.getState();
      if (filter.includes('~')) await vi.waitFor(() => expect(shown()).toBe('DiskFull'));
    }
    observer.disconnect();
    expect(app.session.getState().filter).toBe('team=storage alertname=~"Di.+"');
    expect(lists.filter((list) => list.split(' ').length > 1)).toEqual([]);
    expect(page.getByText(/Everything is shown/).elements()).toHaveLength(0);
  });

  it('closes its completions with Escape first, then leaves, then clears', async () => {
    const { app } = opened();
    await vi.waitFor(() => expect(shown()).not.toBe(''));
    await userEvent.keyboard('/tea');
    await expect.element(page.getByRole('listbox', { name: 'Completions' })).toBeVisible();
    await userEvent.keyboard('{Escape}');
    expect(page.getByRole('listbox').elements()).toHaveLength(0);
    expect(document.activeElement?.id).toBe('inbox-filter');
    await userEvent.keyboard('{Escape}');
    expect(document.activeElement?.id).not.toBe('inbox-filter');
    expect(app.session.getState().filter).toBe('tea');
    await userEvent.keyboard('{Escape}');
    expect(app.session.getState().filter).toBe('');
  });
});

describe('saved views', () => {
  it('are named, counted live, chosen, renamed and deleted by keys alone', async () => {
    const { core, app } = opened();
    await filter('team=web');
    await vi.waitFor(() => expect(shown()).toBe('Slow'));
    await userEvent.keyboard('{Escape}{Escape}vs');
    await userEvent.keyboard('Web{Enter}');
    const view = page.getByRole('button', { name: /Web/ });
    await expect.element(view).toHaveAttribute('aria-pressed', 'true');
    await expect.element(view).toHaveTextContent('1 Web 1');
    core.update({ incidents: [disk, slow, { ...slow, id: 4, title: 'Slower' }] });
    await expect.element(view).toHaveTextContent('1 Web 2');
    await userEvent.keyboard('v0');
    await vi.waitFor(() => expect(shown()).toBe('DiskFull Slow Slower'));
    await userEvent.keyboard('v1');
    await vi.waitFor(() => expect(shown()).toBe('Slow Slower'));
    await userEvent.keyboard('vr');
    await userEvent.keyboard('Front{Enter}');
    await expect.element(page.getByRole('button', { name: /Front/ })).toBeVisible();
    await userEvent.keyboard('vx');
    await expect.element(page.getByText(/Deleted the view Front/)).toBeVisible();
    expect(app.preferences.getState().views).toEqual([]);
    expect(app.session.getState().filter).toBe('team=web');
  });

  it('say of what cannot be read why, and when chosen where', async () => {
    const { app } = opened();
    app.preferences.setState({ views: [{ name: 'Old', filter: '@colour=red' }] });
    const view = page.getByRole('button', { name: /Old cannot be read: There is no @colour/ });
    await expect.element(view).toBeVisible();
    await userEvent.keyboard('v1');
    await expect.element(page.getByText(/There is no @colour.*Everything is shown/)).toBeVisible();
  });

  it('stand in the palette under their names', async () => {
    const { app } = opened();
    app.preferences.setState({ views: [{ name: 'Storage', filter: 'team=storage' }] });
    await vi.waitFor(() => expect(shown()).not.toBe(''));
    await userEvent.keyboard('{Control>}k{/Control}');
    await userEvent.keyboard('storage{Enter}');
    await vi.waitFor(() => expect(shown()).toBe('DiskFull'));
  });
});
