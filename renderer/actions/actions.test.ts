import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commandFailure } from '#shared/failure.ts';
import { linkPair } from '#shared/link.ts';
import { incidentRow } from '#support/models.ts';
import { failed, success } from '#shared/result.ts';
import { ScriptedCore, type ScriptedAnswers } from '#support/scripted-core.ts';
import type { App } from '../app.ts';
import { LinkedCore } from '../bridge/core-calls.ts';
import { createLiveStore } from '../stores/live.ts';
import { createLogsStore } from '../stores/logs.ts';
import { createOverviewStore } from '../stores/overview.ts';
import { createRoutingStore } from '../stores/routing.ts';
import { createTracesStore } from '../stores/traces.ts';
import { createPreferencesStore } from '../stores/prefs.ts';
import { createSilencesStore } from '../stores/silences.ts';
import { createSessionStore } from '../stores/session.ts';
import { createTicker } from '../stores/ticker.ts';
import { shownRow, shownRows, undo } from './incidents.ts';
import { withdrawEntries } from './outbox.ts';
import { close, prunePending, toggleAcknowledged } from './verdicts.ts';
import { addressOf, goBack, viewOf } from './view.ts';

function window(answers: Partial<ScriptedAnswers> = {}): { app: App; core: ScriptedCore } {
  const core = new ScriptedCore({ incidents: [incidentRow({ id: 7 })] }, answers);
  const app: App = {
    live: createLiveStore(),
    session: createSessionStore(),
    logs: createLogsStore(),
    traces: createTracesStore(),
    overview: createOverviewStore(),
    routing: createRoutingStore(),
    silences: createSilencesStore(),
    preferences: createPreferencesStore({ getItem: () => null, setItem: () => undefined }),
    core: new LinkedCore(),
    host: { send: () => undefined },
    ticker: createTicker(),
    mac: false,
    reconnect: () => undefined,
  };
  const [near, far] = linkPair();
  app.core.link(near);
  core.attach(far);
  app.core.follow('incidents', '', (incidents) => {
    app.live.setState({ incidents });
    prunePending(app);
  });
  return { app, core };
}

describe('acknowledging', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  async function arrived(app: App): Promise<void> {
    await vi.waitFor(() => expect(app.live.getState().incidents).not.toBeNull());
  }

  it('shows before the core has answered, and leaves nothing behind once it has', async () => {
    const { app, core } = window();
    await arrived(app);
    const done = toggleAcknowledged(app, shownRows(app, [7]));
    expect(core.calls).toEqual([]);
    expect(shownRow(app, 7)?.acknowledged).not.toBeNull();
    await done;
    await vi.waitFor(() => expect(app.session.getState().pending).toEqual([]));
    expect(app.live.getState().incidents?.[0]?.acknowledged?.by).toBe('a.okafor');
  });

  it('is undone by the toast’s key, in order, and said to be an undo', async () => {
    const { app, core } = window();
    await arrived(app);
    await Promise.all([toggleAcknowledged(app, shownRows(app, [7])), undo(app)]);
    expect(core.calls).toEqual([
      { command: 'incident.acknowledge', input: { ids: [7], silence: false } },
      { command: 'incident.release', input: { ids: [7], undo: true } },
    ]);
    await vi.waitFor(() => expect(app.session.getState().pending).toEqual([]));
    expect(shownRow(app, 7)?.acknowledged).toBeNull();
  });

  it('cannot be undone any more once the toast is gone', async () => {
    const { app, core } = window();
    await arrived(app);
    await toggleAcknowledged(app, shownRows(app, [7]));
    vi.advanceTimersByTime(10_000);
    expect(app.session.getState().toast).toBeNull();
    await undo(app);
    expect(core.calls).toHaveLength(1);
  });

  it('is taken back with its reason where the core refuses', async () => {
    const failure = commandFailure('read-only', 'the disk is full', 'Free some space.');
    const { app } = window({ refuse: new Map([['incident.acknowledge', failure]]) });
    await arrived(app);
    await toggleAcknowledged(app, shownRows(app, [7]));
    expect(shownRow(app, 7)?.acknowledged).toBeNull();
    expect(app.session.getState().toast).toMatchObject({
      tone: 'failure',
      text: 'Could not acknowledge INC-7: the disk is full. Free some space.',
      undo: null,
    });
  });

  it('gives an acknowledged incident back', async () => {
    const { app, core } = window();
    await arrived(app);
    await toggleAcknowledged(app, shownRows(app, [7]));
    await vi.waitFor(() => expect(app.session.getState().pending).toEqual([]));
    await toggleAcknowledged(app, shownRows(app, [7]));
    expect(core.calls.at(-1)).toEqual({ command: 'incident.release', input: { ids: [7], undo: false } });
  });
});

