import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { success } from '#shared/result.ts';
import { Cleanup } from '#support/cleanup.ts';
import { incidentDetail, incidentRow } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { logAnswer, logLine } from '#support/scripted-logs.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { openIncident } from '#renderer/actions/view.ts';

/** What stands beside an incident says where it is not all there is. */

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_440, 900));
afterEach(() => cleanup.run());

function showIncident(answer: ReturnType<typeof logAnswer>): void {
  const row = incidentRow({ id: 1, title: 'Second' });
  const state = { incidents: [row], details: new Map([[1, incidentDetail(row)]]) };
  const core = new ScriptedCore(state, { on: { 'incident.logs': () => success(answer) } });
  openIncident(mountWindow(core, cleanup), 1);
}

const logs = page.getByRole('region', { name: 'Logs at the fire' });

function showRunbook(readAtMs: number): void {
  const row = incidentRow({ id: 1, title: 'Second' });
  const state = { incidents: [row], details: new Map([[1, incidentDetail(row)]]) };
  const runbook = { title: 'Pool', markdown: 'Roll back.', path: 'pool.md', writtenAtMs: 0, readAtMs };
  const on = {
    'incident.logs': () => success(logAnswer([])),
    'incident.runbook': () => success({ runbook, link: null }),
  };
  openIncident(mountWindow(new ScriptedCore(state, { on }), cleanup), 1);
}

it.each([
  ['just now', 0, false],
  ['long ago', 19 * 60_000, true],
])('a runbook that was read %s is hatched: %s ms, %s', async (_when, ageMs, isHatched) => {
  showRunbook(Date.now() - ageMs);
  const pane = page.getByRole('region', { name: 'Runbook' });
  await expect.element(pane.getByText('Roll back.')).toBeVisible();
  const note = pane.getByText('its file has not been read since');
  if (isHatched) await expect.element(note).toBeVisible();
  else expect(note.query()).toBeNull();
  const head = pane.getByRole('heading', { name: /^Runbook/ }).element();
  expect(getComputedStyle(head).backgroundImage.includes('gradient')).toBe(isHatched);
});

it('lines of which there are more are not counted as all', async () => {
  showIncident(logAnswer([logLine({ text: 'one of many' })], { isMore: true }));
  await expect.element(logs.getByText('1 lines, not all')).toBeVisible();
});

it('no line of one source, and another that was not heard, are both said', async () => {
  showIncident(logAnswer([], { warnings: ['loki-b does not answer'] }));
  await expect.element(logs.getByText('No line of this service around the start.')).toBeVisible();
  await expect.element(logs.getByText('loki-b does not answer')).toBeVisible();
});
