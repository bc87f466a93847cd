import { dirname } from 'node:path';
import { secondMs } from '#shared/time.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { startDemoProcess } from '#support/demo-process.ts';
import { accessibilityProblems, expect, test } from './stage.ts';

/** Views come as scripts of their own, and wait their turn on a busy machine. */
const late = { timeout: 20 * secondMs };

/** Who has a Prometheus and no Alertmanager sees what it raises, and is told what nobody knows then. */
test('a Prometheus alone fills the inbox, and what needs an Alertmanager says so', async ({ stage }) => {
  test.setTimeout(90_000);
  const { prometheus } = await startDemoProcess(700_000, stage.cleanup);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'prom', kind: 'prometheus', url: prometheus },
  ]);
  const window = await stage.open(await startConsole(stage, stage.cleanup));
  const { page } = window;
  const rows = page.getByRole('row').filter({ hasText: 'HighErrorRate' });
  await rows.first().waitFor({ timeout: 60_000 });
  await expect(page.getByRole('banner')).toContainText('Live', late);
  expect(await accessibilityProblems(page)).toEqual([]);

  const whyNot = page.getByText('Silences are kept by an Alertmanager, and none is configured');
  await page.keyboard.press('s');
  await expect(whyNot).toBeVisible(late);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('A');
  await expect(rows.first()).toContainText('nobody');

  await page.keyboard.press('Enter');
  const alerts = page.getByRole('region', { name: 'Alerts' });
  await expect(alerts).toContainText('Told by prom itself, as no Alertmanager is configured', late);
  expect(await accessibilityProblems(page)).toEqual([]);

  for (const [key, words] of [
    ['s', 'Silences are kept by an Alertmanager, and none is configured.'],
    ['a', 'Alerts are routed by an Alertmanager, and none is configured'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(page.locator('main')).toContainText(words, late);
    expect(await accessibilityProblems(page)).toEqual([]);
  }
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Source prom' })).toContainText(
    'silences are not known',
    late,
  );
  await window.close();
});
