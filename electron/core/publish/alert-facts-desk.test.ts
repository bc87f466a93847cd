import { beforeEach, expect, test } from 'vitest';
import type { AlertRecord } from '#core/store/records.ts';
import { applyAlerts, type AlertFacts, type AlertsPatch } from '#shared/model/alert-facts.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import { alertRecord } from '#support/journal-records.ts';
import { AlertFactsDesk } from './alert-facts-desk.ts';

let open: AlertRecord[];
let patches: AlertsPatch[];
let desk: AlertFactsDesk;

beforeEach(() => {
  open = [];
  patches = [];
  const book = {
    findOpenAlert: (fingerprint: string) => open.find((one) => one.fingerprint === fingerprint),
  };
  desk = new AlertFactsDesk(book, [], (patch) => patches.push(patch));
});

function record(fingerprint: string, part: Partial<AlertRecord> = {}): AlertRecord {
  const witness = { reporting: true, says: 'firing', lastSeenAtMs: 1, serverStartedAtMs: 1 } as const;
  const made = alertRecord({ fingerprint, witnesses: [{ source: 'am', ...witness }], ...part });
  open.push(made);
  return made;
}

function factsOf(fingerprint: string): AlertFacts | undefined {
  return desk
    .current()
    .flatMap(({ alerts }) => alerts)
    .find((facts) => facts.fingerprint === fingerprint);
}

function hear(heard: Parameters<AlertFactsDesk['hear']>[0]): void {
  for (const _step of desk.hear(heard));
}

function upserted(): readonly (readonly string[])[] {
  return patches.map(({ upsert }) => upsert.map(({ fingerprint }) => fingerprint));
}

test('receivers are unknown until a source has told them, and go on being what was told last', () => {
  desk.show([record('a')]);
  expect(factsOf('a')?.receivers).toBeNull();
  hear({ source: 'am', alerts: [{ fingerprint: 'a', receivers: ['pager'] }] });
  desk.flush();
  expect(factsOf('a')?.receivers).toEqual(['pager']);
  hear({ source: 'am', alerts: [] });
  desk.show([record('a', { state: 'resolved', endedAtMs: 5 })]);
  expect(factsOf('a')).toMatchObject({ receivers: ['pager'], ended: true });
});

test('a poll in which nothing is new sends nothing; a change of the routes sends those it moved', () => {
  desk.show([record('a'), record('b')]);
  const poll = (receiver: string): void => {
    const alerts = [
      { fingerprint: 'a', receivers: ['pager'] },
      { fingerprint: 'b', receivers: [receiver] },
    ];
    hear({ source: 'am', alerts });
    desk.flush();
  };
  poll('chat');
  poll('chat');
  poll('mail');
  expect(upserted()).toEqual([['a', 'b'], ['a', 'b'], ['b']]);
});

test('what is shown in the turn of the poll is not sent again after it', () => {
  hear({ source: 'am', alerts: [{ fingerprint: 'a', receivers: ['pager'] }] });
  desk.show([record('a')]);
  desk.flush();
  expect(upserted()).toEqual([['a']]);
});

test('what mutes an alert is not told by a list of alerts; of local rules it is known that nothing does', () => {
  const witness = { reporting: true, says: 'firing', lastSeenAtMs: 1, serverStartedAtMs: 1 } as const;
  desk.show([record('a'), record('b', { witnesses: [{ source: localRulesSource, ...witness }] })]);
  expect(factsOf('a')).toMatchObject({ mutedBy: null, receivers: null });
  expect(factsOf('b')).toMatchObject({ mutedBy: [], receivers: [] });
});

test('patches lead a window to the same as a snapshot, and forgotten incidents go', () => {
  let seen = applyAlerts([], { upsert: [], forget: [] });
  desk.show([record('a', { incidentId: 1 }), record('b', { incidentId: 2 })]);
  desk.show([record('c', { incidentId: 1 })]);
  const untouched = applyAlerts(seen, patches[0] ?? { upsert: [], forget: [] });
  for (const patch of patches) seen = applyAlerts(seen, patch);
  expect(seen).toEqual(desk.current());
  const [, patch = { upsert: [], forget: [] }] = patches;
  expect(applyAlerts(untouched, patch)[1]).toBe(untouched[1]);
  desk.forget([1]);
  expect(desk.current().map(({ incidentId }) => incidentId)).toEqual([2]);
  expect(applyAlerts(seen, patches.at(-1) ?? patch)).toEqual(desk.current());
});

