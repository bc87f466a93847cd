import { dirname } from 'node:path';
import { secondMs } from '#shared/time.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { startDemoProcess } from '#support/demo-process.ts';
import { accessibilityProblems, expect, test } from './stage.ts';

/** What a Prometheus does to an alert that always fires: sends it again and again, each time good for a while. */
async function keepFiring(alertmanager: string, lastsMs: number): Promise<void> {
  const alert = {
    labels: { alertname: 'Watchdog', severity: 'none' },
    annotations: { summary: 'It always fires.' },
    endsAt: new Date(Date.now() + lastsMs).toISOString(),
  };
  const answer = await fetch(`${alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([alert]),
  });
  expect(answer.status).toBe(200);
}

/** Nobody sends the demo fleet's Alertmanager its watchdog any more, and then somebody does again. */
test('a watchdog that falls silent blinds, by keyboard alone', async ({ stage }) => {
  test.setTimeout(120_000);
  const { alertmanager } = await startDemoProcess(700_000, stage.cleanup);
  // It has to be there still when a slow machine has its console and its window.
  await keepFiring(alertmanager, 25 * secondMs);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'am', kind: 'alertmanager', url: alertmanager, watchdog: 'alertname="Watchdog"' },
  ]);
  const window = await stage.open(await startConsole(stage, stage.cleanup));
  const { page } = window;
  await page.getByRole('row').filter({ hasText: 'HighErrorRate' }).first().waitFor({ timeout: 30_000 });
  await expect(page.getByText('Watchdog')).toHaveCount(0);
  const blind = page.getByRole('region', { name: 'Blind', exact: true });
  await expect(blind).toHaveCount(0);

  await expect(blind).toContainText('am answers without its watchdog, alertname="Watchdog"', {
    timeout: 45_000,
  });
  await expect(blind).toContainText('What fires may not have arrived since');
  await expect(page.getByRole('row').filter({ hasText: 'HighErrorRate' }).first()).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(page.getByRole('heading', { level: 1, name: 'Sources' })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'am' }).last()).toContainText('no watchdog');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Source am' })).toContainText(
    'whether Prometheus runs, evaluates its rules and reaches it',
  );
  expect(await accessibilityProblems(page)).toEqual([]);

  await keepFiring(alertmanager, 60 * secondMs);
  await expect(blind).toHaveCount(0, { timeout: 15_000 });
  await expect(page.getByRole('row').filter({ hasText: 'am' }).last()).toContainText('fresh');
  await window.close();
});
