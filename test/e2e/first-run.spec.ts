import { readFileSync } from 'node:fs';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { expect, test } from './stage.ts';

/** The first minutes with the console: the demo fleet, every view by key, and a server of one's own. */

test('the demo fleet is there, marked as such, with incidents and their evidence', async ({ stage }) => {
  const window = await stage.open(await stage.startFirstRun());
  const { page } = window;
  await expect(page.getByRole('banner').getByText('Demo fleet').first()).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'nobody' }).first()).toBeVisible();

  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('img', { name: /series$/ }).first()).toBeVisible();
  await page.keyboard.press('Escape');

  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(page.getByRole('row').filter({ hasText: 'demo-prometheus' })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'demo-alertmanager' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('i');

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog');
  await expect(palette).toBeVisible();
  await page.keyboard.type('light');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Filter incidents');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await window.close();
});

test('a source is tried, saved and watched, and its file keeps it', async ({ stage }) => {
  const alertmanager = await startAlertmanagerDouble(stage.cleanup);
  alertmanager.setAlerts([{ labels: { alertname: 'MyAlert', service: 'mine', severity: 'warning' } }]);
  const window = await stage.open(await stage.startFirstRun());
  const { page } = window;
  await expect(page.getByRole('row').filter({ hasText: 'nobody' }).first()).toBeVisible();

  await page.keyboard.press('g');
  await page.keyboard.press(',');
  await page.keyboard.press('n');
  const form = page.getByRole('form', { name: 'Add a source' });
  await form.getByLabel('Name', { exact: true }).fill('mine');
  await form.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:1');
  // A key that leaves the form costs nothing that was typed.
  await page.keyboard.press('Escape');
  await expect(form).toHaveCount(0);
  await page.keyboard.press('n');
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('mine');
  await form.getByLabel('Kind', { exact: true }).selectOption('alertmanager');
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByRole('region', { name: 'Connection test' })).toContainText('refused');

  await form.getByLabel('Address', { exact: true }).fill(alertmanager.url);
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByRole('region', { name: 'Connection test' })).toContainText('0.33.1');
  await form.getByRole('button', { name: 'Save' }).click();

  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await expect(page.getByRole('row').filter({ hasText: 'MyAlert' })).toBeVisible();
  await expect(page.getByRole('banner').getByText('Demo fleet')).toHaveCount(0);
  await expect(page.getByLabel('Notices')).toContainText('The demo fleet was left');
  expect(readFileSync(stage.configurationPath, 'utf8')).toContain(alertmanager.url);
  await window.close();
});
