import { dirname } from 'node:path';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { startDemoProcess } from '#support/demo-process.ts';
import { expect, test } from './stage.ts';

/** The inbox's filter and a saved view on the demo fleet: real alerts, receivers and silences, no mouse. */
test('what the fleet tells is filtered, completed, saved and there after a reload', async ({ stage }) => {
  // At a known time of its schedule: which alerts there are must not be the clock's choice.
  const demo = await startDemoProcess(700_000, stage.cleanup);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'prom', kind: 'prometheus', url: demo.prometheus },
    { name: 'am', kind: 'alertmanager', url: demo.alertmanager },
  ]);
  const window = await stage.open(await startConsole(stage, stage.cleanup));
  const { page } = window;
  const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell').nth(4) });
  const archive = rows.filter({ hasText: 'DiskSpaceLow' });
  await expect(archive.first()).toBeVisible({ timeout: 30_000 });
  const all = await rows.count();

  await page.keyboard.press('/');
  await page.keyboard.type('@rec');
  await expect(page.getByRole('option', { name: /@receiver/ })).toBeVisible();
  for (const next of [/^= is/, /alerts?$/]) {
    await page.keyboard.press('Tab');
    await expect(page.getByRole('option', { name: next }).first()).toBeVisible();
  }
  await page.keyboard.press('Tab');
  const filter = page.getByRole('combobox', { name: 'Filter incidents' });
  await expect(filter).toHaveValue(/^@receiver="[^"]+"$/);
  await expect(page.getByText('May match')).toBeHidden();
  expect(await rows.count()).toBeGreaterThan(0);

  await filter.fill('@silenced-by mountpoint=~"/srv/.+" @age>1s');
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(1);
  expect(all).toBeGreaterThan(1);
  await expect(archive).toBeVisible();

  await page.keyboard.press('v');
  await page.keyboard.press('s');
  await page.keyboard.type('Quiet disks');
  await page.keyboard.press('Enter');
  const view = page.getByRole('button', { name: 'Quiet disks 1', exact: true });
  await expect(view).toHaveAttribute('aria-pressed', 'true');

  await page.reload();
  await expect(view).toBeVisible();
  await expect.poll(() => rows.count()).toBeGreaterThan(1);
  await page.keyboard.press('v');
  await page.keyboard.press('1');
  await expect(rows).toHaveCount(1);
  await page.keyboard.press('v');
  await page.keyboard.press('x');
  await expect(view).toBeHidden();
  await expect(filter).toHaveValue('@silenced-by mountpoint=~"/srv/.+" @age>1s');
  await window.close();
});
