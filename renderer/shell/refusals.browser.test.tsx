import '../styles/tokens.css';
import '../styles/base.css';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Cleanup } from '#support/cleanup.ts';
import { consoleStatus, incidentRow, sourceHealth } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore, type ScriptedState } from '#support/scripted-core.ts';
import { nightState } from '#support/scripted-world.ts';
import { outboxEntry, silence } from '#support/silence-models.ts';
import { show } from '../actions/view.ts';
import type { App } from '../app.ts';
import { commandOf, commandsIn } from '../keys/keymap.ts';
import type { View } from '../stores/session.ts';
import { isAvailable, runCommand } from './run-command.ts';

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

it.each([
  ['M', /^Nothing was merged into INC-\d+\.$/],
  ['c', /^INC-\d+ is closed by hand only when no source sees it any more\.$/],
  ['xxxc', /^INC-\d+ and 2 more are still seen by a source: none of the 3 marked is closed by hand\.$/],
  ['Hx', 'The cursor is on no incident.'],
  ['Hn', 'The cursor is on no incident.'],
  ['Hs', 'The cursor is on no incident.'],
  ['H*', 'No incident is listed.'],
  ['y', /^No server was found on this machine/],
  ['d', 'There is no notice to put away.'],
  ['p', 'Notifications are allowed already.'],
  ['{Enter}7', 'No local rule raised it.'],
  ['u', /^Nothing to take back:/],
  ['v3', 'There is no saved view 3.'],
  ['vx', 'No saved view is chosen.'],
  ['vs', /^Write a filter first/],
  ['o0', 'It is arranged as usual.'],
])('the key %s that can do nothing says why', async (keys, words) => {
  mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
  await expect.element(page.getByRole('row', { name: /HighErrorRate/ }).first()).toBeVisible();
  await userEvent.keyboard(keys);
  await expect.element(page.getByText(words).first()).toBeVisible();
});

it('what can be taken back keeps its line, whatever else is pressed', async () => {
  mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
  await expect.element(page.getByRole('row', { name: /HighErrorRate/ }).first()).toBeVisible();
  await userEvent.keyboard('a');
  await expect.element(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await userEvent.keyboard('M');
  await expect.element(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  expect(document.body.textContent).not.toContain('Nothing was merged');
});

it('how many are marked is said beside how many ask for somebody', async () => {
  mountWindow(new ScriptedCore(nightState(Date.now())), cleanup);
  await expect.element(page.getByRole('row', { name: /HighErrorRate/ }).first()).toBeVisible();
  await userEvent.keyboard('xx');
  await expect.element(page.getByText('2 marked', { exact: true })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByText('2 marked', { exact: true })).not.toBeInTheDocument();
});

/** What is said by each key of a view that can do nothing in it now. */
function said(app: App, context: 'inbox' | 'incident' | 'silences'): ReadonlyMap<string, string> {
  const unable = commandsIn(context).filter((id) => commandOf(id).keys.length > 0 && !isAvailable(app, id));
  return new Map(
    unable.map((id) => {
      app.session.setState({ toast: null });
      runCommand(app, id);
      return [id, app.session.getState().toast?.text ?? ''];
    }),
  );
}

const inbox: View = { kind: 'inbox' };
const incident: View = { kind: 'incident', id: 7 };
const silences: View = { kind: 'silences', isOpen: false };
const am = sourceHealth({ name: 'am', kind: 'alertmanager' });
const over = incidentRow({ id: 7, state: 'resolved', resolvedAtMs: 1_000, service: '', sources: [] });
const ended = silence({ state: 'expired', cluster: 'am' });
const sending = outboxEntry({ state: 'sending', cluster: 'am' });

it.each<[string, View & { kind: 'inbox' | 'incident' | 'silences' }, Partial<ScriptedState>]>([
  ['an inbox without incidents', inbox, {}],
  ['an inbox in which all has ended', inbox, { incidents: [over] }],
  ['an incident that has ended', incident, { incidents: [over] }],
  ['an incident of long ago', incident, {}],
  [
    'one that holds a silence already',
    inbox,
    {
      sources: [am],
      incidents: [incidentRow({ id: 7, acknowledged: { by: 'te', atMs: 1 }, holdsSilence: true })],
    },
  ],
  ['silences where there are none', silences, { sources: [am], silences: [] }],
  ['silences that have ended', silences, { sources: [am], silences: [ended] }],
  ['a change that is being sent', silences, { sources: [am], silences: [], outbox: [sending] }],
  ['safe mode', inbox, { console: consoleStatus({ safeMode: true }), sources: [] }],
])('no key is silent: %s', async (_what, view, state) => {
  const app = mountWindow(new ScriptedCore(state), cleanup);
  await expect.poll(() => app.live.getState().incidents).not.toBeNull();
  show(app, view);
  if (view.kind === 'silences') await expect.poll(() => app.live.getState().silences).not.toBeNull();
  const words = said(app, view.kind);
  expect(words.size).toBeGreaterThan(3);
  expect([...words].filter(([, text]) => text === '').map(([id]) => id)).toEqual([]);
});

it.each([
  ['r', 'Safe mode: no source is asked.'],
  ['s', 'Safe mode: no Alertmanager is asked, so no silence can be made or changed.'],
])('the key %s in safe mode does not claim that sources are asked or not configured', async (key, words) => {
  const core = new ScriptedCore({
    console: consoleStatus({ safeMode: true }),
    incidents: [incidentRow({ id: 7, title: 'Trouble' })],
    sources: [],
  });
  mountWindow(core, cleanup);
  await expect.element(page.getByRole('row', { name: /Trouble/ }).first()).toBeVisible();
  await userEvent.keyboard(key);
  await expect.element(page.getByText(words)).toBeVisible();
  expect(core.calls.filter(({ command }) => command === 'source.poll')).toEqual([]);
});
