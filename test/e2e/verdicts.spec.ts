import { dirname } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { startClockedConsole, type ClockedConsole } from '#support/clocked-console.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startDemoProcess } from '#support/demo-process.ts';
import { inspectData } from '#support/inspection.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import { accessibilityProblems, expect, test, type Stage } from './stage.ts';

/**
 * Verdicts on the demo fleet, whose Alertmanager is told of more alerts, by keyboard alone, with a core whose
 * clock is set ahead where something has to be waited for.
 */

interface Watch {
  readonly console: ClockedConsole;
  readonly page: Page;
  /** These fire from now on, beside the fleet's own. */
  readonly fire: (...alerts: Readonly<Record<string, string>>[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function watch(stage: Stage): Promise<Watch> {
  const { alertmanager, prometheus } = await startDemoProcess(0, stage.cleanup);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'am', kind: 'alertmanager', url: alertmanager },
    { name: 'prom', kind: 'prometheus', url: prometheus },
  ]);
  const console = await startClockedConsole(stage, stage.cleanup);
  const window = await stage.open(console);
  const { page } = window;
  await page.getByRole('status').getByText('Live').waitFor();
  return {
    console,
    page,
    close: () => window.close(),
    fire: async (...alerts) => {
      const endsAt = new Date(Date.now() + 10 * hourMs).toISOString();
      const body = alerts.map((labels) => ({ labels: { service: 'shop', ...labels }, endsAt }));
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${alertmanager}/api/v2/alerts`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      expect(answer.ok).toBe(true);
    },
  };
}

function row(page: Page, title: string): Locator {
  return page.getByRole('row').filter({ hasText: title });
}

/** The head over what no source sees, with how many there are. */
function lostSight(page: Page, count: number): Locator {
  return page.getByRole('gridcell', { name: new RegExp(`^Lost sight ?${count} ?may fire`) });
}

/** Moves the cursor to an incident with the keys that move it. */
async function stand(page: Page, title: string): Promise<void> {
  await row(page, title).first().waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('g');
  for (let moves = 0; moves < 60; moves++) {
    const current = page.locator('[role="row"][aria-selected="true"]');
    if ((await current.count()) > 0 && (await current.first().innerText()).includes(title)) return;
    await page.keyboard.press('j');
  }
  throw new Error(`the cursor does not reach ${title}`);
}

const heading = (page: Page, name: string): Locator => page.getByRole('heading', { level: 1, name });
const timeline = (page: Page): Locator => page.getByRole('region', { name: 'Timeline' });

test('snoozed until a time, then until it gets worse', async ({ stage }) => {
  const { page, console, fire, close } = await watch(stage);
  await fire({ alertname: 'QueueGrows', severity: 'warning', pod: 'a' });
  await stand(page, 'QueueGrows');
  await page.keyboard.press('z');
  await expect(page.getByRole('dialog', { name: /Snooze INC-/ })).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('2');
  await expect(page.getByText(/Snoozed until \d\d:\d\d: INC-\d+ QueueGrows/)).toBeVisible();
  await stand(page, 'QueueGrows');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/firing, snoozed until/)).toBeVisible();

  console.advance(hourMs - 10 * minuteMs);
  await page.waitForTimeout(1_500);
  await expect(page.getByText(/firing, snoozed until/)).toBeVisible();
  console.advance(11 * minuteMs);
  await expect(page.getByText('firing, nobody has taken it')).toBeVisible({ timeout: 20_000 });
  await expect(timeline(page).getByText('its time has come')).toBeVisible();

  await page.keyboard.press('z');
  await page.keyboard.press('0');
  await expect(page.getByText(/snoozed until it gets worse/)).toBeVisible();
  await fire({ alertname: 'QueueGrows', severity: 'info', pod: 'b' });
  await expect(timeline(page).getByText('QueueGrows on b fired')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/snoozed until it gets worse/)).toBeVisible();
  await fire({ alertname: 'QueueGrows', severity: 'critical', pod: 'c' });
  await expect(timeline(page).getByText('it was warning and is critical now')).toBeVisible({
    timeout: 20_000,
  });
  await expect(page.getByText('firing, nobody has taken it')).toBeVisible();
  await close();
});

test('an acknowledgement that nobody comes back to is over', async ({ stage }) => {
  const { page, console, fire, close } = await watch(stage);
  await fire({ alertname: 'QueueGrows', severity: 'warning', pod: 'a' });
  await stand(page, 'QueueGrows');
  await page.keyboard.press('Enter');
  await page.keyboard.press('a');
  await expect(page.getByText('firing, tester has it')).toBeVisible();
  // The window shows it before the core has it, and the core's clock is about to jump.
  await expect(timeline(page).getByText('Acknowledged', { exact: true })).toBeVisible();
  console.advance(3 * hourMs);
  await page.waitForTimeout(1_500);
  await expect(page.getByText('firing, tester has it')).toBeVisible();
  console.advance(hourMs);
  await expect(page.getByText('firing, came back from tester')).toBeVisible({
    timeout: 20_000,
  });
  await expect(timeline(page).getByText('Came back')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(row(page, 'QueueGrows').first()).toContainText('nobody');
  await close();
});

test('merged with what fires later, and taken back in ten seconds or much later', async ({ stage }) => {
  const { page, fire, close } = await watch(stage);
  const queue = { alertname: 'QueueGrows', severity: 'warning' };
  const slow = { alertname: 'SlowAnswers', severity: 'critical' };
  await fire({ ...queue, pod: 'a' }, { ...slow, pod: 'a' });
  await stand(page, 'QueueGrows');
  await page.keyboard.press('x');
  await stand(page, 'SlowAnswers');
  await page.keyboard.press('x');
  await page.keyboard.press('m');
  await expect(page.getByRole('dialog', { name: 'Merge 2 incidents into' })).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Merged into INC-\d+: INC-\d+ QueueGrows/)).toBeVisible();
  await expect(row(page, 'QueueGrows')).toHaveCount(0);
  await page.keyboard.press('u');
  await expect(row(page, 'QueueGrows').first()).toBeVisible();

  await stand(page, 'QueueGrows');
  await page.keyboard.press('m');
  await page.keyboard.type('SlowAnswers');
  await page.keyboard.press('Enter');
  await expect(row(page, 'QueueGrows')).toHaveCount(0);
  await fire({ ...queue, pod: 'b' });
  await stand(page, 'SlowAnswers');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'SlowAnswers')).toBeVisible();
  await expect(timeline(page).getByText('QueueGrows on b fired')).toBeVisible({ timeout: 20_000 });
  await expect(
    timeline(page)
      .getByText(/^INC-\d+ $/)
      .first(),
  ).toBeVisible();
  await page.getByRole('button', { name: /^INC-\d+ QueueGrows$/ }).press('Enter');
  await expect(heading(page, 'QueueGrows')).toBeVisible();
  await expect(page.getByText(/merged into INC-\d+, which has its alerts/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(heading(page, 'SlowAnswers')).toBeVisible();
  await page.keyboard.press('M');
  await expect(page.getByRole('dialog', { name: /Take out of INC-\d+ SlowAnswers/ })).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/On its own again: INC-\d+ QueueGrows/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(row(page, 'QueueGrows').first()).toContainText('2');
  await close();
});

test('alerts are split off, and rejoined', async ({ stage }) => {
  const { page, fire, close } = await watch(stage);
  const queue = { alertname: 'QueueGrows', severity: 'warning' };
  await fire({ ...queue, pod: 'a' }, { ...queue, pod: 'b' }, { ...queue, pod: 'c' });
  await stand(page, 'QueueGrows');
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: /Split alerts off INC-/ });
  await expect(dialog.getByRole('checkbox')).toHaveCount(3);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Space');
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Split INC-\d+ off INC-\d+ QueueGrows/)).toBeVisible();
  await expect(row(page, 'QueueGrows')).toHaveCount(2);
  await page.keyboard.press('u');
  await expect(row(page, 'QueueGrows')).toHaveCount(1);
  await close();
});

test('many at once: acknowledged, handed over, noted, called noise, and taken back together', async ({
  stage,
}) => {
  const { page, fire, close } = await watch(stage);
  const names = ['QueueGrows', 'SlowAnswers', 'DiskFull'];
  await fire(...names.map((alertname) => ({ alertname, severity: 'critical', pod: 'a' })));
  for (const name of names) {
    await stand(page, name);
    await page.keyboard.press('x');
  }
  await page.keyboard.press('a');
  await expect(page.getByText('Acknowledged 3 incidents')).toBeVisible();
  await expect(row(page, 'DiskFull').first()).toContainText('TE');
  await page.keyboard.press('u');
  await expect(page.getByText('Taken back')).toBeVisible();
  await expect(row(page, 'DiskFull').first()).toContainText('nobody');

  await page.keyboard.press('/');
  await page.keyboard.type('service="shop"');
  await page.keyboard.press('Enter');
  await expect(row(page, 'DiskFull').first()).toBeVisible();
  await page.keyboard.press('*');
  await page.keyboard.press('e');
  await page.keyboard.type('a.okafor');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Assigned to a.okafor: 3 incidents')).toBeVisible();
  await page.keyboard.press('*');
  await page.keyboard.press('n');
  await page.keyboard.type('one deploy did it');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Noted on 3 incidents')).toBeVisible();
  await page.keyboard.press('*');
  await page.keyboard.press('!');
  await expect(page.getByText('Marked as noise: 3 incidents')).toBeVisible();
  await stand(page, 'SlowAnswers');
  await page.keyboard.press('Enter');
  await expect(page.getByText('firing, noise, says tester')).toBeVisible();
  await expect(page.getByText('Also assigned to a.okafor.')).toBeVisible();
  await expect(timeline(page).getByText('one deploy did it')).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  await close();
});

test('what a source that was replaced left unseen is closed together, taken back, and closed one after the other', async ({
  stage,
}) => {
  const { console, alertmanager } = await stage.startWithAlertmanager();
  const left = Array.from({ length: 300 }, (_, index) => ({
    labels: { alertname: `Left${index}`, service: 'shop', severity: 'warning' },
  }));
  alertmanager.setAlerts(left);
  const window = await stage.open(console);
  const { page } = window;
  await row(page, 'Left0').first().waitFor();
  const other = await startAlertmanagerDouble(stage.cleanup);
  other.setAlerts([{ labels: { alertname: 'StillFires', service: 'shop', severity: 'info' } }]);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'other', kind: 'alertmanager', url: other.url },
  ]);
  await row(page, 'StillFires').first().waitFor();
  await expect(lostSight(page, 300)).toBeVisible({ timeout: 20_000 });

  await page.keyboard.press('*');
  await page.keyboard.press('c');
  const refusal = /^INC-301 is still seen by a source: none of the 301 marked is closed by hand\.$/;
  await expect(page.getByText(refusal)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type('@state=unseen');
  await page.keyboard.press('Enter');
  await expect(row(page, 'StillFires')).toHaveCount(0);
  await page.keyboard.press('*');
  await expect(page.getByText('300 marked', { exact: true })).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.getByText('Closed 300 incidents')).toBeVisible();
  const ended = async () =>
    (await inspectData(stage.dataDirectory)).incidents.filter(({ resolvedAtMs }) => resolvedAtMs !== null);
  await expect.poll(async () => (await ended()).length).toBe(300);
  await page.keyboard.press('u');
  await expect(page.getByText('Taken back')).toBeVisible();
  await expect.poll(async () => (await ended()).length).toBe(0);

  await expect(lostSight(page, 300)).toBeVisible();
  await page.keyboard.press('Home');
  for (const key of ['x', 'x', 'x', 'c']) await page.keyboard.press(key);
  await expect(page.getByText('Closed 3 incidents')).toBeVisible();
  await expect(lostSight(page, 297)).toBeVisible();
  await expect.poll(async () => (await ended()).length).toBe(3);
  await window.close();
});

const widths = [400, 1280, 1920];
/** Every day each theme and the extremes of width once; all with the full sizes. */
const looks: Readonly<Record<string, readonly number[]>> =
  process.env['OPSSIGHT_FULL'] === '1'
    ? { 'Dark theme': widths, 'Light theme': widths }
    : { 'Dark theme': [1920], 'Light theme': [400] };

test('axe finds nothing in the dialogs, dark and light, narrow and wide', async ({ stage }) => {
  test.setTimeout(180_000);
  const { page, fire, close } = await watch(stage);
  const queue = { alertname: 'QueueGrows', severity: 'warning' };
  await fire({ ...queue, pod: 'a' }, { ...queue, pod: 'b' }, { alertname: 'SlowAnswers', severity: 'info' });
  for (const [theme, at] of Object.entries(looks)) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.keyboard.press('Control+k');
    await page.keyboard.type(theme);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await stand(page, 'QueueGrows');
    for (const width of at) {
      await page.setViewportSize({ width, height: 800 });
      for (const key of ['z', 'e', 'm', 't', 'n']) {
        await page.keyboard.press(key);
        await expect(page.getByRole('dialog')).toBeVisible();
        expect(await accessibilityProblems(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
    }
  }
  await close();
});
