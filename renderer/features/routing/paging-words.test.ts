import { expect, test } from 'vitest';
import type { Paging, PagingDelivery } from '#shared/model/routing.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import { pagingWords } from './paging-words.ts';

const atMs = new Date(2026, 10, 21, 3, 12, 8).getTime();

function delivery(part: Partial<PagingDelivery> = {}): PagingDelivery {
  return {
    routeId: 1,
    path: [0, 1],
    receiver: 'team-db',
    integrations: ['slack', 'slack'],
    groupBy: ['alertname'],
    groupWaitMs: 30 * secondMs,
    groupIntervalMs: 5 * minuteMs,
    repeatIntervalMs: 4 * hourMs,
    outcome: 'pages',
    mute: { isMuted: false, by: [], cause: null, turnsAtMs: null, isInServerZone: false },
    earliestAtMs: atMs + 30 * secondMs,
    ...part,
  };
}

function words(deliveries: PagingDelivery[], part: Partial<Paging> = {}) {
  const { main, notes } = pagingWords({
    key: 'k',
    source: 'am',
    origin: { kind: 'live', source: 'am', atMs },
    atMs,
    wouldBeRefused: false,
    firingSinceMs: null,
    inhibitedBy: [],
    inhibitedByCount: 0,
    silencedBy: [],
    deliveries,
    ...part,
  });
  return [main, ...notes];
}

const muted = delivery({
  receiver: 'mail',
  outcome: 'muted',
  mute: {
    isMuted: true,
    by: ['nights'],
    cause: 'in-mute-interval',
    turnsAtMs: new Date(2026, 10, 21, 8).getTime(),
    isInServerZone: true,
  },
  earliestAtMs: new Date(2026, 10, 21, 8, 0, 20).getTime(),
});

test('it pages: whom, by what, and when', () => {
  expect(words([delivery(), delivery({ receiver: 'pager', integrations: ['pagerduty'] })])).toEqual([
    'Pages team-db by slack in 30s and pager by pagerduty in 30s.',
  ]);
});

test('it fires already: since when it was told, and when again', () => {
  const firingSinceMs = atMs - hourMs;
  expect(words([delivery({ earliestAtMs: firingSinceMs + 30 * secondMs })], { firingSinceMs })).toEqual([
    'Pages team-db by slack since 02:12:38 at the soonest, again after 4h.',
    'An alert with exactly these labels has fired since 02:12:08.',
  ]);
});

test('muted by time: by what, until when, and when it is told then', () => {
  expect(words([muted])).toEqual([
    'Muted by nights until 08:00: mail is told at 08:00:20 at the soonest.',
    'Times are by the server’s own zone, taken to be the one here.',
  ]);
  const turnsAtMs = new Date(2026, 10, 23, 8).getTime();
  const mute = {
    ...muted.mute,
    cause: 'outside-active-intervals',
    turnsAtMs,
    isInServerZone: false,
  } as const;
  expect(words([delivery({ outcome: 'muted', mute, earliestAtMs: null })])).toEqual([
    'Muted outside of nights until 2026-11-23 08:00: team-db is not told.',
  ]);
  expect(
    words([delivery({ outcome: 'muted', mute: { ...mute, turnsAtMs: null }, earliestAtMs: null })]),
  ).toEqual(['Muted outside of nights, and no end of it within ten years: team-db is not told.']);
});

test('what pages comes first, what does not after it', () => {
  const turnsAtMs = new Date(2026, 10, 21, 4).getTime();
  const soon = delivery({ mute: { ...muted.mute, isMuted: false, isInServerZone: false, turnsAtMs } });
  expect(words([muted, soon]).slice(0, 3)).toEqual([
    'Pages team-db by slack in 30s.',
    'Muted by nights until 08:00: mail is told at 08:00:20 at the soonest.',
    'team-db is muted by time from 04:00.',
  ]);
});

test('silenced by whom, inhibited by which, and who tells nobody', () => {
  const silence = { id: 's', createdBy: 'm.lind', comment: 'moved', endsAtMs: atMs + hourMs };
  expect(words([delivery({ outcome: 'silenced' })], { silencedBy: [silence, silence] })).toEqual([
    'Silenced by m.lind until 04:12:08, “moved”, and by 1 more: team-db.',
  ]);
  const inhibitor = { fingerprint: 'f', name: 'NodeDown', incidentId: 1, line: 3 };
  const inhibition = { inhibitedBy: [inhibitor, inhibitor], inhibitedByCount: 2 };
  expect(words([delivery({ outcome: 'inhibited' })], inhibition)).toEqual([
    'Inhibited while NodeDown fires: team-db.',
  ]);
  expect(words([muted], { silencedBy: [silence] })[1]).toBe(
    'Silenced as well by m.lind until 04:12:08, “moved”.',
  );
  const both = delivery({ outcome: 'inhibited', mute: muted.mute });
  expect(words([both], inhibition)[1]).toBe('team-db is muted as well by nights until 08:00.');
  expect(words([delivery({ outcome: 'tells-nobody', integrations: [] })])).toEqual([
    'Tells nobody: team-db has nothing to tell by.',
  ]);
});

test('what is not known, would be refused or reaches nobody is said', () => {
  expect(words([delivery()], { silencedBy: null }).at(-1)).toMatch(/not known/);
  expect(words([delivery()], { silencedBy: null, source: '', wouldBeRefused: true })).toEqual([
    'If it were accepted: pages team-db by slack in 30s.',
  ]);
  expect(words([])).toEqual(['Reaches nobody: no route takes these labels.']);
});
