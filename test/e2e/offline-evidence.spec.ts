import { appendFileSync } from 'node:fs';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { startDemoProcess } from '#support/demo-process.ts';
import { dirname } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './stage.ts';

/** All servers are gone: the incident still shows chart, lines, traces and runbook, each with its age. */
test('an incident without any server, by keyboard alone', async ({ stage }) => {
  test.setTimeout(120_000);
  const demo = await startDemoProcess(700_000, stage.cleanup);
  const { prometheus, alertmanager, loki, jaeger } = demo;
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'prom', kind: 'prometheus', url: prometheus },
    { name: 'am', kind: 'alertmanager', url: alertmanager },
    { name: 'loki', kind: 'loki', url: loki },
    { name: 'jaeger', kind: 'jaeger', url: jaeger },
  ]);
  appendFileSync(stage.configurationPath, `runbooks:\n  folder: ${demo.runbooksFolder}\n`);
  const first = await startConsole(stage, stage.cleanup);
  const before = await stage.open(first);
  const { page } = before;
  await page.getByRole('row').filter({ hasText: 'HighErrorRate' }).first().waitFor({ timeout: 30_000 });
  await choose(page, 'HighErrorRate');
  await expect(page.getByRole('heading', { level: 1, name: 'HighErrorRate' })).toBeVisible();
  await expect(page.getByText('Logs and traces pinned')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Evidence captured and pinned')).toBeVisible();
  const address = page.url();

  await demo.kill();
  await expect(page.getByRole('region', { name: 'Logs at the fire' })).toContainText('cached', {
    timeout: 60_000,
  });
  const logs = page.getByRole('region', { name: 'Logs at the fire' });
  const traces = page.getByRole('region', { name: 'Error traces' });
  const runbook = page.getByRole('region', { name: 'Runbook' });
  await expect(logs).toContainText('QueuePool limit');
  await expect(traces).toContainText('cached');
  await expect(traces.getByRole('button').nth(1)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Evidence', exact: true })).toContainText('cached');
  await expect(runbook).toContainText('written');

  await page.keyboard.press('4');
  await expect(page.getByRole('heading', { level: 1, name: 'Logs' })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'backend' }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(address);
  await page.keyboard.press('5');
  await expect(page.getByRole('heading', { level: 1, name: 'Traces' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('6');
  await expect(runbook).toBeFocused();
  await before.close();
});

/** The server is gone, and another range is looked at than was ever drawn: it is computed of the samples that were kept. */
test('a chart over another range than was drawn, without its server', async ({ stage }) => {
  test.setTimeout(120_000);
  const demo = await startDemoProcess(700_000, stage.cleanup);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'prom', kind: 'prometheus', url: demo.prometheus },
    { name: 'am', kind: 'alertmanager', url: demo.alertmanager },
  ]);
  const started = await startConsole(stage, stage.cleanup);
  const opened = await stage.open(started);
  const { page } = opened;
  await page.getByRole('row').filter({ hasText: 'HighErrorRate' }).first().waitFor({ timeout: 30_000 });
  await choose(page, 'HighErrorRate');
  await expect(page.getByText('Evidence captured and pinned')).toBeVisible({ timeout: 30_000 });

  await demo.kill();
  const chart = page.getByRole('region', { name: 'Evidence', exact: true });
  await expect(chart).toContainText('cached', { timeout: 60_000 });
  await choose(page, 'Last 15 minutes');
  await expect(chart).toContainText('prom does not answer; computed from kept samples');
  await expect(chart.getByRole('img', { name: /^sum by .* series$/ })).toBeVisible();
  // Before what was kept nothing is known, and that is said.
  await choose(page, 'Last 6 hours');
  await expect(chart).toContainText('computed from kept samples, but opssight_requests_total');
  await opened.close();
});

async function choose(page: Page, entry: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(entry);
  // What Enter takes is the one that is marked: the list may still be that of fewer letters.
  await page.getByRole('option', { selected: true }).filter({ hasText: entry }).waitFor();
  await page.keyboard.press('Enter');
}
