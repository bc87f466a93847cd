import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Cleanup } from '#support/cleanup.ts';
import { consoleStatus, incidentRow, sourceHealth } from '#support/models.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore, type ScriptedAnswers, type ScriptedState } from '#support/scripted-core.ts';
import { silenceAnswers } from '#support/scripted-silences.ts';
import { outboxEntry, silence } from '#support/silence-models.ts';
import { commandFailure } from '#shared/failure.ts';
import type { SilenceDraft } from '#shared/model/silence.ts';
import { failed, success } from '#shared/result.ts';
import { hourMs, minuteMs } from '#shared/time.ts';

/** Silences in the window, by keyboard alone, before a core that answers what the test says. */

const cleanup = new Cleanup();

beforeEach(() => page.viewport(1_440, 900));
afterEach(() => cleanup.run());

const nowMs = Date.now();
const service = { name: 'service', value: 'backend', isRegex: false, isEqual: true };
const alertname = { name: 'alertname', value: 'HighErrorRate', isRegex: false, isEqual: true };
const am = sourceHealth({ name: 'alertmanager-a', kind: 'alertmanager', lastSuccessAtMs: nowMs });

const active = silence({
  id: 'one',
  comment: 'planned drain',
  startsAtMs: nowMs - hourMs,
  endsAtMs: nowMs + hourMs,
  silencedCount: 2,
  heardAtMs: nowMs,
});
const later = silence({
  ...active,
  key: 'alertmanager-a/two',
  id: 'two',
  comment: 'rolling back',
  endsAtMs: nowMs + 2 * hourMs,
  matchers: [alertname],
});
const over = silence({
  ...active,
  key: 'alertmanager-a/three',
  id: 'three',
  state: 'expired',
  comment: 'last night',
  endsAtMs: nowMs - hourMs,
});

function open(state: Partial<ScriptedState> = {}, answers: Partial<ScriptedAnswers> = {}) {
  const on = {
    ...silenceAnswers(() => core),
    'silence.suggest': () => success({ matchers: [alertname, service] }),
    ...answers.on,
  };
  const core = new ScriptedCore(
    { sources: [am], silences: [active, later, over], incidents: [incidentRow({ id: 7 })], ...state },
    { ...answers, on },
  );
  return { core, app: mountWindow(core, cleanup) };
}

function sent(core: ScriptedCore, command: string): readonly unknown[] {
  return core.calls.filter((call) => call.command === command).map(({ input }) => input);
}

function row(text: string) {
  return page.getByRole('row').filter({ hasText: text });
}

async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) await userEvent.keyboard(key);
}