test('what mutes an alert is shown once it is known, and again only when it is otherwise', () => {
  let muting: readonly string[] | null = null;
  desk.askMutes({ mutedBy: () => muting });
  const one = record('a');
  desk.show([one]);
  expect(factsOf('a')?.mutedBy).toBeNull();
  muting = ['night'];
  desk.remute([one, record('never shown')]);
  desk.remute([one]);
  expect(factsOf('a')?.mutedBy).toEqual(['night']);
  expect(upserted()).toEqual([['a'], ['a']]);
  muting = [];
  desk.remute([one]);
  expect(factsOf('a')?.mutedBy).toEqual([]);
});

test('what a source told of receivers is forgotten with the source', () => {
  desk.show([record('a')]);
  hear({ source: 'am', alerts: [{ fingerprint: 'a', receivers: ['pager'] }] });
  desk.forgetSources(['am']);
  desk.flush();
  expect(factsOf('a')?.receivers).toBeNull();
});

test('alerts that moved to another incident are shown there, and gone where they were', () => {
  desk.show([record('a', { incidentId: 1 }), record('b', { incidentId: 1 }), record('c', { incidentId: 2 })]);
  const before = desk.current();
  desk.show([record('b', { incidentId: 1 }), record('a', { incidentId: 2 })], [1]);
  const shown = patches.slice(1).reduce(applyAlerts, before);
  for (const incidents of [desk.current(), shown]) {
    const found = incidents.map(({ incidentId, alerts }) => [
      incidentId,
      alerts.map((one) => one.fingerprint),
    ]);
    expect(new Map(found as [number, string[]][])).toEqual(
      new Map([
        [1, ['b']],
        [2, ['c', 'a']],
      ]),
    );
  }
});

test('what only an Alertmanager knows is not told where a Prometheus alone tells the alert', () => {
  const witness = { reporting: true, says: 'firing', lastSeenAtMs: 1, serverStartedAtMs: 1 } as const;
  const by = (...names: string[]) => ({ witnesses: names.map((source) => ({ source, ...witness })) });
  desk.askMutes({ mutedBy: () => [] });
  const own = record('a', by('prom'));
  desk.show([own, record('b', by('prom', 'am')), record('c', by('prom', localRulesSource))]);
  const told = (): unknown[] =>
    ['a', 'b', 'c'].map((fingerprint) => {
      const { silencedBy, inhibitedBy, mutedBy, receivers } = factsOf(fingerprint)!;
      return [silencedBy, inhibitedBy, mutedBy, receivers];
    });
  const poll = ['a', 'b', 'c'].map((fingerprint) => ({ fingerprint, receivers: null }));
  hear({ source: 'prom', alerts: poll });
  hear({ source: 'am', alerts: [{ fingerprint: 'b', receivers: ['pager'] }] });
  desk.flush();
  const nothing = [null, null, null, null];
  expect(told()).toEqual([nothing, [[], [], [], ['pager']], nothing]);
  desk.forgetSources(['prom']);
  desk.show([own]);
  expect(factsOf('a')).toMatchObject({ silencedBy: [], receivers: null });
});

test('a poll of a source that is forgotten before its turn is over says nothing of it any more', () => {
  desk.show([record('a')]);
  hear({ source: 'am', alerts: [{ fingerprint: 'a', receivers: ['chat'] }] });
  desk.flush();
  const late = desk.hear({ source: 'am', alerts: [{ fingerprint: 'a', receivers: ['pager'] }] });
  const others = desk.hear({ source: 'am-2', alerts: [{ fingerprint: 'c', receivers: ['mail'] }] });
  desk.forgetSources(['am']);
  for (const _step of late);
  for (const _step of others);
  desk.flush();
  expect(factsOf('a')?.receivers).toEqual(['chat']);
  const witness = { reporting: true, says: 'firing', lastSeenAtMs: 1, serverStartedAtMs: 1 } as const;
  desk.show([record('b'), record('c', { witnesses: [{ source: 'am-2', ...witness }] })]);
  expect([factsOf('b')?.receivers, factsOf('c')?.receivers]).toEqual([null, ['mail']]);
});
