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

async function run(command: string): Promise<void> {
  await userEvent.keyboard('{Control>}k{/Control}');
  await page.getByRole('combobox').fill(command);
  await userEvent.keyboard('{Enter}');
}

it('pauses notifications from the palette, says until when on every screen, and resumes them', async () => {
  mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
  await expect.element(page.getByRole('grid')).toBeVisible();
  const mark = page.getByRole('banner').getByText(/^No notifications until \d\d:\d\d$/);
  await run('Pause notifications for 30 minutes');
  await expect.element(mark).toBeVisible();
  await expect.element(page.getByText(/^No notification until \d\d:\d\d$/)).toBeVisible();
  await run('Resume notifications');
  await expect.element(mark).not.toBeInTheDocument();
});
