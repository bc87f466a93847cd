import { eventually } from '#support/eventually.ts';
import { inspectData } from '#support/inspection.ts';
import { expect, test } from './stage.ts';

/** 03:12, no mouse: from the notification to an acknowledged incident, with a change of mind. */
test('from notification to acknowledged by keyboard alone', async ({ stage }) => {
  const { console, alertmanager } = await stage.startWithAlertmanager();
  const window = await stage.open(console);
  const { page } = window;
  await page.getByRole('status').getByText('Live').waitFor();

  alertmanager.setAlerts([
    {
      labels: { alertname: 'DiskFull', service: 'db', severity: 'critical', instance: 'db-1' },
      annotations: { summary: 'db-1 has 2 % left' },
    },
    { labels: { alertname: 'Slow', service: 'web', severity: 'warning' } },
  ]);
  await eventually('both are notified', async () =>
    (await window.notifications()).length === 2 ? true : undefined,
  );
  expect((await window.notifications()).map(({ title }) => title).toSorted()).toEqual([
    'Critical: DiskFull db',
    'Warning: Slow web',
  ]);
  await window.clickNotification('Critical: DiskFull db');

  await expect(page.getByRole('heading', { level: 1, name: 'DiskFull' })).toBeVisible();
  await expect(page.getByText('firing, nobody has taken it')).toBeVisible();
  await page.keyboard.press('a');
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await expect(timeline.getByText('Acknowledged', { exact: true })).toBeVisible();
  await expect(page.getByText('nobody has taken it')).toBeHidden();

  await page.keyboard.press('u');
  await expect(timeline.getByText('Acknowledgement undone')).toBeVisible();
  await page.keyboard.press('a');
  await expect(timeline.getByText('Acknowledged', { exact: true })).toHaveCount(2);

  await page.keyboard.press('n');
  await page.keyboard.type('Removed old backups');
  await page.keyboard.press('Control+Enter');
  await expect(timeline.getByText('Removed old backups')).toBeVisible();

  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row').filter({ hasText: 'DiskFull' })).toContainText('TE');

  // What is said is on the screen before it is on the disk.
  const notifications = await eventually('the journal has it all', async () => {
    const kept = await inspectData(stage.dataDirectory);
    const disk = kept.incidents.find(({ title }) => title === 'DiskFull');
    const kinds = new Set<string>(disk?.timeline.map(({ kind }) => kind));
    const all = ['notified', 'notification-opened', 'acknowledged', 'undone', 'note'];
    return all.every((kind) => kinds.has(kind)) ? kept.notifications : undefined;
  });
  expect(notifications).toHaveLength(2);
  await window.close();
});
