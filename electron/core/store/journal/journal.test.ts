import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  alertRecord,
  incidentRecord,
  notificationRecord,
  openedIncident,
  timelineRecord,
} from '#support/journal-records.ts';
import { inMemory, openDatabase, type SqliteDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import type { JournalChange } from '../records.ts';
import { Journal, maxTimelineEntries } from './journal.ts';
import { journalMigrations } from './migrations.ts';

let database: SqliteDatabase;
let journal: Journal;
let unreadable: string[];

beforeEach(() => {
  database = openDatabase(inMemory);
  migrate(database, journalMigrations);
  unreadable = [];
  journal = new Journal(database, (what, rows) => unreadable.push(`${rows} ${what}`));
});

afterEach(() => database.close());

function commit(...changes: JournalChange[]): void {
  expect(journal.commitAll([changes])).toEqual([{ ok: true, value: undefined }]);
}

describe('what is committed', () => {
  test('is loaded exactly, hostile names and texts included', () => {
    const labels = { ['__proto__']: 'x', constructor: '', 'a\0b': '\u{1F525}"\\', lone: '\ud800' };
    const incident = incidentRecord({
      title: `'; DROP TABLE incident; --`,
      openedAtMs: 1_700_000_000_000.125,
    });
    const alert = alertRecord({ labels, annotations: labels, silencedBy: ['a', 'b'], endedAtMs: 3 });
    const notification = notificationRecord({ severity: { level: 'info', word: 'weird' } });
    const watch = { source: 'alertmanager-a', lastSuccessAtMs: 5, serverStartedAtMs: null };
    const notice = { id: 'n', severity: 'error', message: 'm', nextStep: 's', atMs: 7 } as const;
    commit(
      { kind: 'alert', record: alert },
      { kind: 'incident', record: incident },
      { kind: 'notification', record: notification },
      { kind: 'watch', record: watch },
      { kind: 'notice', record: notice },
      {
        kind: 'audit',
        record: { atMs: 1, by: 'a.okafor', action: 'acknowledge', target: '1', outcome: 'done' },
      },
    );
    const state = journal.load(0);
    expect(state).toEqual({
      lastIncidentId: 1,
      incidents: [incident],
      alerts: [alert],
      watches: [watch],
      pendingNotifications: [notification],
      notices: [notice],
      ruleGroups: [],
    });
    expect(Object.entries(state.alerts[0]?.labels ?? {})).toEqual(Object.entries(labels));
  });

  test('of groups of rules is one state each, the last one, until the group is gone', () => {
    const group = (key: string, lastSlotAtMs: number, state = '{}') =>
      ({ kind: 'rule-group', record: { group: key, lastSlotAtMs, state } }) as const;
    commit(group('b', 1.5), group('a;"\0\u{1F525}', 2), group('b', 3, '{"alerts":[]}'), group('gone', 1));
    commit({ kind: 'rule-groups-removed', groups: ['gone', 'never there'] });
    expect(journal.load(0).ruleGroups).toEqual([
      group('a;"\0\u{1F525}', 2).record,
      group('b', 3, '{"alerts":[]}').record,
    ]);
  });

  test('replaces what had the same key', () => {
    commit(...openedIncident(1), { kind: 'notification', record: notificationRecord() });
    const incident = incidentRecord({ acknowledgedBy: 'a.okafor', acknowledgedAtMs: 9, revision: 2 });
    const alert = alertRecord({ state: 'resolved', endedAtMs: 9, witnesses: [] });
    commit(
      { kind: 'incident', record: incident },
      { kind: 'alert', record: alert },
      { kind: 'notification', record: notificationRecord({ outcome: 'shown', outcomeAtMs: 9 }) },
    );
    expect(journal.load(0)).toMatchObject({
      incidents: [incident],
      alerts: [alert],
      pendingNotifications: [],
    });
    expect(journal.notifications(10)).toEqual([notificationRecord({ outcome: 'shown', outcomeAtMs: 9 })]);
  });

  test('is whole or not at all, each list with an outcome of its own', () => {
    const orphan: JournalChange = { kind: 'alert', record: alertRecord({ incidentId: 99 }) };
    const outcomes = journal.commitAll([
      openedIncident(1),
      [...openedIncident(2), orphan],
      [{ kind: 'watch', record: { source: 'a', lastSuccessAtMs: Number.NaN, serverStartedAtMs: null } }],
      openedIncident(3),
    ]);
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.failure.code))).toEqual([
      'ok',
      'invalid-input',
      'invalid-input',
      'ok',
    ]);
    expect(journal.load(0).incidents.map(({ id }) => id)).toEqual([1, 3]);
    expect(journal.incident(2)).toBeNull();
  });

  test('fails by name on a full disk, and works again when there is space', () => {
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages}`);
    const note: JournalChange = { kind: 'timeline', record: timelineRecord({ detail: 'x'.repeat(100_000) }) };
    const outcomes = journal.commitAll([openedIncident(1), [note]]);
    expect(outcomes).toMatchObject([
      { failure: { code: 'unavailable' } },
      { failure: { code: 'unavailable' } },
    ]);
    expect(journal.load(0).incidents).toEqual([]);
    database.pragma('max_page_count = 100000');
    commit(...openedIncident(1), note);
    expect(journal.timeline(1).total).toBe(2);
  });
});

describe('what is read', () => {
  test('of incidents: open ones and those resolved since, with their alerts', () => {
    commit(
      ...openedIncident(1, { resolvedAtMs: 100 }),
      ...openedIncident(2, { resolvedAtMs: 200 }),
      ...openedIncident(3),
    );
    const state = journal.load(200);
    expect(state.incidents.map(({ id }) => id)).toEqual([2, 3]);
    expect(state.alerts.map(({ incidentId }) => incidentId)).toEqual([2, 3]);
    expect(state.lastIncidentId).toBe(3);
    expect(journal.incident(1)?.resolvedAtMs).toBe(100);
    expect(journal.alerts(1)).toHaveLength(1);
    expect(journal.incidents(2)).toMatchObject({ newest: [{ id: 3 }, { id: 2 }], total: 3 });
  });

  test('of a timeline: in order of time, the newest entries of a long one', () => {
    const entries = Array.from({ length: maxTimelineEntries + 5 }, (_, index): JournalChange => {
      // Written backwards: what happened counts, not when it was written.
      return { kind: 'timeline', record: timelineRecord({ atMs: 5_000 - index, text: String(index) }) };
    });
    commit({ kind: 'incident', record: incidentRecord() }, ...entries);
    const { entries: page, total } = journal.timeline(1);
    expect(total).toBe(maxTimelineEntries + 5);
    expect(page).toHaveLength(maxTimelineEntries);
    expect(page.at(-1)).toMatchObject({ atMs: 5_000, text: '0' });
    expect(page.map(({ atMs }) => atMs)).toEqual(page.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  });

  test('of notices: those not put away; one told again is there again', () => {
    const notice = { id: 'n', severity: 'info', message: 'm', nextStep: 's', atMs: 7 } as const;
    commit({ kind: 'notice', record: notice });
    commit({ kind: 'notice-dismissed', id: 'n', atMs: 8 });
    expect(journal.notices()).toEqual([]);
    commit({ kind: 'notice', record: { ...notice, atMs: 9 } });
    expect(journal.notices()).toEqual([{ ...notice, atMs: 9 }]);
  });

  test('leaves out a row that cannot be believed, and says so', () => {
    commit(...openedIncident(1), ...openedIncident(2));
    database.exec(`UPDATE alert SET labels = '{"a":' WHERE incident_id = 1`);
    database.exec(`UPDATE alert SET state = 'on fire' WHERE incident_id = 2`);
    expect(journal.load(0)).toMatchObject({ incidents: [{ id: 1 }, { id: 2 }], alerts: [] });
    expect(unreadable).toEqual(['2 alerts']);
  });
});
