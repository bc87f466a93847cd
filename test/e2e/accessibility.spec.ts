import type { Page } from '@playwright/test';
import { accessibilityProblems, expect, test } from './stage.ts';

/**
 * axe finds nothing, in any view, dark and light, at 400, 1280 and 1920 pixels. Every day each theme and the extremes
 * of width are gone through once; all six with the full sizes.
 */

const views: readonly (readonly [name: string, open: (page: Page) => Promise<void>])[] = [
  ['inbox', (page) => press(page, 'g', 'i')],
  ['incident', (page) => press(page, 'Enter')],
  ['overview', (page) => press(page, 'g', 'd')],
  ['logs', (page) => press(page, 'g', 'l')],
  ['a line', (page) => press(page, 'k', 'Enter')],
  ['traces', (page) => search(page)],
  ['a trace', (page) => press(page, 'Enter')],
  ['rules', (page) => press(page, 'g', 'r')],
  ['silences', (page) => press(page, 'g', 's')],
  ['silence form', (page) => press(page, 'n')],
  ['sources', (page) => press(page, 'Escape', 'g', 'o')],
  ['settings', (page) => press(page, 'g', ',')],
  ['source form', (page) => press(page, 'n')],
  ['palette', (page) => press(page, 'Escape', 'g', 'i', 'Control+k')],
  ['help', (page) => press(page, 'Escape', '?')],
];

const themes = ['dark', 'light'] as const;
const widths = [400, 1280, 1920] as const;
const all = widths.flatMap((width) => themes.map((theme) => [theme, width] as const));
const everyDay = [
  ['light', 400],
  ['dark', 1920],
] as const;

for (const [theme, width] of process.env['OPSSIGHT_FULL'] === '1' ? all : everyDay) {
  test(`axe finds nothing in any view, ${theme}, ${width} px wide`, async ({ stage }) => {
    test.setTimeout(180_000);
    const window = await stage.open(await stage.startFirstRun());
    const { page } = window;
    await page.setViewportSize({ width, height: 900 });
    await expect(page.getByRole('row').filter({ hasText: 'nobody' }).first()).toBeVisible({
      timeout: 30_000,
    });
    await press(page, 'Control+k');
    await page.keyboard.type(`${theme} theme`);
    // What is run is what a person sees chosen: Enter before the palette is there runs nothing.
    await expect(page.getByRole('option', { name: `${theme} theme`, selected: true })).toBeVisible();
    await press(page, 'Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    for (const [name, open] of views) {
      await open(page);
      await expect.soft(accessibilityProblems(page), name).resolves.toEqual([]);
    }
    await window.close();
  });
}

/** The newest traces of a service, once they are there. */
async function search(page: Page): Promise<void> {
  await press(page, 'g', 't', '/');
  await page.keyboard.type('frontend');
  await press(page, 'Enter');
  await page.getByRole('row').nth(1).waitFor();
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
  // Views change within a frame; what they ask of the core paints a moment later.
  await page.waitForTimeout(300);
}