describe('closing', () => {
  const unseen = [1, 2, 3].map((id) => incidentRow({ id, state: 'unseen' }));
  const asleep = { by: 'ml', atMs: 1, untilMs: 9_000 };

  async function opened(answers: Partial<ScriptedAnswers> = {}) {
    const { app, core } = window(answers);
    await vi.waitFor(() => expect(app.live.getState().incidents).not.toBeNull());
    core.update({ incidents: unseen.map((row) => (row.id === 2 ? { ...row, snoozed: asleep } : row)) });
    await vi.waitFor(() => expect(app.live.getState().incidents).toHaveLength(3));
    return { app, core };
  }

  it('many at once is one command, and one key takes all of it back, as put off as it was', async () => {
    const { app, core } = await opened();
    const done = close(app, shownRows(app, [1, 2, 3]));
    expect(shownRows(app, [1, 2, 3]).every(({ resolvedAtMs }) => resolvedAtMs !== null)).toBe(true);
    await done;
    expect(app.session.getState().toast?.text).toBe('Closed 3 incidents');
    await undo(app);
    expect(core.calls).toEqual([
      { command: 'incident.close', input: { ids: [1, 2, 3] } },
      { command: 'incident.reopen', input: { ids: [1, 2, 3] } },
      { command: 'incident.snooze', input: { ids: [2], untilMs: 9_000, undo: true } },
    ]);
    await vi.waitFor(() => expect(app.session.getState().pending).toEqual([]));
    expect(shownRows(app, [1, 2, 3]).map(({ resolvedAtMs }) => resolvedAtMs)).toEqual([null, null, null]);
  });

  it.each([
    [[1, 2], 'INC-3 stays closed: its alerts fire in another incident'],
    [[1], '2 of 3 stay closed: their alerts fire in other incidents'],
  ])('says of what it takes back which stay closed', async (back, text) => {
    const { app, core } = await opened();
    await close(app, shownRows(app, [1, 2, 3]));
    // The core reopens only those that it has still.
    core.update({ incidents: unseen.filter(({ id }) => back.includes(id)) });
    await undo(app);
    expect(app.session.getState().toast).toMatchObject({ tone: 'plain', text });
  });

  it('shows none of them as closed where the core refuses one', async () => {
    const failure = commandFailure('conflict', 'INC-3 is still reported by a source', 'Wait for it.');
    const { app } = await opened({ refuse: new Map([['incident.close', failure]]) });
    await close(app, shownRows(app, [1, 2, 3]));
    expect(shownRows(app, [1, 2, 3]).map(({ resolvedAtMs }) => resolvedAtMs)).toEqual([null, null, null]);
    expect(app.session.getState().toast).toMatchObject({
      tone: 'failure',
      text: 'Could not close INC-1, INC-2, INC-3: INC-3 is still reported by a source. Wait for it.',
    });
  });
});

describe('views', () => {
  it.each([
    ['#/inbox', { kind: 'inbox' }],
    ['#/incident/12', { kind: 'incident', id: 12 }],
    ['#/sources', { kind: 'sources' }],
    ['#/settings/keys', { kind: 'settings', section: 'keys' }],
  ] as const)('%s is an address and back', (address, view) => {
    expect(viewOf(address)).toEqual(view);
    expect(addressOf(view)).toBe(address);
  });

  it.each([
    '',
    '#',
    '#token=abc',
    '#/incident/0',
    '#/incident/-1',
    '#/incident/1e9',
    '#/nowhere',
    '#/inbox/../x',
  ])('%j shows the inbox', (hash) => {
    expect(viewOf(hash)).toEqual({ kind: 'inbox' });
  });

  it('leads back out of a form, then a detail, then to the inbox, then out of the filter', () => {
    const { app } = window();
    app.session.setState({ view: { kind: 'sources' }, sourceDetail: 'a', filter: 'x' });
    goBack(app);
    expect(app.session.getState()).toMatchObject({ view: { kind: 'sources' }, sourceDetail: null });
    goBack(app);
    expect(app.session.getState()).toMatchObject({ view: { kind: 'inbox' }, filter: 'x' });
    goBack(app);
    expect(app.session.getState().filter).toBe('');
  });
});

describe('taking changes back before they leave', () => {
  const [not, maybe] = [false, true].map((mayHaveArrived) => success({ mayHaveArrived }));
  const gone = failed(commandFailure('conflict', 'It has been sent', 'Expire the silence instead.'));

  it.each([
    [[not], 'Taken back: it was not sent'],
    [[not, not], 'Taken back: they were not sent'],
    [[maybe], 'It may have arrived: it is taken back once its server says that it has not'],
    [[not, maybe, not], 'Taken back, but for 1 that may have arrived: the servers are asked first'],
    [[gone], 'Could not take it back: It has been sent. Expire the silence instead.'],
    [[gone, not, maybe], 'Could not take 1 of 3 back: It has been sent. Expire the silence instead.'],
  ])('each is tried, and what became of it is said', async (outcomes, text) => {
    const ids = outcomes.map((_, index) => String(index));
    const { app, core } = window({ on: { 'outbox.withdraw': ({ id }) => outcomes[Number(id)] ?? gone } });
    await withdrawEntries(app, ids);
    expect(core.calls.filter(({ command }) => command === 'outbox.withdraw')).toHaveLength(ids.length);
    expect(app.session.getState().toast?.text).toBe(text);
  });
});
