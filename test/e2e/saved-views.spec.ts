import { dirname } from 'node:path';
import type { Page } from '@playwright/test';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { startDemoProcess } from '#support/demo-process.ts';
import { accessibilityProblems, expect, test } from './stage.ts';

const saved = (page: Page, name: RegExp) =>
  page.getByRole('list', { name: 'Saved views' }).getByRole('button', { name });

/** The core keeps saved views: every window has the same, and so has the console after a restart. */
test('views are carried over, shared by windows and there after a restart, by keyboard alone', async ({
  stage,
}) => {
  test.setTimeout(90_000);
  const demo = await startDemoProcess(700_000, stage.cleanup);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'am', kind: 'alertmanager', url: demo.alertmanager },
  ]);
  const first = await startConsole(stage, stage.cleanup);
  const one = await stage.open(first);
  await one.page.getByRole('row').filter({ hasText: 'HighErrorRate' }).first().waitFor({ timeout: 30_000 });
  // As a window of before kept its own.
  await one.page.evaluate(() => {
    const key = 'opssight.preferences';
    const before = JSON.parse(localStorage.getItem(key) ?? '{}') as object;
    const views = [{ name: 'Of before', filter: 'severity="critical"' }];
    localStorage.setItem(key, JSON.stringify({ ...before, views }));
  });
  await one.page.reload();
  await expect(saved(one.page, /^Of before \d+$/)).toBeVisible();

  const other = await stage.open(first);
  await expect(saved(other.page, /^Of before \d+$/)).toBeVisible();
  await other.page.getByRole('row').filter({ hasText: 'HighErrorRate' }).first().waitFor();
  await other.page.keyboard.press('/');
  await other.page.keyboard.type('alertname="HighErrorRate"');
  await other.page.keyboard.press('Enter');
  await other.page.keyboard.press('v');
  await other.page.keyboard.press('s');
  await other.page.keyboard.type('Errors');
  await other.page.keyboard.press('Enter');
  await expect(saved(one.page, /^Errors \d+$/)).toBeVisible();
  await expect(saved(other.page, /^Errors \d+$/)).toHaveAttribute('aria-pressed', 'true');
  await other.page.keyboard.press('v');
  await other.page.keyboard.press('n');
  await expect(saved(one.page, /^Errors \d+\s*, notifies$/)).toBeVisible();
  expect(await accessibilityProblems(one.page)).toEqual([]);
  await other.close();
  await one.close();

  await first.stop();
  const again = await stage.open(await startConsole(stage, stage.cleanup));
  await expect(saved(again.page, /^Of before \d+$/)).toBeVisible();
  await expect(saved(again.page, /^Errors \d+\s*, notifies$/)).toBeVisible();
  await again.close();
});
