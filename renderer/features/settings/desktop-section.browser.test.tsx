import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { UpdateState } from '#shared/host-window.ts';
import { Cleanup } from '#support/cleanup.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { openSettings } from '#renderer/actions/view.ts';

/** Updates in the settings of the desktop: what is true, and one button where there is something to do. */

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
