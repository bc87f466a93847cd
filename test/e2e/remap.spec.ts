import type { Page } from '@playwright/test';
import { accessibilityProblems, expect, test } from './stage.ts';

/** Keys of one's own, by keyboard alone: recorded, conflicts told and settled, in force everywhere, reset. */
test('keys are remapped, a conflict has a way out, and both survive a reload', async ({ stage }) => {
  const { console, alertmanager } = await stage.startWithAlertmanager();
  const window = await stage.open(console);
  const { page } = window;
  alertmanager.setAlerts([{ labels: { alertname: 'DiskFull', service: 'db', severity: 'critical' } }]);
  await page.getByRole('row').filter({ hasText: 'DiskFull' }).waitFor();
  await openKeys(page);
  expect(await accessibilityProblems(page)).toEqual([]);

  await openDialogOf(page, 'Undo the last action');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Add a key' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'The new key' })).toBeFocused();
  await page.keyboard.press('a');
  await expect(dialog.getByRole('alert')).toContainText('Acknowledge');
  await expect(dialog.getByRole('alert')).toContainText('which has no other key');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('button', { name: 'Press another key' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('q');
  await page.keyboard.press('q');
  await expect(dialog.getByRole('status')).toHaveText('q q does it now.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await openDialogOf(page, 'Acknowledge or release');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'The new key' })).toBeFocused();
  await page.keyboard.press('F2');
  await expect(dialog.getByRole('status')).toHaveText('F2 does it now.');
  await dialog.getByRole('button', { name: 'Take away a' }).press('Enter');
  await page.keyboard.press('Escape');

  await page.reload();
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  const row = page.getByRole('row').filter({ hasText: 'DiskFull' });
  await row.waitFor();
  const take = page.getByRole('button', { name: /Acknowledge/ });
  await expect(take.first()).toContainText('F2');
  await page.keyboard.press('a');
  await expect(row).toContainText('nobody');
  await page.keyboard.press('F2');
  await expect(row).not.toContainText('nobody');
  await page.keyboard.press('q');
  await page.keyboard.press('q');
  await expect(row).toContainText('nobody');
  await page.keyboard.press('?');
  await expect(dialog).toContainText('F2');
  await page.keyboard.press('Escape');

  await openKeys(page);
  await page.getByRole('button', { name: 'Reset all keys' }).press('Enter');
  await expect(page.getByText('Every command is on its usual keys.', { exact: false })).toBeVisible();
  await window.close();
});

async function openKeys(page: Page): Promise<void> {
  // A dialog that closes gives the focus back to where it was: not between a button's focus and its key.
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press(',');
  await page.getByRole('button', { name: 'Keys', exact: true }).press('Enter');
  await expect(page.getByRole('grid', { name: 'Commands and their keys' })).toBeVisible();
  await page.getByRole('grid').focus();
}

/** The cursor goes down the list until it is on the command. */
async function openDialogOf(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Home');
  const chosen = page.getByRole('row', { selected: true });
  for (let row = 0; row < 200; row++) {
    if (((await chosen.textContent()) ?? '').startsWith(command)) break;
    await page.keyboard.press('j');
  }
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Keys of “${command}”` });
  await expect(dialog.getByRole('button', { name: 'Add a key' })).toBeFocused();
}
