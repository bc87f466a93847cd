import { dirname } from 'node:path';
import type { Page } from '@playwright/test';
import * as v from 'valibot';
import { hourMs } from '#shared/time.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { startDemoProcess } from '#support/demo-process.ts';
import { startGate } from '#support/gate.ts';
import { accessibilityProblems, expect, test } from './stage.ts';

/** A silence from its incident to its end, by keyboard alone, with a change of mind and an outage between. */

const answerSchema = v.array(
  v.object({
    comment: v.string(),
    createdBy: v.string(),
    endsAt: v.pipe(
      v.string(),
      v.transform((text) => Date.parse(text)),
    ),
    matchers: v.array(v.object({ name: v.string(), value: v.string() })),
    status: v.object({ state: v.string() }),
  }),
);

/** Ten seconds are held; then it is sent, and seen with the next poll. */
const sent = { timeout: 30_000 };

test('a silence is made, taken back, made again, changed, extended through an outage, and ended', async ({
  stage,
}) => {
  test.setTimeout(240_000);
  const demo = await startDemoProcess(700_000, stage.cleanup);
  const gate = await startGate(demo.alertmanager, stage.cleanup);
  writeConfiguration(dirname(stage.configurationPath), [
    { name: 'prom', kind: 'prometheus', url: demo.prometheus },
    { name: 'am', kind: 'alertmanager', url: gate.url },
  ]);
  /** What the server itself has of this person, its own side of the gate. */
  const there = async () => {
    const answer = await fetch(`${demo.alertmanager}/api/v2/silences`);
    return v.parse(answerSchema, await answer.json()).filter(({ createdBy }) => createdBy === 'tester');
  };
  const window = await stage.open(await startConsole(stage, stage.cleanup));
  const { page } = window;
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });
  await expect(row('HighErrorRate').first()).toBeVisible({ timeout: 30_000 });
  await press(page, '/');
  await page.keyboard.type('alertname=HighErrorRate');
  await press(page, 'Enter');
  await expect(row('DiskSpaceLow')).toHaveCount(0);

  await press(page, 's');
  const dialog = page.getByRole('dialog', { name: /^Silence INC-/ });
  await expect(dialog.getByRole('textbox', { name: 'Matcher 1' })).toHaveValue('alertname="HighErrorRate"');
  await expect(dialog.getByText(/^Hides now \d+ alerts? of 1 incident, of them \d+ critical/)).toBeVisible();
  await expect(dialog.getByText(/^Over 30 d /)).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'Comment' })).toBeFocused();
  await page.keyboard.type('rolling back');
  await expect(accessibilityProblems(page)).resolves.toEqual([]);
  await press(page, 'Control+Enter');
  await expect(page.getByText('The silence waits 10 s before it goes out')).toBeVisible();
  await press(page, 'u');
  await expect(page.getByText('Taken back: it was not sent')).toBeVisible();

  await press(page, 's');
  await expect(dialog.getByRole('textbox', { name: 'Matcher 1' })).toHaveValue('alertname="HighErrorRate"');
  await page.keyboard.type('rolling back');
  await press(page, 'Control+Enter');
  await expect(dialog).toHaveCount(0);
  await press(page, 'g', 's');
  await expect(row('goes out in')).toBeVisible();
  expect(await there()).toEqual([]);
  await expect(row('rolling back')).toContainText('am', sent);
  await expect(row('goes out in')).toHaveCount(0);
  expect((await there()).map(({ comment, status }) => [comment, status.state])).toEqual([
    ['rolling back', 'active'],
  ]);
  await expect(row('rolling back').getByRole('gridcell').nth(2)).not.toHaveText('0', sent);
  await expect(page.getByRole('region', { name: 'What would come back' })).toContainText('HighErrorRate');
  await expect(accessibilityProblems(page)).resolves.toEqual([]);

  await press(page, 'e');
  await page.getByRole('dialog', { name: 'Change the silence' }).waitFor();
  await page.keyboard.type(', v2.31 is back');
  await press(page, 'Control+Enter');
  await expect(row('v2.31 is back')).toContainText('am', sent);

  const [before] = await there();
  gate.shut();
  await expect(page.getByText(/Partly live|Blind/).first()).toBeVisible(sent);
  await press(page, '/');
  await page.keyboard.type('tester');
  await press(page, 'Enter', 'Home', '+');
  await page.getByRole('dialog', { name: 'Extend 1 silence' }).waitFor();
  await press(page, 'Enter');
  await expect(page.getByText('The new end waits in the outbox until am answers')).toBeVisible();
  await expect(row('waits for am')).toBeVisible(sent);
  await expect(page.getByRole('button', { name: /Outbox 1/ })).toBeVisible();
  await expect(accessibilityProblems(page)).resolves.toEqual([]);
  expect((await there())[0]?.endsAt).toBe(before?.endsAt);
  gate.open();
  await press(page, 'r');
  await expect(row('waits for am')).toHaveCount(0, { timeout: 60_000 });
  await expect
    .poll(async () => (await there()).find(({ status }) => status.state === 'active')?.endsAt)
    .toBe((before?.endsAt ?? 0) + hourMs);

  await press(page, '/');
  await page.getByRole('textbox', { name: 'Filter silences' }).fill('');
  await press(page, 'Enter', 'X', 'E');
  const confirmed = page.getByRole('dialog', { name: /^Expire \d+ silences\?$/ });
  await expect(confirmed.getByText(/^Would come back/)).toBeVisible();
  await expect(accessibilityProblems(page)).resolves.toEqual([]);
  await press(page, 'Enter');
  await expect
    .poll(async () => (await there()).map(({ status }) => status.state), sent)
    .not.toContain('active');
  await expect(row('Expired').first()).toBeVisible(sent);
  await window.close();
});

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
