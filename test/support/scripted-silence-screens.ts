import type { Page } from 'playwright';
import { commandFailure } from '#shared/failure.ts';
import type { OutboxEntry, Silence } from '#shared/model/silence.ts';
import { success } from '#shared/result.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time.ts';
import type { ScriptedAnswers, ScriptedCore, ScriptedState } from './scripted-core.ts';
import { hostileText } from './scripted-hostile.ts';
import { blindNight, gone, night, type ScreenState } from './scripted-screens.ts';
import { silenceAnswers } from './scripted-silences.ts';
import { outboxEntry, silence, silenceDraft, silencePreview } from './silence-models.ts';

/** The states of the silences, of their dialogs and of the outbox. */

const matcher = (name: string, value: string, isRegex = false) => ({ name, value, isRegex, isEqual: true });

function nightSilences(nowMs: number): readonly Silence[] {
  const of = (part: Partial<Silence>): Silence =>
    silence({ startsAtMs: nowMs - hourMs, updatedAtMs: nowMs - hourMs, heardAtMs: nowMs - 2_000, ...part });
  return [
    of({
      id: '7f2e1a90-0c1b-4bd2-9d0e-5d6f4a1f7c11',
      matchers: [matcher('alertname', 'NodeDown'), matcher('instance', 'runner-5:9100')],
      comment: 'planned drain of runner-5, see CHG-2211',
      createdBy: 'd.moreau',
      endsAtMs: nowMs + 18 * minuteMs,
      silencedCount: 1,
    }),
    of({
      id: 'b01c',
      matchers: [matcher('service', 'postgres'), matcher('severity', 'warning|info', true)],
      comment: 'vacuum after the import, back to normal by morning',
      endsAtMs: nowMs + 5 * hourMs,
      silencedCount: 4,
      care: 'self-ending',
      endsAfterQuietMs: 7_200_000,
      sources: ['alertmanager-a'],
      missingFrom: ['alertmanager-b'],
    }),
    of({
      id: 'ac4e',
      matchers: [matcher('alertname', 'SuspiciousActivity'), matcher('service', 'security')],
      comment: 'INC-405 is acknowledged',
      createdBy: 'm.lindqvist',
      endsAtMs: nowMs + 9 * minuteMs,
      silencedCount: 1,
      care: 'acknowledgement',
    }),
    of({
      id: 'dd02',
      state: 'pending',
      matchers: [matcher('cluster', 'eu-west-1')],
      comment: 'network maintenance',
      startsAtMs: nowMs + 7 * hourMs,
      endsAtMs: nowMs + 9 * hourMs,
    }),
    of({ id: 'e0e0', state: 'expired', comment: 'rolled back', endsAtMs: nowMs - 3 * hourMs }),
    of({ id: 'f0f0', state: 'expired', comment: 'noisy since Tuesday', endsAtMs: nowMs - 2 * dayMs }),
  ];
}

function nightOutbox(nowMs: number, silences: readonly Silence[]): readonly OutboxEntry[] {
  const theirs = silences.find(({ id }) => id === 'b01c') ?? silence();
  const waits = { source: 'alertmanager-b', state: 'waiting' as const, atMs: nowMs - 4 * minuteMs };
  return [
    outboxEntry({
      id: crypto.randomUUID(),
      state: 'waiting',
      createdAtMs: nowMs - 4 * minuteMs,
      request: { kind: 'expire', id: 'dd02', seenUpdatedAtMs: 1 },
      targets: [
        { source: 'alertmanager-a', state: 'confirmed', detail: '', atMs: nowMs - 3 * minuteMs },
        { ...waits, detail: 'alertmanager-b: nothing listens at 127.0.0.1:9093' },
      ],
    }),
    outboxEntry({
      id: crypto.randomUUID(),
      state: 'conflict',
      createdAtMs: nowMs - 11 * minuteMs,
      request: {
        kind: 'edit',
        id: theirs.id,
        seenUpdatedAtMs: 1,
        draft: silenceDraft({ ...theirs, endsAtMs: nowMs + 8 * hourMs, comment: 'until the import is done' }),
      },
      conflict: 'd.moreau changed it at 2026-11-21 02:58:10: it ends at 2026-11-21 08:00:00 now.',
    }),
    outboxEntry({
      id: crypto.randomUUID(),
      dueAtMs: nowMs + hourMs,
      request: {
        kind: 'create',
        draft: silenceDraft({ matchers: [matcher('alertname', 'HighErrorRate')], endsAtMs: nowMs + hourMs }),
      },
    }),
  ];
}

