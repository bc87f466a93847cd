import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Cleanup } from '#support/cleanup.ts';
import { incidentRow } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { openSettings } from '#renderer/actions/view.ts';
import type { App } from '#renderer/app.ts';

/** Keys are changed by keyboard alone, and the window goes by them at once. */

const cleanup = new Cleanup();
let app: App;

beforeEach(async () => {
  await page.viewport(1_280, 800);
  app = mountWindow(new ScriptedCore({ incidents: [incidentRow({ id: 1, title: 'Second' })] }), cleanup);
  openSettings(app, 'keys');
  await expect.element(page.getByRole('grid', { name: 'Commands and their keys' })).toBeVisible();
});
afterEach(() => cleanup.run());

const dialog = page.getByRole('dialog');

async function edit(command: string): Promise<void> {
  app.session.setState({ keyCursor: command });
  await userEvent.keyboard('{Enter}');
  await expect.element(dialog).toBeVisible();
}

async function press(...keys: string[]): Promise<void> {
  await dialog.getByRole('button', { name: 'Add a key' }).click();
  await expect.element(dialog.getByRole('textbox', { name: 'The new key' })).toHaveFocus();
  for (const key of keys) await userEvent.keyboard(key);
}

it('a key of nobody is added, works at once, and is shown where the usual one was', async () => {
  await edit('go.sources');
  await press('q', 's');
  await expect.element(dialog.getByText('q s does it now.', { exact: false })).toBeVisible();
  await dialog.getByRole('button', { name: 'Take away g o' }).click();
  expect(app.preferences.getState().keys).toEqual({ 'go.sources': ['q s'] });
  await userEvent.keyboard('{Escape}');
  await userEvent.keyboard('qs');
  expect(app.session.getState().view.kind).toBe('sources');
});

it('a key of another command is told with its name, and taken only where that is wanted', async () => {
  await edit('undo');
  await press('r');
  await expect
    .element(dialog.getByText('Ask the sources now, which has no other key', { exact: false }))
    .toBeVisible();
  await dialog.getByRole('button', { name: 'Press another key' }).click();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).toBeVisible();
  expect(app.preferences.getState().keys).toEqual({});
  await press('r');
  await dialog.getByRole('button', { name: 'Take it from there' }).click();
  expect(app.preferences.getState().keys).toEqual({ undo: ['u', 'r'], 'source.poll': [] });
  await dialog.getByRole('button', { name: 'Reset to u' }).click();
  expect(app.preferences.getState().keys).toEqual({ 'source.poll': [] });
  await userEvent.keyboard('{Escape}');
  await page.getByRole('button', { name: 'Reset all keys' }).click();
  expect(app.preferences.getState().keys).toEqual({});
});

it('what is refused says why, and nobody is held in the field', async () => {
  await edit('palette.open');
  await dialog.getByRole('button', { name: 'Take away Mod+k' }).click();
  await expect.element(dialog.getByText('give it another one first', { exact: false })).toBeVisible();
  await dialog.getByRole('button', { name: 'Add a key' }).click();
  await userEvent.keyboard('{Tab}');
  await expect.element(dialog.getByRole('textbox', { name: 'The new key' })).not.toBeInTheDocument();
});

it('keys of another version that clash are told', async () => {
  app.preferences.setState({ keys: { undo: ['r'], 'of.another-version': ['x'] } });
  await expect.element(page.getByText('only one of them can be reached', { exact: false })).toBeVisible();
  await edit('undo');
  await dialog.getByRole('button', { name: 'Reset to u' }).click();
  expect(app.preferences.getState().keys).toEqual({ 'of.another-version': ['x'] });
});

it('the buttons of a view show the keys that are in force', async () => {
  app.preferences.setState({ keys: { 'source.poll': ['F9'] } });
  app.session.setState({ view: { kind: 'sources' } });
  const button = page.getByRole('button', { name: 'try now' }).first();
  await expect.element(button.getByText('F9', { exact: false })).toBeVisible();
});