describe('the form', () => {
  it('from an incident: matchers suggested and counted, previewed, sent, and taken back with u', async () => {
    const { core, app } = open();
    await expect.element(row('HighErrorRate')).toBeVisible();
    await press('s');
    const dialog = page.getByRole('dialog', { name: 'Silence INC-7' });
    await expect.element(dialog.getByLabelText('Matcher 1')).toHaveValue('alertname="HighErrorRate"');
    await expect.element(dialog.getByText(/3 alerts of 2 incidents, of them 1 critical/)).toBeVisible();
    await expect
      .element(dialog.getByText(/214 alerts of 41 incidents, of them 3 critical: .*DiskFull pg-1/))
      .toBeVisible();
    await expect.element(dialog.getByLabelText('Matcher 2')).toHaveAccessibleDescription(/^4 open alerts/);
    expect(sent(core, 'silence.preview')).toContainEqual(expect.objectContaining({ incidentIds: [7] }));

    await press('{Control>}{Enter}{/Control}');
    await expect.element(dialog.getByLabelText('Comment')).toHaveFocus();
    await expect.element(dialog.getByText(/Say why/)).toBeVisible();
    await userEvent.keyboard('rolling back');
    await press('{Control>}{Enter}{/Control}');
    await expect.element(dialog).not.toBeInTheDocument();
    await expect.element(page.getByText('The silence waits 10 s before it goes out')).toBeVisible();
    const [saved] = sent(core, 'silence.save') as { draft: SilenceDraft; cluster: string; replaces: null }[];
    expect(saved).toMatchObject({ cluster: 'alertmanager-a', replaces: null });
    expect(saved?.draft).toMatchObject({ matchers: [alertname, service], comment: 'rolling back' });
    expect((saved?.draft.endsAtMs ?? 0) - (saved?.draft.startsAtMs ?? 0)).toBe(hourMs);
    expect([...app.silences.getState().madeFor.values()]).toEqual([[7]]);
    await expect.element(row('its silence goes out within 10 s')).toBeVisible();

    await press('u');
    await expect.element(page.getByText('Taken back: it was not sent')).toBeVisible();
    expect(sent(core, 'outbox.withdraw')).toHaveLength(1);
    await expect.element(row('its silence')).not.toBeInTheDocument();
  });

  it('of several that are marked it is one silence, and they are marked no more', async () => {
    const incidents = [7, 8].map((id) => incidentRow({ id, title: `Trouble${id}` }));
    const { core, app } = open({ incidents });
    await expect.element(row('Trouble8')).toBeVisible();
    await press('x', 'x', 's');
    const dialog = page.getByRole('dialog', { name: 'Silence 2 incidents' });
    await expect.element(dialog.getByLabelText('Matcher 1')).toBeVisible();
    expect(sent(core, 'silence.suggest')).toEqual([{ incidentIds: [7, 8] }]);
    await dialog.getByLabelText('Comment').fill('the same deploy');
    await press('{Control>}{Enter}{/Control}');
    await expect.poll(() => sent(core, 'silence.save')).toMatchObject([{ incidentIds: [7, 8] }]);
    await expect.poll(() => app.session.getState().marked.size).toBe(0);
  });

  it('matchers are tokens: pasted as a list, changed, emptied away; what cannot be read is said', async () => {
    const { core } = open();
    await press('g', 's', 'n');
    const dialog = page.getByRole('dialog', { name: 'New silence' });
    const added = dialog.getByLabelText('Add a matcher');
    await expect.element(added).toHaveFocus();
    await added.fill('alertname="Disk", instance=~"db-.+"');
    await press('{Enter}');
    await expect.element(dialog.getByLabelText('Matcher 2')).toHaveValue('instance=~"db-.+"');
    await dialog.getByLabelText('Matcher 2').fill('instance=~"(?=db)"');
    await press('{Control>}{Enter}{/Control}');
    await expect.element(dialog.getByText(/^Matcher 2: /)).toBeVisible();
    await expect.element(dialog.getByText('Shown once the matchers can be read.')).toBeVisible();
    expect(sent(core, 'silence.save')).toEqual([]);
    await dialog.getByLabelText('Matcher 2').fill('');
    await press('{Backspace}');
    await expect.element(dialog.getByLabelText('Matcher 2')).not.toBeInTheDocument();
    await expect.element(added).toHaveFocus();
  });

  it('what the core refuses is said in the form, which stays', async () => {
    const refusal = commandFailure('conflict', 'the silence has ended meanwhile', 'Make another one.');
    open({}, { refuse: new Map([['silence.save', refusal]]) });
    await press('s');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabelText('Comment').fill('why');
    await expect.element(dialog.getByLabelText('Matcher 1')).toBeVisible();
    await press('{Control>}{Enter}{/Control}');
    await expect
      .element(
        dialog.getByRole('alert').filter({ hasText: /^the silence has ended meanwhile. Make another one/ }),
      )
      .toBeVisible();
    await press('{Escape}');
    await expect.element(dialog).not.toBeInTheDocument();
    await press('s');
    await expect.element(dialog.getByText(/This is what you typed before/)).toBeVisible();
    await expect.element(dialog.getByLabelText('Comment')).toHaveValue('why');
  });

  it('without an answer of the core the group’s labels are taken, and the preview says that it is unknown', async () => {
    const gone = commandFailure('unavailable', 'the store is closed', 'Wait a moment.');
    const on = { 'silence.suggest': () => failed(gone), 'silence.preview': () => failed(gone) };
    open({}, { on });
    await press('s');
    const dialog = page.getByRole('dialog');
    await expect.element(dialog.getByLabelText('Matcher 2')).toHaveValue('service="backend"');
    await expect.element(dialog.getByText(/Unknown what it hides: the store is closed/)).toBeVisible();
  });

  it('says that a server is not seen, and that the silence will wait for it', async () => {
    open({ sources: [{ ...am, state: 'stale', lastSuccessAtMs: nowMs - 4 * minuteMs }] });
    await press('s');
    await expect.element(page.getByRole('dialog').getByText(/alertmanager-a not seen for 4m/)).toBeVisible();
    await page.getByLabelText('Comment').fill('why');
    await press('{Control>}{Enter}{/Control}');
    await expect.element(page.getByText(/waits in the outbox until alertmanager-a answers/)).toBeVisible();
  });

  it('asks where it goes only where there are several places', async () => {
    const other = { ...am, name: 'alertmanager-other' };
    const { core } = open({ sources: [am, other] });
    await press('s');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'alertmanager-other' }).click({ force: true });
    await dialog.getByLabelText('Comment').fill('why');
    await expect.element(dialog.getByLabelText('Matcher 1')).toBeVisible();
    await press('{Control>}{Enter}{/Control}');
    await expect.poll(() => sent(core, 'silence.save')).toMatchObject([{ cluster: 'alertmanager-other' }]);
  });
});

