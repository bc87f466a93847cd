import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { Page } from '@playwright/test';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { startDemoProcess } from '#support/demo-process.ts';
import { inspectData } from '#support/inspection.ts';
import { accessibilityProblems, expect, test } from './stage.ts';

/** The steps of a runbook, by keyboard alone: ticked, told in the timeline, there after a restart without any server. */
test('a runbook is worked through, and goes on where it was without its servers', async ({ stage }) => {
  test.setTimeout(120_000);
  const demo = await startDemoProcess(700_000, stage.cleanup);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'prom', kind: 'prometheus', url: demo.prometheus },
    { name: 'am', kind: 'alertmanager', url: demo.alertmanager },
  ]);
  appendFileSync(stage.configurationPath, `runbooks:\n  folder: ${demo.runbooksFolder}\n`);
  const console = await startConsole(stage, stage.cleanup);
  const window = await stage.open(console);
  const { page } = window;
  await page.getByRole('row').filter({ hasText: 'HighErrorRate' }).first().waitFor({ timeout: 30_000 });
  await choose(page, 'HighErrorRate');
  await expect(page.getByRole('heading', { level: 1, name: 'HighErrorRate' })).toBeVisible();
  const address = page.url();
  const runbook = page.getByRole('region', { name: 'Runbook' });
  const boxes = runbook.getByRole('checkbox');
  await expect(runbook.getByText('0 of 5 steps done')).toBeVisible();

  await page.keyboard.press('6');
  await page.keyboard.press('6');
  await expect(boxes.nth(0)).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('6');
  await expect(boxes.nth(1)).toBeFocused();
  await page.keyboard.press('Space');
  await expect(runbook.getByText('2 of 5 steps done')).toBeVisible();
  await page.keyboard.press('Space');
  await expect(runbook.getByText('1 of 5 steps done')).toBeVisible();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await expect(timeline.getByText('Step done by', { exact: false })).toHaveCount(2);
  await expect(timeline.getByText('Step open again by', { exact: false })).toHaveCount(1);
  expect(await accessibilityProblems(page)).toEqual([]);

  const exported = await exportedAudit(page);
  expect(exported.map(({ action, outcome }) => `${action}: ${outcome}`)).toEqual(
    expect.arrayContaining(['tick step: done', 'open step: done']),
  );
  expect(exported.every(({ by, at }) => by !== '' && !Number.isNaN(Date.parse(at)))).toBe(true);

  await demo.kill();
  await boxes.nth(1).focus();
  await page.keyboard.press('Space');
  await expect(runbook.getByText('2 of 5 steps done')).toBeVisible();
  await window.close();
  await console.stop();

  const again = await startConsole(stage, stage.cleanup);
  const later = await stage.open(again);
  await choose(later.page, 'HighErrorRate');
  const shown = later.page.getByRole('region', { name: 'Runbook' });
  await expect(shown.getByText('2 of 5 steps done')).toBeVisible({ timeout: 30_000 });
  await expect(shown.getByRole('checkbox').nth(1)).toBeChecked();
  await later.close();

  const id = Number(address.split('/').at(-1));
  const { incidents } = await inspectData(stage.dataDirectory);
  const steps = incidents.find((incident) => incident.id === id)?.timeline ?? [];
  expect(steps.filter(({ kind }) => kind === 'runbook-step').map(({ text }) => text)).toEqual([
    'Step done',
    'Step done',
    'Step open again',
    'Step done',
  ]);
});

test('what an alert links to is fetched from a named host only, and is there without it', async ({
  stage,
}) => {
  test.setTimeout(120_000);
  const alertmanager = await startAlertmanagerDouble(stage.cleanup);
  const asked: string[] = [];
  const books = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('Content-Type', 'text/markdown').end('# Disk full\n\n- [ ] Remove old backups\n');
  });
  await new Promise<void>((resolve) => books.listen(0, '127.0.0.1', resolve));
  stage.cleanup.add(() => void books.close());
  const host = `127.0.0.1:${(books.address() as AddressInfo).port}`;
  const folder = dirname(stage.configurationPath);
  writeConfiguration(folder, [{ name: 'am', kind: 'alertmanager', url: alertmanager.url }]);
  appendFileSync(stage.configurationPath, `runbooks:\n  hosts: ["${host}"]\n`);
  alertmanager.setAlerts([
    {
      labels: { alertname: 'DiskFull', service: 'db', severity: 'critical' },
      annotations: { runbook_url: `http://${host}/disk-full` },
    },
    {
      labels: { alertname: 'Elsewhere', service: 'web', severity: 'warning' },
      annotations: { runbook_url: `http://localhost:${host.split(':')[1] ?? ''}/not-named` },
    },
  ]);
  const console = await startConsole(stage, stage.cleanup);
  const window = await stage.open(console);
  const { page } = window;
  await choose(page, 'Elsewhere');
  const runbook = page.getByRole('region', { name: 'Runbook' });
  await expect(runbook).toContainText('runbooks.hosts of the configuration does not name localhost');
  await page.keyboard.press('Escape');
  await choose(page, 'DiskFull');
  await expect(runbook.getByRole('checkbox', { name: 'Remove old backups' })).toBeVisible();
  await expect(runbook).toContainText('fetched');
  await runbook.getByRole('checkbox').press('Space');
  await expect(runbook).toContainText('1 of 1 steps done');
  expect([...new Set(asked)]).toEqual(['/disk-full']);
  await window.close();
  await console.stop();

  books.closeAllConnections();
  books.close();
  const again = await startConsole(stage, stage.cleanup);
  const later = await stage.open(again);
  await choose(later.page, 'DiskFull');
  await expect(later.page.getByRole('region', { name: 'Runbook' })).toContainText('1 of 1 steps done');
  await later.close();
});

interface AuditLine {
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly outcome: string;
}

/** By the palette; the toast says where the file is. */
async function exportedAudit(page: Page): Promise<readonly AuditLine[]> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Export the audit');
  await page.keyboard.press('Enter');
  const toast = page.getByText(/^Audit trail: \d+ lines in /);
  await toast.waitFor();
  const [, path = ''] = / in (.*)$/.exec((await toast.textContent()) ?? '') ?? [];
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as AuditLine);
}

/** By the palette, which lists incidents beside commands. */
async function choose(page: Page, incident: string): Promise<void> {
  await page.getByRole('row').filter({ hasText: incident }).first().waitFor({ timeout: 30_000 });
  await page.keyboard.press('Control+k');
  await page.keyboard.type(incident);
  const found = page.getByRole('option').filter({ hasText: 'INC-' }).first();
  await expect(found).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
}
