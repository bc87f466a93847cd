import '../styles/tokens.css';
import '../styles/base.css';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Cleanup } from '#support/cleanup.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { nightState } from '#support/scripted-world.ts';

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

it.each([
  ['M', /^Nothing was merged into INC-\d+\.$/],
  ['c', /^INC-\d+ is closed by hand only when no source sees it any more\.$/],
  ['u', /^Nothing to take back:/],
  ['v3', 'There is no saved view 3.'],
  ['vx', 'No saved view is chosen.'],
  ['vs', /^Write a filter first/],
  ['o0', 'It is arranged as usual.'],
])('the key %s that can do nothing says why', async (keys, words) => {
  mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
  await expect.element(page.getByRole('row', { name: /HighErrorRate/ }).first()).toBeVisible();
  await userEvent.keyboard(keys);
  await expect.element(page.getByText(words).first()).toBeVisible();
});

it('what can be taken back keeps its line, whatever else is pressed', async () => {
  mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
  await expect.element(page.getByRole('row', { name: /HighErrorRate/ }).first()).toBeVisible();
  await userEvent.keyboard('a');
  await expect.element(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await userEvent.keyboard('M');
  await expect.element(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  expect(document.body.textContent).not.toContain('Nothing was merged');
});

it('how many are marked is said beside how many ask for somebody', async () => {
  mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
  await expect.element(page.getByRole('row', { name: /HighErrorRate/ }).first()).toBeVisible();
  await userEvent.keyboard('xjx');
  await expect.element(page.getByText('2 marked', { exact: true })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByText('2 marked', { exact: true })).not.toBeInTheDocument();
});