describe('the view', () => {
  it('lists by state, with what each hides; words filter it', async () => {
    open();
    await press('g', 's');
    await expect.element(row('planned drain').filter({ hasText: /service=backend\s*2/ })).toBeVisible();
    await expect
      .element(
        page
          .getByRole('row')
          .filter({ hasText: 'Active' })
          .filter({ hasText: /^Active2/ }),
      )
      .toBeVisible();
    await press('/');
    await userEvent.keyboard('rolling');
    await expect.element(row('planned drain')).not.toBeInTheDocument();
    await expect.element(row('rolling back')).toBeVisible();
    await userEvent.keyboard(' nothing');
    await expect.element(page.getByText(/No silence has all of these words/)).toBeVisible();
  });

  it('extends the one under the cursor, from where it ends now', async () => {
    const { core } = open();
    await press('g', 's');
    await expect.element(row('planned drain')).toBeVisible();
    await press('+');
    await expect.element(page.getByRole('dialog', { name: 'Extend 1 silence' })).toBeVisible();
    await expect.element(page.getByRole('radio', { name: '1h' })).toHaveFocus();
    await press('{Enter}');
    const { matchers, comment, startsAtMs, endsAtMs } = active;
    const draft = { matchers, comment, startsAtMs, endsAtMs: endsAtMs + hourMs, endsAfterQuietMs: null };
    await expect
      .poll(() => sent(core, 'silence.save'))
      .toEqual([{ draft, cluster: 'alertmanager-a', replaces: active.key, incidentIds: [] }]);
    await expect.element(row('goes out in')).toBeVisible();
  });

  it('edits with what it is, and says so when somebody else changes it meanwhile', async () => {
    const { core } = open();
    await press('g', 's');
    await expect.element(row('planned drain')).toBeVisible();
    await press('e');
    const dialog = page.getByRole('dialog', { name: 'Change the silence' });
    await expect.element(dialog.getByLabelText('Comment')).toHaveValue('planned drain');
    core.update({
      silences: [
        { ...active, updatedAtMs: nowMs, createdBy: 'm.lindqvist', comment: 'mine now' },
        later,
        over,
      ],
    });
    await expect.element(dialog.getByText(/m\.lindqvist changed it at .* “mine now”/)).toBeVisible();
    await dialog.getByLabelText('Comment').fill('both of us');
    await press('{Control>}{Enter}{/Control}');
    await expect
      .poll(() => sent(core, 'silence.save'))
      .toMatchObject([{ replaces: active.key, draft: { comment: 'both of us', endsAtMs: active.endsAtMs } }]);
  });

  it('expires one at once, and many after they were shown', async () => {
    const facts = [
      { silencedBy: ['one'] },
      { silencedBy: ['one', 'two'] },
      { silencedBy: ['two'], inhibitedBy: ['x'] },
    ];
    const { core } = open({ facts: new Map([[7, facts]]) });
    await press('g', 's');
    await expect.element(row('planned drain')).toBeVisible();
    await press('x', 'x');
    await expect.element(page.getByText(/2 marked/)).toBeVisible();
    await press('{Escape}');
    await expect.element(page.getByText(/2 marked/)).not.toBeInTheDocument();
    await press('{Home}', 'x', 'x');
    await expect.element(page.getByText(/2 marked/)).toBeVisible();
    await press('E');
    const dialog = page.getByRole('dialog', { name: 'Expire 2 silences?' });
    await expect.element(dialog.getByText('rolling back')).toBeVisible();
    await expect.element(dialog.getByText(/2 alerts, of them 2 critical/)).toBeVisible();
    expect(sent(core, 'silence.expire')).toEqual([]);
    await press('{Enter}');
    await expect.poll(() => sent(core, 'silence.expire')).toEqual([{ keys: [active.key, later.key] }]);
    await press('u');
    await expect.poll(() => sent(core, 'outbox.withdraw')).toHaveLength(2);

    await expect.element(page.getByText(/2 marked/)).not.toBeInTheDocument();
    await press('g', 's', '{Home}', 'E');
    await expect.poll(() => sent(core, 'silence.expire')).toHaveLength(2);
  });

  it('one that is over is begun anew', async () => {
    const { core } = open();
    await press('g', 's');
    await expect.element(row('last night')).toBeVisible();
    await press('G', 'c');
    const dialog = page.getByRole('dialog', { name: 'Silence once more' });
    await expect.element(dialog.getByLabelText('Comment')).toHaveValue('last night');
    await press('{Control>}{Enter}{/Control}');
    await expect.poll(() => sent(core, 'silence.save')).toMatchObject([{ replaces: null }]);
  });

  it('says where it is missing, and how old what is known is', async () => {
    const stale = { ...am, state: 'stale' as const, lastSuccessAtMs: nowMs - 5 * minuteMs };
    const other = {
      ...active,
      key: 'b/x',
      cluster: 'b',
      sources: ['b'],
      missingFrom: ['c'],
      comment: 'half there',
    };
    const b = { ...am, name: 'b' };
    open({ sources: [stale, b], silences: [{ ...active, heardAtMs: nowMs - 5 * minuteMs }, other] });
    await press('g', 's');
    await expect.element(row('half there').filter({ hasText: /missing at c/ })).toBeVisible();
    await expect.element(row('planned drain').filter({ hasText: /5m \d\ds ago/ })).toBeVisible();
  });
});

