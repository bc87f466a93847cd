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

const keys = (name: string) => page.getByRole('list', { name });
const wordsOf = (name: string) => expect.poll(() => keys(name).element().textContent);

it('while somebody writes, the keys are those of the field, and those of the view once it is left', async () => {
  mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
  await expect.element(page.getByRole('row', { name: /HighErrorRate/ }).first()).toBeVisible();
  await wordsOf('Keys of this view').toContain('acknowledge');
  await userEvent.keyboard('/');
  await expect.element(keys('Keys of this field')).toHaveTextContent('Tabcomplete⏎to the listEscleave');
  await expect.element(keys('Keys of this view')).not.toBeInTheDocument();
  await wordsOf('Keys of every view').not.toContain('all keys');
  await userEvent.keyboard('{Enter}');
  await wordsOf('Keys of this view').toContain('acknowledge');
  await expect.element(keys('Keys of this field')).not.toBeInTheDocument();
});

it('a field of several lines is sent by the key that its form says', async () => {
  mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
  await expect.element(page.getByRole('row', { name: /HighErrorRate/ }).first()).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('heading', { name: /HighErrorRate/ }).first()).toBeVisible();
  await userEvent.keyboard('n');
  await expect.element(page.getByRole('textbox', { name: /note/i })).toHaveFocus();
  await expect.element(keys('Keys of this field')).toHaveTextContent('Ctrl⏎sendEscleave');
});
