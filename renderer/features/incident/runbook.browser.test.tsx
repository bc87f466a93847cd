import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { commandFailure } from '#shared/failure.ts';
import type { IncidentRunbook } from '#shared/model/runbook.ts';
import { success } from '#shared/result.ts';
import { Cleanup } from '#support/cleanup.ts';
import { incidentDetail, incidentRow } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { logAnswer } from '#support/scripted-logs.ts';
import { ScriptedCore, type ScriptedAnswers } from '#support/scripted-core.ts';
import { openIncident } from '#renderer/actions/view.ts';

/** The steps of a runbook, by keyboard, and what is said of a runbook that is somewhere else. */

const cleanup = new Cleanup();
const pane = page.getByRole('region', { name: 'Runbook' });

beforeEach(() => page.viewport(1_440, 900));
afterEach(() => cleanup.run());

const markdown = '# Pool\n\n1. [ ] Look\n2. [x] Tell them\n3. [ ] Roll back\n   `kubectl undo`\n4. No step\n';
const file = { title: 'Pool', markdown, path: 'pool.md', writtenAtMs: 0, readAtMs: Date.now() };

function show(runbook: IncidentRunbook, answers: Partial<ScriptedAnswers> = {}): ScriptedCore {
  const row = incidentRow({ id: 1, title: 'Second' });
  const state = { incidents: [row], details: new Map([[1, incidentDetail(row)]]) };
  const on = { 'incident.logs': () => success(logAnswer([])), 'incident.runbook': () => success(runbook) };
  const core = new ScriptedCore(state, { on, ...answers });
  openIncident(mountWindow(core, cleanup), 1);
  return core;
}

it('the key of the runbook leads from one open step to the next, and Space ticks it', async () => {
  const core = show({ runbook: file, link: null });
  await expect.element(pane.getByText('1 of 3 steps done')).toBeVisible();
  await userEvent.keyboard('66');
  await expect.element(pane.getByRole('checkbox', { name: 'Look' })).toHaveFocus();
  await userEvent.keyboard(' ');
  await expect.element(pane.getByText('2 of 3 steps done')).toBeVisible();
  await expect.element(pane.getByText('a.okafor', { exact: false })).toBeVisible();
  await userEvent.keyboard('6');
  await expect.element(pane.getByRole('checkbox', { name: 'Roll back kubectl undo' })).toHaveFocus();
  await userEvent.keyboard(' ');
  await expect.element(pane.getByText('3 of 3 steps done')).toBeVisible();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await expect.element(timeline.getByText('Step done by a.okafor').first()).toBeVisible();
  await expect.element(timeline.getByText('Roll back kubectl undo', { exact: true })).toBeVisible();
  expect(core.calls.filter(({ command }) => command === 'runbook.check')).toHaveLength(2);
});

it('what the author ticked can be opened again', async () => {
  show({ runbook: file, link: null });
  const told = pane.getByRole('checkbox', { name: 'Tell them' });
  await expect.element(told).toBeChecked();
  await told.click();
  await expect.element(told).not.toBeChecked();
  await expect.element(pane.getByText('open again', { exact: false })).toBeVisible();
});

it('a tick that is refused goes away again, and it is said', async () => {
  const failure = commandFailure('read-only', 'the disk is full', 'Make room.');
  show({ runbook: file, link: null }, { refuse: new Map([['runbook.check', failure]]) });
  await pane.getByRole('checkbox', { name: 'Look' }).click();
  await expect.element(page.getByText('the disk is full', { exact: false })).toBeVisible();
  await expect.element(pane.getByRole('checkbox', { name: 'Look' })).not.toBeChecked();
});

it('a link that is not fetched is shown as one, with the reason', async () => {
  const link = { url: 'https://wiki.example/pool', trouble: 'it is a web page and no Markdown' };
  show({ runbook: null, link });
  await expect.element(pane.getByRole('link')).toHaveAttribute('href', 'https://wiki.example/pool');
  await expect.element(pane.getByText('Not shown here: it is a web page and no Markdown.')).toBeVisible();
});

it('a link that is no web address stays text', async () => {
  show({ runbook: null, link: { url: 'javascript:alert(1)', trouble: 'it is no plain web address' } });
  await expect.element(pane.getByText('javascript:alert(1)')).toBeVisible();
  expect(pane.getByRole('link').query()).toBeNull();
});

it('one that was fetched and cannot be any more says its age and why', async () => {
  const path = 'https://books.example/pool';
  const runbook = { ...file, path, writtenAtMs: null, readAtMs: Date.now() - 20 * 60_000 };
  show({ runbook, link: { url: path, trouble: 'books.example answered 503' } });
  await expect.element(pane.getByText('books.example answered 503')).toBeVisible();
  await expect.element(pane.getByRole('checkbox', { name: 'Look' })).toBeEnabled();
});
