import { dirname } from 'node:path';
import type { Page } from '@playwright/test';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { startDemoProcess } from '#support/demo-process.ts';
import { expect, test } from './stage.ts';

/** The inbox laid out by keys alone, on the demo fleet: lanes, groups, sorts, folds, and the alerts of an incident. */
test('the inbox is laid out by keys: lanes, groups, order, folds and alerts', async ({ stage }) => {
  // At a known time of its schedule: which alerts there are must not be the clock's choice.
  const demo = await startDemoProcess(700_000, stage.cleanup);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'prom', kind: 'prometheus', url: demo.prometheus },
    { name: 'am', kind: 'alertmanager', url: demo.alertmanager },
  ]);
  const window = await stage.open(await startConsole(stage, stage.cleanup));
  const { page } = window;
  const rows = page.locator('[role="row"][aria-selected]');
  await expect(rows.filter({ hasText: 'DiskSpaceLow' }).first()).toBeVisible({ timeout: 30_000 });

  await press(page, 'o', '2');
  await expect(page.getByText('lanes by severity', { exact: true })).toBeVisible();
  await expect(head(page, 'Warning')).toBeVisible();
  await press(page, 'o', '1', 'o', 'w');
  await expect
    .poll(() => services(page, 'Needs you'))
    .toEqual((await services(page, 'Needs you')).toSorted());
  await press(page, 'o', 'w');
  await expect(page.getByText('by service, from the end').first()).toBeVisible();

  await press(page, 'o', '0', 'o', 'g');
  await page.keyboard.type('service');
  await press(page, 'Enter');
  await expect(page.getByText('grouped by service', { exact: true })).toBeVisible();
  const grouped = page.locator('[role="row"]').filter({ hasText: /^service\s/ });
  await expect(grouped.first()).toBeVisible();
  const all = await rows.count();
  await press(page, 'g', 'g', 'h');
  await expect(page.getByText('folded').first()).toBeVisible();
  await expect.poll(() => rows.count()).toBeLessThan(all + 1);
  await press(page, 'Enter', 'o', '0');
  await expect(grouped).toHaveCount(0);

  await press(page, 'g', 'g', 'l');
  const alerts = page.locator('[role="row"]').filter({ hasText: /^\s*(?:firing|muted|not seen)/ });
  await expect(alerts.first()).toBeVisible();
  await press(page, 'h');
  await expect(alerts).toHaveCount(0);

  // The arrangement of the inbox without a view outlives the window.
  await press(page, 'o', '2');
  await page.reload();
  await expect(page.getByText('lanes by severity', { exact: true })).toBeVisible();
  await window.close();
});

test('every view fits into a window of 400 pixels', async ({ stage }) => {
  test.setTimeout(90_000);
  const window = await stage.open(await stage.startFirstRun());
  const { page } = window;
  await page.setViewportSize({ width: 400, height: 800 });
  await expect(page.locator('[role="row"][aria-selected]').first()).toBeVisible({ timeout: 30_000 });
  const views = [['g', 'i'], ['Enter'], ...Array.from('dltraso,', (letter) => ['g', letter])];
  for (const keys of views) {
    await press(page, ...keys);
    await page.waitForTimeout(600);
    expect.soft(await tooWide(page), keys.join(' ')).toEqual([]);
  }
  await window.close();
});

/** What stands out of the page at its right, unless something between moves it sideways or leaves it out. */
function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const isHeld = (element: Element): boolean => {
      for (let at = element.parentElement; at !== null && at !== document.body; at = at.parentElement) {
        const { right } = at.getBoundingClientRect();
        if (getComputedStyle(at).overflowX !== 'visible' && right <= innerWidth + 1) return true;
      }
      return false;
    };
    const out = [...document.body.querySelectorAll('*')].filter((element) => {
      const { right, width, height } = element.getBoundingClientRect();
      return right > innerWidth + 1 && width > 1 && height > 1 && !isHeld(element);
    });
    return out.slice(0, 5).map((element) => `${element.tagName} ${element.getAttribute('class') ?? ''}`);
  });
}

function head(page: Page, title: string) {
  return page
    .locator('[role="row"]:not([aria-selected])')
    .filter({ has: page.getByText(title, { exact: true }) });
}

/** Services of the incidents under a head, from above. */
function services(page: Page, title: string): Promise<readonly string[]> {
  return page.evaluate((wanted) => {
    const lines = [...document.querySelectorAll('[role="rowgroup"] > [role="row"]')];
    const from = lines.findIndex((line) => line.textContent?.startsWith(wanted));
    const found: string[] = [];
    for (const line of lines.slice(from + 1)) {
      if (!line.hasAttribute('aria-selected')) break;
      found.push(line.children[2]?.textContent ?? '');
    }
    return found;
  }, title);
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
  await page.waitForTimeout(200);
}
