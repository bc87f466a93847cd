import type { Locator, Page } from '@playwright/test';
import { accessibilityProblems, expect, test } from './stage.ts';

/** The first start on the demo fleet: ten keys, pressed for real, and never again by itself. */
test('the tour of ten keys notices each key, ends, and comes back by name only', async ({ stage }) => {
  test.setTimeout(120_000);
  const console = await stage.startFirstRun();
  const window = await stage.open(console, { preferences: { tourSeen: false } });
  const { page } = window;
  const tour = page.getByRole('complementary', { name: 'Tour of the keys' });
  await expect(tour.getByText('1 of 10')).toBeVisible({ timeout: 60_000 });
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.keyboard.press('a');
  await expect(tour.getByText('1 of 10')).toBeVisible();
  await page.keyboard.press('u');
  await page.keyboard.press('j');
  await expect(tour.getByText('2 of 10')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/incident\//);
  await step(page, tour, 3, 'a');
  await step(page, tour, 4, 'u');
  await step(page, tour, 5, '[');
  await step(page, tour, 6, 'Escape');
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await step(page, tour, 7, '/');
  await page.keyboard.press('Escape');
  // What lies over the window hides the tour from who cannot see it, as it hides everything.
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await step(page, tour, 9, 'g', 'l');
  await expect(tour.getByText('10 of 10')).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys of this view' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tour.getByText('That is how it goes.', { exact: false })).toBeVisible();
  await tour.getByRole('button', { name: 'Close' }).press('Enter');
  await expect(tour).toBeHidden();

  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Logs' })).toBeVisible();
  await expect(tour).toBeHidden();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Take the tour');
  await page.keyboard.press('Enter');
  await expect(tour.getByText('1 of 10')).toBeVisible();
  await expect(tour.getByText('goes there', { exact: false })).toBeHidden();
  await tour.getByRole('button', { name: 'Skip this one' }).press('Enter');
  await expect(tour.getByText('2 of 10')).toBeVisible();
  await tour.getByRole('button', { name: 'End the tour' }).press('Enter');
  await expect(tour).toBeHidden();
  await window.close();
});

async function step(page: Page, tour: Locator, at: number, ...keys: readonly string[]): Promise<void> {
  await expect(tour.getByText(`${at} of 10`)).toBeVisible();
  for (const key of keys) await page.keyboard.press(key);
  await expect(tour.getByText(`${at + 1} of 10`)).toBeVisible();
}