/** Somebody edited the configuration while changes waited. */
function movedOutbox(nowMs: number): readonly OutboxEntry[] {
  const create = {
    kind: 'create' as const,
    draft: silenceDraft({ matchers: [matcher('alertname', 'HighErrorRate')], endsAtMs: nowMs + hourMs }),
  };
  const waits = { source: 'alertmanager-a', state: 'waiting' as const, detail: '', atMs: null };
  const before = 'alertmanager-a (http://10.20.0.4:9093)';
  return [
    outboxEntry({
      id: crypto.randomUUID(),
      state: 'conflict',
      isDisplaced: true,
      createdAtMs: nowMs - 21 * minuteMs,
      request: create,
      targets: [waits],
      conflict: `It was asked for at ${before}, and alertmanager-a is http://10.30.7.15:9093 now.`,
    }),
    outboxEntry({
      id: crypto.randomUUID(),
      state: 'waiting',
      createdAtMs: nowMs - 19 * minuteMs,
      request: create,
      targets: [
        {
          ...waits,
          detail: `${before}: it is not configured any more. Configure it again, or take this back.`,
        },
      ],
    }),
    outboxEntry({
      id: crypto.randomUUID(),
      state: 'done',
      createdAtMs: nowMs - 23 * minuteMs,
      request: { kind: 'expire', id: 'e0e0', seenUpdatedAtMs: 1 },
      targets: [
        { ...waits, state: 'confirmed', atMs: nowMs - 23 * minuteMs },
        {
          ...waits,
          source: 'alertmanager-b',
          state: 'sent',
          detail: 'It is not asked any more: whether its peers have told it is not known.',
        },
      ],
    }),
  ];
}

const broad = silencePreview({
  warnings: [
    'It takes 3 of the 7 alerts that fire now.',
    'It hides critical alerts of 3 services: backend, security, pipeline.',
  ],
});

function silenced(part: Partial<ScriptedState> = {}, on: ScriptedAnswers['on'] = {}): ScriptedCore {
  const silences = nightSilences(Date.now());
  const core: ScriptedCore = night(
    { silences, facts: new Map([[390, [{ silencedBy: [silences[0]?.id ?? ''] }]]]), ...part },
    {
      on: {
        ...silenceAnswers(() => core),
        'silence.preview': () => success(broad),
        'silence.suggest': () =>
          success({ matchers: [matcher('alertname', 'HighErrorRate'), matcher('service', 'backend')] }),
        ...on,
      },
    },
  );
  return core;
}

function withOutbox(part: Partial<ScriptedState> = {}): ScriptedCore {
  const nowMs = Date.now();
  const silences = nightSilences(nowMs);
  return silenced({ ...part, silences, outbox: nightOutbox(nowMs, silences) });
}

const at = '#/silences';

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  await page.getByRole('row', { name: /planned drain/ }).waitFor();
  for (const key of keys) await page.keyboard.press(key);
}

async function formOf(page: Page): Promise<void> {
  await page.getByRole('row', { name: /HighErrorRate/ }).waitFor();
  await page.keyboard.press('s');
  await page.getByRole('textbox', { name: 'Matcher 2' }).waitFor();
}

const previewed = (page: Page) => page.getByText(/Would have hidden|Hides now/).waitFor();

export const silenceStates: Readonly<Record<string, ScreenState>> = {
  'silences-live': { core: silenced, at, arrange: (page) => press(page) },
  'silences-held': { core: withOutbox, at, arrange: (page) => press(page) },
  'silences-moved-held': {
    core: () => silenced({ outbox: movedOutbox(Date.now()) }),
    at,
    arrange: (page) => press(page, 'g', 'g'),
  },
  'silences-blind': { core: () => withOutbox(blindNight()), at, arrange: (page) => press(page, 'G', 'k') },
  'silences-cached': {
    core: () => silenced(gone(['alertmanager-a', 'alertmanager-b'], 9 * minuteMs)),
    at,
    arrange: (page) => press(page),
  },
  'silences-none': { core: () => silenced({ silences: [] }), at },
  'silences-marked-asks': {
    core: silenced,
    at,
    arrange: async (page) => {
      await press(page, 'x', 'x', 'x', 'E');
      await page.getByRole('dialog', { name: 'Expire 3 silences?' }).waitFor();
    },
  },
  'silences-extended': {
    core: silenced,
    at,
    arrange: async (page) => {
      await press(page, '+');
      await page.getByRole('dialog', { name: 'Extend 1 silence' }).waitFor();
    },
  },
  'silences-hostile': {
    core: () => {
      const matchers = [matcher(hostileText.slice(0, 900), hostileText), matcher('a', 'y'.repeat(9_000))];
      const hostile = silence({ id: hostileText, matchers, comment: hostileText, createdBy: hostileText });
      return silenced({ silences: [...nightSilences(Date.now()), { ...hostile, key: 'a/hostile' }] });
    },
    at,
    arrange: (page) => press(page, 'k'),
  },
  'silence-form-live': {
    core: silenced,
    arrange: async (page) => {
      await formOf(page);
      await previewed(page);
      await page.getByLabel('Comment').fill('Rolling back v2.31.0, back by four');
    },
  },
  'silence-form-problems': {
    core: silenced,
    arrange: async (page) => {
      await formOf(page);
      await previewed(page);
      await page.getByRole('textbox', { name: 'Matcher 2' }).fill('service=~"(?=backend)"');
      await page.getByLabel('Ends, typed').fill('last Tuesday');
      await page.keyboard.press('Control+Enter');
      await page.getByText(/Say why/).waitFor();
    },
  },
  'silence-form-cached': {
    core: () => silenced(gone(['alertmanager-a'], 9 * minuteMs)),
    arrange: async (page) => {
      await formOf(page);
      await previewed(page);
    },
  },
  'silence-form-unknown': {
    core: () => {
      const failure = commandFailure('unavailable', 'the store does not answer', 'Try again in a moment.');
      return silenced({}, { 'silence.preview': () => ({ ok: false, failure }) });
    },
    arrange: async (page) => {
      await formOf(page);
      await page.getByText(/Unknown what it hides/).waitFor();
    },
  },
};
