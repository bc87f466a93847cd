import type { Page } from '@playwright/test';
import { eventually } from '#support/eventually.ts';
import { inspectData } from '#support/inspection.ts';
import { expect, test } from './stage.ts';

/** From the page to a quiet inbox without ever touching a mouse, on the demo fleet. */

declare global {
  interface Window {
    mouseEventsForTest: string[];
  }
}

test('notified, acknowledged, silenced with a preview, noted, merged, snoozed, released and undone, by keyboard alone', async ({
  stage,
}) => {
  test.slow();
  const window = await stage.open(await stage.startFirstRun());
  const { page } = window;
  await expect(page.getByRole('row').filter({ hasText: 'nobody' }).first()).toBeVisible();
  await page.evaluate(watchForMouse);
  const timeline = page.getByRole('region', { name: 'Timeline' });
  const rows = page.getByRole('grid', { name: 'Incidents' }).getByRole('row', { selected: true });

  const [first] = await eventually('something is notified', async () => {
    const shown = await window.notifications();
    return shown.length > 0 ? shown : undefined;
  });
  await window.clickNotification(first?.title ?? '');
  await expect(timeline).toBeVisible();
  const title = (await page.getByRole('heading', { level: 1 }).innerText()).trim();

  await page.keyboard.press('a');
  await expect(timeline.getByText('Acknowledged', { exact: true })).toBeVisible();

  await page.keyboard.press('s');
  const form = page.getByRole('dialog');
  await expect(form.getByRole('list', { name: 'Matchers' }).getByRole('listitem').first()).toBeVisible();
  await expect(form.getByText(/30 days|30 d/).first()).toBeVisible();
  await tabTo(page, 'Comment');
  await page.keyboard.type('Known, the team is on it');
  await page.keyboard.press('Control+Enter');
  await expect(form).toBeHidden();

  await page.keyboard.press('n');
  await page.keyboard.type('Restarted the second replica');
  await page.keyboard.press('Control+Enter');
  await expect(timeline.getByText('Restarted the second replica')).toBeVisible();

  // Out of the note's field, where letters are letters.
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  const silences = page.getByRole('grid', { name: 'Silences' });
  const silence = silences.getByRole('row').filter({ hasText: 'Known, the team is on it' });
  await expect(silence).toBeVisible({ timeout: 30_000 });

  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.keyboard.press('Home');
  await expect(rows).toBeVisible();
  await page.keyboard.press('x');
  await page.keyboard.press('x');
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Merged/).first()).toBeVisible();
  await page.keyboard.press('u');
  await expect(page.getByText('Taken back').first()).toBeVisible();

  await page.keyboard.press('Home');
  await page.keyboard.press('z');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('1');
  await expect(page.getByText(/^Snoozed/).first()).toBeVisible();
  await page.keyboard.press('u');
  await expect(page.getByText('Taken back').first()).toBeVisible();

  await page.keyboard.press('Home');
  await page.keyboard.press('a');
  // Which one is first by now is the fleet's affair: the one that is held already is let go of.
  await expect(page.getByText(/^(Acknowledged|Released) INC/).first()).toBeVisible();
  await page.keyboard.press('u');
  await expect(page.getByText('Taken back').first()).toBeVisible();

  expect(await page.evaluate(() => globalThis.window.mouseEventsForTest)).toEqual([]);
  const told = await eventually('the journal has it all', async () => {
    const { incidents } = await inspectData(stage.dataDirectory);
    const kinds = new Set(incidents.flatMap((one) => one.timeline.map(({ kind }) => kind)));
    return ['merged', 'snoozed', 'undone', 'acknowledged', 'note'].every((kind) => kinds.has(kind as never))
      ? incidents
      : undefined;
  });
  expect(told.some((one) => title.includes(one.title))).toBe(true);
  await window.close();
});

/** Runs in the page: nothing that a mouse does may happen. */
function watchForMouse(): void {
  window.mouseEventsForTest = [];
  for (const kind of [
    'mousedown',
    'mouseup',
    'pointerdown',
    'wheel',
    'dblclick',
    'contextmenu',
    'touchstart',
  ])
    document.addEventListener(kind, () => window.mouseEventsForTest.push(kind), { capture: true });
}

/** Tabs on until the named field has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stop = 0; stop < 60; stop++) {
    const isThere = await page.evaluate(
      (wanted) => document.activeElement?.getAttribute('aria-label') === wanted,
      name,
    );
    if (isThere) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no field is called ${name}`);
}