describe('the outbox', () => {
  const conflictId = crypto.randomUUID();
  const waitingId = crypto.randomUUID();
  const conflict = outboxEntry({
    id: conflictId,
    state: 'conflict',
    request: {
      kind: 'edit',
      id: 'one',
      seenUpdatedAtMs: 1,
      draft: { ...draftOfActive(), comment: 'my words' },
    },
    conflict: 'm.lindqvist changed it at 03:00:00.',
  });
  const waiting = outboxEntry({
    id: waitingId,
    state: 'waiting',
    request: { kind: 'expire', id: 'two', seenUpdatedAtMs: 1 },
    targets: [{ source: 'alertmanager-a', state: 'waiting', detail: 'nothing listens there', atMs: nowMs }],
  });

  function draftOfActive() {
    const { matchers, startsAtMs, endsAtMs, comment } = active;
    return { matchers, startsAtMs, endsAtMs, comment, endsAfterQuietMs: null };
  }

  it('stands above, says why it waits, and is settled, tried again and taken back by key', async () => {
    const { core } = open({ outbox: [waiting, conflict] });
    await press('g', 's');
    await expect.element(row('m.lindqvist changed it')).toBeVisible();
    await expect
      .element(row('nothing listens there').filter({ hasText: /Expire.*alertname=HighErrorRate/ }))
      .toBeVisible();
    const detail = page.getByRole('complementary', { name: 'In the outbox' });
    await expect
      .element(detail.getByRole('region', { name: 'Mine' }).filter({ hasText: /my words/ }))
      .toBeVisible();
    await expect
      .element(detail.getByRole('region', { name: 'Theirs' }).filter({ hasText: /planned drain/ }))
      .toBeVisible();
    await press('j', 'f');
    await expect.poll(() => sent(core, 'outbox.retry')).toEqual([{ id: waitingId }]);
    await press('k', 'm');
    await expect.poll(() => sent(core, 'outbox.settle')).toEqual([{ id: conflictId, choice: 'mine' }]);
    await expect.element(detail.getByRole('region', { name: 'Mine' })).not.toBeInTheDocument();
    core.update({ outbox: [conflict] });
    await expect.element(detail.getByRole('region', { name: 'Mine' })).toBeVisible();
    await press('t');
    await expect.poll(() => sent(core, 'outbox.settle')).toHaveLength(2);
  });

  it('one that lost its server says which, and is sent all the same or taken back', async () => {
    const words = 'It was asked for at prod (http://old), and prod is http://new now.';
    const lost = outboxEntry({ id: waitingId, state: 'conflict', isDisplaced: true, conflict: words });
    const { core } = open({ outbox: [lost] });
    await press('g', 's');
    await expect.element(row(`lost its server. ${words}`)).toBeVisible();
    const detail = page.getByRole('complementary', { name: 'In the outbox' });
    await expect.element(detail.getByRole('button', { name: /Take back/ })).toBeVisible();
    await expect.element(detail.getByRole('button', { name: /Keep theirs/ })).not.toBeInTheDocument();
    await expect.element(detail.getByRole('region', { name: 'Theirs' })).not.toBeInTheDocument();
    await detail.getByRole('button', { name: /Send it all the same/ }).click();
    await expect.poll(() => sent(core, 'outbox.settle')).toEqual([{ id: waitingId, choice: 'mine' }]);
    await expect.element(page.getByText('It goes to the server that is asked now')).toBeVisible();
  });

  it('what waits is counted in every view', async () => {
    const { core } = open({ outbox: [waiting, conflict] });
    await expect.element(page.getByRole('button', { name: /Outbox 2/ })).toBeVisible();
    core.update({ outbox: [{ ...waiting, state: 'done' }] });
    await expect.element(page.getByRole('button', { name: /Outbox/ })).not.toBeInTheDocument();
  });
});

it('blind: nothing is said of now, and what is sent waits', async () => {
  const sight = { kind: 'blind', lastSeenAtMs: nowMs - hourMs, cause: 'No source answers.' } as const;
  open({ console: consoleStatus({ sight }) });
  await press('g', 's');
  await expect.element(page.getByText('Active when last seen')).toBeVisible();
  await expect.element(page.getByText(/What you send waits in the outbox/)).toBeVisible();
  await expect
    .element(page.getByRole('heading', { level: 2, name: 'Was active when last seen' }))
    .toBeVisible();
});
