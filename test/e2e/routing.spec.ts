import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page } from '@playwright/test';
import { mutedNow } from '#shared/routing/muted-until.ts';
import { readRoutingConfiguration } from '#shared/routing/read/read-configuration.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { startDemoProcess } from '#support/demo-process.ts';
import { accessibilityProblems, expect, test } from './stage.ts';

/** Whom an alert pages, asked by keyboard alone: of the demo's Alertmanager, of a text that one would refuse. */

const root = new URL('../../', import.meta.url);
const readText = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const demo = readRoutingConfiguration(readText('resources/demo/alertmanager.yml'));

/** Time decides; the spec may run at any. */
function isStorageMuted(): boolean {
  const storage = demo.root?.routes.find(({ receiver }) => receiver === 'storage');
  if (storage === undefined) throw new Error('the demo has no route to storage');
  return mutedNow(storage, demo.timeIntervals, Date.now()).isMuted;
}

const outcomeOf = (isMuted: boolean): RegExp =>
  isMuted ? /^Muted outside of office-hours until .+: storage is told at/ : /^Pages storage by slack/;

test('whom it pages is answered for labels, an alert and a text, and when no server answers', async ({
  stage,
}) => {
  test.setTimeout(120_000);
  // At a known time of its schedule: which alerts there are must not be the clock's choice.
  const fleet = await startDemoProcess(700_000, stage.cleanup);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'prom', kind: 'prometheus', url: fleet.prometheus },
    { name: 'am', kind: 'alertmanager', url: fleet.alertmanager },
  ]);
  const window = await stage.open(await startConsole(stage, stage.cleanup));
  const { page } = window;
  const isMuted = isStorageMuted();
  const answer = page.getByRole('status', { name: 'Whom it pages' }).getByRole('strong');
  const route = (text: string) => page.getByRole('row').filter({ hasText: text });
  await expect(page.getByRole('row').filter({ hasText: 'DiskSpaceLow' }).first()).toBeVisible({
    timeout: 30_000,
  });

  await press(page, 'g', 'a');
  await expect(page.getByText('5 routes, 2 inhibit rules')).toBeVisible();
  await expect(answer).toHaveText('Pages chat by slack in 10s.');

  await press(page, '/');
  await page.keyboard.type('alertn');
  await expect(page.getByRole('option', { name: /^alertname/ })).toBeVisible();
  await press(page, 'Tab');
  await page.keyboard.type('Disk');
  await expect(page.getByRole('option', { name: /^DiskSpaceLow/ })).toBeVisible();
  await press(page, 'Tab');
  await page.keyboard.type('severity');
  await expect(page.getByText('Write the value of severity behind it')).toBeVisible();
  await page.keyboard.type('=warning');
  await expect(answer).toHaveText(outcomeOf(isMuted));
  await press(page, 'Enter', 'g', 'g', 'n');
  await expect(route('storage').first()).toHaveAttribute('aria-selected', 'true');
  await expect(route('storage').first()).toContainText(isMuted ? 'muted' : 'pages');

  for (const name of ['orchestrator', 'severity-routes', 'platform']) {
    const text = readText(`shared/routing/read/fixtures/${name}.yml`);
    const [problem] = readRoutingConfiguration(text).problems;
    await press(page, 'o');
    await page.getByRole('textbox', { name: 'Configuration of an Alertmanager' }).fill(text);
    await press(page, 'Control+Enter');
    const refusal = page.getByRole('region', { name: 'Why it would be refused' });
    await expect(refusal).toContainText(`line ${problem?.line ?? 0}, ${problem?.field ?? ''}`);
    await expect(refusal).toContainText('Would be refused by Alertmanager');
    await expect(answer).toHaveText(/^If it were accepted: /);
  }
  await expect(answer).toHaveText(/^If it were accepted: pages web\.hook by webhook/);
  await press(page, 'x');
  await expect(page.getByText('5 routes, 2 inhibit rules')).toBeVisible();

  await press(page, 'g', 'i', '/');
  await page.keyboard.type('@muted=office-hours mountpoint="/srv/archive"');
  await press(page, 'Enter');
  const found = page.getByRole('row').filter({ hasText: 'DiskSpaceLow' });
  await expect(found).toHaveCount(isMuted ? 1 : 0);
  if (isMuted) {
    await press(page, 'Enter', '8');
    await expect(page.getByRole('combobox', { name: 'Labels of an alert' })).toHaveValue(
      /^alertname=DiskSpaceLow severity=warning service=system .*mountpoint=\/srv\/archive/,
    );
    await expect(page.getByText('An alert with exactly these labels has fired since')).toBeVisible();
    await expect(page.getByText(/^Silenced as well by m\.lind until .+“Archive is moved/)).toBeVisible();
    await press(page, 'Escape');
    await expect(page.getByRole('heading', { level: 1, name: 'DiskSpaceLow' })).toBeVisible();
  }

  await press(page, 'g', 'a');
  await fleet.kill();
  await expect(page.getByText(/^cached/).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('5 routes, 2 inhibit rules')).toBeVisible();
  await expect(route('pagerduty').first()).toBeVisible();
  await window.close();
});

const widths = [400, 1_280, 1_920];
/** Every day each theme and the extremes of width once; all with the full sizes. */
const looks = Object.entries(
  process.env['OPSSIGHT_FULL'] === '1' ? { dark: widths, light: widths } : { dark: [1_920], light: [400] },
);

for (const [theme, at] of looks) {
  test(`axe finds nothing in it at any width, ${theme}`, async ({ stage }) => {
    const window = await stage.open(await stage.startFirstRun());
    const { page } = window;
    await expect(page.getByRole('row').filter({ hasText: 'nobody' }).first()).toBeVisible();
    await press(page, 'Control+k');
    await page.keyboard.type(`${theme} theme`);
    await expect(page.getByRole('option', { name: new RegExp(`${theme} theme`, 'i') })).toBeVisible();
    await press(page, 'Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await press(page, 'g', 'a');
    await expect(page.getByText('5 routes, 2 inhibit rules')).toBeVisible();
    await press(page, '/');
    await page.keyboard.type('severity=critical service=security');
    await press(page, 'Enter');
    await expect(page.getByRole('status', { name: 'Whom it pages' }).getByRole('strong')).toHaveText(
      /^Pages pager by pagerduty/,
    );
    for (const width of at) {
      await page.setViewportSize({ width, height: 900 });
      await expect.soft(accessibilityProblems(page), `${theme} ${width}`).resolves.toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(overflow, `${theme} ${width}`).toBeLessThanOrEqual(0);
    }
    await press(page, 'o');
    await expect.soft(accessibilityProblems(page), `${theme} text`).resolves.toEqual([]);
    await window.close();
  });
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
