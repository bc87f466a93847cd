import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { SecretState, UpdateState } from '#shared/host-window.ts';
import { Cleanup } from '#support/cleanup.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore, emptyState } from '#support/scripted-core.ts';
import { emptyDraft } from '#renderer/actions/console.ts';
import { openSettings } from '#renderer/actions/view.ts';
import type { App } from '#renderer/app.ts';

/** Updates and stored secrets in the settings of the desktop: what is true, and what can be done about it. */

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

const settings = { startAtLogin: false, summonShortcut: null, closeToTray: true, sounds: true };

it.each<[UpdateState['kind'], string | null, string | null]>([
  ['off', null, null],
  ['refused', null, null],
  ['idle', 'Look now', 'check'],
  ['checking', null, null],
  ['available', 'Fetch it', 'download'],
  ['downloading', null, null],
  ['ready', 'Restart and install', 'install'],
  ['failed', 'Look now', 'check'],
])('updates that are %s: the button %s', async (kind, label, action) => {
  const app = mountWindow(new ScriptedCore({}), cleanup);
  const send = vi.spyOn(app.host, 'send');
  const updates = { kind, text: `It is ${kind} now.` };
  app.live.setState({
    desktop: { settings, shortcut: 'off', hasTray: true, canStartAtLogin: true, updates },
  });
  openSettings(app, 'desktop');
  const group = page.getByRole('group', { name: 'Updates' });
  await expect.element(group.getByRole('status')).toHaveTextContent(`It is ${kind} now.`);
  expect(
    group
      .getByRole('button')
      .elements()
      .map(({ textContent }) => textContent),
  ).toEqual(label === null ? [] : [label]);
  if (label === null) return;
  await group.getByRole('button').click();
  expect(send).toHaveBeenCalledWith({ kind: 'update', action });
});

describe('stored secrets', () => {
  const updates = { kind: 'off', text: '' } as const;
  const none: SecretState = {
    kind: 'secret-state',
    backend: 'keychain',
    names: [],
    needsConsent: false,
    problem: '',
  };

  function openStored(secrets: Partial<SecretState>): App {
    const { settings: configured } = emptyState();
    const guarded = { ...emptyDraft(), name: 'guarded', url: 'http://guarded.example' };
    const reference = { reference: '${keychain:guarded-token}', found: true };
    const sources = [{ draft: guarded, line: 2, secrets: [reference] }];
    const app = mountWindow(new ScriptedCore({ settings: { ...configured, sources } }), cleanup);
    app.live.setState({
      desktop: { settings, shortcut: 'off', hasTray: true, canStartAtLogin: true, updates },
      secrets: { ...none, ...secrets },
    });
    openSettings(app, 'desktop');
    return app;
  }

  it('are named, with who uses them, and one is forgotten by keys alone, after a question', async () => {
    const app = openStored({ names: ['guarded-token', 'old-password'] });
    const send = vi.spyOn(app.host, 'send');
    const list = page.getByRole('list', { name: 'Stored secrets' });
    await expect.element(list.getByText('guarded-token')).toBeVisible();
    expect(
      list
        .getByRole('listitem')
        .elements()
        .map(({ textContent }) => textContent),
    ).toEqual(['guarded-tokenused by guardedForget …', 'old-passwordused by no sourceForget …']);
    const forget = page.getByRole('button', { name: 'Forget guarded-token' });
    for (let press = 0; press < 40 && document.activeElement !== forget.element(); press++)
      await userEvent.keyboard('{Tab}');
    await userEvent.keyboard('{Enter}');
    const dialog = page.getByRole('dialog', { name: 'Forget guarded-token?' });
    await expect.element(dialog.getByText('used by guarded', { exact: false })).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.element(dialog).not.toBeInTheDocument();
    expect(send).not.toHaveBeenCalled();

    await expect.element(forget).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await expect.element(dialog.getByRole('button', { name: 'Forget' })).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(send.mock.calls).toEqual([[{ kind: 'forget-secret', name: 'guarded-token' }]]);
    // Only what the host says is so: until then it is there.
    await expect.element(list.getByText('guarded-token')).toBeVisible();
    app.live.setState({ secrets: { ...none, names: ['old-password'] } });
    await expect.element(list.getByText('guarded-token')).not.toBeInTheDocument();
    await expect.element(page.getByText('Forgot guarded-token')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Forget old-password' })).toHaveFocus();
  });

  it('that only a file would hide are told with the question, and a failure is said', async () => {
    const app = openStored({ backend: 'session', needsConsent: true, problem: 'x-token was not stored.' });
    const send = vi.spyOn(app.host, 'send');
    await expect.element(page.getByText('lasts until OpsSight is quit', { exact: false })).toBeVisible();
    await expect.element(page.getByText('None.')).toBeVisible();
    await expect.element(page.getByRole('alert')).toHaveTextContent('x-token was not stored.');
    await page.getByRole('button', { name: 'Keep them all the same …' }).click();
    expect(send.mock.calls).toEqual([[{ kind: 'allow-plain-secrets' }]]);
  });
});
