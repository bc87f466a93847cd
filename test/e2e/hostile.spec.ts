import { dirname } from 'node:path';
import type { Page } from '@playwright/test';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { hostileTraceId, startHostileServer } from '#support/hostile-server.ts';
import { expect, test } from './stage.ts';

/**
 * A Loki and a Jaeger that want harm, through the whole console: script and markup stay text, what would
 * act on the screen is written out or dropped, a line of a megabyte and ten thousand tags are shown
 * shortened, and the window answers keys meanwhile. A breach of the content security policy or an error on
 * the page's console fails the test as it is closed.
 */
test('hostile lines, tags and annotations do nothing but appear, shortened', async ({ stage }) => {
  test.setTimeout(90_000);
  const url = await startHostileServer(stage.cleanup);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'loki', kind: 'loki', url },
    { name: 'jaeger', kind: 'jaeger', url },
  ]);
  const window = await stage.open(await startConsole(stage, stage.cleanup));
  const { page } = window;

  await expect(page.getByText('No source of alerts is configured').first()).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  const rows = page.locator('[role="row"][aria-selected]');
  await expect(rows).toHaveCount(3, { timeout: 30_000 });
  await expect(rows.first()).toContainText('<script>');
  await harmless(page);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/more fields are not shown/)).toBeVisible();
  await harmless(page);
  await page.keyboard.press('Enter');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Shown: the first \d+ of 1\d{6} characters/)).toBeVisible();
  await harmless(page);

  await page.keyboard.press('Enter');
  await page.keyboard.press('j');
  await page.keyboard.press('t');
  await expect(page.getByRole('treegrid', { name: 'Spans' })).toBeVisible({ timeout: 20_000 });
  expect(page.url()).toContain(hostileTraceId);
  await expect(page.getByText(/more are not shown/).first()).toBeVisible({ timeout: 20_000 });
  await harmless(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.keyboard.press('/');
  await page.keyboard.type('backend');
  await page.keyboard.press('Enter');
  await expect(page.locator('[role="row"][aria-selected]')).toHaveCount(1, { timeout: 20_000 });
  await harmless(page);
  await page.keyboard.press('D');
  await expect(page.getByRole('img', { name: /Calls between/ })).toBeVisible();
  await harmless(page);
  await window.close();
});

/** Of a line of a megabyte with 200 fields of a page each, or 10,000 tags of 200 characters, in characters. */
const longestText = 200_000;

/** Nothing ran, nothing became an element, no bidirectional or control character is on the screen; keys answer. */
async function harmless(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    const acting = /[\u202A-\u202E\u2066-\u2069\u200B\u0000-\u0008\u001B]/u;
    const shown = [...document.querySelectorAll('[title], [aria-label]')].flatMap((element) => [
      element.getAttribute('title') ?? '',
      element.getAttribute('aria-label') ?? '',
    ]);
    return {
      ran: 'wasHostile' in window,
      elements: document.querySelectorAll('#root :is(img, script, iframe, object, [href^="javascript"])')
        .length,
      acting: [document.body.textContent, ...shown].filter((text) => acting.test(text)),
      length: document.body.textContent.length,
      wide: document.documentElement.scrollWidth > innerWidth,
    };
  });
  expect(found).toMatchObject({ ran: false, elements: 0, acting: [], wide: false });
  expect(found.length).toBeLessThan(longestText);
  const askedAtMs = performance.now();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  // Generous: the machine may be busy. A page that lays out a megabyte takes many seconds.
  expect(performance.now() - askedAtMs).toBeLessThan(6_000);
}
